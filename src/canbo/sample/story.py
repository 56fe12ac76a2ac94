"""How a sample is told: tellers yield decisions in the order in which the register came to know them.

A sample is data of a profile: each file of its `sample/` folder describes one part of the world (a province, an
association) and names tellers, each with a block of settings. A teller is a function in `sample/tellers/` that knows
how to invent one kind of record; no kind of thing is named in it, only in the profile's file.
"""

import datetime as dt
import random
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from canbo.kernel.declare import Shelf
from canbo.kernel.refusal import Mistake
from canbo.registry.ledger import Paper

Acts = list[tuple[str, dict[str, Any]]]
"""Acts as the ledger reads them: the name of the action and its terms."""


@dataclass(frozen=True)
class Decided:
    """A decision of the sample, and the instant from which the register is to know it."""

    known: dt.datetime
    paper: Paper
    acts: Acts


@dataclass(slots=True)
class Human:
    """An invented person, as far as other tellers need to know."""

    code: str
    name: str
    sex: str
    born: dt.date
    minority: bool
    unit: str
    """The unit that keeps the file, for a member the one in which they are counted."""
    since: dt.date | None = None
    """Member since, if at all."""
    until: dt.date | None = None
    origin: str = ""
    """The place the person comes from."""


@dataclass
class World:
    """What the tellers of one file share: the numbers to fit, chance, units and people as they come to be."""

    name: str
    file: Mapping[str, Any]
    seed: int
    size: float
    targets: Mapping[str, Any]
    zone: ZoneInfo
    people: list[Human] = field(default_factory=list)
    groups: dict[str, list[Human]] = field(default_factory=dict)
    """People by the label under which a teller keeps them for later ones (`planned`)."""
    units: dict[str, list[str]] = field(default_factory=dict)
    """Unit codes by the label that the file gives them (`communes`, `cells`), in the order of their founding."""
    served: dict[str, str] = field(default_factory=dict)
    """The place that a unit serves or covers, by unit."""
    heads: dict[str, dict[str, list[Human]]] = field(default_factory=dict)
    """Who held the posts of a label one after another, by unit."""
    planned: dict[str, list[str]] = field(default_factory=dict)
    """The posts for which people are planned and that nobody holds, by unit."""
    parents: dict[str, str] = field(default_factory=dict)
    """What a unit lies under when it is founded."""
    kinds: dict[str, str] = field(default_factory=dict)
    """Of which kind an organisation is."""
    names: dict[str, str] = field(default_factory=dict)
    """What units that the tellers invented are called."""
    founded: dict[str, dt.date] = field(default_factory=dict)
    """When a unit began, where that lies after the opening."""

    def chance(self, teller: str) -> random.Random:
        """Chance of a teller's own, so that adding one does not change what another invents."""
        return random.Random(zlib.crc32(f"{self.seed} {self.name} {teller}".encode()))

    def target(self, path: str) -> int:
        """The count to fit at a path such as `movements.by_nature.rotation`, scaled by the size of the sample."""
        value = self.targets.get(path)
        if not isinstance(value, int):
            raise Mistake("sample_target", f"sample {self.name}: there is no count to fit at {path!r}")
        return self.scaled(value)

    def scaled(self, count: int) -> int:
        """A count at the size of this sample: at least 1 where the full sample has any."""
        return count if self.size == 1 else max(1, round(count * self.size)) if count else 0

    def known(self, day: dt.date, hour: int = 9) -> dt.datetime:
        """The instant on a day at which an office would have entered a decision."""
        return dt.datetime.combine(day, dt.time(hour), self.zone)

    def newcomer(self, human: Human) -> Human:
        """Keep an invented person where the other tellers find them."""
        self.people.append(human)
        return human


Teller = Callable[[World, Mapping[str, Any]], Iterator[Decided]]
"""Reads its block of the file and yields decisions, oldest knowledge first."""

TELLERS: Shelf[Teller] = Shelf("teller")


def teller(name: str) -> Callable[[Teller], Teller]:
    """Declare a teller under the name by which sample files call it."""
    return lambda tell: TELLERS.add(name, tell)


def flat(tree: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """Nested targets as paths: {movements: {total: 414}} → {"movements.total": 414}."""
    paths: dict[str, Any] = {}
    for key, value in tree.items():
        path = f"{above}{key}"
        if isinstance(value, Mapping):
            paths.update(flat(value, f"{path}."))
        else:
            paths[path] = value
    return paths
