"""The tables of the register."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
from django.db import migrations, models

import canbo.kernel.coded
import canbo.kernel.triggers


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("kernel", "0003_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=160)),
                ("part", models.PositiveIntegerField(default=1)),
                ("symbol", models.CharField(max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[("ordinary", "ordinary"), ("opening", "opening balance"), ("annulment", "annulment")],
                        default="ordinary",
                        max_length=12,
                    ),
                ),
                ("signed_on", models.DateField()),
                ("reason", models.TextField(blank=True)),
                ("applied_at", models.DateTimeField(unique=True)),
            ],
            options={
                "indexes": [models.Index(fields=["symbol"], name="decision_symbol")],
                "constraints": [models.UniqueConstraint(fields=("code", "part"), name="decision_part_once")],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="takes_its_instant",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE latest timestamptz;",
                            func="\nPERFORM pg_advisory_xact_lock(7100);\nSELECT max(applied_at) INTO latest FROM registry_decision;\nIF NEW.applied_at IS NULL\n   OR current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID) THEN\n    NEW.applied_at := greatest(clock_timestamp(), latest + interval '1 microsecond');\nELSIF NEW.applied_at <= latest THEN\n    RAISE EXCEPTION 'a decision cannot be known since %, before the last one (%)', NEW.applied_at, latest\n        USING ERRCODE = '23514';\nEND IF;\nRETURN NEW;\n",
                            hash="c53153fa68c6665df999b75888efa972d2c8da87",
                            operation="INSERT",
                            pgid="pgtrigger_takes_its_instant_558ed",
                            table="registry_decision",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Act",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.PositiveIntegerField()),
                ("name", models.CharField(max_length=80)),
                ("on", models.DateField()),
                ("reason", models.TextField(blank=True)),
                (
                    "audit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="acts", to="kernel.audit"
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="acts", to="registry.decision"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("decision", "seq"), name="act_order")],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="with_its_decision",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w JOIN registry_decision d ON d.id = w.decision_id\n           WHERE (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND d.applied_at < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'an act is written with its decision, not later' USING ERRCODE = '23514';\nEND IF;\nRETURN NULL;\n",
                            hash="920e6c20bc574203e52f9816841e9c66b0bd423c",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_with_its_decision_41c62",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_act",
                            when="AFTER",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=120, unique=True)),
                ("decision_code", models.CharField(blank=True, db_index=True, max_length=160)),
                (
                    "introduced_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.act",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="introduced",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.introduced_by_id)) THEN\n    RAISE EXCEPTION 'an identity cites the act that introduced it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="5f056ee2bffd097706f9817a47f98fe7ff0ef556",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_introduced_35cc3",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_document",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="introduced_again",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.introduced_by_id)) THEN\n    RAISE EXCEPTION 'an identity cites the act that introduced it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="64574c62198ed4fd2395e5179b8c485fbf3c952a",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_introduced_again_bc759",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_document",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="only_again",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF NEW.id = OLD.id AND NEW.code = OLD.code\n   AND EXISTS (SELECT 1 FROM registry_act a JOIN registry_annulment n ON n.decision_id = a.decision_id\n               WHERE a.id = OLD.introduced_by_id) THEN\n    RETURN NEW;\nEND IF;\nRAISE EXCEPTION 'an identity stays as it is, until the decision that introduced it is annulled and another one does'\n    USING ERRCODE = '23514';\n",
                            hash="8ee5f1851f6d00ca9add64892a2e6e225ee39bb8",
                            operation="UPDATE",
                            pgid="pgtrigger_only_again_5f7f0",
                            table="registry_document",
                            when="BEFORE",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=120, unique=True)),
                (
                    "introduced_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.act",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="introduced",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.introduced_by_id)) THEN\n    RAISE EXCEPTION 'an identity cites the act that introduced it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="e3b4b1132271e6e71ac6236123e9fde6133fcdeb",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_introduced_755e3",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_person",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="introduced_again",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.introduced_by_id)) THEN\n    RAISE EXCEPTION 'an identity cites the act that introduced it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="e06fa3c9019ee6aedb054bc3774ca4fd5c9dccec",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_introduced_again_48790",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_person",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="only_again",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF NEW.id = OLD.id AND NEW.code = OLD.code\n   AND EXISTS (SELECT 1 FROM registry_act a JOIN registry_annulment n ON n.decision_id = a.decision_id\n               WHERE a.id = OLD.introduced_by_id) THEN\n    RETURN NEW;\nEND IF;\nRAISE EXCEPTION 'an identity stays as it is, until the decision that introduced it is annulled and another one does'\n    USING ERRCODE = '23514';\n",
                            hash="d43235a7ec6a3847989b6491a06fdf7ed36f6ace",
                            operation="UPDATE",
                            pgid="pgtrigger_only_again_8d2ae",
                            table="registry_person",
                            when="BEFORE",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=120, unique=True)),
                (
                    "introduced_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.act",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="introduced",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.introduced_by_id)) THEN\n    RAISE EXCEPTION 'an identity cites the act that introduced it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="7d7b83c8b21ff5b913d92676515bd94880356c31",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_introduced_cd3db",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_post",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="introduced_again",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.introduced_by_id)) THEN\n    RAISE EXCEPTION 'an identity cites the act that introduced it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="6c82204fa83c068b99c7c7a8e55df35119332d9e",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_introduced_again_7dab2",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_post",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="only_again",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF NEW.id = OLD.id AND NEW.code = OLD.code\n   AND EXISTS (SELECT 1 FROM registry_act a JOIN registry_annulment n ON n.decision_id = a.decision_id\n               WHERE a.id = OLD.introduced_by_id) THEN\n    RETURN NEW;\nEND IF;\nRAISE EXCEPTION 'an identity stays as it is, until the decision that introduced it is annulled and another one does'\n    USING ERRCODE = '23514';\n",
                            hash="a7920022a6a5a6ab32684474f7cbd6067fe921e5",
                            operation="UPDATE",
                            pgid="pgtrigger_only_again_3a162",
                            table="registry_post",
                            when="BEFORE",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=120, unique=True)),
                (
                    "introduced_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.act",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="introduced",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.introduced_by_id)) THEN\n    RAISE EXCEPTION 'an identity cites the act that introduced it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="abc509b90fad44cfed7ec186203ac9ade051c8e1",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_introduced_2fe9f",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_unit",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="introduced_again",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.introduced_by_id)) THEN\n    RAISE EXCEPTION 'an identity cites the act that introduced it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="5ff8598e0d1dec882e06297674673429917e9c2f",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_introduced_again_d626c",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_unit",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="only_again",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF NEW.id = OLD.id AND NEW.code = OLD.code\n   AND EXISTS (SELECT 1 FROM registry_act a JOIN registry_annulment n ON n.decision_id = a.decision_id\n               WHERE a.id = OLD.introduced_by_id) THEN\n    RETURN NEW;\nEND IF;\nRAISE EXCEPTION 'an identity stays as it is, until the decision that introduced it is annulled and another one does'\n    USING ERRCODE = '23514';\n",
                            hash="66c94b705be16775417f959b5119caa0f735389c",
                            operation="UPDATE",
                            pgid="pgtrigger_only_again_2530f",
                            table="registry_unit",
                            when="BEFORE",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Classification",
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
                ("year", models.PositiveSmallIntegerField()),
                ("grade", canbo.kernel.coded.Coded("grade", max_length=60)),
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
                    "person",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.person"
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
                "verbose_name": "classification",
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.BTreeIndex(fields=["fact"], name="classification_fact"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["unit"], name="classification_unit"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["asserted_by"], name="classification_asserted"),
                    django.contrib.postgres.indexes.BTreeIndex(
                        condition=models.Q(("retracted_by__isnull", False)),
                        fields=["retracted_by"],
                        name="classification_retracted",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False), ("recorded__isempty", False)),
                        name="classification_not_empty",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("recorded__upper_inf", True)),
                        fields=("fact",),
                        name="classification_one_version",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="only_retire",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE expected record;",
                            func="\nIF upper_inf(OLD.recorded) AND NOT upper_inf(NEW.recorded) AND NEW.retracted_by_id IS NOT NULL\n   AND lower(NEW.recorded) = lower(OLD.recorded) THEN\n    expected := OLD;\n    expected.recorded := NEW.recorded;\n    expected.retracted_by_id := NEW.retracted_by_id;\n    IF expected IS NOT DISTINCT FROM NEW THEN\n        RETURN NEW;\n    END IF;\nEND IF;\nRAISE EXCEPTION 'a version of a fact is never edited, it is retired and the next one written' USING ERRCODE = '23514';\n",
                            hash="638a3bb81685b8cc30a681c739ae704cd76bdd09",
                            operation="UPDATE",
                            pgid="pgtrigger_only_retire_693e0",
                            table="registry_classification",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="never_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="b6e5af529851d8188b35c7a7ca139ac8b3e71e0e",
                            operation="DELETE",
                            pgid="pgtrigger_never_delete_20f13",
                            table="registry_classification",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_instant",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="afa0a815787759c1ff15c3cc4541b1de5e8ef6a9",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_one_instant_23473",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_classification",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_end",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="c54135ae20615e5131208c206067f264faabb6a9",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_one_end_dc59a",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_classification",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Closure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("depth", models.PositiveSmallIntegerField()),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
                (
                    "ancestor",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.unit",
                    ),
                ),
                (
                    "descendant",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.unit",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["ancestor", "descendant"], name="closure_down")],
            },
        ),
        migrations.CreateModel(
            name="CommitteeDuty",
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.person"
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
                "verbose_name": "assignment to a committee",
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.BTreeIndex(fields=["fact"], name="committeeduty_fact"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["unit"], name="committeeduty_unit"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["asserted_by"], name="committeeduty_asserted"),
                    django.contrib.postgres.indexes.BTreeIndex(
                        condition=models.Q(("retracted_by__isnull", False)),
                        fields=["retracted_by"],
                        name="committeeduty_retracted",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False), ("recorded__isempty", False)),
                        name="committeeduty_not_empty",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("recorded__upper_inf", True)),
                        fields=("fact",),
                        name="committeeduty_one_version",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="only_retire",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE expected record;",
                            func="\nIF upper_inf(OLD.recorded) AND NOT upper_inf(NEW.recorded) AND NEW.retracted_by_id IS NOT NULL\n   AND lower(NEW.recorded) = lower(OLD.recorded) THEN\n    expected := OLD;\n    expected.recorded := NEW.recorded;\n    expected.retracted_by_id := NEW.retracted_by_id;\n    IF expected IS NOT DISTINCT FROM NEW THEN\n        RETURN NEW;\n    END IF;\nEND IF;\nRAISE EXCEPTION 'a version of a fact is never edited, it is retired and the next one written' USING ERRCODE = '23514';\n",
                            hash="a52cb2d16d386584844867834c8a727b3cc0c4c3",
                            operation="UPDATE",
                            pgid="pgtrigger_only_retire_e1e79",
                            table="registry_committeeduty",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="never_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="64f1a50ddce4bc5f9ecb579f2b7a7d98d90cf09b",
                            operation="DELETE",
                            pgid="pgtrigger_never_delete_950f9",
                            table="registry_committeeduty",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_instant",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="9cc4c1d9578d23980f1a7f36536491427e0f91bd",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_one_instant_04d11",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_committeeduty",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_end",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="92e132d92c8626399ecb234e391e4700c502cc73",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_one_end_3d01b",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_committeeduty",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Confidence",
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
                ("collected", models.PositiveIntegerField()),
                ("high", models.PositiveIntegerField()),
                ("middle", models.PositiveIntegerField()),
                ("low", models.PositiveIntegerField()),
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.person"
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
                "verbose_name": "result of a vote of confidence",
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.BTreeIndex(fields=["fact"], name="confidence_fact"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["unit"], name="confidence_unit"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["asserted_by"], name="confidence_asserted"),
                    django.contrib.postgres.indexes.BTreeIndex(
                        condition=models.Q(("retracted_by__isnull", False)),
                        fields=["retracted_by"],
                        name="confidence_retracted",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False), ("recorded__isempty", False)),
                        name="confidence_not_empty",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("recorded__upper_inf", True)),
                        fields=("fact",),
                        name="confidence_one_version",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "collected__gte",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("high"), "+", models.F("middle")
                                    ),
                                    "+",
                                    models.F("low"),
                                ),
                            )
                        ),
                        name="confidence_adds_up",
                        violation_error_message="The papers of the three levels are at most those collected.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="only_retire",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE expected record;",
                            func="\nIF upper_inf(OLD.recorded) AND NOT upper_inf(NEW.recorded) AND NEW.retracted_by_id IS NOT NULL\n   AND lower(NEW.recorded) = lower(OLD.recorded) THEN\n    expected := OLD;\n    expected.recorded := NEW.recorded;\n    expected.retracted_by_id := NEW.retracted_by_id;\n    IF expected IS NOT DISTINCT FROM NEW THEN\n        RETURN NEW;\n    END IF;\nEND IF;\nRAISE EXCEPTION 'a version of a fact is never edited, it is retired and the next one written' USING ERRCODE = '23514';\n",
                            hash="a7c540446ee990b654d5a0541147cad98d15b62c",
                            operation="UPDATE",
                            pgid="pgtrigger_only_retire_21030",
                            table="registry_confidence",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="never_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="113d065e01fdf30ded6fad9d2af0ea08a9519721",
                            operation="DELETE",
                            pgid="pgtrigger_never_delete_21c29",
                            table="registry_confidence",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_instant",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="cee337a51bffebc2ffc8545f4796b4f681a5f832",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_one_instant_0487c",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_confidence",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_end",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="bc28db7d577805b153ac557f8be623723da9e8c2",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_one_end_d1387",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_confidence",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Coverage",
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
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.unit"
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
                "verbose_name": "coverage of a place",
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.BTreeIndex(fields=["fact"], name="coverage_fact"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["unit"], name="coverage_unit"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["asserted_by"], name="coverage_asserted"),
                    django.contrib.postgres.indexes.BTreeIndex(
                        condition=models.Q(("retracted_by__isnull", False)),
                        fields=["retracted_by"],
                        name="coverage_retracted",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False), ("recorded__isempty", False)),
                        name="coverage_not_empty",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("recorded__upper_inf", True)), fields=("fact",), name="coverage_one_version"
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="only_retire",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE expected record;",
                            func="\nIF upper_inf(OLD.recorded) AND NOT upper_inf(NEW.recorded) AND NEW.retracted_by_id IS NOT NULL\n   AND lower(NEW.recorded) = lower(OLD.recorded) THEN\n    expected := OLD;\n    expected.recorded := NEW.recorded;\n    expected.retracted_by_id := NEW.retracted_by_id;\n    IF expected IS NOT DISTINCT FROM NEW THEN\n        RETURN NEW;\n    END IF;\nEND IF;\nRAISE EXCEPTION 'a version of a fact is never edited, it is retired and the next one written' USING ERRCODE = '23514';\n",
                            hash="416ec9f0166f924d6b1670a581b7dc5caae5bb2e",
                            operation="UPDATE",
                            pgid="pgtrigger_only_retire_2c6a3",
                            table="registry_coverage",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="never_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="1777fa72482fa0d10568379f116771e7bc3a426c",
                            operation="DELETE",
                            pgid="pgtrigger_never_delete_45312",
                            table="registry_coverage",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_instant",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="e373752648d56444be23932143141e1531f014ac",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_one_instant_4f7f8",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_coverage",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_end",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="874a881982873962674c4804ac65a516f848b0c0",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_one_end_84958",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_coverage",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Dues",
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.person"
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
                "verbose_name": "dues paid",
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.BTreeIndex(fields=["fact"], name="dues_fact"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["unit"], name="dues_unit"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["asserted_by"], name="dues_asserted"),
                    django.contrib.postgres.indexes.BTreeIndex(
                        condition=models.Q(("retracted_by__isnull", False)),
                        fields=["retracted_by"],
                        name="dues_retracted",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False), ("recorded__isempty", False)),
                        name="dues_not_empty",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("recorded__upper_inf", True)), fields=("fact",), name="dues_one_version"
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="only_retire",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE expected record;",
                            func="\nIF upper_inf(OLD.recorded) AND NOT upper_inf(NEW.recorded) AND NEW.retracted_by_id IS NOT NULL\n   AND lower(NEW.recorded) = lower(OLD.recorded) THEN\n    expected := OLD;\n    expected.recorded := NEW.recorded;\n    expected.retracted_by_id := NEW.retracted_by_id;\n    IF expected IS NOT DISTINCT FROM NEW THEN\n        RETURN NEW;\n    END IF;\nEND IF;\nRAISE EXCEPTION 'a version of a fact is never edited, it is retired and the next one written' USING ERRCODE = '23514';\n",
                            hash="e3c3f9a41815ee9530cb93d6f50da710aae98313",
                            operation="UPDATE",
                            pgid="pgtrigger_only_retire_5dc22",
                            table="registry_dues",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="never_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="7f619d3ee8eb4395933a9816a65aecbe678d9762",
                            operation="DELETE",
                            pgid="pgtrigger_never_delete_12f20",
                            table="registry_dues",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_instant",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="9436812eb343aa5cf7eb632603edfc80be33ef1d",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_one_instant_d029b",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_dues",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_end",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="0304c9ff0606439305db888ddad2bf6e1b9186f7",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_one_end_09302",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_dues",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Duty",
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
                ("matter", canbo.kernel.coded.Coded("duty", max_length=60)),
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
                "verbose_name": "duty of a unit",
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.BTreeIndex(fields=["fact"], name="duty_fact"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["unit"], name="duty_unit"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["asserted_by"], name="duty_asserted"),
                    django.contrib.postgres.indexes.BTreeIndex(
                        condition=models.Q(("retracted_by__isnull", False)),
                        fields=["retracted_by"],
                        name="duty_retracted",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False), ("recorded__isempty", False)),
                        name="duty_not_empty",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("recorded__upper_inf", True)), fields=("fact",), name="duty_one_version"
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="only_retire",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE expected record;",
                            func="\nIF upper_inf(OLD.recorded) AND NOT upper_inf(NEW.recorded) AND NEW.retracted_by_id IS NOT NULL\n   AND lower(NEW.recorded) = lower(OLD.recorded) THEN\n    expected := OLD;\n    expected.recorded := NEW.recorded;\n    expected.retracted_by_id := NEW.retracted_by_id;\n    IF expected IS NOT DISTINCT FROM NEW THEN\n        RETURN NEW;\n    END IF;\nEND IF;\nRAISE EXCEPTION 'a version of a fact is never edited, it is retired and the next one written' USING ERRCODE = '23514';\n",
                            hash="f563de07d115ec6f2a7102326fe83f256fa1c13c",
                            operation="UPDATE",
                            pgid="pgtrigger_only_retire_e3cd9",
                            table="registry_duty",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="never_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="63019f334c00789fd971e77456a4d67566faab2e",
                            operation="DELETE",
                            pgid="pgtrigger_never_delete_36f0f",
                            table="registry_duty",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_instant",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="d42ce828da859b5797160c52111ea4dcef47f2cc",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_one_instant_668f4",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_duty",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_end",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="6ca8fa16eecc937c35cde3077dc1b08a3664a3bd",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_one_end_468cb",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_duty",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Employment",
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
                ("group", canbo.kernel.coded.Coded("employment_group", max_length=60)),
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="employments", to="registry.person"
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
                "verbose_name": "employment",
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.BTreeIndex(fields=["fact"], name="employment_fact"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["unit"], name="employment_unit"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["asserted_by"], name="employment_asserted"),
                    django.contrib.postgres.indexes.BTreeIndex(
                        condition=models.Q(("retracted_by__isnull", False)),
                        fields=["retracted_by"],
                        name="employment_retracted",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False), ("recorded__isempty", False)),
                        name="employment_not_empty",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("recorded__upper_inf", True)),
                        fields=("fact",),
                        name="employment_one_version",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(
                            ("end_precision", "d"), ("recorded__upper_inf", True), ("start_precision", "d")
                        ),
                        expressions=[("person", "="), ("valid", "&&")],
                        name="one_employment_at_a_time",
                        violation_error_message="A person is on one payroll at a time.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="only_retire",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE expected record;",
                            func="\nIF upper_inf(OLD.recorded) AND NOT upper_inf(NEW.recorded) AND NEW.retracted_by_id IS NOT NULL\n   AND lower(NEW.recorded) = lower(OLD.recorded) THEN\n    expected := OLD;\n    expected.recorded := NEW.recorded;\n    expected.retracted_by_id := NEW.retracted_by_id;\n    IF expected IS NOT DISTINCT FROM NEW THEN\n        RETURN NEW;\n    END IF;\nEND IF;\nRAISE EXCEPTION 'a version of a fact is never edited, it is retired and the next one written' USING ERRCODE = '23514';\n",
                            hash="a1db9de56a3631c5d563d5b4a967d1da44992038",
                            operation="UPDATE",
                            pgid="pgtrigger_only_retire_d3e17",
                            table="registry_employment",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="never_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="911b1aa7c5e957eb0e6a886781a2457fdd52b359",
                            operation="DELETE",
                            pgid="pgtrigger_never_delete_256b4",
                            table="registry_employment",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_instant",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="a93d5327bbd0451a94bc8900aa5189e133e8e532",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_one_instant_b84ae",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_employment",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_end",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="fcea4553c819a29c091d8baaea8e8acbc8657bf8",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_one_end_5e378",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_employment",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Fulfilment",
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
                ("matter", canbo.kernel.coded.Coded("duty", max_length=60)),
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
                "verbose_name": "duty fulfilled",
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.BTreeIndex(fields=["fact"], name="fulfilment_fact"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["unit"], name="fulfilment_unit"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["asserted_by"], name="fulfilment_asserted"),
                    django.contrib.postgres.indexes.BTreeIndex(
                        condition=models.Q(("retracted_by__isnull", False)),
                        fields=["retracted_by"],
                        name="fulfilment_retracted",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False), ("recorded__isempty", False)),
                        name="fulfilment_not_empty",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("recorded__upper_inf", True)),
                        fields=("fact",),
                        name="fulfilment_one_version",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(
                            ("end_precision", "d"), ("recorded__upper_inf", True), ("start_precision", "d")
                        ),
                        expressions=[("unit", "="), ("matter", "="), ("valid", "&&")],
                        name="fulfilled_once",
                        violation_error_message="A duty is fulfilled once.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="only_retire",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE expected record;",
                            func="\nIF upper_inf(OLD.recorded) AND NOT upper_inf(NEW.recorded) AND NEW.retracted_by_id IS NOT NULL\n   AND lower(NEW.recorded) = lower(OLD.recorded) THEN\n    expected := OLD;\n    expected.recorded := NEW.recorded;\n    expected.retracted_by_id := NEW.retracted_by_id;\n    IF expected IS NOT DISTINCT FROM NEW THEN\n        RETURN NEW;\n    END IF;\nEND IF;\nRAISE EXCEPTION 'a version of a fact is never edited, it is retired and the next one written' USING ERRCODE = '23514';\n",
                            hash="5fa95c31d90db07da7d73af7e52a513dfc106bff",
                            operation="UPDATE",
                            pgid="pgtrigger_only_retire_b69f4",
                            table="registry_fulfilment",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="never_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="668f9f7c86a8beb27eebce4e33f4efec49ea8132",
                            operation="DELETE",
                            pgid="pgtrigger_never_delete_2f044",
                            table="registry_fulfilment",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_instant",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="8c25545409c06025f4da22ed72c4decb6d7314bc",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_one_instant_d17b2",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_fulfilment",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_end",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="60554ddc319f462609c90975746cc0a532e9703c",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_one_end_c1ebe",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_fulfilment",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Goal",
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
                ("term", models.CharField(max_length=20)),
                ("number", models.PositiveSmallIntegerField()),
                ("title", models.TextField()),
                ("due", models.DateField()),
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
                "verbose_name": "goal",
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.BTreeIndex(fields=["fact"], name="goal_fact"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["unit"], name="goal_unit"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["asserted_by"], name="goal_asserted"),
                    django.contrib.postgres.indexes.BTreeIndex(
                        condition=models.Q(("retracted_by__isnull", False)),
                        fields=["retracted_by"],
                        name="goal_retracted",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False), ("recorded__isempty", False)),
                        name="goal_not_empty",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("recorded__upper_inf", True)), fields=("fact",), name="goal_one_version"
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="only_retire",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE expected record;",
                            func="\nIF upper_inf(OLD.recorded) AND NOT upper_inf(NEW.recorded) AND NEW.retracted_by_id IS NOT NULL\n   AND lower(NEW.recorded) = lower(OLD.recorded) THEN\n    expected := OLD;\n    expected.recorded := NEW.recorded;\n    expected.retracted_by_id := NEW.retracted_by_id;\n    IF expected IS NOT DISTINCT FROM NEW THEN\n        RETURN NEW;\n    END IF;\nEND IF;\nRAISE EXCEPTION 'a version of a fact is never edited, it is retired and the next one written' USING ERRCODE = '23514';\n",
                            hash="d2c8a4ff84a4fb5d4a6ea1fc5869f0a727bdf187",
                            operation="UPDATE",
                            pgid="pgtrigger_only_retire_f9915",
                            table="registry_goal",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="never_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="dd9ee1d58648523627b1476a156654144968f6ce",
                            operation="DELETE",
                            pgid="pgtrigger_never_delete_19831",
                            table="registry_goal",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_instant",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="31e731283e36f5a0fd1c6d811f804c5ee9698c15",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_one_instant_32e46",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_goal",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_end",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="8ceb82ffad20933964cd11dccb191f4230ed821f",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_one_end_d664b",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_goal",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GoalMet",
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
                ("term", models.CharField(max_length=20)),
                ("number", models.PositiveSmallIntegerField()),
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
                "verbose_name": "goal met",
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.BTreeIndex(fields=["fact"], name="goalmet_fact"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["unit"], name="goalmet_unit"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["asserted_by"], name="goalmet_asserted"),
                    django.contrib.postgres.indexes.BTreeIndex(
                        condition=models.Q(("retracted_by__isnull", False)),
                        fields=["retracted_by"],
                        name="goalmet_retracted",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False), ("recorded__isempty", False)),
                        name="goalmet_not_empty",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("recorded__upper_inf", True)), fields=("fact",), name="goalmet_one_version"
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="only_retire",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE expected record;",
                            func="\nIF upper_inf(OLD.recorded) AND NOT upper_inf(NEW.recorded) AND NEW.retracted_by_id IS NOT NULL\n   AND lower(NEW.recorded) = lower(OLD.recorded) THEN\n    expected := OLD;\n    expected.recorded := NEW.recorded;\n    expected.retracted_by_id := NEW.retracted_by_id;\n    IF expected IS NOT DISTINCT FROM NEW THEN\n        RETURN NEW;\n    END IF;\nEND IF;\nRAISE EXCEPTION 'a version of a fact is never edited, it is retired and the next one written' USING ERRCODE = '23514';\n",
                            hash="2826c51560fb69e359a1c8cfa813b414dc69b446",
                            operation="UPDATE",
                            pgid="pgtrigger_only_retire_85770",
                            table="registry_goalmet",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="never_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="9b05b8c8e208f74409ecd6efd15a57490104d75a",
                            operation="DELETE",
                            pgid="pgtrigger_never_delete_c53de",
                            table="registry_goalmet",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_instant",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="afaca71da0ec3f9c5c52d5e796c0ceca3a2e2532",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_one_instant_aa2a6",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_goalmet",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_end",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="677c48adff1056983de8bef82ca15a947ba80c1f",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_one_end_95292",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_goalmet",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Incumbency",
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
                ("acting", models.BooleanField(default=False)),
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="incumbencies", to="registry.person"
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="incumbencies", to="registry.post"
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
                "verbose_name": "incumbency",
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.BTreeIndex(fields=["fact"], name="incumbency_fact"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["unit"], name="incumbency_unit"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["asserted_by"], name="incumbency_asserted"),
                    django.contrib.postgres.indexes.BTreeIndex(
                        condition=models.Q(("retracted_by__isnull", False)),
                        fields=["retracted_by"],
                        name="incumbency_retracted",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False), ("recorded__isempty", False)),
                        name="incumbency_not_empty",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("recorded__upper_inf", True)),
                        fields=("fact",),
                        name="incumbency_one_version",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(
                            ("end_precision", "d"), ("recorded__upper_inf", True), ("start_precision", "d")
                        ),
                        expressions=[("person", "="), ("post", "="), ("valid", "&&")],
                        name="post_held_once_by_a_person",
                        violation_error_message="A person holds a post once at a time.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="only_retire",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE expected record;",
                            func="\nIF upper_inf(OLD.recorded) AND NOT upper_inf(NEW.recorded) AND NEW.retracted_by_id IS NOT NULL\n   AND lower(NEW.recorded) = lower(OLD.recorded) THEN\n    expected := OLD;\n    expected.recorded := NEW.recorded;\n    expected.retracted_by_id := NEW.retracted_by_id;\n    IF expected IS NOT DISTINCT FROM NEW THEN\n        RETURN NEW;\n    END IF;\nEND IF;\nRAISE EXCEPTION 'a version of a fact is never edited, it is retired and the next one written' USING ERRCODE = '23514';\n",
                            hash="15c29ee0ad69e2fdf7678ddcbf530536d3c9c928",
                            operation="UPDATE",
                            pgid="pgtrigger_only_retire_28b95",
                            table="registry_incumbency",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="never_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="f959a03f96b5ee702aa59821230df3a94a773dc9",
                            operation="DELETE",
                            pgid="pgtrigger_never_delete_87438",
                            table="registry_incumbency",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_instant",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="3ed225490a7b443830f397b25a664029cbd35599",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_one_instant_0f5bb",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_incumbency",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_end",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="9d90f1bca637b604b89931b7c74a5c3d4650904e",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_one_end_39a50",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_incumbency",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Lineage",
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
                ("whole", models.BooleanField(help_text="the predecessor went into this unit as a whole")),
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
                    "predecessor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.unit"
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
                "verbose_name": "lineage",
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.BTreeIndex(fields=["fact"], name="lineage_fact"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["unit"], name="lineage_unit"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["asserted_by"], name="lineage_asserted"),
                    django.contrib.postgres.indexes.BTreeIndex(
                        condition=models.Q(("retracted_by__isnull", False)),
                        fields=["retracted_by"],
                        name="lineage_retracted",
                    ),
                    models.Index(fields=["predecessor"], name="lineage_predecessor"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False), ("recorded__isempty", False)),
                        name="lineage_not_empty",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("recorded__upper_inf", True)), fields=("fact",), name="lineage_one_version"
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="only_retire",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE expected record;",
                            func="\nIF upper_inf(OLD.recorded) AND NOT upper_inf(NEW.recorded) AND NEW.retracted_by_id IS NOT NULL\n   AND lower(NEW.recorded) = lower(OLD.recorded) THEN\n    expected := OLD;\n    expected.recorded := NEW.recorded;\n    expected.retracted_by_id := NEW.retracted_by_id;\n    IF expected IS NOT DISTINCT FROM NEW THEN\n        RETURN NEW;\n    END IF;\nEND IF;\nRAISE EXCEPTION 'a version of a fact is never edited, it is retired and the next one written' USING ERRCODE = '23514';\n",
                            hash="32cc370cf00672047394e090658e300434be9e57",
                            operation="UPDATE",
                            pgid="pgtrigger_only_retire_76f2e",
                            table="registry_lineage",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="never_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="1d3dc4db2c93064da81b359ef095f487d86a2fec",
                            operation="DELETE",
                            pgid="pgtrigger_never_delete_d9b4d",
                            table="registry_lineage",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_instant",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="144be7323795a75a92d1fab7a74d114dc965ec98",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_one_instant_b765f",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_lineage",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_end",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="1d31f26be7bdfe7f4d8b404633d063770ce5b3d9",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_one_end_f105f",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_lineage",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Link",
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
                ("relation", canbo.kernel.coded.Coded("document_relation", max_length=60)),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="links", to="registry.document"
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
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="linked_by", to="registry.document"
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
                "verbose_name": "link between documents",
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.BTreeIndex(fields=["fact"], name="link_fact"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["unit"], name="link_unit"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["asserted_by"], name="link_asserted"),
                    django.contrib.postgres.indexes.BTreeIndex(
                        condition=models.Q(("retracted_by__isnull", False)),
                        fields=["retracted_by"],
                        name="link_retracted",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False), ("recorded__isempty", False)),
                        name="link_not_empty",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("recorded__upper_inf", True)), fields=("fact",), name="link_one_version"
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="only_retire",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE expected record;",
                            func="\nIF upper_inf(OLD.recorded) AND NOT upper_inf(NEW.recorded) AND NEW.retracted_by_id IS NOT NULL\n   AND lower(NEW.recorded) = lower(OLD.recorded) THEN\n    expected := OLD;\n    expected.recorded := NEW.recorded;\n    expected.retracted_by_id := NEW.retracted_by_id;\n    IF expected IS NOT DISTINCT FROM NEW THEN\n        RETURN NEW;\n    END IF;\nEND IF;\nRAISE EXCEPTION 'a version of a fact is never edited, it is retired and the next one written' USING ERRCODE = '23514';\n",
                            hash="4a65d4ff51291f8b8ffb9892a2b83ddc2701ba1c",
                            operation="UPDATE",
                            pgid="pgtrigger_only_retire_7053d",
                            table="registry_link",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="never_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="b6f3f1d4522e4125b1d279b4432f17b89319b09a",
                            operation="DELETE",
                            pgid="pgtrigger_never_delete_d4ed0",
                            table="registry_link",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_instant",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="f113aafac0861a6961eee4e31cd4eb70d5d1696f",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_one_instant_04dcf",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_link",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_end",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="7d895055ecabcdb2501b508cb56c29dbd6b97614",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_one_end_49ee1",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_link",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
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
                ("stage", canbo.kernel.coded.Coded("membership_stage", max_length=60)),
                ("category", canbo.kernel.coded.Coded("membership_category", blank=True, max_length=60)),
                (
                    "entry",
                    models.CharField(
                        choices=[
                            ("admission", "Admission"),
                            ("readmission", "Readmission"),
                            ("stage", "next stage"),
                            ("transfer", "Transfer"),
                            ("category", "other category"),
                            ("balance", "opening balance"),
                        ],
                        max_length=12,
                    ),
                ),
                ("ending", canbo.kernel.coded.Coded("membership_ending", blank=True, max_length=60)),
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="registry.person"
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
                "verbose_name": "membership",
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.BTreeIndex(fields=["fact"], name="membership_fact"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["unit"], name="membership_unit"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["asserted_by"], name="membership_asserted"),
                    django.contrib.postgres.indexes.BTreeIndex(
                        condition=models.Q(("retracted_by__isnull", False)),
                        fields=["retracted_by"],
                        name="membership_retracted",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False), ("recorded__isempty", False)),
                        name="membership_not_empty",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("recorded__upper_inf", True)),
                        fields=("fact",),
                        name="membership_one_version",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(
                            ("end_precision", "d"), ("recorded__upper_inf", True), ("start_precision", "d")
                        ),
                        expressions=[("person", "="), ("valid", "&&")],
                        name="one_membership_at_a_time",
                        violation_error_message="A person is a member in one organisation at a time.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="only_retire",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE expected record;",
                            func="\nIF upper_inf(OLD.recorded) AND NOT upper_inf(NEW.recorded) AND NEW.retracted_by_id IS NOT NULL\n   AND lower(NEW.recorded) = lower(OLD.recorded) THEN\n    expected := OLD;\n    expected.recorded := NEW.recorded;\n    expected.retracted_by_id := NEW.retracted_by_id;\n    IF expected IS NOT DISTINCT FROM NEW THEN\n        RETURN NEW;\n    END IF;\nEND IF;\nRAISE EXCEPTION 'a version of a fact is never edited, it is retired and the next one written' USING ERRCODE = '23514';\n",
                            hash="66b54960a2423eab916bf7d7308ca83b9c34a28f",
                            operation="UPDATE",
                            pgid="pgtrigger_only_retire_44250",
                            table="registry_membership",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="never_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="6fa42ad4697ad77106a1090d63aceea3aa6284c3",
                            operation="DELETE",
                            pgid="pgtrigger_never_delete_981e0",
                            table="registry_membership",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_instant",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="af913217b6574930c4a82524e0e7612279da4460",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_one_instant_04da7",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_membership",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_end",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="8dd0692138437306c2fe405af7daaa4d0575451e",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_one_end_81fae",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_membership",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Movement",
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
                ("nature", canbo.kernel.coded.Coded("movement_nature", max_length=60)),
                ("managed_by", canbo.kernel.coded.Coded("managing_authority", blank=True, max_length=60)),
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="movements", to="registry.person"
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.post",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.unit",
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
                "verbose_name": "movement",
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.BTreeIndex(fields=["fact"], name="movement_fact"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["unit"], name="movement_unit"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["asserted_by"], name="movement_asserted"),
                    django.contrib.postgres.indexes.BTreeIndex(
                        condition=models.Q(("retracted_by__isnull", False)),
                        fields=["retracted_by"],
                        name="movement_retracted",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False), ("recorded__isempty", False)),
                        name="movement_not_empty",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("recorded__upper_inf", True)), fields=("fact",), name="movement_one_version"
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="only_retire",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE expected record;",
                            func="\nIF upper_inf(OLD.recorded) AND NOT upper_inf(NEW.recorded) AND NEW.retracted_by_id IS NOT NULL\n   AND lower(NEW.recorded) = lower(OLD.recorded) THEN\n    expected := OLD;\n    expected.recorded := NEW.recorded;\n    expected.retracted_by_id := NEW.retracted_by_id;\n    IF expected IS NOT DISTINCT FROM NEW THEN\n        RETURN NEW;\n    END IF;\nEND IF;\nRAISE EXCEPTION 'a version of a fact is never edited, it is retired and the next one written' USING ERRCODE = '23514';\n",
                            hash="eb860fc40e30393d02d67f46ad7a566a1e3ca2b4",
                            operation="UPDATE",
                            pgid="pgtrigger_only_retire_a6776",
                            table="registry_movement",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="never_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="dbeb04924027abef5f62e98a40f8ca8f736e5092",
                            operation="DELETE",
                            pgid="pgtrigger_never_delete_ea8d4",
                            table="registry_movement",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_instant",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="fe698be04f8428a6a7508c4daacf2ac2cd976391",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_one_instant_a43b4",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_movement",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_end",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="ebbfb74c14291e7c5e5ee2dc19e3f2e5847d04a1",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_one_end_44583",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_movement",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Nomination",
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
                ("office", canbo.kernel.coded.Coded("office", blank=True, max_length=60)),
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.person"
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
                "verbose_name": "nomination",
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.BTreeIndex(fields=["fact"], name="nomination_fact"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["unit"], name="nomination_unit"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["asserted_by"], name="nomination_asserted"),
                    django.contrib.postgres.indexes.BTreeIndex(
                        condition=models.Q(("retracted_by__isnull", False)),
                        fields=["retracted_by"],
                        name="nomination_retracted",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False), ("recorded__isempty", False)),
                        name="nomination_not_empty",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("recorded__upper_inf", True)),
                        fields=("fact",),
                        name="nomination_one_version",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="only_retire",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE expected record;",
                            func="\nIF upper_inf(OLD.recorded) AND NOT upper_inf(NEW.recorded) AND NEW.retracted_by_id IS NOT NULL\n   AND lower(NEW.recorded) = lower(OLD.recorded) THEN\n    expected := OLD;\n    expected.recorded := NEW.recorded;\n    expected.retracted_by_id := NEW.retracted_by_id;\n    IF expected IS NOT DISTINCT FROM NEW THEN\n        RETURN NEW;\n    END IF;\nEND IF;\nRAISE EXCEPTION 'a version of a fact is never edited, it is retired and the next one written' USING ERRCODE = '23514';\n",
                            hash="47f9ab03d9f384ec666813148aa79d79f09d016a",
                            operation="UPDATE",
                            pgid="pgtrigger_only_retire_c96d5",
                            table="registry_nomination",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="never_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="2c2884fb8f7434854112d6a02f7666ede86d8aff",
                            operation="DELETE",
                            pgid="pgtrigger_never_delete_66df2",
                            table="registry_nomination",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_instant",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="742342110bfa3c1267e72eb7908f80bbb706021d",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_one_instant_14531",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_nomination",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_end",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="3619237f5678e1fb33b8f1c8a27930de61885dbc",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_one_end_8be97",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_nomination",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Opinion",
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
                ("matter", canbo.kernel.coded.Coded("opinion_matter", max_length=60)),
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.person"
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
                "verbose_name": "opinion given",
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.BTreeIndex(fields=["fact"], name="opinion_fact"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["unit"], name="opinion_unit"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["asserted_by"], name="opinion_asserted"),
                    django.contrib.postgres.indexes.BTreeIndex(
                        condition=models.Q(("retracted_by__isnull", False)),
                        fields=["retracted_by"],
                        name="opinion_retracted",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False), ("recorded__isempty", False)),
                        name="opinion_not_empty",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("recorded__upper_inf", True)), fields=("fact",), name="opinion_one_version"
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="only_retire",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE expected record;",
                            func="\nIF upper_inf(OLD.recorded) AND NOT upper_inf(NEW.recorded) AND NEW.retracted_by_id IS NOT NULL\n   AND lower(NEW.recorded) = lower(OLD.recorded) THEN\n    expected := OLD;\n    expected.recorded := NEW.recorded;\n    expected.retracted_by_id := NEW.retracted_by_id;\n    IF expected IS NOT DISTINCT FROM NEW THEN\n        RETURN NEW;\n    END IF;\nEND IF;\nRAISE EXCEPTION 'a version of a fact is never edited, it is retired and the next one written' USING ERRCODE = '23514';\n",
                            hash="a76a67d8a1c63905e1532067e852ea53b8c5a1c9",
                            operation="UPDATE",
                            pgid="pgtrigger_only_retire_1e483",
                            table="registry_opinion",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="never_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="ac1800473a0406acb57c1f8cef330adc8ed529c3",
                            operation="DELETE",
                            pgid="pgtrigger_never_delete_10cf9",
                            table="registry_opinion",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_instant",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="6ea756c0e6c7b0984ef68eca52f4b0138b51dd0b",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_one_instant_d0583",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_opinion",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_end",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="d8195c24938e384ce83e0c4b0b69f42d8ae9ca71",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_one_end_5bfbb",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_opinion",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Organisation",
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
                ("kind", canbo.kernel.coded.Coded("organisation_kind", max_length=60)),
                ("name", models.CharField(max_length=240)),
                ("block", canbo.kernel.coded.Coded("block", blank=True, max_length=60)),
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
                "verbose_name": "organisation",
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.BTreeIndex(fields=["fact"], name="organisation_fact"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["unit"], name="organisation_unit"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["asserted_by"], name="organisation_asserted"),
                    django.contrib.postgres.indexes.BTreeIndex(
                        condition=models.Q(("retracted_by__isnull", False)),
                        fields=["retracted_by"],
                        name="organisation_retracted",
                    ),
                    models.Index(fields=["kind"], name="organisation_kind"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False), ("recorded__isempty", False)),
                        name="organisation_not_empty",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("recorded__upper_inf", True)),
                        fields=("fact",),
                        name="organisation_one_version",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(
                            ("end_precision", "d"), ("recorded__upper_inf", True), ("start_precision", "d")
                        ),
                        expressions=[("unit", "="), ("valid", "&&")],
                        name="one_kind_of_organisation_at_a_time",
                        violation_error_message="An organisation has one kind and name at a time.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="only_retire",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE expected record;",
                            func="\nIF upper_inf(OLD.recorded) AND NOT upper_inf(NEW.recorded) AND NEW.retracted_by_id IS NOT NULL\n   AND lower(NEW.recorded) = lower(OLD.recorded) THEN\n    expected := OLD;\n    expected.recorded := NEW.recorded;\n    expected.retracted_by_id := NEW.retracted_by_id;\n    IF expected IS NOT DISTINCT FROM NEW THEN\n        RETURN NEW;\n    END IF;\nEND IF;\nRAISE EXCEPTION 'a version of a fact is never edited, it is retired and the next one written' USING ERRCODE = '23514';\n",
                            hash="0e1162593238d6b1f94e1ac23974e72251fc4864",
                            operation="UPDATE",
                            pgid="pgtrigger_only_retire_00f99",
                            table="registry_organisation",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="never_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="c86722a34ea16b3cbff6edebb0347914c347d3b9",
                            operation="DELETE",
                            pgid="pgtrigger_never_delete_d5fd1",
                            table="registry_organisation",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_instant",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="01a05a96a527bdd0015951313b8be992c4f9feff",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_one_instant_58f0d",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_organisation",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_end",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="f96ecaf5daa553418c78b5f148b0ea137f812a35",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_one_end_71c38",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_organisation",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Particulars",
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
                ("name", models.CharField(max_length=160)),
                ("sex", canbo.kernel.coded.Coded("sex", blank=True, max_length=60)),
                ("born", models.DateField(null=True)),
                (
                    "born_precision",
                    models.CharField(choices=[("d", "day"), ("m", "month"), ("y", "year")], default="d", max_length=1),
                ),
                ("ethnic_group", canbo.kernel.coded.Coded("ethnic_group", blank=True, max_length=60)),
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="particulars", to="registry.person"
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.unit",
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
                "verbose_name": "particulars of a person",
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.BTreeIndex(fields=["fact"], name="particulars_fact"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["unit"], name="particulars_unit"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["asserted_by"], name="particulars_asserted"),
                    django.contrib.postgres.indexes.BTreeIndex(
                        condition=models.Q(("retracted_by__isnull", False)),
                        fields=["retracted_by"],
                        name="particulars_retracted",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False), ("recorded__isempty", False)),
                        name="particulars_not_empty",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("recorded__upper_inf", True)),
                        fields=("fact",),
                        name="particulars_one_version",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(
                            ("end_precision", "d"), ("recorded__upper_inf", True), ("start_precision", "d")
                        ),
                        expressions=[("person", "="), ("valid", "&&")],
                        name="one_set_of_particulars_at_a_time",
                        violation_error_message="A person has one set of particulars at a time.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="only_retire",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE expected record;",
                            func="\nIF upper_inf(OLD.recorded) AND NOT upper_inf(NEW.recorded) AND NEW.retracted_by_id IS NOT NULL\n   AND lower(NEW.recorded) = lower(OLD.recorded) THEN\n    expected := OLD;\n    expected.recorded := NEW.recorded;\n    expected.retracted_by_id := NEW.retracted_by_id;\n    IF expected IS NOT DISTINCT FROM NEW THEN\n        RETURN NEW;\n    END IF;\nEND IF;\nRAISE EXCEPTION 'a version of a fact is never edited, it is retired and the next one written' USING ERRCODE = '23514';\n",
                            hash="42930eb30f1668c07ac7ea392c3f9240e0d2a7e7",
                            operation="UPDATE",
                            pgid="pgtrigger_only_retire_2dfad",
                            table="registry_particulars",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="never_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="f0a8365cd2158af91984a23d3f62920f55083788",
                            operation="DELETE",
                            pgid="pgtrigger_never_delete_58c1d",
                            table="registry_particulars",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_instant",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="b861f2338772ad788f6639a9423785e76619f7c2",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_one_instant_3e696",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_particulars",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_end",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="708434949f6eacea2f9550cb7676ed0816fdd7fc",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_one_end_1d9eb",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_particulars",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Place",
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
                ("kind", canbo.kernel.coded.Coded("place_kind", max_length=60)),
                ("name", models.CharField(max_length=200)),
                ("official_code", models.CharField(blank=True, max_length=20)),
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
                "verbose_name": "place",
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.BTreeIndex(fields=["fact"], name="place_fact"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["unit"], name="place_unit"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["asserted_by"], name="place_asserted"),
                    django.contrib.postgres.indexes.BTreeIndex(
                        condition=models.Q(("retracted_by__isnull", False)),
                        fields=["retracted_by"],
                        name="place_retracted",
                    ),
                    models.Index(fields=["kind"], name="place_kind"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False), ("recorded__isempty", False)),
                        name="place_not_empty",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("recorded__upper_inf", True)), fields=("fact",), name="place_one_version"
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(
                            ("end_precision", "d"), ("recorded__upper_inf", True), ("start_precision", "d")
                        ),
                        expressions=[("unit", "="), ("valid", "&&")],
                        name="one_kind_of_place_at_a_time",
                        violation_error_message="A place has one kind and name at a time.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="only_retire",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE expected record;",
                            func="\nIF upper_inf(OLD.recorded) AND NOT upper_inf(NEW.recorded) AND NEW.retracted_by_id IS NOT NULL\n   AND lower(NEW.recorded) = lower(OLD.recorded) THEN\n    expected := OLD;\n    expected.recorded := NEW.recorded;\n    expected.retracted_by_id := NEW.retracted_by_id;\n    IF expected IS NOT DISTINCT FROM NEW THEN\n        RETURN NEW;\n    END IF;\nEND IF;\nRAISE EXCEPTION 'a version of a fact is never edited, it is retired and the next one written' USING ERRCODE = '23514';\n",
                            hash="4424ed8b3e87095294dc19bfedb2870ef0df33eb",
                            operation="UPDATE",
                            pgid="pgtrigger_only_retire_97d65",
                            table="registry_place",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="never_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="129da4d27798566ede77edd752c3177627bac172",
                            operation="DELETE",
                            pgid="pgtrigger_never_delete_132e8",
                            table="registry_place",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_instant",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="eeae281c66ccaa82bbf01969d0198af67c77352c",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_one_instant_b1e7a",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_place",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_end",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="32b8279a95616edd2246e95d0f7212fee5336f8b",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_one_end_50390",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_place",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Placement",
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
                    "parent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.unit"
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
                "verbose_name": "placement",
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.BTreeIndex(fields=["fact"], name="placement_fact"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["unit"], name="placement_unit"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["asserted_by"], name="placement_asserted"),
                    django.contrib.postgres.indexes.BTreeIndex(
                        condition=models.Q(("retracted_by__isnull", False)),
                        fields=["retracted_by"],
                        name="placement_retracted",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False), ("recorded__isempty", False)),
                        name="placement_not_empty",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("recorded__upper_inf", True)),
                        fields=("fact",),
                        name="placement_one_version",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(
                            ("end_precision", "d"), ("recorded__upper_inf", True), ("start_precision", "d")
                        ),
                        expressions=[("unit", "="), ("valid", "&&")],
                        name="one_parent_at_a_time",
                        violation_error_message="A unit lies under one unit at a time.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("unit", models.F("parent")), _negated=True),
                        name="not_under_itself",
                        violation_error_message="A unit does not lie under itself.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="only_retire",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE expected record;",
                            func="\nIF upper_inf(OLD.recorded) AND NOT upper_inf(NEW.recorded) AND NEW.retracted_by_id IS NOT NULL\n   AND lower(NEW.recorded) = lower(OLD.recorded) THEN\n    expected := OLD;\n    expected.recorded := NEW.recorded;\n    expected.retracted_by_id := NEW.retracted_by_id;\n    IF expected IS NOT DISTINCT FROM NEW THEN\n        RETURN NEW;\n    END IF;\nEND IF;\nRAISE EXCEPTION 'a version of a fact is never edited, it is retired and the next one written' USING ERRCODE = '23514';\n",
                            hash="e8f98ec15f0f90b6f2dfda22f25b1c817ce7399b",
                            operation="UPDATE",
                            pgid="pgtrigger_only_retire_8f078",
                            table="registry_placement",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="never_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="37b4045bee5ea339fc604349bc7994213e8a18ff",
                            operation="DELETE",
                            pgid="pgtrigger_never_delete_28d49",
                            table="registry_placement",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_instant",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="088ce495356ae90d78792d3ef0fe968de8b9ea05",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_one_instant_09e70",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_placement",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_end",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="f2759a9608311e6ed9cc3c7b390fb3dd487f5eac",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_one_end_0a906",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_placement",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="rebuild_on_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="PERFORM closure_rebuild_1((SELECT array_agg(DISTINCT unit_id) FROM new_rows)); RETURN NULL;",
                            hash="8564995a9ef0f8a4ed4f8b3e68e670d097463d1c",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_rebuild_on_insert_41ab3",
                            referencing="REFERENCING NEW TABLE AS new_rows ",
                            table="registry_placement",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="rebuild_on_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="PERFORM closure_rebuild_1((SELECT array_agg(DISTINCT unit_id) FROM new_rows)); RETURN NULL;",
                            hash="86cfe8885bb3538ae555ffa5aa86115a52e3da40",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_rebuild_on_update_415b5",
                            referencing="REFERENCING NEW TABLE AS new_rows ",
                            table="registry_placement",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanEntry",
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
                ("level", canbo.kernel.coded.Coded("level", max_length=60)),
                ("term", models.CharField(max_length=20)),
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="plan_entries", to="registry.person"
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
                    "post",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.post",
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
                "verbose_name": "entry in a succession plan",
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.BTreeIndex(fields=["fact"], name="planentry_fact"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["unit"], name="planentry_unit"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["asserted_by"], name="planentry_asserted"),
                    django.contrib.postgres.indexes.BTreeIndex(
                        condition=models.Q(("retracted_by__isnull", False)),
                        fields=["retracted_by"],
                        name="planentry_retracted",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False), ("recorded__isempty", False)),
                        name="planentry_not_empty",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("recorded__upper_inf", True)),
                        fields=("fact",),
                        name="planentry_one_version",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(
                            ("end_precision", "d"), ("recorded__upper_inf", True), ("start_precision", "d")
                        ),
                        expressions=[("person", "="), ("post", "="), ("term", "="), ("valid", "&&")],
                        name="planned_once",
                        violation_error_message="A person is planned once for a post and term.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="only_retire",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE expected record;",
                            func="\nIF upper_inf(OLD.recorded) AND NOT upper_inf(NEW.recorded) AND NEW.retracted_by_id IS NOT NULL\n   AND lower(NEW.recorded) = lower(OLD.recorded) THEN\n    expected := OLD;\n    expected.recorded := NEW.recorded;\n    expected.retracted_by_id := NEW.retracted_by_id;\n    IF expected IS NOT DISTINCT FROM NEW THEN\n        RETURN NEW;\n    END IF;\nEND IF;\nRAISE EXCEPTION 'a version of a fact is never edited, it is retired and the next one written' USING ERRCODE = '23514';\n",
                            hash="41925a3fbec77787a3e82155898a948e2abbdc70",
                            operation="UPDATE",
                            pgid="pgtrigger_only_retire_ccff4",
                            table="registry_planentry",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="never_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="6cc257e161996cb7db0a28e3f304e41b98c46272",
                            operation="DELETE",
                            pgid="pgtrigger_never_delete_19b9f",
                            table="registry_planentry",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_instant",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="1c0d7f4de1e267c39d49a58e2072aacc1cca38d6",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_one_instant_f5eac",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_planentry",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_end",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="d533b287114982a9e6b09840568631cb14387c36",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_one_end_baa68",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_planentry",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PostRecord",
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
                ("title", canbo.kernel.coded.Coded("post_title", max_length=60)),
                ("level", canbo.kernel.coded.Coded("level", blank=True, max_length=60)),
                ("managed_by", canbo.kernel.coded.Coded("managing_authority", blank=True, max_length=60)),
                (
                    "non_local",
                    models.BooleanField(
                        default=False, help_text="must not be held by a person from the place it serves"
                    ),
                ),
                ("seats", models.PositiveSmallIntegerField(default=1)),
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
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="records", to="registry.post"
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
                "verbose_name": "post",
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.BTreeIndex(fields=["fact"], name="postrecord_fact"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["unit"], name="postrecord_unit"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["asserted_by"], name="postrecord_asserted"),
                    django.contrib.postgres.indexes.BTreeIndex(
                        condition=models.Q(("retracted_by__isnull", False)),
                        fields=["retracted_by"],
                        name="postrecord_retracted",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False), ("recorded__isempty", False)),
                        name="postrecord_not_empty",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("recorded__upper_inf", True)),
                        fields=("fact",),
                        name="postrecord_one_version",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(
                            ("end_precision", "d"), ("recorded__upper_inf", True), ("start_precision", "d")
                        ),
                        expressions=[("post", "="), ("valid", "&&")],
                        name="post_described_once",
                        violation_error_message="A post is described once at a time.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="only_retire",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE expected record;",
                            func="\nIF upper_inf(OLD.recorded) AND NOT upper_inf(NEW.recorded) AND NEW.retracted_by_id IS NOT NULL\n   AND lower(NEW.recorded) = lower(OLD.recorded) THEN\n    expected := OLD;\n    expected.recorded := NEW.recorded;\n    expected.retracted_by_id := NEW.retracted_by_id;\n    IF expected IS NOT DISTINCT FROM NEW THEN\n        RETURN NEW;\n    END IF;\nEND IF;\nRAISE EXCEPTION 'a version of a fact is never edited, it is retired and the next one written' USING ERRCODE = '23514';\n",
                            hash="918909a4e3008b25039028d2ebfc918424af2358",
                            operation="UPDATE",
                            pgid="pgtrigger_only_retire_9e128",
                            table="registry_postrecord",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="never_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="59083fdf8974df8d9dc027077e38e3ff77b89b7d",
                            operation="DELETE",
                            pgid="pgtrigger_never_delete_c3f9e",
                            table="registry_postrecord",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_instant",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="88e240a1a7cc01c719cab217e2eb8f81ba86849f",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_one_instant_97e9c",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_postrecord",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_end",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="1e55dfe398005aa7089775c3e5513fa5de919289",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_one_end_87fc9",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_postrecord",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Quota",
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
                ("year", models.PositiveSmallIntegerField()),
                ("group", canbo.kernel.coded.Coded("employment_group", max_length=60)),
                ("amount", models.PositiveIntegerField()),
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
                "verbose_name": "payroll quota",
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.BTreeIndex(fields=["fact"], name="quota_fact"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["unit"], name="quota_unit"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["asserted_by"], name="quota_asserted"),
                    django.contrib.postgres.indexes.BTreeIndex(
                        condition=models.Q(("retracted_by__isnull", False)),
                        fields=["retracted_by"],
                        name="quota_retracted",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False), ("recorded__isempty", False)),
                        name="quota_not_empty",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("recorded__upper_inf", True)), fields=("fact",), name="quota_one_version"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("recorded__upper_inf", True)),
                        fields=("unit", "year", "group"),
                        name="quota_once",
                        violation_error_message="A unit has one quota per year and group.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="only_retire",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE expected record;",
                            func="\nIF upper_inf(OLD.recorded) AND NOT upper_inf(NEW.recorded) AND NEW.retracted_by_id IS NOT NULL\n   AND lower(NEW.recorded) = lower(OLD.recorded) THEN\n    expected := OLD;\n    expected.recorded := NEW.recorded;\n    expected.retracted_by_id := NEW.retracted_by_id;\n    IF expected IS NOT DISTINCT FROM NEW THEN\n        RETURN NEW;\n    END IF;\nEND IF;\nRAISE EXCEPTION 'a version of a fact is never edited, it is retired and the next one written' USING ERRCODE = '23514';\n",
                            hash="8910853b0ae37748cae13e1dc8907bace29dbe7d",
                            operation="UPDATE",
                            pgid="pgtrigger_only_retire_d1d69",
                            table="registry_quota",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="never_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="ddd112872f731b5de77ebd214bf5c37ba296bf33",
                            operation="DELETE",
                            pgid="pgtrigger_never_delete_9914a",
                            table="registry_quota",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_instant",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="46596323ca3894180d670742a9c48bcea147d82b",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_one_instant_e9789",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_quota",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_end",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="6ed8c936f7dbc3ea49c4643dced2ac2f8678b1f9",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_one_end_5be73",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_quota",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Recruitment",
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
                ("group", canbo.kernel.coded.Coded("employment_group", max_length=60)),
                ("method", canbo.kernel.coded.Coded("recruitment_method", blank=True, max_length=60)),
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="recruitments", to="registry.person"
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
                "verbose_name": "recruitment",
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.BTreeIndex(fields=["fact"], name="recruitment_fact"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["unit"], name="recruitment_unit"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["asserted_by"], name="recruitment_asserted"),
                    django.contrib.postgres.indexes.BTreeIndex(
                        condition=models.Q(("retracted_by__isnull", False)),
                        fields=["retracted_by"],
                        name="recruitment_retracted",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False), ("recorded__isempty", False)),
                        name="recruitment_not_empty",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("recorded__upper_inf", True)),
                        fields=("fact",),
                        name="recruitment_one_version",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="only_retire",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE expected record;",
                            func="\nIF upper_inf(OLD.recorded) AND NOT upper_inf(NEW.recorded) AND NEW.retracted_by_id IS NOT NULL\n   AND lower(NEW.recorded) = lower(OLD.recorded) THEN\n    expected := OLD;\n    expected.recorded := NEW.recorded;\n    expected.retracted_by_id := NEW.retracted_by_id;\n    IF expected IS NOT DISTINCT FROM NEW THEN\n        RETURN NEW;\n    END IF;\nEND IF;\nRAISE EXCEPTION 'a version of a fact is never edited, it is retired and the next one written' USING ERRCODE = '23514';\n",
                            hash="c189b58d276d0c151c1d5193c4eb489d725522d2",
                            operation="UPDATE",
                            pgid="pgtrigger_only_retire_dcbae",
                            table="registry_recruitment",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="never_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="076d44c570ea6abe5b7418770ab65275bcdfa048",
                            operation="DELETE",
                            pgid="pgtrigger_never_delete_37c6a",
                            table="registry_recruitment",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_instant",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="04a52bd1e973a8834fd26938b6f1647dd3bf32a6",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_one_instant_15798",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_recruitment",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_end",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="b848e332920dd22d0db641f1a99cc9afbc17efa9",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_one_end_f928c",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_recruitment",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Registration",
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
                ("type", canbo.kernel.coded.Coded("document_type", max_length=60)),
                ("body", canbo.kernel.coded.Coded("issuing_body", blank=True, max_length=60)),
                ("number", models.PositiveIntegerField(null=True)),
                ("symbol", models.CharField(max_length=120)),
                ("term", models.CharField(blank=True, max_length=20)),
                ("issued_on", models.DateField(null=True)),
                ("title", models.TextField(blank=True)),
                (
                    "subjects",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=canbo.kernel.coded.Coded("subject", max_length=60), default=list, size=None
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="registrations",
                        to="registry.document",
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
                "verbose_name": "registration of a document",
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.BTreeIndex(fields=["fact"], name="registration_fact"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["unit"], name="registration_unit"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["asserted_by"], name="registration_asserted"),
                    django.contrib.postgres.indexes.BTreeIndex(
                        condition=models.Q(("retracted_by__isnull", False)),
                        fields=["retracted_by"],
                        name="registration_retracted",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False), ("recorded__isempty", False)),
                        name="registration_not_empty",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("recorded__upper_inf", True)),
                        fields=("fact",),
                        name="registration_one_version",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(
                            ("end_precision", "d"), ("recorded__upper_inf", True), ("start_precision", "d")
                        ),
                        expressions=[("document", "="), ("valid", "&&")],
                        name="document_registered_once",
                        violation_error_message="A document is registered once at a time.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("number__isnull", False), ("recorded__upper_inf", True)),
                        fields=("unit", "body", "type", "term", "number"),
                        name="document_number_once",
                        violation_error_message="A number is given once per type, body and term.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="only_retire",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE expected record;",
                            func="\nIF upper_inf(OLD.recorded) AND NOT upper_inf(NEW.recorded) AND NEW.retracted_by_id IS NOT NULL\n   AND lower(NEW.recorded) = lower(OLD.recorded) THEN\n    expected := OLD;\n    expected.recorded := NEW.recorded;\n    expected.retracted_by_id := NEW.retracted_by_id;\n    IF expected IS NOT DISTINCT FROM NEW THEN\n        RETURN NEW;\n    END IF;\nEND IF;\nRAISE EXCEPTION 'a version of a fact is never edited, it is retired and the next one written' USING ERRCODE = '23514';\n",
                            hash="6c3ce84a1fc83171ccf185df7a79e7a568a3959a",
                            operation="UPDATE",
                            pgid="pgtrigger_only_retire_0c61d",
                            table="registry_registration",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="never_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="c2b848ecdc25136c410c6a5a38ab4882fe911a1c",
                            operation="DELETE",
                            pgid="pgtrigger_never_delete_c0f82",
                            table="registry_registration",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_instant",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="4b8f63a6b3473cb562bbf23291b7d1b08b8aa7fa",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_one_instant_3d37d",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_registration",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_end",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="ed38f5f79db2d9a34b9cdb21ecfda524759306d4",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_one_end_2fa21",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_registration",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Service",
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
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.unit"
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
                "verbose_name": "service of a place",
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.BTreeIndex(fields=["fact"], name="service_fact"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["unit"], name="service_unit"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["asserted_by"], name="service_asserted"),
                    django.contrib.postgres.indexes.BTreeIndex(
                        condition=models.Q(("retracted_by__isnull", False)),
                        fields=["retracted_by"],
                        name="service_retracted",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False), ("recorded__isempty", False)),
                        name="service_not_empty",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("recorded__upper_inf", True)), fields=("fact",), name="service_one_version"
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(
                            ("end_precision", "d"), ("recorded__upper_inf", True), ("start_precision", "d")
                        ),
                        expressions=[("unit", "="), ("valid", "&&")],
                        name="one_place_served_at_a_time",
                        violation_error_message="An organisation serves one place at a time.",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="only_retire",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE expected record;",
                            func="\nIF upper_inf(OLD.recorded) AND NOT upper_inf(NEW.recorded) AND NEW.retracted_by_id IS NOT NULL\n   AND lower(NEW.recorded) = lower(OLD.recorded) THEN\n    expected := OLD;\n    expected.recorded := NEW.recorded;\n    expected.retracted_by_id := NEW.retracted_by_id;\n    IF expected IS NOT DISTINCT FROM NEW THEN\n        RETURN NEW;\n    END IF;\nEND IF;\nRAISE EXCEPTION 'a version of a fact is never edited, it is retired and the next one written' USING ERRCODE = '23514';\n",
                            hash="168b1111846e410d15e8d2f84c814ddc9b58488d",
                            operation="UPDATE",
                            pgid="pgtrigger_only_retire_dc642",
                            table="registry_service",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="never_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="2af5b3d39858656de9ffa03daa8e90a707989a26",
                            operation="DELETE",
                            pgid="pgtrigger_never_delete_f4c3e",
                            table="registry_service",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_instant",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="99a4e8887366253087cf6c5f5b2fa430bf812186",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_one_instant_17509",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_service",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_end",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="96844644a54276d0199879acefbda9b0c8dcc047",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_one_end_e2b04",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_service",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Target",
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
                ("matter", canbo.kernel.coded.Coded("target", max_length=60)),
                ("year", models.PositiveSmallIntegerField()),
                ("amount", models.PositiveIntegerField()),
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
                "verbose_name": "target",
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.BTreeIndex(fields=["fact"], name="target_fact"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["unit"], name="target_unit"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["asserted_by"], name="target_asserted"),
                    django.contrib.postgres.indexes.BTreeIndex(
                        condition=models.Q(("retracted_by__isnull", False)),
                        fields=["retracted_by"],
                        name="target_retracted",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False), ("recorded__isempty", False)),
                        name="target_not_empty",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("recorded__upper_inf", True)), fields=("fact",), name="target_one_version"
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="only_retire",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE expected record;",
                            func="\nIF upper_inf(OLD.recorded) AND NOT upper_inf(NEW.recorded) AND NEW.retracted_by_id IS NOT NULL\n   AND lower(NEW.recorded) = lower(OLD.recorded) THEN\n    expected := OLD;\n    expected.recorded := NEW.recorded;\n    expected.retracted_by_id := NEW.retracted_by_id;\n    IF expected IS NOT DISTINCT FROM NEW THEN\n        RETURN NEW;\n    END IF;\nEND IF;\nRAISE EXCEPTION 'a version of a fact is never edited, it is retired and the next one written' USING ERRCODE = '23514';\n",
                            hash="e92798368414d7c4156c7df71c64f46f46158189",
                            operation="UPDATE",
                            pgid="pgtrigger_only_retire_4aeaf",
                            table="registry_target",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="never_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="986f28acb9a2fbc4ad86b9e8ed2f25da7d4503fd",
                            operation="DELETE",
                            pgid="pgtrigger_never_delete_a7c7c",
                            table="registry_target",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_instant",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="7b9c2046e13ce65b30692ad427a8095a7f1414da",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_one_instant_d9853",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_target",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_end",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="74b4d36eb3239d8c5cd87125f68f7e0eec57ebd5",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_one_end_b29cb",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_target",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Training",
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
                ("level", canbo.kernel.coded.Coded("training_level", max_length=60)),
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="trainings", to="registry.person"
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
                "verbose_name": "training completed",
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.BTreeIndex(fields=["fact"], name="training_fact"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["unit"], name="training_unit"),
                    django.contrib.postgres.indexes.BTreeIndex(fields=["asserted_by"], name="training_asserted"),
                    django.contrib.postgres.indexes.BTreeIndex(
                        condition=models.Q(("retracted_by__isnull", False)),
                        fields=["retracted_by"],
                        name="training_retracted",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid__isempty", False), ("recorded__isempty", False)),
                        name="training_not_empty",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("recorded__upper_inf", True)), fields=("fact",), name="training_one_version"
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="only_retire",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE expected record;",
                            func="\nIF upper_inf(OLD.recorded) AND NOT upper_inf(NEW.recorded) AND NEW.retracted_by_id IS NOT NULL\n   AND lower(NEW.recorded) = lower(OLD.recorded) THEN\n    expected := OLD;\n    expected.recorded := NEW.recorded;\n    expected.retracted_by_id := NEW.retracted_by_id;\n    IF expected IS NOT DISTINCT FROM NEW THEN\n        RETURN NEW;\n    END IF;\nEND IF;\nRAISE EXCEPTION 'a version of a fact is never edited, it is retired and the next one written' USING ERRCODE = '23514';\n",
                            hash="9238aa7393952e7ddabddd345eac09a4a6eb9d00",
                            operation="UPDATE",
                            pgid="pgtrigger_only_retire_56273",
                            table="registry_training",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="never_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="580b37134ca056751ea877c085f2de64f89451f5",
                            operation="DELETE",
                            pgid="pgtrigger_never_delete_0bbe1",
                            table="registry_training",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_instant",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="83d021186702358c70b7926828cf140af0e8a33c",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_one_instant_0c461",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_training",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="one_end",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM written w\n           LEFT JOIN registry_act a ON a.id = w.asserted_by_id\n           LEFT JOIN registry_decision d ON d.id = a.decision_id\n           LEFT JOIN registry_act ra ON ra.id = w.retracted_by_id\n           LEFT JOIN registry_decision rd ON rd.id = ra.decision_id\n           WHERE d.id IS NULL OR lower(w.recorded) IS DISTINCT FROM d.applied_at\n              OR upper(w.recorded) IS DISTINCT FROM rd.applied_at\n              OR (current_user <> (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)\n               AND coalesce(rd.applied_at, d.applied_at) < transaction_timestamp())) THEN\n    RAISE EXCEPTION 'a fact is known from the instant of the decision that asserts it until that of the one that '\n        'retires it, and written with them' USING ERRCODE = '23514';\nEND IF;\nIF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.opened_by_id)\n              OR (w.closed_by_id IS NOT NULL\n                  AND NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.id = w.closed_by_id))) THEN\n    RAISE EXCEPTION 'a fact cites the acts that opened and closed it' USING ERRCODE = '23503';\nEND IF;\nRETURN NULL;\n",
                            hash="efe7391890c1e8d48da058f89ac91a68755dde4d",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_one_end_cf776",
                            referencing="REFERENCING NEW TABLE AS written ",
                            table="registry_training",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Annulment",
            fields=[
                (
                    "decision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="annulment",
                        serialize=False,
                        to="registry.decision",
                    ),
                ),
                (
                    "by_decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="annuls", to="registry.decision"
                    ),
                ),
            ],
        ),
        canbo.kernel.triggers.InstallTriggers(),
    ]
