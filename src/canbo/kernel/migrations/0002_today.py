"""Adds the one function that says which day it is."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    """See `kernel/sql/today_1.sql`."""

    dependencies = [("kernel", "0001_initial")]
    operations = [
        migrations.RunSQL((SQL / "today_1.sql").read_text(encoding="utf-8"), "DROP FUNCTION canbo.today()")
    ]
