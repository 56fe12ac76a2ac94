"""The tables of the reports."""

import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
import pgtrigger.compiler
from django.db import migrations, models

import canbo.kernel.triggers


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("kernel", "0003_initial"),
        ("registry", "0002_closure"),
    ]

    operations = [
        migrations.CreateModel(
            name="FrozenReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("book", models.CharField(max_length=60)),
                ("on", models.DateField()),
                ("known", models.DateTimeField()),
                ("definition", models.CharField(max_length=64)),
                ("content", models.JSONField()),
                ("explanations", models.JSONField(default=dict)),
                (
                    "audit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.audit"),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.unit"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FrozenFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("figure", models.CharField(max_length=120)),
                ("versions", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="figures", to="reports.frozenreport"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("report", "figure"), name="frozen_figure_once")],
            },
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fact", models.BigIntegerField()),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
                (
                    "start_precision",
                    models.CharField(choices=[("d", "day"), ("m", "month"), ("y", "year")], default="d", max_length=1),
                ),
                (
                    "end_precision",
                    models.CharField(choices=[("d", "day"), ("m", "month"), ("y", "year")], default="d", max_length=1),
                ),
                ("recorded", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ("figure", models.CharField(max_length=120)),
                ("printed", models.CharField(max_length=40)),
                (
                    "relation",
                    models.CharField(
                        choices=[("exact", "exactly"), ("about", "about"), ("nearly", "nearly"), ("over", "over")],
                        default="exact",
                        max_length=10,
                    ),
                ),
                (
                    "asserted_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.act",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.act",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="claims", to="registry.document"
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.act",
                    ),
                ),
                (
                    "retracted_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.act",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "published figure",
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.BTreeIndex(fields=["fact"], name="claim_fact"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["unit"], name="claim_unit"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["asserted_by"], name="claim_asserted"),
                    django.contrib.postgres.indexes.BTreeIndex(
                        condition=models.Q(("retracted_by__isnull", False)),
                        fields=["retracted_by"],
                        name="claim_retracted",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False), ("recorded__isempty", False)),
                        name="claim_not_empty",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("recorded__upper_inf", True)), fields=("fact",), name="claim_one_version"
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="only_retire",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE expected record;",
                            func="\nIF upper_inf(OLD.recorded) AND NOT upper_inf(NEW.recorded) AND NEW.retracted_by_id IS NOT NULL\n   AND lower(NEW.recorded) = lower(OLD.recorded) THEN\n    expected := OLD;\n    expected.recorded := NEW.recorded;\n    expected.retracted_by_id := NEW.retracted_by_id;\n    IF expected IS NOT DISTINCT FROM NEW THEN\n        RETURN NEW;\n    END IF;\nEND IF;\nRAISE EXCEPTION 'a version of a fact is never edited, it is retired and the next one written' USING ERRCODE = '23514';\n",
                            hash="bffa94310d1cf83acadbf61a14e2570877cdf210",
                            operation="UPDATE",
                            pgid="pgtrigger_only_retire_132e5",
                            table="reports_claim",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="never_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="e57f943ac0565314056736884bf296dc826f49b3",
                            operation="DELETE",
                            pgid="pgtrigger_never_delete_ee1ec",
                            table="reports_claim",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_instant",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="33811838b3dc7f00052538a66592fed6ba9c0833",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_one_instant_460d8",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="reports_claim",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_end",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="33012bd7f8f08ef49303e40f75a77cfa64892182",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_one_end_84bc3",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="reports_claim",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        canbo.kernel.triggers.InstallTriggers(),
    ]
