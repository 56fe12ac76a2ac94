"""Adds whose accounts they are, keys, and what reach is found from; see `access/sql`."""

from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import canbo.access.models

SQL = Path(__file__).parent.parent / "sql"
ASKED = (
    "signed_in_1()", "self_1()", "me_1()", "grants_1()", "granting_1()", "counting_1()", "sees_all_1()", "acts_1()",
    "audits_1()", "reach_1(text)", "units_1(int8multirange)", "look_1(text)", "opened_1()", "counts_1(text)",
    "called_1(text, integer)", "beyond_1(bigint[], varchar[])", "touched_1(regclass, bigint[])",
    "readers_1(text, bigint, bigint)", "able_1(varchar[], bigint)",
)
OF_SIGN_IN = ("person_coded_1(text)", "codes_1(bigint[])")
INNER = (
    "bearer_1()", "gives_1(access_role, text)", "held_1(bigint)", "own_grants_1()", "reached_1(bigint[], bigint[])",
    "own_reach_1(text)", "own_all_1()", "homes_1(bigint)", "ways_1(bigint[])", "holders_1(varchar[], bigint[])",
    "audit_person_1()", "custody_rebuild_1(bigint[])", "custody_keep_1()", "card_keep_1()",
)
RIGHTS = [
    "GRANT SELECT ON access_key, access_seen TO canbo_authority",
    "GRANT SELECT, INSERT, UPDATE ON access_sight TO canbo_authority",
    "GRANT INSERT, DELETE ON access_custody TO canbo_authority",
    "GRANT INSERT ON access_card TO canbo_authority",
    *(f"REVOKE ALL ON FUNCTION canbo.{name} FROM PUBLIC" for name in (*ASKED, *OF_SIGN_IN, *INNER)),
    *(f"GRANT EXECUTE ON FUNCTION canbo.{name} TO canbo_app, canbo_whole, canbo_file" for name in ASKED),
    "GRANT EXECUTE ON FUNCTION canbo.gives_1(access_role, text), canbo.units_1(int8multirange) TO canbo_authority",
    *(f"GRANT EXECUTE ON FUNCTION canbo.{name} TO canbo_signin" for name in OF_SIGN_IN),
]
KEEPS_CUSTODY = ("organisation", "place", "placement", "lineage")
KEEP = [
    f"""CREATE TRIGGER keeps_custody_{verb} AFTER {verb} ON registry_{table} REFERENCING NEW TABLE AS written
        FOR EACH STATEMENT EXECUTE FUNCTION canbo.custody_keep_1()"""
    for table in KEEPS_CUSTODY
    for verb in ("INSERT", "UPDATE")
]


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0001_initial'),
        ('kernel', '0001_initial'),
        ('registry', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name="account",
            name="person",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.person"
            ),
        ),
        migrations.CreateModel(
            name="Key",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.BinaryField(max_length=32, unique=True)),
                ("system", models.CharField(blank=True, default="", max_length=60)),
                ("issued_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("as_role", models.CharField(blank=True, default="", max_length=60)),
                ("within", models.BinaryField(max_length=32, null=True)),
                (
                    "as_unit",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.unit"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.person"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="key",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("person__isnull", False), ("system", "")),
                    models.Q(("person", None), models.Q(("system", ""), _negated=True)),
                    _connector="OR",
                ),
                name="key_of_a_person_or_the_system",
            ),
        ),
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
        migrations.CreateModel(
            name='Role',
            fields=[
                ('code', models.CharField(max_length=60, primary_key=True, serialize=False)),
                ('internal', models.BooleanField(help_text='reads the affairs of units')),
                ('personal', models.BooleanField(help_text='reads personnel files')),
                ('writes', models.BooleanField(help_text='may do some acts; which ones is asked before')),
                ('territory', models.BooleanField(help_text='reaches the places that its unit serves, and whoever serves these')),
                ('audits', models.BooleanField(help_text='reads the audit log')),
                ('everything', models.BooleanField(help_text='reaches all units there are')),
                ('grants', models.BooleanField(help_text='may give roles where it reaches, and see pages as those who have them')),
                ('counts', django.contrib.postgres.fields.ArrayField(models.CharField(max_length=60), default=list, help_text='has the totals of these indicators (*: of all) without their records')),
            ],
        ),
        migrations.CreateModel(
            name='Custody',
            fields=[
                ('unit', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='registry.unit')),
                ('since', models.DateField(help_text='the first day on which the unit is no more')),
                ('keeper', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='registry.unit')),
            ],
        ),
        migrations.CreateModel(
            name='Card',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='registry.person')),
                ('unit', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='registry.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['unit', 'person'], name='card_of_a_unit')],
                'constraints': [models.UniqueConstraint(fields=('person', 'unit'), name='card_once')],
            },
        ),
        migrations.CreateModel(
            name='Title',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=60)),
                ('role', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='access.role')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('title', 'role'), name='title_gives_a_role_once')],
            },
        ),
        migrations.CreateModel(
            name='Sight',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('known', models.DateTimeField()),
                ('everything', models.BooleanField()),
                ('internal', canbo.access.models.Units()),
                ('personal', canbo.access.models.Units()),
                ('counting', django.contrib.postgres.fields.ArrayField(models.TextField())),
                ('person', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='registry.person')),
            ],
        ),
        migrations.RunSQL((SQL / "authority_1.sql").read_text(encoding="utf-8")),
        migrations.RunSQL((SQL / "derived_1.sql").read_text(encoding="utf-8")),
        migrations.RunSQL((SQL / "explaining_1.sql").read_text(encoding="utf-8")),
        migrations.RunSQL(KEEP),
        migrations.RunSQL(RIGHTS),
    ]
