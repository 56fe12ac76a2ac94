"""Takes a kit back: what was given, what the register holds now and what the workbook says are compared by field.

What only the workbook changed becomes acts, as rows of any import do. What both changed otherwise is a conflict, told
by sheet and cell with both values: like all that is wrong it keeps everything from being written, until one side is
said to count, or the good rows are taken without the others.
"""

import contextlib
import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import override

from canbo.exchange.columns import RECORD
from canbo.exchange.intake import Intake, Planned, Told, decided
from canbo.exchange.kits.statement import SHEET, Given, Statement, proven
from canbo.exchange.lines import Fault, Line, Lines, Taken
from canbo.exchange.reading.file import read
from canbo.exchange.register import Held
from canbo.kernel.instants import today
from canbo.kernel.refusal import Refused
from canbo.kernel.screen import SCREENS
from canbo.registry.facts import Decision, Unit
from canbo.registry.ledger import Paper
from canbo.registry.organisations.queries import unit_of
from canbo.registry.staging import Staging
from canbo.registry.store import among
from canbo.registry.tree import Closure, scope
from canbo.reports.question import latest_known

OURS, THEIRS = "ours", "theirs"
CONFLICT = "conflict"


@dataclass(frozen=True)
class Returned:
    """A kit that came back: where it lies, what opens it, what it says of itself."""

    path: Path
    code: str
    statement: Statement

    @property
    def mark(self) -> str:
        """The reason of the decision by which it is taken, which so remembers that it was."""
        return f"kit {self.statement.kit}"


def opened(path: Path, code: str, key: bytes) -> Returned:
    """Unlock a kit and prove that it was made here and may still be taken."""
    with contextlib.closing(read(path, code=code, headings={SHEET: 0})) as sheets:
        mark = next((sheet for sheet in sheets if sheet.name == SHEET), None)
        cells = [str(row.values[0]) for row in mark.rows] if mark else []
    found = Returned(path, code, proven(cells, key))
    if today() > dt.date.fromisoformat(found.statement.until):
        raise Refused(
            "kit_expired",
            "this kit was to be returned by %(until)s; make a new one, and enter there what is new",
            until=found.statement.until,
        )
    return found


def taken(kit: Returned, *, by: str, paper: Paper, trial: bool, good: bool, counts: str, told: Told) -> Taken:
    """Merge a kit with the register under a decision; where both changed the same, `counts` says whose word does."""

    def merged(staging: Staging) -> Taken:
        _once(kit)
        taken, left, bounds = Taken(), dict(kit.statement.sheets), Bounds(kit.statement.unit)
        for sheet in read(kit.path, code=kit.code):
            if name := left.pop(sheet.name, ""):
                merge = Merge(kit.statement.given[name], name, bounds, counts, staging, told, taken)
                merge.stage(Lines(merge.screen, None, taken).sheet(sheet))
            elif sheet.name not in kit.statement.beside:
                taken.warnings.append(
                    Refused("no_sheet_of_it", "%(sheet)s: no sheet of this kit, left aside", sheet=sheet.name)
                )
        if left:
            names = ", ".join(left)
            raise Refused("kit_incomplete", "the sheets %(names)s of this kit are missing; put them back", names=names)
        bounds.hold(staging)
        return taken

    with override(kit.statement.language):
        remembered = paper.model_copy(update={"reason": kit.mark})
        return decided(merged, by=by, paper=remembered, trial=trial, good=good, told=told)


def _once(kit: Returned) -> None:
    """What was taken is not taken again: what was decided since would be undone unseen."""
    before = Decision.objects.filter(reason=kit.mark, annulment=None).first()
    if before:
        raise Refused(
            "kit_taken",
            "this kit was taken by the decision %(decision)s; annul that first if it is to be taken otherwise",
            decision=before.code,
        )


class Bounds:
    """The units of a kit: whoever has it says nothing of other ones, whatever those who take it may do."""

    def __init__(self, code: str) -> None:
        self.code, on = code, today()
        roots = scope(unit_of(code), on, latest_known()).roots
        beneath = Closure.objects.filter(ancestor__in=roots, valid__contains=on)
        self.units = set(beneath.values_list("descendant", flat=True))
        self.codes = set(Unit.objects.filter(among("pk", self.units)).values_list("code", flat=True))

    def allow(self, code: str) -> None:
        """Refuse a row that says it is of another unit."""
        if code not in self.codes and Unit.objects.filter(code=code).exists():
            raise Refused("beyond_the_kit", "%(taken)s is no unit of this kit (%(unit)s)", taken=code, unit=self.code)

    def hold(self, staging: Staging) -> None:
        """Refuse a kit whose rows come to say something of another unit, in whatever way."""
        if beyond := staging.tables.units() - self.units:
            codes = ", ".join(Unit.objects.filter(among("pk", beyond)).values_list("code", flat=True))
            raise Refused("beyond_the_kit", "%(taken)s is no unit of this kit (%(unit)s)", taken=codes, unit=self.code)


class Merge(Intake):
    """The import of one sheet of a kit."""

    def __init__(
        self,
        given: Mapping[str, Given],
        name: str,
        bounds: Bounds,
        counts: str,
        staging: Staging,
        told: Told,
        taken: Taken,
    ) -> None:
        super().__init__(SCREENS[name], None, staging, told, taken)
        self.given, self.bounds, self.counts = given, bounds, counts

    def _acts(self, line: Line, held: Held | None) -> Iterator[Planned]:
        """What a row asks for once it says only what whoever had the kit changed."""
        if key := line.says.get(RECORD):
            given = self.given.get(str(key))
            if given is None:
                raise Refused("not_handed_out", "the record %(record)s was not handed out with this kit", record=key)
            changed = {name: said for name, said in line.says.items() if name in given and said != given[name]}
            if not changed:
                return
            line.says = {RECORD: key, **self._settled(line, changed, given, held.says if held else {})}
        if code := line.says.get("unit"):
            self.bounds.allow(code)
        yield from super()._acts(line, held)

    def _settled(self, line: Line, changed: Given, given: Given, mine: Mapping[str, Any]) -> Given:
        """The changes less those that the register does not take; a conflict that nobody decided is refused."""
        both = [name for name, said in changed.items() if name in mine and mine[name] not in (given[name], said)]
        if both and not self.counts:
            person = str(line.says.get("person") or "")
            wrong = [_conflict(person, name, given[name], mine[name], changed[name]) for name in both]
            self.taken.rejected += [self._refused(line, one) for one in wrong[1:]]
            raise wrong[0]
        return {name: said for name, said in changed.items() if self.counts != OURS or name not in both}

    def _refused(self, line: Line, refusal: Refused) -> Fault:
        if refusal.code == CONFLICT:
            return line.fault(refusal, str(refusal.facts["field"]))
        return super()._refused(line, refusal)


def _conflict(person: str, name: str, given: Any, ours: Any, theirs: Any) -> Refused:
    facts = {"person": person, "field": name, "given": _said(given), "ours": _said(ours), "theirs": _said(theirs)}
    return Refused(
        CONFLICT,
        "%(field)s was given as “%(given)s”; the register says “%(ours)s” by now, the kit “%(theirs)s”",
        **facts,
    )


def _said(value: Any) -> str:
    return "; ".join(value) if isinstance(value, list) else "" if value is None else str(value)


def conflicts(taken: Taken) -> list[dict[str, str]]:
    """What both sides changed otherwise, by cell."""
    return [
        {"sheet": one.sheet, "cell": one.cell, **{name: str(said) for name, said in one.why.facts.items()}}
        for one in taken.rejected
        if one.code == CONFLICT
    ]
