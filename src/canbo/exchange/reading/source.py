"""What a reader of one format gives: a sheet with raw rows; and how their cells become plain values. No Django here."""

import datetime as dt
import functools
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
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


@dataclass
class Source:
    """A sheet as it is read: rows (number, cells), merged blocks (top, left, bottom, right), flaws of cells."""

    name: str
    rows: Iterator[tuple[int, Raw]]
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

    def rows(self) -> Iterator[tuple[int, Raw, list[int], dict[int, str]]]:
        """Number, values, columns that hold a day or time, flaws by column; empty rows are left out."""
        open_blocks: dict[int, tuple[int, Any]] = {}
        begins = {(top, left): bottom for top, left, bottom, _ in self.sheet.merged if bottom > top}
        marked: dict[int, dict[int, str]] = {}
        for (row, column), flaw in self.sheet.flaws.items():
            marked.setdefault(row, {})[column] = flaw
        count = 0
        for number, raw in self.sheet.rows:
            flaws: dict[int, str] = {}
            if begins:
                self._fill(number, raw, begins, open_blocks, flaws)
            moments = self._plain(number, raw, flaws)
            for column, flaw in marked.get(number, {}).items():
                raw.extend([None] * (column + 1 - len(raw)))
                raw[column], flaws[column] = None, flaw
            while raw and raw[-1] is None and len(raw) - 1 not in flaws:
                raw.pop()
            if raw and (count := count + 1) > self.limits.rows:
                raise Refused(
                    "too_many_rows",
                    "sheet “%(sheet)s” of %(file)s has more than %(limit)s rows, the next is row %(row)s; split it",
                    sheet=self.sheet.name,
                    limit=self.limits.rows,
                    row=number,
                )
            if raw:
                yield number, raw, moments, flaws

    @staticmethod
    def _fill(number: int, raw: Raw, begins: dict, blocks: dict[int, tuple[int, Any]], flaws: dict[int, str]) -> None:
        """A block merged over rows says the same in each that holds more; the cells below its first are marked."""
        for column in [column for column, (last, _) in blocks.items() if last < number]:
            del blocks[column]
        filled = any(value not in ("", None) for value in raw)
        for column, (_, value) in blocks.items() if filled else ():
            raw.extend([""] * (column + 1 - len(raw)))
            if raw[column] in ("", None) and value not in ("", None):
                raw[column], flaws[column] = value, MERGED
        for column, value in enumerate(raw):
            if (number, column) in begins:
                blocks[column] = (begins[number, column], value)

    def _plain(self, number: int, raw: Raw, flaws: dict[int, str]) -> list[int]:
        """Make the cells of a row plain, in place; answers where a day or a time stands."""
        moments, total = [], 0
        for column, value in enumerate(raw):
            kind = type(value)
            if kind is str:
                total += (many := len(value))
                if not value.isascii() or not value.isprintable() or value[:1] in ("", " ") or many > self.most:
                    raw[column] = self._known(value, column, flaws)
            elif kind is float:
                raw[column] = self._number(value, column, flaws)
            elif kind in MOMENTS:
                moments.append(column)
                raw[column] = _moment(value)
            elif kind is dt.timedelta:
                raw[column] = value / dt.timedelta(days=1)
        if total > WIDEST:
            raise Refused(
                "row_too_long",
                "row %(row)s of sheet “%(sheet)s” in %(file)s holds more than %(limit)s letters; shorten its texts",
                row=number,
                sheet=self.sheet.name,
                limit=WIDEST,
            )
        return moments

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
def _moment(value: dt.date | dt.time) -> str:
    """A day or a time as ISO; midnight is its day."""
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        value = value.date()
    return value.isoformat()
