"""Adds the functions and the trigger that keep the closure of the trees."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql"
UNDO = """
DROP TRIGGER closure_self ON registry_unit;
DROP FUNCTION closure_self_1();
DROP FUNCTION closure_rebuild_1(bigint[]);
DROP FUNCTION closure_cycle_1(bigint);
"""


class Migration(migrations.Migration):
    """See `registry/sql/closure_1.sql`."""

    dependencies = [("registry", "0001_initial")]
    operations = [migrations.RunSQL((SQL / "closure_1.sql").read_text(encoding="utf-8"), UNDO)]
