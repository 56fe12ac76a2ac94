"""Adds the functions by which the database knows who asks and how far they see, and what keeps custody true."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql"
KEEPS_CUSTODY = ("organisation", "place", "placement", "lineage")
ASKED = ("me_1()", "signed_in_1()", "sees_all_1()", "acts_1()", "audits_1()", "reach_1(text)", "opened_1()", "grants_1()")
INNER = (
    "bearer_1()",
    "held_1(bigint)",
    "homes_1(bigint)",
    "custody_rebuild_1(bigint[])",
    "custody_keep_1()",
    "card_keep_1()",
)
OWN = [
    "GRANT INSERT, DELETE ON access_custody TO canbo_authority",
    "GRANT INSERT ON access_card TO canbo_authority",
    "GRANT SELECT ON access_key TO canbo_authority",
    *(f"REVOKE ALL ON FUNCTION canbo.{name} FROM PUBLIC" for name in (*ASKED, *INNER)),
    *(f"GRANT EXECUTE ON FUNCTION canbo.{name} TO canbo_app, canbo_whole, canbo_file" for name in ASKED),
]
SHOW = [
    """ALTER POLICY audit_cited ON kernel_audit USING (
        (SELECT canbo.signed_in_1()) AND kind IN ('decision', 'annulment', 'freeze', 'signature', 'collection'))""",
    *(f"ALTER TABLE kernel_{table} ENABLE ROW LEVEL SECURITY" for table in ("seal", "sealed", "unsealed")),
    "CREATE POLICY seal_shown ON kernel_seal FOR SELECT USING ((SELECT canbo.signed_in_1()))",
]
KEEP = [
    f"""CREATE TRIGGER keeps_custody_{verb} AFTER {verb} ON registry_{table} REFERENCING NEW TABLE AS written
        FOR EACH STATEMENT EXECUTE FUNCTION canbo.custody_keep_1()"""
    for table in KEEPS_CUSTODY
    for verb in ("INSERT", "UPDATE")
]


class Migration(migrations.Migration):
    """See `access/sql/authority_1.sql`."""

    dependencies = [("access", "0002_authority"), ("kernel", "0004_audit_log")]
    operations = [
        migrations.RunSQL((SQL / "authority_1.sql").read_text(encoding="utf-8")),
        migrations.RunSQL(KEEP),
        migrations.RunSQL(OWN),
        migrations.RunSQL(SHOW),
    ]
