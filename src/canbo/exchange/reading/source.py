"""What a reader of one format gives: a sheet with raw rows; and how their cells become plain values. No Django here."""

import datetime as dt
import functools
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from canbo.exchange.reading.limits import WIDEST, Limits
from canbo.kernel.legacy import to_unicode
from canbo.kernel.refusal import Refused

Raw = list[Any]
MERGED, CONTROL, TOO_LONG, NO_NUMBER = "merged", "control_characters", "too_long", "no_number"
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
EXACT = 2**53
KEPT, SHORT = 20_000, 100
"""So many texts of at most so many letters are known again."""
MOMENTS = (dt.date, dt.datetime, dt.time)
TOGETHER, NARROW = 1 << 13, 16
"""Cells that are told together, where rows have at least so many."""
Told = tuple[int, Raw, list[int], dict[int, str]]
"""A row: its number, its values, the columns that hold a day or time, flaws by column."""


@dataclass
class Source:
    """A sheet as it is read: rows (number, cells), merged blocks (top, left, bottom, right), flaws of cells.

    Every row has its number; `width` is how many cells rows are likely to have.
    """

    name: str
    rows: Iterator[tuple[int, Raw]]
    width: int = 64
    hidden: bool = False
    since_1904: bool = False
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    flaws: Mapping[tuple[int, int], str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


@dataclass
class Cells:
    """Makes plain values of raw cells: text in NFC, whole numbers, days as ISO; what is odd has no value and a flaw."""

    sheet: Source
    limits: Limits
    encoding: str | None

    def __post_init__(self) -> None:
        self.most = self.limits.text
        self.taken: dict[str, str | None] = {}
        """Texts that were made plain without a flaw: columns say the same again and again."""
        self.count = 0
        self.together = max(1, TOGETHER // max(self.sheet.width, NARROW))
        self.blocks: dict[int, tuple[int, Any]] = {}
        self.begins = {(top, left): bottom for top, left, bottom, _ in self.sheet.merged if bottom > top}
        self.marked: dict[int, dict[int, str]] = {}
        for (row, column), flaw in self.sheet.flaws.items():
            self.marked.setdefault(row, {})[column] = flaw
        odd = [(top, bottom) for (top, _), bottom in self.begins.items()] + [(row, row) for row in self.marked]
        odd.sort()
        self.tops, self.bottoms = [top for top, _ in odd], list(accumulate((bottom for _, bottom in odd), max))

    def alike(self, first: int, last: int) -> bool:
        """Are all these rows ones that are allowed, and is nothing known of any of their cells?"""
        begun = bisect_right(self.tops, last)
        return not (begun and self.bottoms[begun - 1] >= first) and self.count + last - first < self.limits.rows

    def rows(self, some: Iterable[tuple[int, Raw]]) -> Iterator[Told]:
        """Rows made plain; empty ones are left out."""
        for number, raw in some:
            flaws: dict[int, str] = {}
            if self.begins:
                self._fill(number, raw, flaws)
            moments, letters = self.plain(raw, flaws)
            for column, flaw in self.marked.get(number, {}).items():
                raw.extend([None] * (column + 1 - len(raw)))
                raw[column], flaws[column] = None, flaw
            while raw and raw[-1] is None and len(raw) - 1 not in flaws:
                raw.pop()
            if raw:
                self._allow(number, letters)
                yield number, raw, moments, flaws

    def _allow(self, row: int, letters: int) -> None:
        """Refuse a row that is too long, or one too many."""
        self.count += 1
        if letters > WIDEST:
            raise Refused(
                "row_too_long",
                "row %(row)s of sheet “%(sheet)s” in %(file)s holds more than %(limit)s letters; shorten its texts",
                row=row,
                sheet=self.sheet.name,
                limit=WIDEST,
            )
        if self.count > self.limits.rows:
            raise Refused(
                "too_many_rows",
                "sheet “%(sheet)s” of %(file)s has more than %(limit)s rows, the next is row %(row)s; split it",
                sheet=self.sheet.name,
                limit=self.limits.rows,
                row=row,
            )

    def _fill(self, number: int, raw: Raw, flaws: dict[int, str]) -> None:
        """A block merged over rows says the same in each that holds more; the cells below its first are marked."""
        blocks = self.blocks
        for column in [column for column, (last, _) in blocks.items() if last < number]:
            del blocks[column]
        filled = any(value not in ("", None) for value in raw)
        for column, (_, value) in blocks.items() if filled else ():
            raw.extend([""] * (column + 1 - len(raw)))
            if raw[column] in ("", None) and value not in ("", None):
                raw[column], flaws[column] = value, MERGED
        for column, value in enumerate(raw):
            if (number, column) in self.begins:
                blocks[column] = (self.begins[number, column], value)

    def plain(self, raw: Raw, flaws: dict[int, str]) -> tuple[list[int], int]:
        """Make the cells of a row plain, in place; answers where a day or a time stands, and how many letters."""
        moments, letters = [], 0
        for column, value in enumerate(raw):
            kind = type(value)
            if kind is str:
                letters += (many := len(value))
                if not value.isascii() or not value.isprintable() or value[:1] in ("", " ") or many > self.most:
                    raw[column] = self._known(value, column, flaws)
            elif kind is float:
                raw[column] = self._number(value, column, flaws)
            elif kind in MOMENTS:
                moments.append(column)
                raw[column] = written(value)
            elif kind is dt.timedelta:
                raw[column] = value / dt.timedelta(days=1)
        return moments, letters

    def _known(self, said: str, column: int, flaws: dict[int, str]) -> str | None:
        if said in self.taken:
            return self.taken[said]
        plain = self._text(said, column, flaws)
        if column not in flaws and len(said) < SHORT:
            if len(self.taken) == KEPT:
                self.taken.clear()
            self.taken[said] = plain
        return plain

    def _text(self, said: str, column: int, flaws: dict[int, str]) -> str | None:
        """Blank is empty; what no text may hold is not silently taken out."""
        if not said or said.isspace():
            return None
        if len(said) > self.most or _CONTROL.search(said):
            flaws[column] = TOO_LONG if len(said) > self.most else CONTROL
            return None
        return to_unicode(said, self.encoding) if self.encoding else unicodedata.normalize("NFC", said)

    @staticmethod
    def _number(value: float, column: int, flaws: dict[int, str]) -> float | None:
        """A whole number is one; infinite ones and what is none cannot be counted with."""
        if value.is_integer() and -EXACT < value < EXACT:
            return int(value)
        if value - value != 0:
            flaws[column] = NO_NUMBER
            return None
        return value


@functools.lru_cache(maxsize=KEPT)
def written(value: dt.date | dt.time) -> str:
    """A day or a time as ISO; midnight is its day."""
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        value = value.date()
    return value.isoformat()


@functools.lru_cache(maxsize=KEPT)
def moment(said: str) -> dt.date | dt.time:
    """The same, read."""
    if len(said) == len("2025-07-01"):
        return dt.date.fromisoformat(said)
    return dt.datetime.fromisoformat(said) if "T" in said else dt.time.fromisoformat(said)
