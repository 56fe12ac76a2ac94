"""Many rows as one line, column by column: told where nothing in them is odd, taken without believing it.

Such a line is BLOCK, the number of the first row, CELL, how many rows follow it without a gap; then for each column
COLUMN, how its cells are told (TEXTS, DAYS or JSON) and the cells; nothing where all are empty. Texts and days are put
together with CELL: only printable texts are told so, and none of these signs is. No Django here.
"""

import datetime as dt
import json
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

from canbo.exchange.reading.limits import WIDEST
from canbo.exchange.reading.source import EXACT, MOMENTS, Cells, Raw, moment, written

BLOCK, COLUMN, CELL = "\x1d", "\x1e", "\x1f"
TEXTS, DAYS, JSON = "t", "d", "j"
LONGEST = 1 << 22
"""Letters of the cells of a line; a block with more is told row by row."""
MOST = 1 << 20
"""Cells of a block that anybody takes."""
NUMBERS, DATED, WHOLE = {float}, {str, *MOMENTS}, {str, dt.date}
PLAIN = {str, int, float, bool, type(None)}


class Odd(Exception):
    """Something in a block has to be told cell by cell."""


class Block(NamedTuple):
    """Rows without a gap: the number of the first, and their cells."""

    first: int
    rows: Iterator[list[Any]]


def told(first: int, rows: Sequence[Raw], cells: Cells) -> str | None:
    """The rows as a line; None where something in them is empty, long, wrong or mixed."""
    columns = list(zip_longest(*rows, fillvalue=""))
    try:
        said = [_told(column, columns, at, cells) for at, column in enumerate(columns)]
    except Odd:
        return None
    letters = sum(map(len, said))
    if letters > LONGEST or (letters > WIDEST and _widest(rows) > WIDEST) or not _filled(columns):
        return None
    while not said[-1]:
        said.pop()
    return COLUMN.join([f"{BLOCK}{first}{CELL}{len(rows)}", *said])


def _told(column: Sequence[Any], columns: list[Sequence[Any]], at: int, cells: Cells) -> str:
    """A column; cells that are made plain take the place of what they were."""
    try:
        text = CELL.join(column)
    except TypeError:
        kinds = set(map(type, column))
        if kinds <= DATED and not any(cell for cell in column if type(cell) is str):
            return DAYS + CELL.join(map(str if kinds <= WHOLE else _moment, column))
        columns[at] = made = _numbers(column, cells) if kinds == NUMBERS else _made(column, cells)
        return JSON + _ENCODE(made)
    if len(text) < len(column):
        return ""
    short = len(text) <= cells.limits.text or max(map(len, column)) <= cells.limits.text
    if short and not cells.encoding and text.count(CELL) < len(column) and _plain(text):
        return TEXTS + text
    columns[at] = made = _made(column, cells)
    return JSON + _ENCODE(made)


def _moment(cell: Any) -> str:
    return cell and written(cell)


def _plain(text: str) -> bool:
    """Are texts what they would be made? Of all blanks only one is printable."""
    blank = text[0] == " " or f"{CELL} " in text
    return not blank and text.replace(CELL, "").isprintable() and unicodedata.is_normalized("NFC", text)


def _widest(rows: Sequence[Raw]) -> int:
    return max(sum(len(cell) for cell in row if type(cell) is str) for row in rows)


def _filled(columns: list[Sequence[Any]]) -> bool:
    """Is there something in every row?"""
    return bool(columns) and all(map(any, zip(*columns, strict=True)))


def _numbers(column: Sequence[float], cells: Cells) -> list[Any]:
    """Numbers, those that are whole as such; the usual ones at once."""
    try:
        whole = list(map(int, column))
    except (OverflowError, ValueError):
        raise Odd from None
    if max(whole) >= EXACT or min(whole) <= -EXACT:
        return _made(column, cells)
    return [least if least == number else number for least, number in zip(whole, column, strict=True)]


def _made(column: Sequence[Any], cells: Cells) -> list[Any]:
    made, flaws = list(column), {}
    days, _ = cells.plain(made, flaws)
    if days or flaws:
        raise Odd
    return made


def taken(line: str) -> Block:
    """The rows that a line tells; one that nobody told so is a ValueError, and takes no more memory than others."""
    head, *said = line[len(BLOCK) :].split(COLUMN)
    first, many = map(int, head.split(CELL))
    if first < 1 or many < 1 or not 0 < many * len(said) <= MOST or len(line) > 2 * LONGEST:
        raise ValueError(head)
    columns = [_taken(column, many) for column in said]
    rows = map(list, zip(*columns, strict=True))
    return Block(first, map(_short, rows) if None in columns[-1] else rows)


def _taken(said: str, many: int) -> list[Any]:
    kind, cells = said[:1], said[1:]
    if not kind:
        return [None] * many
    if kind == JSON:
        column = json.loads(cells)
        return plain(column if len(column) == many else None)
    if kind not in (TEXTS, DAYS) or cells.count(CELL) != many - 1:
        raise ValueError(kind)
    if kind == TEXTS:
        return [cell or None for cell in cells.split(CELL)]
    return [moment(cell) if cell else None for cell in cells.split(CELL)]


def plain(cells: Any) -> list[Any]:
    """A list of nothing but plain values; a ValueError where it is none."""
    if type(cells) is not list or not set(map(type, cells)) <= PLAIN:
        raise ValueError(cells)
    return cells


def _short(row: list[Any]) -> list[Any]:
    """A row without the empty cells at its end."""
    while row and row[-1] is None:
        row.pop()
    return row


_ENCODE = json.JSONEncoder(ensure_ascii=False, check_circular=False, allow_nan=False, separators=(",", ":")).encode
