"""Rows from outside become the acts of one decision: new facts begin, what is on file is corrected, the rest stays.

Every row is tried before any is written, and all that is wrong is told at once, by sheet and cell. A row with the key
of a record is that record; a row without is what is on file already, if that says the same, and else new. So the same
file changes nothing the second time.
"""

import gc
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import IntegrityError, ProgrammingError, transaction
from pydantic import ValidationError

from canbo.exchange.columns import CODE, RECORD, UNTIL, asked, fields
from canbo.exchange.layout import Source
from canbo.exchange.lines import Fault, Line, Lines, Taken
from canbo.exchange.lying import LYING, Lying
from canbo.exchange.odd import odd
from canbo.exchange.register import Held, Register
from canbo.kernel.act import ACTIONS
from canbo.kernel.memory import uncollected
from canbo.kernel.periods import Partial
from canbo.kernel.refusal import Mistake, Refused
from canbo.kernel.screen import SINCE, Screen
from canbo.registry.facts import Decision, Unit
from canbo.registry.ledger import Entry, Paper, refused
from canbo.registry.ledger import read as read_acts
from canbo.registry.staging import Overtaken, Staging

TOGETHER = 5_000
"""So many rows are compared, tried and staged at a time; nothing of them is kept but what is wrong."""
MOST = 100_000
"""So many faults are told; a file with more is of another kind, and nothing of it is taken."""
READING, WRITING, WRITTEN = "reading", "writing", "written"
Told = Callable[[str, int], None]
"""Is told how far an import is: a stage, and how many rows or acts."""


@dataclass(frozen=True)
class Planned:
    """An act that a row asks for, and what it does to the register: created, changed or ended."""

    line: Line
    does: str
    entry: Entry


