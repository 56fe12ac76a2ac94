"""It counts rather than knows: with another seed, another size and numbers nobody has seen, the report equals the
counts of a short script that shares no line with the program and reads a CSV dump of the tables.
"""

import ast
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from canbo.access.authority import operator
from canbo.kernel.profile import choose
from canbo.sample.load import load_sample
from tests import clones
from tests.acceptance.commands import figures, reported

pytestmark = pytest.mark.database

SCRIPT = Path(__file__).with_name("recount.py")
SIZE = 0.03
ASKED = [  # unit, day, known (the report's own instant unless said)
    ("dien-bien", "2024-05-01", ""),
    ("nghe-an", "2023-10-14", ""),
    ("lam-dong", "2024-06-30", ""),
    ("ninh-thuan", "2025-01-02", ""),
    ("dien-bien", "2024-05-01", "2023-02-15"),
    ("ninh-thuan", "2025-01-02", "2024-03-10T10:00"),
    ("dien-bien", "2025-06-30", ""),
    ("dien-bien", "2025-07-02", ""),
    ("lam-dong", "2025-08-01", ""),
    ("khanh-hoa", "2025-08-01", ""),
    ("khanh-hoa", "2025-06-30", "2025-01-31"),
    ("dien-bien.muong-nhe", "2024-05-01", ""),
]


@dataclass(frozen=True)
class Hidden:
    """A sample of numbers drawn here: `wanted` counts by province and figure, and the folder of its dump."""

    wanted: dict[str, dict[str, Any]]
    folder: Path


def draw(chance: random.Random) -> dict[str, dict[str, Any]]:
    """Numbers that nobody has published, as they are to be counted: Điện Biên's."""
    n = chance.randint
    villages, moved, firms = n(60, 140), n(20, 60), n(6, 14)
    rotated = n(1, moved - 3)
    return {
        "dien-bien": {
            "membership.admitted_since_term_start": n(150, 400),
            "coverage.villages": villages,
            "coverage.villages_with_organisation_and_members": villages,
            "coverage.village_heads": villages,
            "coverage.village_heads_who_are_members": n(20, villages - 5),
            "coverage.private_units_with_organisation": firms,
            "coverage.private_units_with_organisation_added_since_term_start": n(2, firms - 2),
            "recruitment.civil_servants": n(5, 40),
            "recruitment.public_employees": n(20, 90),
            "movements.total": moved,
            "movements.by_nature.rotation": rotated,
            "movements.by_nature.transfer": moved - rotated,
            "movements.by_managing_authority.politburo_and_secretariat": 1,
            "movements.by_managing_authority.provincial_standing_committee": moved // 3,
            "movements.by_managing_authority.district_level": moved - 1 - moved // 3,
            "non_local_heads.party_secretary": n(1, 10),
            "non_local_heads.chief_justice": n(1, 10),
            "non_local_heads.finance_head": n(1, 10),
            "succession_plan.2020-2025.district": n(20, 50),
            "succession_plan.2020-2025.commune": n(100, 300),
            "succession_plan.2025-2030.commune": n(100, 300),
        },
    }


def draw_others(chance: random.Random) -> dict[str, dict[str, Any]]:
    """The numbers of the other three provinces."""
    n = chance.randint
    return {
        "nghe-an": {
            "documents_issued_since_2021.plan": n(2, 25),
            "documents_issued_since_2021.report": n(2, 60),
            "enterprises.members_admitted": n(10, 60),
            "personnel_2021_2022.introduced_as_candidates": n(5, 40),
            "personnel_2021_2022.assigned_to_grassroots_executive_committees": n(2, 20),
            "training_2021_2022.intermediate_political_theory": n(40, 150),
        },
        "lam-dong": {
            "organisations_2021_04_30.members": n(1200, 1800),
            "succession_plan_review.agencies_localities_units": n(2, 12),
            "confidence_votes_2023_12_21.subjects_low_over_half": 3,
            "confidence_votes_2023_12_21.subjects_low_over_two_thirds": 1,
        },
        "ninh-thuan": {
            **{f"membership.by_year.{year}.admitted": n(15, 60) for year in range(2021, 2025)},
            **{f"membership.by_year.{year}.target": n(15, 60) for year in range(2021, 2025)},
            "documents_on_personnel_this_term.standing_committee.plan": n(2, 30),
        },
    }


