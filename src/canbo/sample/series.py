"""Invented papers: the days on which an office signs, the numbers it gives, the instant at which it enters them.

A block of a sample file describes the papers of its decisions under `paper`: `symbol` with the places {number} and
{year}, `step` (how far apart its numbers lie: others use the same series), `kind` of the decision. Numbers begin anew
each year. Nothing is entered before the first day of the file (`entered_from`), when the register was opened.
"""

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from canbo.registry.ledger import Paper
from canbo.sample.story import Acts, Decided, World
from canbo.sample.territory import slug

SATURDAY = 5


class Series:
    """Numbers the papers of one block, in the order in which they are asked for."""

    def __init__(self, world: World, block: str, said: Mapping[str, Any], chance: random.Random) -> None:
        self._world, self._block, self._said, self._chance = world, block, said, chance
        self._last: dict[int, int] = defaultdict(int)

    def decided(self, day: dt.date, acts: Acts) -> Decided:
        """These acts, decided by the next paper, signed on a day and entered on it."""
        self._last[day.year] += self._chance.randint(*self._said.get("step", (1, 3)))
        symbol = self._said["symbol"].format(number=self._last[day.year], year=day.year)
        code = f"{self._world.name}.{self._block}.{slug(symbol)}.{day.year}"
        kind = {"kind": self._said["kind"]} if "kind" in self._said else {}
        return Decided(entered(self._world, day), Paper(symbol=symbol, signed_on=day, code=code, **kind), acts)


def entered(world: World, day: dt.date, hour: int = 15) -> dt.datetime:
    """The instant at which a paper of that day was entered; older ones were when the register was opened."""
    return world.known(max(day, world.file["entered_from"]), hour)


def working_days(chance: random.Random, period: Sequence[dt.date], count: int) -> list[dt.date]:
    """That many days between the first and the last day of a period, both included, in order; none at a weekend.

    Days may come several times. A period without a working day gives its first day.
    """
    first, last = period
    span = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
    open_days = [day for day in span if day.weekday() < SATURDAY] or [first]
    return sorted(chance.choices(open_days, k=count))


def batches(chance: random.Random, things: Sequence[Any], each: Sequence[int]) -> list[Sequence[Any]]:
    """Cut things into papers of so many each, the sizes drawn between two bounds."""
    cut, at = [], 0
    while at < len(things):
        size = chance.randint(*each)
        cut.append(things[at : at + size])
        at += size
    return cut


def unit_of(world: World, label: str) -> str:
    """The one unit that a block names, by its label or by its own code."""
    return world.units[label][0] if label in world.units else label


def units_of(world: World, labels: Sequence[str]) -> list[str]:
    """All units under these labels, in order."""
    return [code for label in labels for code in world.units[label]]
