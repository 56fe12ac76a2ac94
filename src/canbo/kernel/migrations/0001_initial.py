"""The tables of the ground floor."""

from pathlib import Path

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
    ]

    operations = [
        migrations.RunSQL((SQL / "today_1.sql").read_text(encoding="utf-8")),
        migrations.CreateModel(
            name='Audit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('kind', models.CharField(default='decision', max_length=20)),
                ('actor', models.CharField(max_length=200)),
                ('person', models.BigIntegerField(null=True)),
                ('what', models.CharField(max_length=200)),
                ('decision', models.BigIntegerField(null=True)),
                ('unit', models.BigIntegerField(null=True)),
                ('about', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('details', models.JSONField(default=dict)),
                ('count', models.PositiveIntegerField(default=0)),
                ('digest', models.BinaryField(default=b'', max_length=32)),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['about'], name='audit_about')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ('decision', 'annulment', 'freeze', 'signature', 'collection', 'file', 'list', 'report', 'export', 'right', 'account', 'sign-in', 'sign-out', 'failed-sign-in', 'log'))), name='audit_kind')],
            },
        ),
        migrations.CreateModel(
            name='Installation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('profile', models.CharField(max_length=60)),
                ('node', models.PositiveSmallIntegerField()),
                ('time_zone', models.CharField(max_length=60)),
                ('sample', models.JSONField(help_text='how the records were invented; null in earnest', null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='installation_is_one_row')],
            },
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('block', models.BigIntegerField(primary_key=True, serialize=False)),
                ('first', models.BigIntegerField()),
                ('last', models.BigIntegerField()),
                ('at', models.DateTimeField()),
                ('previous', models.BinaryField(max_length=32)),
                ('hash', models.BinaryField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name='Sealed',
            fields=[
                ('number', models.BigIntegerField(primary_key=True, serialize=False)),
                ('audit', models.BigIntegerField(unique=True)),
                ('leaf', models.BinaryField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name='Unsealed',
            fields=[
                ('audit', models.BigIntegerField(primary_key=True, serialize=False)),
            ],
        ),
        migrations.RunSQL((SQL / "audit_1.sql").read_text(encoding="utf-8")),
    ]