def nested(wanted: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """As a file of targets says it, blown up so that the size of the sample brings each back to what is wanted."""
    tree: dict[str, Any] = {}
    for part, counts in wanted.items():
        for path, count in counts.items():
            *above, last = path.split(".")
            at = tree.setdefault(part, {})
            for name in above:
                at = at.setdefault(name, {})
            at[last] = round(count / SIZE)
    tree["ninh-thuan"]["appointed_or_nominated_who_were_planned"] = {"share": 0.8}
    tree["lam-dong"]["confidence_votes_2023_12_21"]["units_held_share"] = 0.6
    return tree


@pytest.fixture(scope="module")
def hidden(template_database: Any, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Hidden]:
    """A sample of other people, other counts and another size, and a dump of every table as CSV."""
    chance = random.Random(f"{os.environ.get('CANBO_TEST_SEED', '0')} recount")
    wanted, folder = draw(chance) | draw_others(chance), tmp_path_factory.mktemp("dump")
    with django_db_blocker.unblock(), clones.clone(template_database) as copy, clones.aimed(copy):
        told = {"seed": chance.randrange(10**6), "size": SIZE, "targets": nested(wanted)}
        load_sample(choose(clones.PROFILE), by=operator(), **told)
        connections["owner"].close()
        dump(copy, folder)
        yield Hidden(wanted, folder)


def dump(database: Any, folder: Path) -> None:
    """Every table of the schema, as its owner sees it."""
    with database.connect("owner", autocommit=True) as owner:
        tables = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'canbo'").fetchall()
        for (table,) in tables:
            statement = f"COPY (SELECT * FROM {table}) TO STDOUT (FORMAT csv, HEADER)"
            with owner.cursor() as cursor, cursor.copy(statement) as rows:
                (folder / f"{table}.csv").write_bytes(b"".join(rows))


def recount(folder: Path, unit: str, on: str, known: str) -> dict[str, tuple[Any, Any]]:
    """What the script counts, run where it cannot find the program."""
    counted = subprocess.run(
        [sys.executable, "-I", SCRIPT, folder, unit, on, known], capture_output=True, text=True, check=True, cwd=folder
    )
    found = json.loads(counted.stdout)
    return {name: (None if value is None else float(Fraction(value)), base) for name, (value, base) in found.items()}


@pytest.mark.parametrize(("unit", "on", "known"), ASKED)
def test_a_report_equals_the_count_of_an_independent_script(hidden: Hidden, unit: str, on: str, known: str):
    report = reported("term", unit, on, *(("--known", known) if known else ()))
    assert report["known"].startswith(known)
    counted = recount(hidden.folder, unit, on, report["known"])
    said = {name: (figure["value"], figure["base"]) for name, figure in figures(report).items()}
    assert {name: (value, counted.get(name)) for name, value in said.items() if counted.get(name) != value} == {}
    assert said.keys() == counted.keys()


def test_the_counts_are_the_hidden_ones_and_not_the_published(hidden: Hidden):
    days = {unit: on for unit, on, known in reversed(ASKED) if not known and on < "2025-06-01"}
    for unit, counts in hidden.wanted.items():
        found = figures(reported("term", unit, days[unit]))
        assert {name: found[name]["value"] for name in counts} == counts
    shares = {unit: figures(reported("term", unit, days[unit])) for unit in ("lam-dong", "ninh-thuan")}
    assert 0.5 < shares["lam-dong"]["confidence_votes_2023_12_21.units_held_share"]["value"] < 0.7
    assert 0.7 < shares["ninh-thuan"]["appointed_or_nominated_who_were_planned.share"]["value"] < 0.9


def test_the_script_shares_nothing_with_the_program():
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names
    assert len(SCRIPT.read_text(encoding="utf-8").splitlines()) < 300
