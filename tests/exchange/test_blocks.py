"""Rows that are told together are those that would be told cell by cell, and a line that nobody told so is refused."""

import datetime as dt
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from canbo.exchange.reading import file, packed
from canbo.exchange.reading.blocks import BLOCK, CELL, COLUMN, MOST, Block, taken, told
from canbo.exchange.reading.file import read
from canbo.exchange.reading.limits import Limits
from canbo.exchange.reading.source import Cells, Source, moment
from canbo.kernel.refusal import Mistake
from tests.exchange.made import MAIN, excel, row, sheet
from tests.exchange.made import packed as put
from tests.generative.steps import SEED

TRIES = 3000 if os.environ.get("CANBO_TEST_FULL") else 300
DAY, INSTANT, HOUR = dt.date(2024, 2, 29), dt.datetime.fromisoformat("2024-02-29T08:30"), dt.time(7, 5)
CLEAN = {
    "texts": ["Nguyễn Ánh", "a b", "00123", "=1+1", "“x”"],
    "texts and nothing": ["Nguyễn Ánh", "", "a", "", "b"],
    "nothing": [""] * 5,
    "whole numbers": [1.0, -7.0, 31000.0, 0.0, 5.0],
    "numbers": [1.5, 2.0, 1e300, 3.0, -0.25],
    "numbers and nothing": [1.0, "", 2.5, "", 3.0],
    "days": [DAY, DAY, dt.date(1900, 1, 1), DAY, DAY],
    "days and nothing": ["", DAY, "", DAY, ""],
    "instants": [INSTANT, dt.datetime.combine(DAY, dt.time()), HOUR, DAY, ""],
    "truths": [True, False, True, "", False],
    "texts and numbers": ["a", 1.0, "", 2.5, True],
    "lengths": [dt.timedelta(hours=36), 1.0, "", 2.0, 3.0],
    "texts that are made plain": ["nói\nhai dòng", "e\u0302", " a", "\u2028", "b"],
}
ODD = [
    " ", "\u00a0", "\x1f", "a\x1eb", "\x1d", "x\x00", "x" * 40_000, float("nan"), float("inf"), 2.0**60,
    "e\u0302\u0301", INSTANT, HOUR, DAY, "\n", "", 0.0, False, "\ufffe", dt.timedelta(hours=36),
]  # fmt: skip


def one_by_one(rows: list[list[Any]], **said: Any) -> list[tuple[int, list[Any], dict[int, str]]]:
    """The rows cell by cell, days as such."""
    cells = Cells(Source("S", iter(())), Limits(**said), None)
    found = []
    for number, values, days, flaws in cells.rows((at, list(one)) for at, one in enumerate(rows, 7)):
        for at in days:
            values[at] = moment(values[at])
        found.append((number, values, flaws))
    return found


def together(rows: list[list[Any]]) -> list[tuple[int, list[Any], dict[int, str]]] | None:
    """The same by a line, if they are told so."""
    line = told(7, rows, Cells(Source("S", iter(())), Limits(), None))
    if line is None:
        return None
    assert "\n" not in line
    block = taken(line.encode().decode())
    return [(number, values, {}) for number, values in enumerate(block.rows, block.first)]


def same(found: Any, wanted: Any) -> bool:
    return repr(found) == repr(wanted)


@pytest.mark.parametrize("kind", CLEAN)
def test_what_is_clean_is_told_together(kind: str):
    rows = [["name", cell] for cell in CLEAN[kind]]
    assert same(together(rows), one_by_one(rows))
    assert together([[cell, "name"] for cell in CLEAN[kind]])


def test_told_together_is_told_cell_by_cell():
    chance, told_so = random.Random(f"{SEED} blocks"), 0
    for _ in range(TRIES):
        kinds = [chance.choice(list(CLEAN.values())) for _ in range(chance.randint(1, 4))]
        rows = [[chance.choice(kind) for kind in kinds] for _ in range(chance.randint(1, 12))]
        for _ in range(chance.randint(0, 2)):
            rows[chance.randrange(len(rows))][chance.randrange(len(kinds))] = chance.choice(ODD)
        if chance.random() < 0.3:
            rows = [row[: chance.randint(0, len(row))] for row in rows]
        found = together(rows)
        told_so += found is not None
        assert found is None or same(found, one_by_one(rows)), rows
    assert told_so > TRIES / 4


def test_rows_that_are_too_long_together_are_told_one_by_one():
    assert together([["x" * 30_000] * 7]) is None
    assert together([["x" * 30_000] * 6] * 2)
    assert together([["x" * 30_000] * 6] * 30) is None


