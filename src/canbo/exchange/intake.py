"""Rows from outside become the acts of one decision: new facts begin, what is on file is corrected, the rest stays.

Every row is tried before any is written, and all that is wrong is told at once, by sheet and cell. A row with the key
of a record is that record; a row without is what is on file already, if that says the same, and else new. So the same
file changes nothing the second time.
"""

import contextlib
import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import IntegrityError, ProgrammingError, transaction

from canbo.exchange.columns import CODE, RECORD, UNTIL, Field, asked
from canbo.exchange.layout import Layout, Source, of
from canbo.exchange.reading.file import Sheet, read
from canbo.exchange.reading.places import cell
from canbo.exchange.register import Held, Register
from canbo.exchange.values import value
from canbo.kernel.act import ACTIONS
from canbo.kernel.refusal import Mistake, Refused
from canbo.kernel.screen import DAY, FLAG, SINCE, WORD, Screen
from canbo.registry.ledger import Entry, Paper, refused
from canbo.registry.ledger import read as read_acts
from canbo.registry.staging import Overtaken, Staging

TOGETHER = 5_000
"""So many rows are compared, tried and staged at a time; nothing of them is kept but what is wrong."""
MOST = 100_000
"""So many faults are told; a file with more is of another kind, and nothing of it is taken."""
READING, WRITING, WRITTEN = "reading", "writing", "written"
FEW = (WORD, SINCE, UNTIL, DAY, FLAG)
"""Kinds of cells that say the same again and again: what they mean is found once."""
Told = Callable[[str, int], None]
"""Is told how far an import is: a stage, and how many rows or acts."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row, and in which cell."""

    sheet: str
    cell: str
    code: str
    message: str
    row: int


@dataclass
class Line:
    """A row: where it stands, what it says by field, and the column of each field."""

    sheet: str
    number: int
    columns: Mapping[str, int]
    says: dict[str, Any] = field(default_factory=dict)

    @property
    def cells(self) -> dict[str, str]:
        """The cell of each field."""
        return {of: cell(self.number, column) for of, column in self.columns.items()}

    def fault(self, code: str, message: str, of: str = "") -> Fault:
        """Something wrong in the cell of a field, or with the row."""
        return Fault(self.sheet, self.cells.get(of, cell(self.number, 0)), code, message, self.number)


@dataclass
class Taken:
    """What an import did, or in a preview would do."""

    rows: int = 0
    created: int = 0
    changed: int = 0
    ended: int = 0
    unchanged: int = 0
    rejected: list[Fault] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    decision: str = ""


@dataclass(frozen=True)
class Planned:
    """An act that a row asks for, and what it does to the register: created, changed or ended."""

    line: Line
    does: str
    entry: Entry


