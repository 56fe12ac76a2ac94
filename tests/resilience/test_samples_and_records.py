"""Samples and records in earnest share a data folder only where nobody can take one for the other."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clones import ROOT
from tests.resilience.runs import canbo, empty_folder, printed

pytestmark = pytest.mark.turns

SAMPLE = ("demo", "--no-serve", "--profile", "association", "--size", "0.02")
OTHER = ("demo", "--no-serve", "--profile", "plain")
OTHERS = {"CANBO_PROFILES": str(ROOT / "tests/profiles")}


@pytest.fixture
def data() -> Iterator[Path]:
    with empty_folder() as folder:
        yield folder


def served(data: Path, **more: str) -> str:
    """The profile that commands work on."""
    return json.loads(canbo(data, "check", "--json", **more).stdout)["registered"]["profile"]


def test_each_sample_keeps_a_database_of_its_own_and_the_last_one_made_answers(data: Path):
    first = printed(data, *SAMPLE)
    assert served(data) == "association"
    printed(data, *OTHER, **OTHERS)
    assert served(data, **OTHERS) == "plain"
    assert printed(data, *SAMPLE) == first
    assert served(data) == "association"
    assert served(data, CANBO_DATABASE_NAME="demo_plain", **OTHERS) == "plain"


def test_a_sample_made_otherwise_is_not_passed_off_as_the_one_asked_for(data: Path):
    printed(data, *SAMPLE)
    other = canbo(data, *SAMPLE[:-1], "0.03")
    assert (other.returncode, other.stdout) == (3, "")
    assert "'size': 0.02" in other.stderr


def test_no_sample_comes_to_where_somebody_works_in_earnest(data: Path):
    printed(data, "init", "--profile", "association")
    for name in ("", "another"):
        refused = canbo(data, *SAMPLE, CANBO_DATABASE_NAME=name)
        assert (refused.returncode, refused.stdout) == (3, "")
        assert "set CANBO_DATA to another folder" in refused.stderr
    assert printed(data, "init", "--profile", "association").startswith("Up to date")


def test_work_in_earnest_begins_beside_a_sample_which_stays(data: Path):
    printed(data, *SAMPLE)
    done = canbo(data, "init")
    assert done.returncode == 0
    assert done.stdout.startswith("Set up: profile vietnam-province")
    assert "The sample stays in the database demo_association" in done.stderr
    empty = canbo(data, "audit", "verify")
    assert (empty.returncode, empty.stdout) == (0, "0 rows verified, 0 not sealed yet, 0 faults\n")
    assert served(data, CANBO_DATABASE_NAME="demo_association") == "association"
    assert canbo(data, *SAMPLE).returncode == 3
    mixed = canbo(data, "init", CANBO_DATABASE_NAME="demo_association")
    assert mixed.returncode == 3
    assert "holds a sample" in mixed.stderr


def test_days_are_those_that_each_database_was_set_up_with(data: Path):
    printed(data, *SAMPLE)
    printed(data, "init")
    words = ("figure", "members", "--unit", "wayside", "--on", "2025-12-31", "--json")
    known = json.loads(printed(data, *words, CANBO_DATABASE_NAME="demo_association"))["known"]
    assert known.endswith(("+01:00", "+02:00")), "an association in Berlin is not asked in the time of Hà Nội"
