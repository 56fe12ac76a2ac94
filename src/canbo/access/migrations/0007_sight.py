"""Remembers what somebody may see until the next decision or day."""

from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

SQL = Path(__file__).parent.parent / "sql"
OWN = [
    "GRANT SELECT, INSERT, UPDATE ON access_sight TO canbo_authority",
    "REVOKE ALL ON FUNCTION canbo.reached_1(text), canbo.reach_1(text), canbo.look_1(text) FROM PUBLIC",
    "REVOKE ALL ON FUNCTION canbo.reached_1(text) FROM canbo_app, canbo_whole, canbo_file",
    "GRANT EXECUTE ON FUNCTION canbo.reach_1(text), canbo.look_1(text) TO canbo_app, canbo_whole, canbo_file",
]


class Migration(migrations.Migration):
    """See `access/sql/sight_1.sql`."""

    dependencies = [("access", "0006_counts"), ("registry", "0006_mandates")]
    operations = [
        migrations.CreateModel(
            name="Sight",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("level", models.CharField(max_length=20)),
                ("day", models.DateField()),
                ("known", models.DateTimeField()),
                ("units", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField())),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="registry.person",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("person", "level"), name="sight_once")],
            },
        ),
        migrations.RunSQL((SQL / "sight_1.sql").read_text(encoding="utf-8")),
        migrations.RunSQL(OWN),
    ]
