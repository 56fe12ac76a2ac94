"""Adds what a role may count without reading it."""

from pathlib import Path

import django.contrib.postgres.fields
from django.db import migrations, models

SQL = Path(__file__).parent.parent / "sql"
ASKED = ("counts_1(text)", "counting_1()")
RIGHTS = [
    *(f"REVOKE ALL ON FUNCTION canbo.{name} FROM PUBLIC" for name in ASKED),
    *(f"GRANT EXECUTE ON FUNCTION canbo.{name} TO canbo_app, canbo_whole, canbo_file" for name in ASKED),
]


class Migration(migrations.Migration):
    """See `access/sql/counts_1.sql`."""

    dependencies = [("access", "0005_explaining")]
    operations = [
        migrations.AddField(
            model_name="role",
            name="counts",
            field=django.contrib.postgres.fields.ArrayField(
                models.CharField(max_length=60),
                default=list,
                help_text="has the totals of these indicators (*: of all) without their records",
            ),
        ),
        migrations.RunSQL((SQL / "counts_1.sql").read_text(encoding="utf-8")),
        migrations.RunSQL(RIGHTS),
    ]
