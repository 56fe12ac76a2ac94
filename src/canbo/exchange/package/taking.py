"""Takes a package into the register, all of it by one decision: what is new begins, what is on file stays.

Of what is on file already, what is empty here is filled; what both say otherwise is a conflict, told by part and cell
with both values. Like all that is wrong it keeps everything from being written, until one side is said to count, or
the good rows are taken without the others. When a record began, and how, is each register's own, and no conflict.
"""

import base64
import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from canbo.exchange.intake import Intake, Planned, Told, decided
from canbo.exchange.kits.taking import CONFLICT, THEIRS
from canbo.exchange.layout import ISO, Source, own
from canbo.exchange.lines import Fault, Line, Lines, Taken
from canbo.exchange.package.declared import declared
from canbo.exchange.package.manifest import Manifest
from canbo.exchange.package.manifest import read as read_manifest
from canbo.exchange.package.signed import proven
from canbo.exchange.package.tables import ENTRY, Table, goes_on, tables
from canbo.exchange.reading.file import Sheet, parts
from canbo.exchange.reading.limits import MANIFEST, SIGNATURE, TABLES
from canbo.exchange.register import Held
from canbo.kernel.act import ACTIONS
from canbo.kernel.profile import profile
from canbo.kernel.refusal import Refused
from canbo.kernel.screen import SINCE, UNTIL
from canbo.registry.facts import Person
from canbo.registry.ledger import Paper
from canbo.registry.membership.models import Entry
from canbo.registry.staging import Staging

BEGUN = {
    Entry.ADMISSION: "membership.admit",
    Entry.READMISSION: "membership.admit",
    Entry.STAGE: "membership.advance",
    Entry.TRANSFER: "membership.transfer",
    Entry.CATEGORY: "membership.recategorise",
    Entry.BALANCE: "membership.take-over",
}
"""The act by which a stretch of membership begins as it says that it did."""


@dataclass(frozen=True)
class Package:
    """A package that was sent: where it lies, what it says of itself, whose mark it bears."""

    path: Path
    manifest: Manifest
    signer: str


def opened(path: Path, key: bytes, signer: str = "") -> Package:
    """Prove that a package is whole and signed by this installation or by `signer`, and can be read here."""
    said: dict[str, bytes] = {}
    with contextlib.closing(parts(path)) as sheets:
        for sheet in sheets:
            if sheet.name not in (MANIFEST, SIGNATURE):
                break
            said[sheet.name] = base64.b64decode("".join(str(row.values[0]) for row in sheet.rows))
    found = read_manifest(said[MANIFEST])
    return Package(path, found, proven(said[MANIFEST], said[SIGNATURE], key, signer))


def taken(package: Package, *, by: str, paper: Paper, trial: bool, good: bool, counts: str, told: Told) -> Taken:
    """Bring in a package under a decision; where both say otherwise, `counts` says whose word does."""

    def read(staging: Staging) -> Taken:
        taken, known = Taken(), {f"{TABLES}{one.name}.csv": one for one in tables(declared(profile()))}
        for sheet in parts(package.path):
            if table := known.get(sheet.name):
                Receiving(table, counts, staging, told, taken).receive(sheet)
            elif sheet.name not in (MANIFEST, SIGNATURE):
                taken.warnings.append(
                    Refused("no_such_table", "%(part)s: no table that is known here, left aside", part=sheet.name)
                )
        return taken

    return decided(read, by=by, paper=paper, trial=trial, good=good, told=told)


class Receiving(Intake):
    """The import of one table."""

    def __init__(self, table: Table, counts: str, staging: Staging, told: Told, taken: Taken) -> None:
        super().__init__(table.screen, None, staging, told, taken)
        self.table, self.counts = table, counts
        self.gone_on: set[tuple[str, int]] = set()
        """The rows with which the next one goes on: its act is what ends them."""

    def receive(self, sheet: Sheet) -> None:
        """Stage the acts that its rows ask for."""
        known = {one.of for one in self.table.fields}
        said = Source(
            concept=self.table.name, columns={name: name for name in sheet.columns if name in known}, dates=ISO
        )
        lines = Lines(self.screen, said, self.taken).sheet(replace(sheet, rows=own(sheet)))
        self.stage(self._joined(lines) if self.table.stretches else lines)

    def _joined(self, lines: Iterable[Line | None]) -> Iterator[Line | None]:
        """The same rows, once it is known whether the next one goes on with them."""
        before: Line | None = None
        for line in lines:
            if before and line and goes_on(before.says, line.says):
                self.gone_on.add(before.place)
            if before:
                yield before
            before = line
        yield before

    def _same(self, line: Line, about: list[Held]) -> Held | None:
        """What is on file of the same: of what there is one, the last; else what says the same but for its end."""
        if self.table.introduces:
            return max(about, key=lambda held: str(held.says.get(SINCE) or ""), default=None)
        told = {UNTIL, ENTRY, *self.screen.model.SAYS_HOW_IT_ENDED}
        return next((held for held in about if self._is(held, line, told)), None)

    @staticmethod
    def _is(held: Held, line: Line, told: set[str]) -> bool:
        says = {name: said for name, said in line.says.items() if name not in told}
        return all((held.says.get(name) or None) == (said or None) for name, said in says.items())

    def _acts(self, line: Line, held: Held | None) -> Iterator[Planned]:
        """What a row asks for: something new, or what fills what is empty here."""
        if line.place in self.gone_on:
            line.says.pop(UNTIL, None)
        if held is not None:
            line.says = {**held.says, **self._other(line, held)}
        yield from super()._acts(line, held)

    def _other(self, line: Line, held: Held) -> dict[str, Any]:
        """What a row says otherwise than the register, as far as it is taken; an undecided conflict is refused."""
        own = {ENTRY, *({SINCE} if self.table.introduces else ())}
        other = {
            name: said
            for name, said in line.says.items()
            if name in held.says and name not in own and said is not None and said != held.says[name]
        }
        both = [name for name in other if held.says[name] is not None]
        if both and not self.counts:
            wrong = [_conflict(line.says, name, held.says[name], other[name]) for name in both]
            self.taken.rejected += [self._refused(line, one) for one in wrong[1:]]
            raise wrong[0]
        return {name: said for name, said in other.items() if self.counts == THEIRS or name not in both}

    def _new(self, line: Line) -> Iterator[Planned]:
        """What begins: of a stretch of membership by the act that says how it did."""
        entry = line.says.pop(ENTRY, None)
        if self.table.stretches:
            self.action = ACTIONS.ask(BEGUN[Entry(entry or Entry.BALANCE)])
            known = {SINCE, UNTIL, *self.closing, *self.action.terms.model_fields}
            line.says = {name: said for name, said in line.says.items() if name in known}
        yield from super()._new(line)

    def _refused(self, line: Line, refusal: Refused) -> Fault:
        if refusal.code == CONFLICT:
            return line.fault(refusal, str(refusal.facts["field"]))
        return super()._refused(line, refusal)


def _conflict(says: Mapping[str, Any], name: str, ours: Any, theirs: Any) -> Refused:
    facts = {"person": str(says.get("person") or ""), "field": name, "ours": str(ours), "theirs": str(theirs)}
    return Refused(CONFLICT, "%(field)s: the register says “%(ours)s”, the package “%(theirs)s”", **facts)


def whom(taken: Taken) -> set[int]:
    """The keys of the people on file whom its conflicts show."""
    codes = {str(one.why.facts["person"]) for one in taken.rejected if one.code == CONFLICT}
    return set(Person.objects.filter(code__in=codes - {""}).values_list("pk", flat=True))
