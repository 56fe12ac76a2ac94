"""Adds why somebody may read a record, and pages as the holder of another role sees them."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

SQL = Path(__file__).parent.parent / "sql"
ASKED = (
    "me_2()",
    "sees_all_2()",
    "acts_2()",
    "audits_2()",
    "reach_2(text)",
    "opened_2()",
    "grants_2()",
    "granting_1()",
    "readers_1(text, bigint, bigint)",
    "able_1(varchar[], bigint)",
)
INNER = (
    "viewing_1()",
    "reached_from_1(bigint[], bigint[])",
    "seen_as_1(text)",
    "holders_1(varchar[], bigint[])",
    "ways_1(bigint[])",
)
OWN = [
    *(f"REVOKE ALL ON FUNCTION canbo.{name} FROM PUBLIC" for name in (*ASKED, *INNER)),
    *(f"GRANT EXECUTE ON FUNCTION canbo.{name} TO canbo_app, canbo_whole, canbo_file" for name in ASKED),
]


class Migration(migrations.Migration):
    """See `access/sql/explaining_1.sql`."""

    dependencies = [("access", "0007_acting")]
    operations = [
        migrations.AddField(
            "role",
            "grants",
            models.BooleanField(
                default=False, help_text="may give roles where it reaches, and see pages as those who have them"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "key",
            "as_unit",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.unit"
            ),
        ),
        migrations.AddField("key", "as_role", models.CharField(blank=True, default="", max_length=60)),
        migrations.AddField("key", "within", models.BinaryField(max_length=32, null=True)),
        migrations.AddConstraint(
            "key",
            models.CheckConstraint(
                condition=models.Q(("as_role", ""), ("as_unit", None), ("within", None))
                | models.Q(
                    models.Q(("as_role", ""), _negated=True),
                    ("as_unit__isnull", False),
                    ("person__isnull", False),
                    ("within__isnull", False),
                ),
                name="key_as_somebody_else",
            ),
        ),
        migrations.RunSQL((SQL / "explaining_1.sql").read_text(encoding="utf-8")),
        migrations.RunSQL(OWN),
    ]
