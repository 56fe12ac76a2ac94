"""Rows from outside become the acts of one decision: new facts begin, what is on file is corrected, the rest stays.

Every row is tried before any is written, and all that is wrong is told at once, by sheet and cell. A row with the key
of a record is that record; a row without is what is on file already, if that says the same, and else new. So the same
file changes nothing the second time.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from canbo.exchange.columns import CODE, RECORD, UNTIL, asked, fields
from canbo.exchange.layout import Layout, Source, of
from canbo.exchange.reading.file import Sheet, read
from canbo.exchange.reading.places import cell
from canbo.exchange.register import Held, Register
from canbo.exchange.values import value
from canbo.kernel.act import ACTIONS
from canbo.kernel.refusal import Mistake, Refused
from canbo.kernel.screen import SINCE, Screen
from canbo.registry.ledger import Entry, Paper, apply, preview, sift
from canbo.registry.ledger import read as read_acts


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row, and in which cell: that of the field `of`, or of the row as a whole."""

    sheet: str
    cell: str
    code: str
    message: str
    row: int
    of: str = ""
    why: Refused | None = None

    def told(self, translate: Callable[[str], str]) -> str:
        """What is wrong, in another language, without where."""
        return self.why.told(translate) if self.why else self.message


@dataclass
class Line:
    """A row: where it stands, what it says by field, and the cell of each field."""

    sheet: str
    number: int
    says: dict[str, Any] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)

    def fault(self, code: str, message: str, of: str = "", why: Refused | None = None) -> Fault:
        """Something wrong in the cell of a field, or with the row."""
        of = of if of in self.cells else ""
        return Fault(self.sheet, self.cells.get(of, cell(self.number, 0)), code, message, self.number, of, why)


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


@dataclass(frozen=True)
class Planned:
    """An act that a row asks for, and what it does to the register: created, changed or ended."""

    line: Line
    does: str
    entry: Entry


class Intake:
    """The import of one file into one list."""

    def __init__(self, screen: Screen, said: Source | None) -> None:
        self.screen, self.said = screen, said
        self.action = ACTIONS.ask(said.act if said and said.act else screen.opened_by)
        self.taken = Taken()
        self.lines: list[Line] = []
        self.layout: Layout | None = None

    def read(self, path: Path) -> None:
        """Read the rows; cells that cannot be taken are faults."""
        encoding = self.said.encoding if self.said else None
        for number, sheet in enumerate(read(path, encoding=encoding)):
            if sheet.hidden or (self.said and self.said.sheet not in ("", sheet.name)) or (not self.said and number):
                continue
            self._sheet(sheet)
        if self.layout is None:
            raise Mistake("no_sheet", "%(file)s has no sheet to read", file=path.name)

    def _sheet(self, sheet: Sheet) -> None:
        layout, rows = of(sheet, self.screen, self.said)
        self.layout = layout
        self.taken.warnings += sheet.notes
        if layout.left:
            said = {"sheet": sheet.name, "names": ", ".join(layout.left)}
            self.taken.warnings.append(Refused("left_aside", "%(sheet)s: left aside: %(names)s", **said))
        if layout.never:
            said = {"sheet": sheet.name, "many": layout.never}
            self.taken.warnings.append(
                Refused("never_recorded", "%(sheet)s: columns of what is never recorded, not read: %(many)s", **said)
            )
        for row in rows:
            line = Line(sheet.name, row.number, dict(layout.said.fixed))
            self.taken.rows += 1
            wrong = list(self._cells(line, row, layout))
            self.taken.rejected += wrong
            if not wrong:
                self.lines.append(line)

    def _cells(self, line: Line, row: Any, layout: Layout) -> Iterator[Fault]:
        for at, one in layout.places.items():
            line.cells[one.of] = row.cell(at)
            flaw = row.flaws.get(at)
            if flaw and flaw.code != "merged":
                yield line.fault(flaw.code, str(flaw), one.of, flaw)
                continue
            try:
                line.says[one.of] = value(one, row.values[at] if at < len(row.values) else None, layout)
            except (Refused, ValueError) as error:
                why = error if isinstance(error, Refused) else Mistake("no_day", str(error))
                yield line.fault(why.code, f"{line.sheet} {line.cells[one.of]}: {error}", one.of, why)

    def plan(self) -> list[Planned]:
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
                said = f"{line.sheet} row {line.number}: {refusal}"
                self.taken.rejected.append(line.fault(refusal.code, said, why=refusal))
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
        names = asked(self.screen) | {UNTIL: UNTIL}
        return {names.get(name, name): said for name, said in line.says.items() if name != RECORD and said is not None}

    def _entry(self, line: Line, name: str, terms: Mapping[str, Any]) -> Entry:
        try:
            (entry,) = read_acts([(name, dict(terms))])
        except Mistake as mistake:
            if left := self._unsaid(mistake.__cause__):
                raise Mistake("not_said", "new rows have to say this too: %(fields)s", fields=left) from mistake
            said = str(mistake).split(": ", 1)[-1]
            raise Mistake(mistake.code, said) from mistake
        return entry

    def _unsaid(self, error: BaseException | None) -> str:
        """The columns for terms without which the act cannot be, where that is all that is wrong with it."""
        wrong = error.errors() if isinstance(error, ValidationError) else []
        if any(one["type"] != "missing" for one in wrong):
            return ""
        labels, names = {one.of: one.label for one in fields(self.screen)}, asked(self.screen)
        told = {term: labels.get(name, name) for name, term in names.items()}
        return ", ".join(told.get(term, term) for term in (str(one["loc"][0]) for one in wrong))

    def _sifted(self, planned: list[Planned]) -> Iterator[Planned]:
        refused = sift([one.entry for one in planned])
        for at, one in enumerate(planned):
            if at not in refused:
                yield one
                continue
            refusal = refused[at]
            code = refusal.facts.get("unknown") or refusal.facts.get("taken")
            where = next((name for name, said in one.line.says.items() if code is not None and said == code), "")
            place = one.line.cells.get(where, f"row {one.line.number}")
            said = f"{one.line.sheet} {place}: {refusal}"
            self.taken.rejected.append(one.line.fault(refusal.code, said, where, refusal))


def take(
    path: Path, screen: Screen, said: Source | None, *, by: str, paper: Paper, trial: bool = False, good: bool = False
) -> Taken:
    """Import a file under a decision; with `trial` nothing is written, with `good` rows that are right are taken."""
    if not screen.opened_by:
        raise Refused("only_listed", "“%(name)s” is a list only: nothing is imported there.", name=screen.name)
    intake = Intake(screen, said)
    intake.read(path)
    planned = intake.plan()
    taken = intake.taken
    for one in planned:
        setattr(taken, one.does, getattr(taken, one.does) + 1)
    if not planned or (taken.rejected and not good and not trial):
        return taken
    acts = [(one.entry.action.name, one.entry.terms) for one in planned]
    outcome = (preview if trial else apply)(by=by, decided_by=paper, acts=acts)
    taken.decision = "" if trial else outcome.code
    return taken


def sheets_of(faults: Iterable[Fault]) -> dict[str, dict[int, list[Fault]]]:
    """The faults by sheet and row, for the workbook of what was rejected."""
    found: dict[str, dict[int, list[Fault]]] = {}
    for fault in faults:
        found.setdefault(fault.sheet, {}).setdefault(fault.row, []).append(fault)
    return found
