"""A file from elsewhere beside the register: what differs is told by cell, nothing is written, nobody sees more."""

import csv
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from canbo.access.authority import operator
from canbo.kernel.database import Database
from canbo.registry.facts import Decision, Person
from canbo.registry.ledger import Paper, apply
from canbo.registry.membership.models import Membership
from canbo.registry.merging.queries import named, records
from canbo.reports.question import latest_known
from tests.acceptance.commands import here
from tests.exchange.test_intake import ON, UNIT, edited

pytestmark = pytest.mark.database

CODE, STAGE, SINCE = "person", "stage.word", "since"


@pytest.fixture
def members(small_sample: Database, tmp_path: Path) -> Path:
    """The members of a unit on a day, as the register wrote them."""
    file = tmp_path / "members.csv"
    assert here("export", "members", "--unit", UNIT, "--on", ON, "--out", file).code == 0
    return file


def compared(file: Path, *more: Any, named: str = "members") -> dict[str, Any]:
    """What the command answers."""
    said = here("compare", file, "--as", named, "--unit", UNIT, "--on", ON, *more, "--json")
    assert said.code == 0, said.err
    return said.json


def rows(file: Path) -> list[dict[str, str]]:
    _head, names, *lines = csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig")))
    return [dict(zip(names, line, strict=True)) for line in lines]


def test_a_file_of_our_own_agrees_in_every_row(members: Path):
    found = compared(members)
    assert found["rows"] == found["same"] == len(rows(members)) > 10
    assert [found[name] for name in ("different", "only_there", "only_here", "unread")] == [[], [], [], []]


def test_each_difference_is_told_and_nothing_else_and_nothing_is_written(members: Path, tmp_path: Path):
    before = Decision.objects.count(), Membership.objects.count()
    kept = rows(members)
    stages = {row[STAGE] for row in kept}
    other = (stages - {kept[2][STAGE]}).pop()

    def change(lines: list[dict[str, str]]) -> list[dict[str, str]]:
        lines[2] |= {"record": "", STAGE: other}
        lines[3] |= {"record": "", SINCE: "1999-09-09"}
        return [*lines[:5], *lines[6:], lines[0] | {"record": "", CODE: "nobody.1"}]

    book = tmp_path / "differences.xlsx"
    found = compared(edited(members, change), "--out", book)
    header = list(kept[0])
    letters = {name: openpyxl.utils.get_column_letter(header.index(name) + 1) for name in (STAGE, SINCE, CODE)}
    assert [(d["cell"], d["code"], d["there"], d["here"]) for d in found["different"]] == [
        (f"{letters[STAGE]}5", kept[2][CODE], other, kept[2][STAGE]),
        (f"{letters[SINCE]}6", kept[3][CODE], "1999-09-09", kept[3][SINCE]),
    ]
    assert [(o["cell"], o["code"], o["known"]) for o in found["only_there"]] == [
        (f"{letters[CODE]}{len(kept) + 2}", "nobody.1", False)
    ]
    assert [(o["record"], o["code"]) for o in found["only_here"]] == [(int(kept[5]["record"]), kept[5][CODE])]
    assert found["same"] == found["rows"] - 3
    assert (Decision.objects.count(), Membership.objects.count()) == before
    sheets = openpyxl.load_workbook(book)
    assert [sheet.max_row - 1 for sheet in sheets] == [2, 1, 1, 0]
    assert [cell.value for cell in sheets.worksheets[0][2]][1:3] == [f"{letters[STAGE]}5", kept[2][CODE]]


def test_a_foreign_file_is_read_by_its_mapping_and_a_row_that_is_wrong_still_counts_as_there(
    members: Path, tmp_path: Path
):
    kept = rows(members)
    foreign = tmp_path / "payroll.csv"
    with foreign.open("w", encoding="utf-8", newline="") as out:
        lines = csv.writer(out, delimiter=";")
        lines.writerow(["Code", "From"])
        lines.writerows(
            [row[CODE].removeprefix("dien-bien."), "31.31.2020" if n == 4 else ""] for n, row in enumerate(kept)
        )
    mapping = tmp_path / "payroll.yaml"
    said = "concept: members\ncolumns: {Code: person, From: since}\ndelimiter: ';'\nprefix: {person: dien-bien.}\n"
    mapping.write_text(said, encoding="utf-8")
    found = compared(foreign, named=str(mapping))
    assert [fault["cell"] for fault in found["unread"]] == ["B6"]
    assert (found["only_here"], found["only_there"], found["different"]) == ([], [], [])
    assert found["same"] == found["rows"] == len(kept)


def test_text_of_the_file_is_never_a_formula_in_the_workbook(members: Path, tmp_path: Path):
    book = tmp_path / "differences.xlsx"
    compared(edited(members, lambda lines: [lines[0] | {"record": "", CODE: "=1+1"}]), "--out", book)
    cell = openpyxl.load_workbook(book).worksheets[1]["C2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1", "s", True)


def test_whoever_was_merged_is_found_under_the_number_that_a_file_still_names(members: Path):
    one, other = (row[CODE] for row in rows(members)[:2])
    file = edited(
        members,
        lambda lines: [line | {"record": "", CODE: other if line[CODE] == one else line[CODE]} for line in lines],
    )
    merged(one, other)
    try:
        found = compared(file)
        assert other not in {one["code"] for one in found["only_there"]}
        imported = here("import", file, "--as", "members", "--preview", "--json").json
        assert imported["created"] == 0
    finally:
        assert here("annul", "merge for comparison", "--reason", "they are two").code == 0


def merged(kept: str, former: str) -> None:
    """Make one person of two, setting aside all that is on file of the second."""
    aside = tuple(named(one) for one in records(Person.objects.get(code=former), latest_known()))
    terms = {"on": "2026-06-01", "person": kept, "former": former, "reason": "a test", "aside": aside}
    paper = Paper(symbol="merge for comparison", signed_on="2026-06-01")
    apply(by=operator(), decided_by=paper, acts=[("person.merge", terms)])
