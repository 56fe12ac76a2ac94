"""Adds the functions by which it is known over which units somebody may act, and who wrote a row of the log."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql"
ASKED = ("beyond_1(bigint[], varchar[])", "touched_1(regclass, bigint[])")
OF_SIGN_IN = ("person_coded_1(text)", "codes_1(bigint[])")
OWN = [
    *(f"REVOKE ALL ON FUNCTION canbo.{name} FROM PUBLIC" for name in (*ASKED, *OF_SIGN_IN, "audit_person_1()")),
    *(f"GRANT EXECUTE ON FUNCTION canbo.{name} TO canbo_signin" for name in OF_SIGN_IN),
    *(f"GRANT EXECUTE ON FUNCTION canbo.{name} TO canbo_app, canbo_whole, canbo_file" for name in ASKED),
]


class Migration(migrations.Migration):
    """See `access/sql/acting_1.sql`."""

    dependencies = [("access", "0003_functions")]
    operations = [
        migrations.RunSQL((SQL / "acting_1.sql").read_text(encoding="utf-8")),
        migrations.RunSQL(OWN),
    ]