def test_a_long_workbook_is_read_as_it_was_written_whatever_is_odd_in_the_middle(tmp_path: Path):
    path, wanted = tmp_path / "long.xlsx", {}
    with xlsxwriter.Workbook(str(path)) as book:
        one, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        one.write_row(1, 1, ["Tên", "Ngày", "Số", "Ghi chú"])
        for at in (at for at in range(2, 2500) if at != 1499):
            wanted[at + 1] = [
                None,
                f"Lò Văn {at}",
                dt.date(2000, 1, 1) + dt.timedelta(at),
                at,
                "dài" if at % 3 and at not in range(1700, 1800) else None,
            ]
            one.write_string(at, 1, f"Lò Văn {at}")
            one.write_datetime(at, 2, wanted[at + 1][2], day)
            one.write_number(at, 3, at)
            one.write_string(at, 4, wanted[at + 1][4] or "")
        one.write_string(999, 4, "hai\ndòng")
        one.merge_range("E1701:E1800", "chung")
        one.write_string(2400, 1, "x\x01")
    wanted[1000][4] = "hai\ndòng"
    for at in range(1701, 1801):
        wanted[at][4] = "chung"
    wanted[2401][1] = None
    [(rows, flaws)] = [
        ({each.number: each.values for each in rows}, {each.number: each.flaws for each in rows if each.flaws})
        for rows in [list(one.rows) for one in read(path)]
    ]
    assert rows == {at: values if values[4] else values[:4] for at, values in wanted.items()}
    assert {at: [flaw.code for flaw in some.values()] for at, some in flaws.items()} == {
        **{at: ["merged"] for at in range(1702, 1801)}, 2401: ["control_characters"],
    }  # fmt: skip


def line(*columns: str, first: Any = 1, many: Any = 2) -> str:
    return COLUMN.join([f"{BLOCK}{first}{CELL}{many}", *columns])


LIES = {
    "no rows": line("ta", many=0),
    "no number": line("ta", many="x"),
    "before the first": line(f"ta{CELL}b", first=0),
    "no columns": line(),
    "a cell too few": line("ta"),
    "a cell too many": line(f"ta{CELL}b{CELL}c"),
    "columns of another length": line(f"ta{CELL}b", "j[1]"),
    "no such kind": line(f"xa{CELL}b"),
    "no day": line(f"d2024-02-30{CELL}2024-02-01"),
    "no JSON": line("j[1,"),
    "lists as cells": line("j[[1],[2]]"),
    "an object": line('j{"a":1,"b":2}'),
    "a text as a list": line('j"ab"'),
    "a number as a list": line("j7"),
    "more rows than anybody tells": line("", many=MOST + 1),
    "more columns than anybody tells": line(*[""] * MOST),
    "more letters than anybody tells": line(f"t{'x' * (9 << 20)}{CELL}b"),
}


@pytest.mark.parametrize("name", LIES)
def test_a_line_that_nobody_tells_is_not_taken(name: str):
    with pytest.raises((ValueError, TypeError)):
        taken(LIES[name])


def test_a_line_that_was_altered_is_taken_as_rows_or_not_at_all():
    chance, plain, taken_so = random.Random(f"{SEED} lines"), (str, int, float, bool, type(None), dt.date, dt.time), 0
    rows = [[cells[at] for cells in CLEAN.values()] for at in range(5)]
    whole = list(told(7, rows, Cells(Source("S", iter(())), Limits(), None)))
    for _ in range(TRIES):
        said = list(whole)
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(1, len(said))
            said[at : at + chance.randint(0, 3)] = chance.choice([*said, "[", "{", "9", CELL, COLUMN, "t", "j", "-"])
        try:
            block = taken("".join(said))
        except (ValueError, TypeError, RecursionError):
            continue
        taken_so += 1
        assert all(isinstance(cell, plain) for row in block.rows for cell in row)
    assert taken_so > TRIES / 20


SHEET = {
    "sheet": "S", "hidden": False, "since_1904": False, "heading": [None, [], 0], "legacy": {}, "notes": [],
}  # fmt: skip
SAID: dict[str, list[Any]] = {
    "nothing": [],
    "no sheet": [[[1, ["a"]]]],
    "a number": [7],
    "a sheet without a name": [{**SHEET, "sheet": 7}, {"end": True}],
    "a heading that is none": [{**SHEET, "heading": 1}, {"end": True}],
    "columns that are no texts": [{**SHEET, "heading": [1, [["a"]], 1]}, {"end": True}],
    "a row that is none": [SHEET, [7], {"end": True}],
    "cells that are none": [SHEET, [[1, ["a", {"b": 1}]]], {"end": True}],
    "a number of a row that is none": [SHEET, [["x", ["a"]]], {"end": True}],
    "a day that is none": [SHEET, [[1, ["a"], [0], {}]], {"end": True}],
    "a day beyond the row": [SHEET, [[1, ["a"], [9], {}]], {"end": True}],
    "a flaw that nobody knows": [SHEET, [[1, ["a"], [], {"0": "x"}]], {"end": True}],
    "a refusal that is none": [{"refused": 7}],
}