class Intake:
    """The import of one file into one list."""

    def __init__(self, screen: Screen, said: Source | None, staging: Staging, told: Told) -> None:
        self.screen, self.said = screen, said
        self.staging, self.told = staging, told
        self.terms = asked(screen) | {UNTIL: UNTIL}
        self.meant: dict[tuple[str, type, Any], Any] = {}
        self.action = ACTIONS.ask(said.act if said and said.act else screen.opened_by)
        self.taken = Taken()
        self.lines: list[Line] = []
        self.layout: Layout | None = None

    def read(self, path: Path) -> Taken:
        """Read the rows and stage the acts that they ask for, so many at a time; all that is wrong are faults."""
        encoding = self.said.encoding if self.said else None
        for number, sheet in enumerate(read(path, encoding=encoding)):
            if sheet.hidden or (self.said and self.said.sheet not in ("", sheet.name)) or (not self.said and number):
                continue
            self._sheet(sheet)
        if self.layout is None:
            raise Mistake("no_sheet", "%(file)s has no sheet to read", file=path.name)
        return self.taken

    def _sheet(self, sheet: Sheet) -> None:
        layout, rows = of(sheet, self.screen, self.said)
        self.layout = layout
        self.taken.warnings += [str(note) for note in sheet.notes]
        if layout.left:
            self.taken.warnings.append(f"{sheet.name}: left aside: {', '.join(layout.left)}")
        if layout.never:
            self.taken.warnings.append(f"{sheet.name}: {layout.never} columns of what is never recorded were not read")
        columns = {one.of: at for at, one in layout.places.items()}
        for row in rows:
            line = Line(sheet.name, row.number, columns, dict(layout.said.fixed))
            self.taken.rows += 1
            wrong = list(self._cells(line, row, layout))
            self.taken.rejected += wrong
            if not wrong:
                self.lines.append(line)
            if len(self.lines) == TOGETHER or len(self.taken.rejected) > MOST:
                self._stage()
        self._stage()

    def _cells(self, line: Line, row: Any, layout: Layout) -> Iterator[Fault]:
        for at, one in layout.places.items():
            flaw = row.flaws.get(at)
            if flaw and flaw.code != "merged":
                yield line.fault(flaw.code, str(flaw), one.of)
                continue
            try:
                line.says[one.of] = self._meant(one, row.values[at] if at < len(row.values) else None, layout)
            except (Refused, ValueError) as error:
                code = error.code if isinstance(error, Refused) else "no_day"
                yield line.fault(code, f"{line.sheet} {line.cells[one.of]}: {error}", one.of)

    def _meant(self, one: Field, said: Any, layout: Layout) -> Any:
        if one.kind not in FEW:
            return value(one, said, layout)
        key = (one.name, type(said), said)
        if key not in self.meant:
            if len(self.meant) > MOST:
                self.meant.clear()
            self.meant[key] = value(one, said, layout)
        return self.meant[key]

    def _stage(self) -> None:
        """Stage what the rows read so far ask for."""
        for one in self._plan() if self.lines else ():
            setattr(self.taken, one.does, getattr(self.taken, one.does) + 1)
        self.lines.clear()
        gc.collect(0)  # refusals hold what they came from, and that holds them
        self.told(READING, self.taken.rows)
        if len(self.taken.rejected) > MOST:
            raise Refused(
                "too_much_wrong",
                "More than %(most)s things are wrong; nothing was taken. The first is: %(first)s",
                most=MOST,
                first=self.taken.rejected[0].message,
            )

    def _plan(self) -> list[Planned]:
        """The acts that the rows ask for, without those that what is so refuses."""
        assert self.layout
        given = {one.of: one for one in self.layout.places.values()}
        given |= {self.layout.fields[name].of: self.layout.fields[name] for name in self.layout.said.fixed}
        register = Register(self.screen, given.values())
        held = register.by_key(line.says[RECORD] for line in self.lines if line.says.get(RECORD))
        thing = next((name for name, one in given.items() if one.kind == CODE and name not in (SINCE, UNTIL)), "")
        codes = {line.says[thing] for line in self.lines if thing and line.says.get(thing)}
        about = register.by_thing(thing, codes) if thing else {}
        planned = []
        for line in self.lines:
            key = line.says.get(RECORD)
            mine = held.get(key) if key else self._same(line, about.get(line.says.get(thing, ""), []))
            try:
                planned += self._acts(line, mine)
            except Refused as refusal:
                self.taken.rejected.append(line.fault(refusal.code, f"{line.sheet} row {line.number}: {refusal}"))
        return list(self._sifted(planned))

    def _same(self, line: Line, about: list[Held]) -> Held | None:
        """What is on file and says the same; of what begins with its thing there is only one."""
        said = {name: one for name, one in line.says.items() if one is not None and name != RECORD}
        same = [held for held in about if all(held.says.get(name) == one for name, one in said.items())]
        if same:
            return same[0]
        return about[0] if len(about) == 1 and self.action.introduces else None

    def _acts(self, line: Line, held: Held | None) -> Iterator[Planned]:
        key = line.says.get(RECORD)
        if key and not held:
            said = f"there is no record {key} within your reach; leave the cell empty for a new one"
            raise Refused("no_such_record", said)
        if held is None:
            yield Planned(line, "created", self._entry(line, self.action.name, self._terms(line)))
            return
        other = {n: v for n, v in line.says.items() if n != RECORD and v != held.says.get(n) and (key or v is not None)}
        if not other:
            self.taken.unchanged += 1
            return
        if {SINCE, UNTIL} & {name for name, said in other.items() if said is None}:
            said = "a day that was said is not taken back by emptying its cell; annul what said it"
            raise Refused("no_day_taken_back", said)
        empty = {name: "" for name, said in other.items() if said is None}
        on = line.says.get(SINCE) or held.says.get(SINCE)
        terms = {"fact": held.fact, "on": on, "reason": "import", **other, **empty}
        does = "ended" if other.keys() == {UNTIL} and not held.says.get(UNTIL) else "changed"
        yield Planned(line, does, self._entry(line, f"{self.screen.model._meta.model_name}.correct", terms))

    def _terms(self, line: Line) -> dict[str, Any]:
        """The terms of the act by which what the row says begins."""
        says = line.says.items()
        return {self.terms.get(name, name): said for name, said in says if name != RECORD and said is not None}

    def _entry(self, line: Line, name: str, terms: Mapping[str, Any]) -> Entry:
        try:
            (entry,) = read_acts([(name, dict(terms))])
        except Mistake as mistake:
            said = str(mistake).split(": ", 1)[-1]
            raise Mistake(mistake.code, said) from mistake
        return entry

    def _sifted(self, planned: list[Planned]) -> Iterator[Planned]:
        found = self.staging.add([one.entry for one in planned]) if planned else {}
        for at, one in enumerate(planned):
            if at not in found:
                yield one
                continue
            refusal = found[at]
            code = refusal.facts.get("unknown") or refusal.facts.get("taken")
            where = next((name for name, said in one.line.says.items() if code is not None and said == code), "")
            place = one.line.cells.get(where, f"row {one.line.number}")
            self.taken.rejected.append(one.line.fault(refusal.code, f"{one.line.sheet} {place}: {refusal}", where))


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Rows are freed as they are done with; looking through everything for circles took a fifth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _silent(stage: str, many: int) -> None:
    """Nobody wants to know how far it is."""