class Intake:
    """The import of one file into one list."""

    def __init__(
        self,
        screen: Screen,
        said: Source | None,
        staging: Staging,
        told: Told,
        taken: Taken | None = None,
        *,
        opening: bool = False,
    ) -> None:
        self.screen, self.said = screen, said
        self.staging, self.told = staging, told
        self.asked = asked(screen)
        closing = ACTIONS.ask(screen.closed_by).terms.model_fields if screen.closed_by else {}
        self.closing = [name for name in closing if name not in ("on", "reason")]
        self.already: set[bytes] = set()
        self.action = ACTIONS.ask(said.act if said and said.act else screen.begins_by(opening=opening))
        self.taken = taken or Taken()
        self.lines: list[Line] = []
        self.lying: dict[str, Lying] = {}

    def read(self, path: Path) -> Taken:
        """Read the rows of a file and stage the acts that they ask for; all that is wrong are faults."""
        return self.stage(Lines(self.screen, self.said, self.taken).of(path))

    def stage(self, lines: Iterable[Line | None]) -> Taken:
        """The same of rows that are read elsewhere, so many at a time."""
        for line in lines:
            full = len(self.lines) == TOGETHER or len(self.taken.rejected) > MOST
            if full or (line and self.lines and line.layout is not self.lines[0].layout):
                self._stage()
            if line:
                self.lines.append(line)
        self._stage()
        return self.taken

    def _stage(self) -> None:
        """Stage what the rows read so far ask for."""
        for one in self._plan() if self.lines else ():
            if one.does:
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
        planned = []
        matched = list(self._matched())
        units = {held.says["unit"] for _, held in matched if held} if Unit in self.action.introduces else set()
        self.lying = {name: Lying(name, units) for name in LYING if units and self._codes(name)}
        for line, mine in matched:
            try:
                acts = list(self._acts(line, mine))
                if not acts or self._repeats(acts):
                    self.taken.unchanged += 1
                else:
                    planned += acts
            except Refused as refusal:
                self.taken.rejected.append(self._refused(line, refusal))
        return self._sifted(planned)

    def _matched(self) -> Iterator[tuple[Line, Held | None]]:
        """Each row with what is on file of it, if anything is."""
        register = Register(self.screen, self.lines[0].layout.given)
        held = register.by_key(line.says[RECORD] for line in self.lines if line.says.get(RECORD))
        named = {name: self._codes(name) for name, one in register.given.items() if one.kind == CODE}
        for name, codes in named.items():
            if led := register.leads(name, codes):
                self._led(name, led)
                named[name] = self._codes(name)
        thing = max(named, key=lambda name: len(named[name]), default="")
        about = register.by_thing(thing, named[thing]) if thing else {}
        for line in self.lines:
            key = line.says.get(RECORD)
            yield line, held.get(key) if key else self._same(line, about.get(line.says.get(thing, ""), []))

    def _repeats(self, acts: list[Planned]) -> bool:
        """Does the file say it once more?"""
        said = hashlib.blake2b(b"".join(one.entry.told for one in acts), digest_size=16).digest()
        if said in self.already:
            return True
        self.already.add(said)
        return False

    def _led(self, name: str, led: Mapping[str, str]) -> None:
        """Whoever's records were merged since the file was written is named by the number that was kept."""
        for line in self.lines:
            if line.says.get(name) in led:
                line.says[name] = led[line.says[name]]

    def _codes(self, name: str) -> set[str]:
        return {code for line in self.lines if (code := line.says.get(name))}

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
            raise Refused(
                "no_such_record",
                "there is no record %(key)s within your reach; leave the cell empty for a new one",
                key=key,
            )
        if held is None:
            yield from self._new(line)
            return
        yield from self._changed(line, held)
        for name in self.lying:
            if said := line.says.get(name):
                yield from self._lies(line, held, name, said)

    def _lies(self, line: Line, held: Held, name: str, said: str) -> Iterable[Planned]:
        """A row says without a day where a unit on file lies: what differs is told."""
        if told := self.lying[name].otherwise(line, held, said):
            self.taken.warnings.append(told)
        return ()

    def _changed(self, line: Line, held: Held) -> Iterator[Planned]:
        key = line.says.get(RECORD)
        other = {n: v for n, v in line.says.items() if n in held.says and v != held.says[n] and (key or v is not None)}
        if not other:
            return
        if {SINCE, UNTIL} & {name for name, said in other.items() if said is None}:
            raise Refused(
                "no_day_taken_back", "a day that was said is not taken back by emptying its cell; annul what said it"
            )
        ends = UNTIL in other and not held.says.get(UNTIL)
        if ends and self.closing and other.keys() <= {UNTIL, *self.closing}:
            yield Planned(line, "ended", self._entry(line, self.screen.closed_by, self._ending(held.says | other)))
            return
        empty = {name: "" for name, said in other.items() if said is None}
        on = line.says.get(SINCE) or held.says.get(SINCE)
        terms = {"fact": held.fact, "on": on, "reason": "import", **other, **empty}
        does = "ended" if ends and other.keys() == {UNTIL} else "changed"
        yield Planned(line, does, self._entry(line, f"{self.screen.model._meta.model_name}.correct", terms))

    def _new(self, line: Line) -> Iterator[Planned]:
        """What begins, and ends where the row says so: by one act, if that can say it, else by two."""
        says = line.says
        apart = says.get(UNTIL) and "until" not in self.action.terms.model_fields
        if apart and not self.closing:
            raise Refused("ends_otherwise", "an end cannot be said here; leave the cell empty")
        left = {RECORD} | ({UNTIL, *self.closing} - self.asked.keys() if apart else set())
        terms = {self.asked.get(name, name): said for name, said in says.items() if name not in left}
        entry = self._entry(line, self.action.name, {name: said for name, said in terms.items() if said is not None})
        yield Planned(line, "created", entry)
        if apart:
            yield Planned(line, "", self._entry(line, self.screen.closed_by, self._ending(says)))

    def _ending(self, says: Mapping[str, Any]) -> dict[str, Any]:
        """The terms of the act by which something ends on its last day, as exactly as that is known."""
        last = says[UNTIL]
        return {name: says[name] for name in self.closing if says.get(name) is not None} | {
            "on": Partial.of(last).after.isoformat()[: len(last)]
        }

    def _entry(self, line: Line, name: str, terms: Mapping[str, Any]) -> Entry:
        try:
            (entry,) = read_acts([(name, dict(terms))])
        except Mistake as mistake:
            if left := self._unsaid(mistake.__cause__):
                raise Mistake("not_said", "new rows have to say this too: %(fields)s", fields=left) from mistake
            said = str(mistake).split(": ", 1)[-1]
            raise Mistake(mistake.code, "this cannot be: %(why)s", why=said) from mistake
        return entry

    def _unsaid(self, error: BaseException | None) -> str:
        """The columns for terms without which the act cannot be, where that is all that is wrong with it."""
        wrong = error.errors() if isinstance(error, ValidationError) else []
        if any(one["type"] != "missing" for one in wrong):
            return ""
        labels = {one.of: one.label for one in fields(self.screen)}
        told = {term: labels.get(name, name) for name, term in self.asked.items()}
        return ", ".join(told.get(term, term) for term in (str(one["loc"][0]) for one in wrong))

    def _sifted(self, planned: list[Planned]) -> list[Planned]:
        """The acts without those of rows that what is so refuses: a row is taken with all its acts or not at all."""
        if not planned:
            return []
        found = self.staging.add([one.entry for one in planned], [one.line.place for one in planned])
        wrong = {planned[at].line.place: (planned[at].line, refusal) for at, refusal in found.items()}
        self.taken.rejected += [self._refused(line, refusal) for line, refusal in wrong.values()]
        taken = [one for one in planned if one.line.place not in wrong]
        for one in taken:
            self.taken.acts.add(one.line)
        return taken

    def _refused(self, line: Line, refusal: Refused) -> Fault:
        """What is refused, at the cell that it is about."""
        if refusal.code == "ends_before_it_begins":
            return line.fault(refusal, UNTIL)
        code = refusal.facts.get("unknown") or refusal.facts.get("taken")
        return line.fault(refusal, next((name for name, said in line.says.items() if code and said == code), ""))


