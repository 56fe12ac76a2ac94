"""The mappings that are kept."""

import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ('registry', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='SavedMapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('concept', models.CharField(max_length=60)),
                ('said', models.JSONField(null=True)),
                ('by', models.CharField(max_length=200)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['concept', 'unit', 'name', '-id'], name='mapping_last')],
                'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='mapping_has_a_name')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='savedmapping',
            trigger=pgtrigger.compiler.Trigger(name='never_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='5f12f8460d6879debe31b2ed1f13974eacdfdd36', operation='UPDATE', pgid='pgtrigger_never_update_cf1ee', table='exchange_savedmapping', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='savedmapping',
            trigger=pgtrigger.compiler.Trigger(name='never_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='bc003b206babaceddb391467f02f5adb83f925c6', operation='DELETE', pgid='pgtrigger_never_delete_76efa', table='exchange_savedmapping', when='BEFORE')),
        ),
    ]
