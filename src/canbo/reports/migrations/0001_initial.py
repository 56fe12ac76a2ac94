"""The tables of the reports."""

from pathlib import Path

import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.core.serializers.json
import django.db.models.deletion
import pgtrigger.compiler
from django.db import migrations, models

SQL = Path(__file__).parent.parent / "sql"
NAME = "canbo.total_1(text, jsonb, bigint, date, date, timestamptz, text)"
RIGHTS = [
    f"REVOKE ALL ON FUNCTION {NAME} FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION {NAME} TO canbo_app, canbo_whole, canbo_file",
]


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ('access', '0002_authority'),
        ('registry', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fact', models.BigIntegerField()),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.unit')),
                ('valid', django.contrib.postgres.fields.ranges.DateRangeField()),
                ('start_precision', models.CharField(choices=[('d', 'day'), ('m', 'month'), ('y', 'year')], default='d', max_length=1)),
                ('end_precision', models.CharField(choices=[('d', 'day'), ('m', 'month'), ('y', 'year')], default='d', max_length=1)),
                ('recorded', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ('opened_by', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.act')),
                ('closed_by', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.act')),
                ('asserted_by', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.act')),
                ('retracted_by', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.act')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='registry.document')),
                ('figure', models.CharField(max_length=120)),
                ('printed', models.CharField(max_length=40)),
                ('relation', models.CharField(choices=[('exact', 'exactly'), ('about', 'about'), ('nearly', 'nearly'), ('over', 'over')], default='exact', max_length=10)),
            ],
            options={
                'verbose_name': 'published figure',
                'indexes': [django.contrib.postgres.indexes.BTreeIndex(fields=['fact'], name='claim_fact'), django.contrib.postgres.indexes.BTreeIndex(fields=['unit'], name='claim_unit'), django.contrib.postgres.indexes.BTreeIndex(fields=['asserted_by'], name='claim_asserted'), django.contrib.postgres.indexes.BTreeIndex(condition=models.Q(('retracted_by__isnull', False)), fields=['retracted_by'], name='claim_retracted')],
                'constraints': [models.CheckConstraint(condition=models.Q(('valid__isempty', False), ('recorded__isempty', False)), name='claim_not_empty'), models.UniqueConstraint(condition=models.Q(('recorded__upper_inf', True)), fields=('fact',), name='claim_one_version')],
                'triggers': [pgtrigger.compiler.Trigger(name='only_retire', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE expected record;', func="\nIF upper_inf(OLD.recorded) AND NOT upper_inf(NEW.recorded) AND NEW.retracted_by_id IS NOT NULL\n   AND lower(NEW.recorded) = lower(OLD.recorded) THEN\n    expected := OLD;\n    expected.recorded := NEW.recorded;\n    expected.retracted_by_id := NEW.retracted_by_id;\n    IF expected IS NOT DISTINCT FROM NEW THEN\n        RETURN NEW;\n    END IF;\nEND IF;\nRAISE EXCEPTION 'a version of a fact is never edited, it is retired and the next one written' USING ERRCODE = '23514';\n", hash='bffa94310d1cf83acadbf61a14e2570877cdf210', operation='UPDATE', pgid='pgtrigger_only_retire_132e5', table='reports_claim', when='BEFORE')), pgtrigger.compiler.Trigger(name='never_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='e57f943ac0565314056736884bf296dc826f49b3', operation='DELETE', pgid='pgtrigger_never_delete_ee1ec', table='reports_claim', when='BEFORE')), pgtrigger.compiler.Trigger(name='one_instant', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n", hash='33811838b3dc7f00052538a66592fed6ba9c0833', level='STATEMENT', operation='INSERT', pgid='pgtrigger_one_instant_460d8', referencing='REFERENCING NEW TABLE AS written ', table='reports_claim', when='AFTER')), pgtrigger.compiler.Trigger(name='one_end', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n", hash='33012bd7f8f08ef49303e40f75a77cfa64892182', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_one_end_84bc3', referencing='REFERENCING NEW TABLE AS written ', table='reports_claim', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='Collection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.unit')),
                ('book', models.CharField(max_length=60)),
                ('on', models.DateField()),
                ('due', models.DateField()),
                ('audit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.audit')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('due__gte', models.F('on'))), name='collection_due_after_its_day')],
                'triggers': [pgtrigger.compiler.Trigger(name='never_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='fdda0ddb82c87db8283850a8968c9af1f8081e69', operation='UPDATE', pgid='pgtrigger_never_update_93953', table='reports_collection', when='BEFORE')), pgtrigger.compiler.Trigger(name='never_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='37cb0cefefe65ce3116efe7b9d2596cafa1df52a', operation='DELETE', pgid='pgtrigger_never_delete_bc851', table='reports_collection', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='FrozenReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('book', models.CharField(max_length=60)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.unit')),
                ('on', models.DateField()),
                ('known', models.DateTimeField()),
                ('definition', models.CharField(max_length=64)),
                ('content', models.JSONField()),
                ('explanations', models.JSONField(default=dict)),
                ('documents', models.JSONField(default=dict)),
                ('audit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.audit')),
            ],
            options={
                'triggers': [pgtrigger.compiler.Trigger(name='never_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='7a618a6410fb310e4d93101e5bc38871e1828f43', operation='UPDATE', pgid='pgtrigger_never_update_c4c69', table='reports_frozenreport', when='BEFORE')), pgtrigger.compiler.Trigger(name='never_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='e7d4474e0db07d80085153ffbc41abba6459b5b9', operation='DELETE', pgid='pgtrigger_never_delete_0ce96', table='reports_frozenreport', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='Declared',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('indicator', models.CharField(max_length=120)),
                ('conditions', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('breakdown', models.CharField(blank=True, max_length=60)),
                ('sensitive', models.BooleanField(help_text='small groups are withheld')),
                ('statement', models.TextField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('indicator', 'conditions', 'breakdown'), name='declared_once')],
            },
        ),
        migrations.CreateModel(
            name='CollectionMerge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('collection', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merges', to='reports.collection')),
                ('figures', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('missing', models.JSONField(default=list)),
                ('audit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.audit')),
            ],
            options={
                'triggers': [pgtrigger.compiler.Trigger(name='never_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='2746216c6fb9d6ba6a84dd3c15092ce57275cccb', operation='UPDATE', pgid='pgtrigger_never_update_179af', table='reports_collectionmerge', when='BEFORE')), pgtrigger.compiler.Trigger(name='never_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='00d5c230c2b1385fdcc1efea231ef6d6ec30541c', operation='DELETE', pgid='pgtrigger_never_delete_eedca', table='reports_collectionmerge', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='CollectionStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('collection', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='reports.collection')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.unit')),
                ('number', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('asked', 'asked'), ('submitted', 'submitted'), ('returned', 'returned'), ('accepted', 'accepted'), ('merged', 'merged')], max_length=12)),
                ('words', models.TextField(blank=True)),
                ('origin', models.CharField(blank=True, choices=[('counted', 'counted from the register'), ('entered', 'entered from a file of the unit')], max_length=8)),
                ('figures', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, null=True)),
                ('frozen', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reports.frozenreport')),
                ('audit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.audit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('collection', 'unit', 'number'), name='collection_step_once'), models.CheckConstraint(condition=models.Q(models.Q(('figures__isnull', False), ('state', 'submitted'), models.Q(('origin', ''), _negated=True)), models.Q(models.Q(('state', 'submitted'), _negated=True), ('figures__isnull', True), ('origin', '')), _connector='OR'), name='collection_submission_has_figures'), models.CheckConstraint(condition=models.Q(('state', 'returned'), ('words', ''), _negated=True), name='collection_returned_with_words')],
                'triggers': [pgtrigger.compiler.Trigger(name='never_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='419adf8088979ada424487578c3bf7e8bdab041a', operation='UPDATE', pgid='pgtrigger_never_update_2f35d', table='reports_collectionstep', when='BEFORE')), pgtrigger.compiler.Trigger(name='never_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='dbf6fc83d7e6a7426b355a214a46d65df3f4f0a0', operation='DELETE', pgid='pgtrigger_never_delete_93f0e', table='reports_collectionstep', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='FrozenFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='figures', to='reports.frozenreport')),
                ('figure', models.CharField(max_length=120)),
                ('indicator', models.CharField(default='', max_length=120)),
                ('where', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('on', models.DateField(null=True)),
                ('start', models.DateField(null=True)),
                ('value', models.CharField(default='', max_length=80)),
                ('base', models.BigIntegerField(null=True)),
                ('versions', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('report', 'figure'), name='frozen_figure_once')],
                'triggers': [pgtrigger.compiler.Trigger(name='never_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='e39ab0598584921dfd2eb8b037dfef38c2d1982e', operation='UPDATE', pgid='pgtrigger_never_update_8cf8d', table='reports_frozenfigure', when='BEFORE')), pgtrigger.compiler.Trigger(name='never_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='25c99b690430192bf01731cfba7dd939aa6927ec', operation='DELETE', pgid='pgtrigger_never_delete_2433a', table='reports_frozenfigure', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='FrozenPaper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='reports.frozenreport')),
                ('sha256', models.CharField(max_length=64)),
                ('language', models.CharField(max_length=10)),
                ('signer', models.CharField(max_length=200)),
                ('certificate', models.CharField(help_text='sha256 of the certificate', max_length=64)),
                ('signed_at', models.DateTimeField()),
                ('audit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.audit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('report', 'sha256'), name='frozen_paper_once')],
                'triggers': [pgtrigger.compiler.Trigger(name='never_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='e060ee8fee5cdda6260bf0d8d0fa4b3d992c1185', operation='UPDATE', pgid='pgtrigger_never_update_55b4c', table='reports_frozenpaper', when='BEFORE')), pgtrigger.compiler.Trigger(name='never_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='1af9c7ab6fda74f85a38cc92bfeb3a95a3bd6e89', operation='DELETE', pgid='pgtrigger_never_delete_f8ebc', table='reports_frozenpaper', when='BEFORE'))],
            },
        ),
        migrations.RunSQL((SQL / "total_1.sql").read_text(encoding="utf-8")),
        migrations.RunSQL(RIGHTS),
    ]
