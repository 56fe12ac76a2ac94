"""Lets no acts be committed without the audit row that counts them."""

from pathlib import Path

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0004_audit_log"),
        ("registry", "0004_names_by_part"),
    ]

    operations = [
        migrations.RunSQL((SQL / "audit_1.sql").read_text(encoding="utf-8")),
        pgtrigger.migrations.AddTrigger(
            model_name="act",
            trigger=pgtrigger.compiler.Trigger(
                name="with_its_audit",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF EXISTS (SELECT 1 FROM (SELECT audit_id, decision_id, count(*) AS many, min(seq) AS first, max(seq) AS last\n                          FROM written GROUP BY 1, 2) w\n           LEFT JOIN canbo.kernel_audit u ON u.id = w.audit_id\n           WHERE u.decision IS DISTINCT FROM w.decision_id\n              OR u.count <> w.many OR w.first <> 1 OR w.last <> w.many) THEN\n    RAISE EXCEPTION 'the acts of a decision are written at once, and its audit row counts exactly these'\n        USING ERRCODE = '23514';\nEND IF;\nRETURN NULL;\n",
                    hash="25fdb8f5721951456d854bc17e53be06e6904692",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_with_its_audit_b1f69",
                    referencing="REFERENCING NEW TABLE AS written ",
                    table="registry_act",
                    when="AFTER",
                ),
            ),
        ),
    ]
