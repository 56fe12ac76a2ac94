"""Gives the audit log its kinds, whom a row is about, and the seals."""

from pathlib import Path

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

SQL = Path(__file__).parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0003_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("block", models.BigIntegerField(primary_key=True, serialize=False)),
                ("first", models.BigIntegerField()),
                ("last", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("previous", models.BinaryField(max_length=32)),
                ("hash", models.BinaryField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name="Sealed",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("audit", models.BigIntegerField(unique=True)),
                ("leaf", models.BinaryField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name="Unsealed",
            fields=[
                ("audit", models.BigIntegerField(primary_key=True, serialize=False)),
            ],
        ),
        migrations.AddField(
            model_name="audit",
            name="about",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="audit",
            name="decision",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="audit",
            name="details",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="audit",
            name="kind",
            field=models.CharField(default="decision", max_length=20),
        ),
        migrations.AddField(
            model_name="audit",
            name="person",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="audit",
            name="unit",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name="audit",
            name="count",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="audit",
            name="digest",
            field=models.BinaryField(default=b"", max_length=32),
        ),
        migrations.AddIndex(
            model_name="audit",
            index=django.contrib.postgres.indexes.GinIndex(fields=["about"], name="audit_about"),
        ),
        migrations.AddConstraint(
            model_name="audit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        (
                            "decision",
                            "annulment",
                            "freeze",
                            "signature",
                            "collection",
                            "file",
                            "list",
                            "report",
                            "export",
                            "right",
                            "account",
                            "sign-in",
                            "sign-out",
                            "failed-sign-in",
                            "log",
                        ),
                    )
                ),
                name="audit_kind",
            ),
        ),
        migrations.RunSQL((SQL / "audit_1.sql").read_text(encoding="utf-8")),
    ]