@pytest.mark.parametrize("name", SAID)
def test_whatever_the_child_says_it_is_refused_in_words(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def answer(*_: Any) -> Iterator[Any]:
        yield from SAID[name]
        raise Mistake("unreadable", "%(file)s cannot be read", file="a.csv")

    monkeypatch.setattr(file, "answer", answer)
    (tmp_path / "a.csv").write_bytes(b"a,b\n")
    with pytest.raises(Mistake, match=r"a\.csv cannot be read") as refused:
        [list(one.rows) for one in read(tmp_path / "a.csv")]
    assert refused.value.code == "unreadable"


def test_blocks_and_rows_follow_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    said = [SHEET, [[1, ["a"]]], Block(2, iter([["b"], ["c"]])), [[9, ["d"]]], {"end": True}]
    monkeypatch.setattr(file, "answer", lambda *_: (one for one in said))
    (tmp_path / "a.csv").write_bytes(b"a,b\n")
    [rows] = [list(one.rows) for one in read(tmp_path / "a.csv")]
    assert [(each.number, *each.values) for each in rows] == [(1, "a"), (2, "b"), (3, "c"), (9, "d")]


def seen(body: str, after: str = "", spaces: str = "") -> dict[tuple[int, int], str]:
    """What looking through a sheet finds."""
    said = sheet(body, after).replace("<worksheet", f"<worksheet {spaces}")
    path = packed.io.BytesIO(put(excel(said)))
    return packed.looked_at(path, Limits())().flaws.get("S1", {})


MARKS = {
    "error": ('<c r="B2" t="e"><v>#N/A</v></c>', "error_value"),
    "error in single quotes": ("<c r='B2' t='e'><v>#N/A</v></c>", "error_value"),
    "error with blanks": ('<c r="B2" t = "e"><v>#N/A</v></c>', "error_value"),
    "error of a formula": ('<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "error_value"),
    "formula without a value": ('<c r="B2"><f>A1+1</f></c>', "not_computed"),
    "formula with an empty value": ('<c r="B2"><f>A1+1</f><v></v></c>', "not_computed"),
    "formula with a value that is none": ('<c r="B2"><f>A1+1</f><v/></c>', "not_computed"),
    "formula before a blank": ('<c r="B2"><f>A1+1</f> </c>', "not_computed"),
    "shared formula": ('<c r="B2"><f t="shared" si="0"/></c>', "not_computed"),
    "shared formula with an empty value": ('<c r="B2"><f t="shared" si="0"/><v></v></c>', "not_computed"),
    "formula with a prefix": ('<m:c r="B2"><m:f>A1+1</m:f></m:c>', "not_computed"),
    "shared formula with a prefix": ('<m:c r="B2"><m:f si="0"/></m:c>', "not_computed"),
}
PREFIX = f'xmlns:m="{MAIN}"'


@pytest.mark.parametrize("piece", [1 << 20, 64, 7, 1])
@pytest.mark.parametrize("name", MARKS)
def test_a_cell_without_a_value_is_found_wherever_the_pieces_end(
    name: str, piece: int, monkeypatch: pytest.MonkeyPatch
):
    cell, flaw = MARKS[name]
    monkeypatch.setattr(packed, "PIECE", piece)
    body = f'<row r="1">{"<c><v>1</v></c>" * 30}</row><row r="2">{cell}</row><row r="3"><c><v>1</v></c></row>'
    assert seen(body, spaces=PREFIX) == {(2, 1): flaw}


def test_a_sheet_in_which_everything_is_computed_is_not_walked_through(monkeypatch: pytest.MonkeyPatch):
    def walked(*_: Any) -> None:
        raise AssertionError("every element was looked at")

    monkeypatch.setattr(packed._ExcelCells, "read", walked)
    body = '<row><c><f>A1+1</f><v>2</v></c><c t="str"><f>A1</f><v>x</v></c><c><f t="shared" si="0"/><v>7</v></c></row>'
    lists = '<dataValidations><dataValidation sqref="A1"><formula1>"a,b"</formula1></dataValidation></dataValidations>'
    assert seen(row("Mã", "t:f") + body * 50, lists) == {}
    with pytest.raises(AssertionError):
        seen('<row><c t="e"><v>#N/A</v></c></row>')
