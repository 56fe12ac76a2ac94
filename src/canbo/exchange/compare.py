"""A file from elsewhere beside the register: who is there and not here, here and not there, and which values differ.

Nothing is written. The rows are read as for an import, by the same columns or mapping, and held against what is so on a
day of the units asked about, as far as whoever asks may see it. A cell with nothing in it says nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import models

from canbo.exchange.columns import CODE, RECORD, Field
from canbo.exchange.layout import Source
from canbo.exchange.lines import Fault, Line, Lines, Taken
from canbo.exchange.reading.places import cell
from canbo.exchange.register import Held, Register
from canbo.kernel.refusal import Mistake, Refused
from canbo.kernel.screen import Screen
from canbo.registry.facts import Fact, Person, Unit, content
from canbo.registry.people.queries import named
from canbo.registry.store import among
from canbo.reports.quality.asked import Asked
from canbo.reports.quality.rule import looked_at


@dataclass(frozen=True)
class Difference:
    """What a cell says, and what the register says of the same."""

    sheet: str
    cell: str
    row: int
    code: str
    field: str
    there: str
    here: str


@dataclass(frozen=True)
class OnlyThere:
    """A row about something that the list does not hold on the day; `known` says that it is on file at all."""

    sheet: str
    cell: str
    row: int
    code: str
    known: bool


@dataclass(frozen=True)
class OnlyHere:
    """A record of the list about something that no row names."""

    record: int
    code: str
    name: str
    unit: str


@dataclass
class Compared:
    """How a file and the register agree."""

    rows: int = 0
    same: int = 0
    different: list[Difference] = field(default_factory=list)
    only_there: list[OnlyThere] = field(default_factory=list)
    only_here: list[OnlyHere] = field(default_factory=list)
    unread: list[Fault] = field(default_factory=list)
    warnings: list[Refused] = field(default_factory=list)
    people: set[int] = field(default_factory=set)
    """Whom the answer names of those on file."""
    kind: type[models.Model] = Unit
    """What the rows are about."""


def compare(path: Path, screen: Screen, said: Source | None, asked: Asked) -> Compared:
    """Hold a file against a list, as it is on a day."""
    if not issubclass(screen.model, Fact):
        raise Refused("only_listed", "“%(name)s” is a list only: nothing is compared with it.", name=screen.name)
    taken = Taken()
    lines = list(Lines(screen, said, taken, every=True).of(path))
    found = Compared(taken.rows, unread=taken.rejected, warnings=taken.warnings)
    if lines:
        _Comparison(screen, lines, asked, found).run()
    return found


class _Comparison:
    """One file against one list while it is compared."""

    def __init__(self, screen: Screen, lines: list[Line], asked: Asked, found: Compared) -> None:
        self.model: type[Fact] = screen.model
        self.lines, self.asked, self.found = lines, asked, found
        given = {name: one for line in lines for name, one in line.layout.given.items()}
        register = Register(screen, given)
        self.given = {name: one for name, one in register.given.items() if name in given and name != RECORD}
        self.thing = self._thing()
        facts = looked_at(self.model, asked).order_by("unit__code", "fact")
        self.rows = {row["fact"]: row for row in facts.values()}
        self.held = list(register.told(list(self.rows.values())))
        units = {row["unit_id"] for row in self.rows.values()}
        self.units = dict(Unit.objects.filter(pk__in=units).values_list("pk", "code"))
        self.codes = self._codes(register)

    def run(self) -> None:
        """Each row against what is here of the same thing, then what no row named."""
        about: dict[str, list[Held]] = defaultdict(list)
        for held in self.held:
            about[held.says[self.thing]].append(held)
        by_key = {held.fact: held for held in self.held}
        met: set[str] = set()
        for line in self.lines:
            code = self.codes.get(line.says.get(self.thing) or "", ("", None))[0]
            key = by_key.get(line.says.get(RECORD) or 0)
            code = code or (key.says[self.thing] if key else "")
            met.add(code)
            if some := [key] if key else about.get(code, []):
                self._against(line, code, some)
            elif line.says.get(self.thing):
                self._only_there(line)
        self.found.only_here = self._only_here(held for held in self.held if held.says[self.thing] not in met)

    def _thing(self) -> str:
        """What the facts are about, by which rows are found again: a person, else what else they name, or the unit."""
        of = {one.name: one.related_model for one in content(self.model) if one.is_relation}
        given = [name for name, one in self.given.items() if one.kind == CODE and name in of]
        ranked = sorted(given, key=lambda name: (of[name] is not Person, name == "unit"))
        if not ranked:
            raise Mistake("no_thing", "the file has to say by code what each row is about")
        return ranked[0]

    def _codes(self, register: Register) -> dict[str, tuple[str, bool]]:
        """The code of today for each that the file says, and whether it is on file."""
        said = {code for line in self.lines if (code := line.says.get(self.thing))}
        self.found.kind = self.model._meta.get_field(self.thing).related_model
        known = set(self.found.kind.objects.filter(among("code", said)).values_list("code", flat=True))
        led = register.leads(self.thing, said)
        return {code: (led.get(code, code), code in known) for code in said}

    def _against(self, line: Line, code: str, some: list[Held]) -> None:
        """The row is that record of the thing from which it differs least."""
        differing = min(([*self._differing(line, held)] for held in some), key=len)
        if not differing:
            self.found.same += 1
            return
        self.found.people.update(self._person(held) for held in some)
        for name, there, here in differing:
            one = self.given[name]
            where, values = (line.sheet, _cell(line, name), line.number), (_told(one, there), _told(one, here))
            self.found.different.append(Difference(*where, code, one.label, *values))

    def _differing(self, line: Line, held: Held) -> Iterator[tuple[str, Any, Any]]:
        for name in self.given:
            said = line.says.get(name)
            if name != self.thing and said is not None and said != held.says[name]:
                yield name, said, held.says[name]

    def _only_there(self, line: Line) -> None:
        code = line.says[self.thing]
        known = self.codes[code][1]
        self.found.only_there.append(OnlyThere(line.sheet, _cell(line, self.thing), line.number, code, known))

    def _only_here(self, some: Iterable[Held]) -> list[OnlyHere]:
        left = list(some)
        people = {self._person(held) for held in left} - {0}
        self.found.people |= people
        names = named(people, self.asked.on, self.asked.known)
        return [
            OnlyHere(held.fact, held.says[self.thing], names.get(self._person(held), ("", ""))[1], self._unit(held))
            for held in left
        ]

    def _unit(self, held: Held) -> str:
        return self.units[self.rows[held.fact]["unit_id"]]

    def _person(self, held: Held) -> int:
        return self.rows[held.fact].get("person_id") or 0


def _cell(line: Line, name: str) -> str:
    return cell(line.number, line.layout.columns[name]) if name in line.layout.columns else ""


def _told(one: Field, value: Any) -> str:
    """A value in words; nothing is said of nothing."""
    if isinstance(value, list):
        return "; ".join(value)
    return "" if value is None else str(one.words.get(value, value) if isinstance(value, str) else value)


def as_json(found: Compared) -> Mapping[str, Any]:
    """The answer as plain values."""
    faults = [{"sheet": f.sheet, "cell": f.cell, "code": f.code, "message": f.message} for f in found.unread]
    return {
        "rows": found.rows,
        "same": found.same,
        "different": [vars(one) for one in found.different],
        "only_there": [vars(one) for one in found.only_there],
        "only_here": [vars(one) for one in found.only_here],
        "unread": faults,
        "warnings": [str(one) for one in found.warnings],
    }
