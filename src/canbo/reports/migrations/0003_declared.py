"""Adds the declared questions, and the function that answers them in totals."""

from pathlib import Path

import django.core.serializers.json
from django.db import migrations, models

SQL = Path(__file__).parent.parent / "sql"
NAME = "canbo.total_1(text, jsonb, bigint, date, date, timestamptz, text)"
RIGHTS = [
    f"REVOKE ALL ON FUNCTION {NAME} FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION {NAME} TO canbo_app, canbo_whole, canbo_file",
]


class Migration(migrations.Migration):
    """See `reports/sql/total_1.sql`; set-up writes the questions and hands the function over."""

    dependencies = [("access", "0006_counts"), ("reports", "0002_frozen_and_collection")]
    operations = [
        migrations.CreateModel(
            name="Declared",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("indicator", models.CharField(max_length=120)),
                ("conditions", models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ("breakdown", models.CharField(blank=True, max_length=60)),
                ("sensitive", models.BooleanField(help_text="small groups are withheld")),
                ("statement", models.TextField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("indicator", "conditions", "breakdown"), name="declared_once")
                ],
            },
        ),
        migrations.RunSQL((SQL / "total_1.sql").read_text(encoding="utf-8")),
        migrations.RunSQL(RIGHTS),
    ]
