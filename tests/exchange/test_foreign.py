"""Files of others come in by mappings alone, and what is then counted is what their rows say, counted otherwise."""

import datetime as dt
import os
import random
import sqlite3
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from canbo.kernel.database import Database
from canbo.registry.ledger import Paper, apply
from canbo.registry.places.models import Place
from canbo.registry.service.models import Employment
from tests.acceptance.commands import here
from tests.exchange.foreign import NEVER, SOURCES, clauses, employees, rows, taken, units

pytestmark = pytest.mark.database

FULL = bool(os.environ.get("CANBO_TEST_FULL"))
DAYS = 50 if FULL else 12
COMPANY = {"code": "company", "kind": "provincial-state", "name": "Company", "on": "1970-01-01"}
AFTER, BEFORE = "2025-07-01", "2025-06-30"


def employed(unit: str, on: str, *more: object) -> Any:
    """The figure as a user asks it."""
    return here("figure", "employed", "--unit", unit, "--on", on, "--json", *more).json


def counted(files: dict[str, Path]) -> sqlite3.Connection:
    """Where everybody worked, in a database of another kind."""
    other = sqlite3.connect(":memory:")
    other.execute("CREATE TABLE service (person, unit, since, until)")
    stays = [tuple(row.values()) for row in rows(files["dept_emp"])]
    other.executemany("INSERT INTO service VALUES (?, ?, ?, ?)", stays)
    return other