def silent(stage: str, many: int) -> None:
    """Nobody wants to know how far it is."""


def may_take(screen: Screen) -> None:
    """Refuse a list into which nothing is imported."""
    if not screen.opened_by:
        raise Refused("only_listed", "“%(name)s” is a list only: nothing is imported there.", name=screen.name)


def together(
    path: Path, parts: Sequence[tuple[Screen, Source]], *, by: str, paper: Paper, told: Told = silent, **how: bool
) -> Taken:
    """Import several sheets of a workbook under one decision, in the order of their mappings."""
    opening = paper.kind == Decision.OPENING

    def read(staging: Staging) -> Taken:
        taken = Taken()
        for screen, said in parts:
            may_take(screen)
            Intake(screen, said, staging, told, taken, opening=opening).read(path)
        return taken

    return decided(read, by=by, paper=paper, told=told, **how)


def take(
    path: Path,
    screen: Screen,
    said: Source | None,
    *,
    by: str,
    paper: Paper,
    trial: bool = False,
    good: bool = False,
    told: Told = silent,
) -> Taken:
    """Import a file under a decision; with `trial` nothing is written, with `good` rows that are right are taken."""
    may_take(screen)

    def read(staging: Staging) -> Taken:
        return Intake(screen, said, staging, told, opening=paper.kind == Decision.OPENING).read(path)

    return decided(read, by=by, paper=paper, trial=trial, good=good, told=told)


def decided(
    read: Callable[[Staging], Taken], *, by: str, paper: Paper, trial: bool, good: bool, told: Told = silent
) -> Taken:
    """Write as one decision what `read` stages; it is read again where another decision came between."""

    def once(alone: bool) -> Taken:
        """All in one transaction: what is not written at its end was never there."""
        with transaction.atomic():
            staging = Staging(by, alone=alone)
            taken = read(staging)
            wanted = staging.count and (trial or good or not taken.rejected)
            if wanted:
                told(WRITING, staging.count)
                decision = staging.write(paper)
                taken.decision = "" if trial else decision.code
                taken.warnings += odd(decision, staging.tables.facts, taken.acts.row)
            if trial or not wanted:
                transaction.set_rollback(True)
            else:
                told(WRITTEN, staging.count)
        return taken

    try:
        with uncollected():
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
