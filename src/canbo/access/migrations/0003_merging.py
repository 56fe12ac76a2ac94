"""Numbers that lead to another one since records were merged; see `access/sql/merging_1.sql`."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql"
ASKED = ("led_1(bigint[])", "number_now_1(bigint)", "left_behind_1(bigint[])")
RIGHTS = [
    "GRANT SELECT (person_id, is_active) ON access_account TO canbo_authority",
    *(f"REVOKE ALL ON FUNCTION canbo.{name} FROM PUBLIC" for name in ASKED),
    *(f"GRANT EXECUTE ON FUNCTION canbo.{name} TO canbo_app, canbo_whole, canbo_file" for name in ASKED),
]


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0002_authority'),
        ('registry', '0002_merging'),
    ]

    operations = [
        migrations.RunSQL((SQL / "merging_1.sql").read_text(encoding="utf-8")),
        migrations.RunSQL(RIGHTS),
    ]
