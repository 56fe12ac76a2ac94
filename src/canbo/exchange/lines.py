"""What the rows of a file say, field by field: where each stands, what it means, and what is wrong with it."""

import datetime as dt
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from canbo.exchange.columns import UNTIL, Field
from canbo.exchange.layout import Layout, Source, of
from canbo.exchange.reading.file import Row, Sheet, read
from canbo.exchange.reading.places import cell
from canbo.exchange.register import names_beneath
from canbo.exchange.values import value
from canbo.kernel.refusal import Mistake, Refused
from canbo.kernel.screen import DAY, FLAG, SINCE, WORD, Screen

FEW = (WORD, SINCE, UNTIL, DAY, FLAG)
"""Kinds of cells that say the same again and again: what they mean is found once."""
KEPT = 100_000
"""So many meanings are kept."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row, and in which cell: that of the field `of`, or of the row as a whole."""

    sheet: str
    cell: str
    code: str
    message: str
    row: int
    of: str
    why: Refused

    def told(self, translate: Callable[[str], str]) -> str:
        """What is wrong, in another language, without where."""
        return self.why.told(translate)


@dataclass
class Line:
    """A row: where it stands, how it was read, and what it says by field."""

    sheet: str
    number: int
    layout: Layout
    says: dict[str, Any] = field(default_factory=dict)

    @property
    def place(self) -> tuple[str, int]:
        """The row that it is of."""
        return self.sheet, self.number

    def fault(self, why: Refused, of: str = "", *, placed: bool = False) -> Fault:
        """Something wrong in the cell of a field, or with the row; `placed` says so itself."""
        columns = self.layout.columns
        known = of in columns
        where = cell(self.number, columns[of] if known else 0)
        said = str(why) if placed else f"{self.sheet} {where if known else f'row {self.number}'}: {why}"
        return Fault(self.sheet, where, why.code, said, self.number, of if known else "", why)


class Acts:
    """Which row asked for each act of a decision, in the order of the acts."""

    def __init__(self) -> None:
        self._rows, self._sheets = array("q"), [(0, "")]

    def add(self, line: Line) -> None:
        """One more act, of this row."""
        if line.sheet != self._sheets[-1][1]:
            self._sheets.append((len(self._rows), line.sheet))
        self._rows.append(line.number)

    def row(self, seq: int) -> tuple[str, int]:
        """The sheet and the row of an act; they are counted from 1."""
        at = seq - 1
        return next(sheet for first, sheet in reversed(self._sheets) if first <= at), self._rows[at]


@dataclass
class Missing:
    """What a file that is all there is does not have: of so many records so many end, the first of them by key and
    what they say; and what asks whether that is meant.
    """

    unit: str
    on: dt.date
    on_file: int = 0
    ends: int = 0
    first: dict[int, dict[str, Any]] = field(default_factory=dict)
    asks: Refused | None = None


@dataclass
class Taken:
    """What an import did, or in a preview would do."""

    rows: int = 0
    created: int = 0
    changed: int = 0
    ended: int = 0
    unchanged: int = 0
    rejected: list[Fault] = field(default_factory=list)
    warnings: list[Refused] = field(default_factory=list)
    decision: str = ""
    acts: Acts = field(default_factory=Acts)
    missing: Missing | None = None


