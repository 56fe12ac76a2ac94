"""A file that is all there is ends what it does not have, and asks before it ends much."""

import csv
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from canbo.kernel.database import Database
from canbo.registry.annul import undo_import
from canbo.registry.facts import Decision
from canbo.registry.membership.models import Membership
from canbo.registry.service.models import Incumbency
from canbo.registry.tree import Closure, Placement, Service
from tests.acceptance.commands import here
from tests.exchange.test_intake import edited

pytestmark = pytest.mark.database

ON = dt.date(2024, 5, 1)
UNIT = "dien-bien.dien-bien-phu"
LEFT = ("--saying", "ending=left")


@pytest.fixture
def register(small_sample: Database) -> Database:
    return small_sample


def exported(folder: Path, concept: str) -> Path:
    file = folder / f"{concept}.csv"
    assert here("export", concept, "--unit", UNIT, "--on", ON, "--out", file).code == 0
    return file


def whole(file: Path, concept: object, *more: object) -> Any:
    return here("import", file, "--as", concept, "--whole", "--unit", UNIT, "--on", ON, "--json", *more)


def within(model: type) -> set[int]:
    """What is on file in the unit that day, asked otherwise: beneath what serves the place."""
    serving = Service.objects.filter(place__code=UNIT, recorded__upper_inf=True, valid__contains=ON)
    beneath = Closure.objects.filter(ancestor__in=serving.values("unit"), valid__contains=ON).values("descendant")
    found = model.objects.filter(recorded__upper_inf=True, valid__contains=ON, unit__in=beneath)
    return set(found.values_list("fact", flat=True))


def undone(said: Any) -> None:
    undo_import(by="sample", decision=said.json["decision"], reason="again", on=ON)


