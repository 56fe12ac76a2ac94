"""A file from elsewhere beside the register: what differs is told by cell, nothing is written, nobody sees more."""

import csv
import io
import re
from html import unescape
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from canbo.access.authority import operator
from canbo.kernel.database import Database
from canbo.kernel.models import Audit
from canbo.registry.facts import Decision, Person
from canbo.registry.ledger import Paper, apply
from canbo.registry.membership.models import Membership
from canbo.registry.merging.queries import named, records
from canbo.reports.question import latest_known
from tests.acceptance.commands import here
from tests.exchange.test_intake import ON, UNIT, edited
from tests.signing_in import signed_in

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


AT = f"/list/members/compare?on={ON}&unit={UNIT}"


def upload(client: Client, step: str, page: str = "", **said: Any) -> Any:
    """Send a step; what stands hidden in the page before comes with it."""
    hidden = re.findall(r'<input type="hidden" name="(ticket|mapping|unit|heading)" value="([^"]*)"', page)
    return client.post(AT, {name: unescape(value) for name, value in hidden} | said | {"step": step})


def test_the_page_compares_a_file_and_gives_the_workbook(members: Path):
    client = signed_in(Client())
    client.cookies["django_language"] = "en"
    assert f'href="/list/members/compare?unit={UNIT}' in client.get(f"/list/members?unit={UNIT}").content.decode()
    assert UNIT in client.get(AT).content.decode()
    kept = rows(members)
    file = edited(members, lambda lines: [lines[0] | {"record": "", SINCE: "1999-09-09"}, *lines[2:]])
    before = Decision.objects.count()
    answer = upload(client, "read", file=SimpleUploadedFile(file.name, file.read_bytes()), unit=UNIT)
    page = unescape(answer.content.decode())
    assert answer.status_code == 200
    said = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert f"{len(kept) - 1} rows were read, {len(kept) - 2} say what the register says. Nothing is written." in said
    assert "Differences (1)" in said
    assert "Only in the file (0)" in said
    assert "Only here (1)" in said
    assert f'<a href="/person/{kept[1][CODE]}?on={ON}">' in page
    book = upload(client, "differences", answer.content.decode())
    sheets = openpyxl.load_workbook(io.BytesIO(b"".join(book.streaming_content)))
    assert [sheet.max_row - 1 for sheet in sheets] == [1, 0, 1, 0]
    gone = Audit.objects.using("owner").filter(kind="export", what="compare").latest("pk")
    assert gone.count == 2
    assert Decision.objects.count() == before
    assert "no step “apply”" in unescape(upload(client, "apply", answer.content.decode()).content.decode())


def test_a_foreign_file_is_asked_for_its_columns_and_compared(members: Path):
    client = signed_in(Client())
    client.cookies["django_language"] = "en"
    foreign = "No;From\n" + "".join(f"{row[CODE]};{row[SINCE]}\n" for row in rows(members))
    sent = SimpleUploadedFile("payroll.csv", foreign.encode())
    asked = upload(client, "read", file=sent, unit=UNIT).content.decode()
    assert 'name="step" value="compare"' in asked
    hidden = dict(re.findall(r'<input type="hidden" name="(ticket|mapping|unit)" value="([^"]*)"', asked))
    columns = {"heading": ["No", "From"], "field": ["person", "since"], "end": "inclusive", "dates": "day"}
    answer = client.post(AT, hidden | columns | {"step": "compare"})
    said = " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())
    many = len(rows(members))
    assert f"{many} rows were read, {many} say what the register says." in said


def test_nobody_is_told_of_a_list_more_than_they_may_read(members: Path):
    nobody = signed_in(Client(), rows(members)[0][CODE])
    nobody.cookies["django_language"] = "en"
    sent = SimpleUploadedFile(members.name, members.read_bytes())
    answer = nobody.post(f"/list/members/compare?on={ON}", {"step": "read", "file": sent})
    said = " ".join(re.sub(r"<[^>]+>", " ", unescape(answer.content.decode())).split())
    assert "Only here (0)" in said
    assert "Differences (0)" in said
    assert "on file, but not in this list" not in said