@pytest.mark.parametrize("source", SOURCES)
def test_a_company_is_counted_as_its_files_say(fresh_database: Database, tmp_path: Path, source: str):
    files = employees(source, tmp_path)
    paper = Paper(symbol="1/QĐ", signed_on=dt.date(2026, 1, 2))
    apply(by="sample", decided_by=paper, acts=[("organisation.establish", COMPANY)])
    for file, mapping in (("department", "departments"), ("employee", "employees")):
        said, told = taken(files[file], f"employees/{mapping}", mapping)
        assert (said.code, told["created"]) == (0, len(rows(files[file])))
    empty = [at for at, row in enumerate(rows(files["dept_emp"]), 2) if row["from_date"] == row["to_date"]]
    said, told = taken(files["dept_emp"], "employees/service", "service")
    assert (said.code, told["decision"]) == (3, "")
    assert {one["code"] for one in told["rejected"]} == {"ends_before_it_begins"}
    assert {one["cell"] for one in told["rejected"]} == {f"D{at}" for at in empty} != set()
    said, told = taken(files["dept_emp"], "employees/service", "service", "--good")
    assert told["created"] == len(rows(files["dept_emp"])) - len(empty)
    said, told = taken(files["dept_emp"], "employees/service", "again", "--good")
    assert (told["created"], told["unchanged"], told["decision"]) == (0, len(rows(files["dept_emp"])) - len(empty), "")

    other, chance = counted(files), random.Random("days")
    departments = [row["dept_no"] for row in rows(files["department"])]
    bounds = other.execute("SELECT since FROM service UNION SELECT until FROM service")
    days = chance.sample(sorted(day for (day,) in bounds if "1985" < day < NEVER), DAYS // 2)
    days += [str(dt.date(1985, 1, 1) + dt.timedelta(days=chance.randrange(9_000))) for _ in range(DAYS - len(days))]
    so = "FROM service WHERE since <= ? AND ? < until AND since < until"
    for on in days:
        expected = dict(other.execute(f"SELECT unit, count(DISTINCT person) {so} GROUP BY unit", (on, on)))
        found = {one: employed(f"company.{one}", on)["value"] for one in departments}
        assert found == {one: expected.get(one, 0) for one in departments}, on
    for on in days[:3]:
        one = chance.choice(departments)
        whom = [person for (person,) in other.execute(f"SELECT person {so} AND unit = ?", (on, on, one))]
        records = [int(record["key"]) for record in employed(f"company.{one}", on, "--records")["records"]]
        shown = Employment.objects.filter(fact__in=records, recorded__upper_inf=True)
        assert sorted(shown.values_list("person__code", flat=True)) == sorted(whom)


@pytest.mark.parametrize("source", SOURCES)
def test_a_country_is_reorganised_by_one_decision(fresh_database: Database, tmp_path: Path, source: str):
    files = units(source, tmp_path)
    old, new, became = (rows(files[name]) for name in ("old_units", "new_units", "conversion"))
    lowest = [row for row in old if row["unit"]]
    for what, many in (
        ("provinces", len({row["province_code"] for row in old})),
        ("districts", len({row["district_code"] for row in old})),
        ("communes", len(lowest)),
    ):
        said, told = taken(files["old_units"], f"units-2025/old-{what}", "opening", "--opening")
        assert (said.code, told["created"]) == (0, many)
    decision = ("202/2025/QH15", "--signed-on", "2025-06-12")
    steps = (
        ("new_units", "new-provinces", "created", len({row["province_code"] for row in new})),
        ("new_units", "new-communes", "created", len(new)),
        ("conversion", "lineage", "created", len(became)),
        ("old_units", "end-communes", "ended", len(lowest)),
        ("old_units", "end-districts", "ended", len({row["district_code"] for row in old})),
        ("old_units", "end-provinces", "ended", len({row["province_code"] for row in old})),
    )
    for file, mapping, does, many in steps:
        said, told = taken(files[file], f"units-2025/{mapping}", *decision)
        assert (said.code, told[does], told["rejected"]) == (0, many, []), mapping
        assert told["decision"] == decision[0]
    for file, mapping, _, _ in steps:
        said, told = taken(files[file], f"units-2025/{mapping}", *decision)
        assert (told["created"], told["changed"], told["ended"], told["rejected"]) == (0, 0, 0, []), mapping

    counted_right(lowest, new)
    descended_right(old, lowest, new, became)


def counted_right(lowest: list[dict[str, str]], new: list[dict[str, str]]) -> None:
    """The lowest units of each province the day before and that day, and of all of them: none lost, none twice."""
    before, after = Counter(row["province_code"] for row in lowest), Counter(row["province_code"] for row in new)
    for part, expected, day in (("old", before, BEFORE), ("new", after, AFTER)):
        found = {one: communes(f"{part}.{one}", day) for one in expected}
        assert found == expected
        assert sum(found.values()) == sum(expected.values())
    lasting = Place.objects.filter(kind="commune", recorded__upper_inf=True)
    for day, many in ((BEFORE, len(lowest)), (AFTER, len(new))):
        assert lasting.filter(valid__contains=dt.date.fromisoformat(day)).count() == many


def descended_right(old: list, lowest: list, new: list, became: list) -> None:
    """What became of each unit, and what each came from."""
    follows, comes_from = defaultdict(set), defaultdict(set)
    codes = {row["unit_code"]: row["district_code"] for row in old if not row["unit"]}
    for row in became:
        one = codes.get(row["old_unit_code"], row["old_unit_code"])
        follows[one].add(row["new_unit_code"])
        comes_from[row["new_unit_code"]].add(one)
    chance = random.Random("units")
    for one in chance.sample(sorted(follows), 12):
        assert lineage(f"old.{one}", BEFORE, "successors") == {f"new.{later}" for later in follows[one]}
    for one in chance.sample(sorted(comes_from), min(12, len(comes_from))):
        assert lineage(f"new.{one}", AFTER, "predecessors") == {f"old.{before}" for before in comes_from[one]}
    assert follows.keys() == {*codes.values(), *(row["unit_code"] for row in lowest)}
    assert comes_from.keys() == {row["unit_code"] for row in new}


@pytest.mark.parametrize("source", SOURCES)
def test_the_clauses_of_a_resolution_find_units_by_their_names(fresh_database: Database, tmp_path: Path, source: str):
    files, said_so = units(source, tmp_path), clauses(source, tmp_path)
    for what in ("provinces", "districts", "communes"):
        assert taken(files["old_units"], f"units-2025/old-{what}", "opening", "--opening")[0].code == 0
    lines = [line.split("|") for line in said_so.read_text(encoding="utf-8").splitlines() if line]
    many = sum(len(old.split(",")) for _, old, _ in lines)
    there = communes("old.11", BEFORE)
    steps = (("communes", "created", len(lines)), ("lineage", "created", many), ("end", "ended", many))
    for mapping, does, how_many in steps:
        said, told = taken(said_so, f"resolution/{mapping}", "1661/NQ-UBTVQH15", "--signed-on", "2025-06-16")
        assert (said.code, told[does], told["rejected"]) == (0, how_many, []), mapping
    assert (communes("old.11", BEFORE), communes("old.11", AFTER)) == (there, there - many + len(lines))
    for number, old, new in lines:
        found = here("unit", f"clause.{number}", "--on", AFTER, "--json").json
        assert found["name"] == new
        names = {here("unit", one["unit"], "--on", BEFORE, "--json").json["name"] for one in found["predecessors"]}
        assert {name.casefold() for name in names} == {name.strip().casefold() for name in old.split(",")}


def communes(unit: str, on: str) -> int:
    """How many of the lowest units lie beneath one."""
    groups = here("figure", "places", "--unit", unit, "--on", on, "--by", "kind", "--json").json["groups"]
    return next((group["value"] for group in groups if group["key"] == "commune"), 0)


def lineage(unit: str, on: str, way: str) -> set[str]:
    """Before or after which units this one was."""
    return {one["unit"] for one in here("unit", unit, "--on", on, "--json").json[way]}


def test_a_name_that_nothing_or_too_much_bears_is_told_by_its_cell(fresh_database: Database, tmp_path: Path):
    files = units("invented", tmp_path)
    for what in ("provinces", "districts", "communes"):
        taken(files["old_units"], f"units-2025/old-{what}", "opening", "--opening")
    file = tmp_path / "clauses.txt"
    file.write_text("1|xã 11.1.1, xã Nowhere|xã A\n2|xã 11.2.1|xã B\n", encoding="utf-8")
    taken(file, "resolution/communes", "2/NQ")
    said, told = taken(file, "resolution/lineage", "2/NQ")
    assert (said.code, told["decision"]) == (3, "")
    assert [(one["code"], one["cell"]) for one in told["rejected"]] == [("unknown_name", "B1")]
    assert "xã Nowhere" in told["rejected"][0]["message"]
    paper = Paper(symbol="3/QĐ", signed_on=dt.date(2025, 1, 2))
    twin = {"code": "twin", "kind": "commune", "name": "XÃ 11.2.1", "under": "old.110", "on": "2025-01-01"}
    apply(by="sample", decided_by=paper, acts=[("place.found", twin | {"under": "old.1110"})])
    _, told = taken(file, "resolution/lineage", "2/NQ", "--good")
    assert [(one["code"], one["cell"]) for one in told["rejected"]] == [("unknown_name", "B1"), ("shared_name", "B2")]