def without(file: Path, many: int) -> list[dict[str, str]]:
    """The file without its first rows; answers these."""
    gone: list[dict[str, str]] = []

    def less(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        gone.extend(rows[:many])
        return rows[many:]

    edited(file, less)
    return gone


def test_what_is_missing_ends_that_day_and_nothing_else(register: Any, tmp_path: Path):
    file, before = exported(tmp_path, "members"), within(Membership)
    unchanged = whole(file, "members", *LEFT).json
    assert (unchanged["ended"], unchanged["decision"], unchanged["missing"]["on_file"]) == (0, "", len(before))
    gone = {int(row["record"]) for row in without(file, 3)}
    tried = whole(file, "members", *LEFT, "--preview").json
    assert (tried["ended"], tried["missing"]["ends"]) == (3, 3)
    assert {one["record"] for one in tried["missing"]["records"]} == gone
    assert within(Membership) == before, "a preview writes nothing"
    said = whole(file, "members", *LEFT)
    assert (said.code, said.json["ended"], said.json["created"]) == (0, 3, 0), said
    ended = Membership.objects.filter(fact__in=gone, recorded__upper_inf=True)
    assert {(one.valid.upper, one.ending) for one in ended} == {(ON, "left")}
    assert within(Membership) == before - gone
    again = whole(file, "members", *LEFT).json
    assert (again["ended"], again["decision"]) == (0, ""), "the same file changes nothing the second time"
    undone(said)
    assert within(Membership) == before


def test_more_than_the_profile_lets_end_stops_and_asks(register: Any, tmp_path: Path):
    file, before = exported(tmp_path, "members"), within(Membership)
    many = len(before) // 10 + 1
    assert many > 5
    without(file, many)
    decisions = Decision.objects.count()
    tried = whole(file, "members", *LEFT, "--preview").json
    assert (tried["ended"], str(many) in tried["missing"]["asks"]) == (many, True)
    for more in ((), ("--end-up-to", many - 1), ("--end-up-to", "10%")):
        said = whole(file, "members", *LEFT, *more)
        assert (said.code, "would_end_many" in said.err) == (3, True), (more, said)
        assert f"{many} are not in the file" in said.err
    assert (within(Membership), Decision.objects.count()) == (before, decisions)
    assert whole(file, "members", *LEFT, "--end-up-to", "many").code == 2
    said = whole(file, "members", *LEFT, "--end-up-to", "12%")
    assert (said.code, said.json["ended"]) == (0, many), said
    undone(said)


def test_a_few_records_of_few_end_unasked(register: Any, tmp_path: Path):
    """Five of seven are more than a share, and yet no accident that anybody has to be asked about."""
    file = exported(tmp_path, "members")
    small = next(code for code, many in _sizes() if 6 <= many <= 12)
    rows = [row for row in _rows(file) if row["unit"] == small]
    for kept, code in ((len(rows) - 6, 3), (len(rows) - 5, 0)):
        edited(file, lambda _, kept=kept: rows[:kept])
        said = here("import", file, "--as", "members", "--whole", "--unit", small, "--on", ON, *LEFT, "--json")
        assert said.code == code, said
    undone(said)


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as text:
        _, names, *rows = csv.reader(text)
    return [dict(zip(names, row, strict=True)) for row in rows]


def _sizes() -> list[tuple[str, int]]:
    found: dict[str, int] = {}
    facts = Membership.objects.filter(fact__in=within(Membership), recorded__upper_inf=True)
    for code in facts.values_list("unit__code", flat=True):
        found[code] = found.get(code, 0) + 1
    return sorted(found.items())


MAPPED = """
concept: members
columns: {Mã: person, Nơi: unit}
fixed: {stage: official}
whole: {saying: {ending: left}}
"""


def test_rows_without_days_are_those_on_file_and_what_the_mapping_fixes_is_all_that_ends(register: Any, tmp_path: Path):
    rows = _rows(exported(tmp_path, "members"))
    full = Membership.objects.filter(fact__in=within(Membership), recorded__upper_inf=True, stage="official")
    keys = set(full.values_list("fact", flat=True))
    listed = [row for row in rows if int(row["record"]) in keys]
    assert 0 < len(listed) < len(rows), "there are others, whom the file does not speak of"
    file, how = tmp_path / "f.csv", tmp_path / "how.yaml"
    how.write_text(MAPPED, encoding="utf-8")
    lines = [f"{row['person']},{row['unit']}\n" for row in listed]
    file.write_text("Mã,Nơi\n" + "".join(lines[2:]), encoding="utf-8")
    before = within(Membership)
    said = here("import", file, "--as", how, "--unit", UNIT, "--on", ON, "--json")
    assert (said.code, said.json["ended"], said.json["created"]) == (0, 2, 0), said
    assert before - within(Membership) == {int(row["record"]) for row in listed[:2]}
    undone(said)


def test_who_follows_in_a_post_that_has_one_seat_follows_on_that_day(register: Any, tmp_path: Path):
    file = exported(tmp_path, "incumbencies")
    rows = _rows(file)
    posts = [row["post"] for row in rows]
    held = next(row for row in rows if posts.count(row["post"]) == 1 and row["acting"] != "TRUE")
    other = next(row["person"] for row in rows if row["person"] != held["person"])

    def followed(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        new = {"person": other, "post": held["post"], "acting": "FALSE", "until": "2024-12-31"}
        return [new if row["record"] == held["record"] else row for row in rows]

    said = whole(edited(file, followed), "incumbencies")
    assert (said.code, said.json["created"], said.json["ended"]) == (0, 1, 1), said
    (new,) = Incumbency.objects.filter(post__code=held["post"], valid__contains=ON, recorded__upper_inf=True)
    assert new.valid.lower == ON
    undone(said)


def test_organisations_end_from_below_and_never_the_unit_itself(register: Any, tmp_path: Path):
    day, unit = dt.date(2026, 1, 1), "dien-bien.party"
    placed = Placement.objects.filter(recorded__upper_inf=True, valid__contains=day)
    above = dict(placed.values_list("unit__code", "parent__code"))
    beneath = {code for code in above if unit in _up(code, above)}
    assert {above[code] for code in beneath} & beneath, "it has several storeys"
    file = tmp_path / "none.csv"
    file.write_text("Mã\n", encoding="utf-8")
    how = tmp_path / "how.yaml"
    how.write_text("concept: organisations\ncolumns: {Mã: unit}\n", encoding="utf-8")
    more = ("--whole", "--unit", unit, "--on", day, "--end-up-to", "100%", "--json", "--preview")
    tried = here("import", file, "--as", how, *more).json
    assert (tried["rejected"], tried["ended"]) == ([], len(beneath))
    assert {one["unit"] for one in tried["missing"]["records"]} <= beneath, "not the unit itself"


def _up(code: str, above: dict[str, str]) -> Iterator[str]:
    while code := above.get(code, ""):
        yield code


def test_a_row_that_is_wrong_ends_nobody(register: Any, tmp_path: Path):
    file, before = exported(tmp_path, "members"), within(Membership)

    def wrong(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        rows[0]["since"] = "May"
        return rows

    edited(file, wrong)
    said = whole(file, "members", *LEFT)
    assert (said.code, len(said.json["rejected"]), said.json["decision"]) == (3, 1, "")
    assert any("seem to be missing" in one for one in said.json["warnings"])
    assert whole(file, "members", *LEFT, "--good").code == 2, "taken as a whole or not at all"
    assert within(Membership) == before


BAD = {
    "how it ends is not said": ("members", (), 2, "how_it_ends"),
    "no such ending": ("members", ("--saying", "ending=gone-fishing"), 2, "unknown_kind"),
    "no such term": ("members", (*LEFT, "--saying", "person=x"), 2, "says_no_such_thing"),
    "a list in which nothing ends": ("persons", (), 3, "never_ends"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_is_refused_in_words(register: Any, tmp_path: Path, case: str):
    concept, more, code, named = BAD[case]
    file = tmp_path / "f.csv"
    file.write_text("x\n", encoding="utf-8")
    said = whole(file, concept, *more)
    assert (said.code, named in said.err) == (code, True), said


def test_without_a_unit_or_a_day_no_file_is_whole(register: Any, tmp_path: Path):
    file = tmp_path / "f.csv"
    file.write_text("x\n", encoding="utf-8")
    assert "whole_of_what" in here("import", file, "--as", "members", "--whole", "--unit", UNIT, *LEFT).err
    assert here("import", file, "--as", "members", "--unit", UNIT).code == 2


def test_another_profile_has_endings_of_its_own(association: Database, tmp_path: Path):
    unit = Membership.objects.filter(recorded__upper_inf=True, valid__contains=ON).earliest("fact").unit.code
    file = tmp_path / "members.csv"
    assert here("export", "members", "--unit", unit, "--on", ON, "--out", file).code == 0
    gone = {int(row["record"]) for row in without(file, 2)}
    of = ("import", file, "--as", "members", "--whole", "--unit", unit, "--on", ON, "--json")
    assert "unknown_kind" in here(*of, *LEFT).err
    said = here(*of, "--saying", "ending=resigned")
    assert (said.code, said.json["ended"]) == (0, 2), said
    ended = Membership.objects.filter(fact__in=gone, recorded__upper_inf=True, valid__endswith=ON)
    assert set(ended.values_list("fact", "ending")) == {(one, "resigned") for one in gone}