def take(
    path: Path,
    screen: Screen,
    said: Source | None,
    *,
    by: str,
    paper: Paper,
    trial: bool = False,
    good: bool = False,
    told: Told = _silent,
) -> Taken:
    """Import a file under a decision; with `trial` nothing is written, with `good` rows that are right are taken."""
    if not screen.opened_by:
        raise Refused("only_listed", "“%(name)s” is a list only: nothing is imported there.", name=screen.name)

    def once(alone: bool) -> Taken:
        """All in one transaction: what is not written at its end was never there."""
        with transaction.atomic():
            staging = Staging(by, alone=alone)
            taken = Intake(screen, said, staging, told).read(path)
            wanted = staging.count and (trial or good or not taken.rejected)
            if wanted:
                told(WRITING, staging.count)
                code = staging.write(paper).code
                taken.decision = "" if trial else code
            if trial or not wanted:
                transaction.set_rollback(True)
            else:
                told(WRITTEN, staging.count)
        return taken

    try:
        with _uncollected():
            try:
                return once(alone=False)
            except Overtaken:
                return once(alone=True)
    except (IntegrityError, ProgrammingError) as error:
        raise refused(error) from error


def sheets_of(faults: Iterable[Fault]) -> dict[str, dict[int, list[Fault]]]:
    """The faults by sheet and row, for the workbook of what was rejected."""
    found: dict[str, dict[int, list[Fault]]] = {}
    for fault in faults:
        found.setdefault(fault.sheet, {}).setdefault(fault.row, []).append(fault)
    return found
