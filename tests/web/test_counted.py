"""What began before the opening balance that it stands in says from which day on it is counted."""

import csv
import datetime as dt
import os
import random
from pathlib import Path

import pytest
from django.test import Client

from canbo.kernel.database import Database
from canbo.registry.facts import Decision
from canbo.registry.membership.models import Membership
from canbo.registry.organisations.models import Organisation
from tests.acceptance.commands import here
from tests.web.test_objects import plain, text

pytestmark = pytest.mark.database

FULL, SEED = bool(os.environ.get("CANBO_TEST_FULL")), os.environ.get("CANBO_TEST_SEED", "0")
PROFILES = ["province", "club"]
READERS = PROFILES if FULL else [random.Random(f"{SEED} counted").choice(PROFILES)]


def standing(model: type, *, earlier: bool) -> tuple[int, str, dt.date]:
    """A fact of an opening balance that began before its day, or not: its key, its unit, and that day."""
    found = model.objects.filter(recorded__upper_inf=True, opened_by__decision__kind=Decision.OPENING)
    for fact, code, valid, day in (
        found.filter(valid__upper_inf=True)
        .order_by("fact")
        .values_list("fact", "unit__code", "valid", "opened_by__decision__signed_on")
    ):
        if (valid.lower < day) == earlier:
            return fact, code, day
    raise AssertionError("the sample holds none")


def told(day: dt.date) -> str:
    return f"counted from {day.day} {day:%B %Y}"


@pytest.fixture
def province(visitor: Client) -> Client:
    return visitor


@pytest.fixture
def club(association: Database, member: Client) -> Client:
    member.cookies["django_language"] = "en"
    return member


@pytest.fixture(params=READERS)
def reader(request: pytest.FixtureRequest) -> Client:
    """Somebody at the pages of each profile."""
    return request.getfixturevalue(request.param)


def test_pages_say_from_which_day_on_it_is_counted(reader: Client):
    fact, unit, day = standing(Organisation, earlier=True)
    ordinary = Organisation.objects.filter(recorded__upper_inf=True, opened_by__decision__kind=Decision.ORDINARY)
    other, since = ordinary.order_by("fact").values_list("fact", "valid")[0]
    for page in (f"/record/organisation/{fact}", f"/why/organisation/{fact}", f"/unit/{unit}"):
        assert told(day) in plain(text(reader, page)), page
    assert "counted from" not in plain(text(reader, f"/record/organisation/{other}?on={since.lower}"))
    on = day + dt.timedelta(days=1)
    assert told(day) in plain(text(reader, f"/list/organisations?on={on}&unit={unit}"))


def test_what_began_with_the_balance_is_simply_so_since_then(reader: Client):
    fact, _, _ = standing(Membership, earlier=False)
    page = plain(text(reader, f"/record/membership/{fact}"))
    assert "opening balance" in page
    assert "counted from" not in page


def test_why_tells_it_too(reader: Client):
    fact, _, day = standing(Organisation, earlier=True)
    assert here("why", "organisation", fact, "--json").json[0]["counted_from"] == day.isoformat()
    assert f"(counted from {day})" in here("why", "organisation", fact).out
    fact, _, _ = standing(Membership, earlier=False)
    assert here("why", "membership", fact, "--json").json[0]["counted_from"] is None


def test_exports_have_a_column_of_their_own_for_it(reader: Client, tmp_path: Path):
    fact, unit, day = standing(Organisation, earlier=True)
    file, on = tmp_path / "o.csv", day + dt.timedelta(days=1)
    assert here("export", "organisations", "--unit", unit, "--on", on, "--lang", "en", "--out", file).code == 0
    with file.open(encoding="utf-8-sig", newline="") as lines:
        head, names, *rows = csv.reader(lines)
    at = names.index("since.counted")
    assert head[at] == "Counted from"
    found = {row[names.index("record")]: row[at] for row in rows}
    assert found[str(fact)] == day.isoformat()
    again = here("import", file, "--as", "organisations", "--json").json
    assert (again["unchanged"], again["changed"]) == (len(rows), 0), "it tells, and is never read"