class Lines:
    """The rows of one file, read as a mapping or the file itself says; what is wrong is told in `taken`.

    With `every` a row that is wrong says what its other cells say.
    """

    def __init__(self, screen: Screen, said: Source | None, taken: Taken, *, every: bool = False) -> None:
        self.screen, self.said, self.taken, self.every = screen, said, taken, every
        self.names: dict[str, dict[str, list[str]]] = {}
        self.meant: dict[tuple[str, type, Any], Any] = {}

    def of(self, path: Path) -> Iterator[Line | None]:
        """The rows; None in the place of one that cannot be taken."""
        how = self.said.how if self.said else {}
        there = False
        for number, sheet in enumerate(read(path, **how)):
            if sheet.hidden or (self.said and self.said.sheet not in ("", sheet.name)) or (not self.said and number):
                continue
            there = True
            yield from self.sheet(sheet)
        if not there:
            raise Mistake("no_sheet", "%(file)s has no sheet to read", file=path.name)

    def sheet(self, sheet: Sheet) -> Iterator[Line | None]:
        """The rows of one sheet, likewise."""
        layout, rows = of(sheet, self.screen, self.said)
        warnings = self.taken.warnings
        warnings += sheet.notes
        if layout.left:
            said = {"sheet": sheet.name, "names": ", ".join(layout.left)}
            warnings.append(Refused("left_aside", "%(sheet)s: left aside: %(names)s", **said))
        if layout.never:
            said = {"sheet": sheet.name, "many": layout.never}
            warnings.append(
                Refused("never_recorded", "%(sheet)s: columns of what is never recorded, not read: %(many)s", **said)
            )
        for row in self._records(rows, layout, sheet.name):
            line = Line(sheet.name, row.number, layout, dict(layout.said.fixed))
            self.taken.rows += 1
            wrong = list(self._cells(line, row, layout))
            self.taken.rejected += wrong
            yield None if wrong and not self.every else line

    def _records(self, rows: Iterator[Row], layout: Layout, sheet: str) -> Iterator[Row]:
        none = 0
        for row in rows:
            if layout.is_record(row):
                yield from layout.apart(row)
            else:
                none += 1
        if none:
            said = {"sheet": sheet, "many": none, "names": ", ".join(layout.said.filled)}
            self.taken.warnings.append(
                Refused("no_records", "%(sheet)s: rows with nothing in %(names)s, left aside: %(many)s", **said)
            )

    def _cells(self, line: Line, row: Row, layout: Layout) -> Iterator[Fault]:
        for one, places in layout.places.items():
            flaws = [flaw for at in places if (flaw := row.flaws.get(at)) and flaw.code != "merged"]
            if flaws:
                yield from (line.fault(flaw, one.of, placed=True) for flaw in flaws)
                continue
            try:
                line.says[one.of] = self._named(one, self._meant(one, _cell(row, places), layout))
            except Refused as refusal:
                yield line.fault(refusal, one.of)
            except ValueError as error:
                yield line.fault(Mistake("no_day", "this is no day: %(why)s", why=error), one.of)

    def _meant(self, one: Field, said: Any, layout: Layout) -> Any:
        if one.kind not in FEW:
            return value(one, said, layout)
        key = (one.name, type(said), said)
        if key not in self.meant:
            if len(self.meant) > KEPT:
                self.meant.clear()
            self.meant[key] = value(one, said, layout)
        return self.meant[key]

    def _named(self, one: Field, said: Any) -> Any:
        """The code of a thing that the file gives by its name."""
        named = self.said.named.get(one.of) if self.said else None
        if named is None or said is None:
            return said
        if one.of not in self.names:
            self.names[one.of] = names_beneath(named.beneath, named.day)
        codes = self.names[one.of].get(" ".join(said.split()).casefold(), [])
        if len(codes) == 1:
            return codes[0]
        where = {"said": said, "beneath": named.beneath, "on": named.day}
        if not codes:
            raise Refused("unknown_name", "nothing beneath %(beneath)s is called “%(said)s” on %(on)s", **where)
        told = ", ".join(sorted(codes))
        raise Refused(
            "shared_name",
            "several beneath %(beneath)s are called “%(said)s” on %(on)s: %(codes)s; give the code",
            **where,
            codes=told,
        )


def _cell(row: Row, places: tuple[int, ...]) -> Any:
    """What a row says in a column, or in several that belong together."""
    values = [row.values[at] if at < len(row.values) else None for at in places]
    if len(values) == 1:
        return values[0]
    return " ".join(str(one) for one in values if one is not None) or None
