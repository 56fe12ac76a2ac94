"""What units had to do once, who did it, and for votes of confidence the results of those voted on.

A block says: `matter`, `units` (labels; with `count`, a path, so many of them), `obliged` (the day), `done` (a period)
with `share` (the path of the share that did it) or `doers` (the path of a count), the papers `oblige` and `fulfil`, and
for votes `results`: {subjects, papers: [least, most], low_over_half, low_over_two_thirds, who}. In place of `oblige` a
`document` of the register may oblige them, said as in the block `documents`, with its `issuer`.
"""

import math
import random
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from canbo.kernel.refusal import Mistake
from canbo.sample.pool import Pool, beneath
from canbo.sample.series import Series, units_of, working_days
from canbo.sample.story import Acts, Decided, Human, World, teller
from canbo.sample.tellers.bodies import counted
from canbo.sample.tellers.documents import entry


@teller("duties")
def tell(world: World, said: Mapping[str, Any]) -> Iterator[Decided]:
    """One paper obliges all units; each that does it enters a paper of its own."""
    matter, chance = said["matter"], world.chance(f"duties {said['matter']}")
    units = _obliged(world, said)
    duties = [("standing.oblige", {"on": said["obliged"], "unit": unit, "matter": matter}) for unit in units]
    if "document" in said:
        yield entry(world, said, said["document"], duties)
    else:
        yield Series(world, f"{matter}-duty", said["oblige"], chance).decided(said["obliged"], duties)
    doers = chance.sample(units, _doing(world, said, len(units)))
    days = working_days(chance, said["done"], len(doers))
    results = _results(world, said["results"], doers, said["done"][1], chance) if "results" in said else {}
    fulfil = Series(world, matter, said["fulfil"], chance)
    for unit, day in zip(doers, days, strict=True):
        acts: Acts = [("standing.fulfil", {"on": day, "unit": unit, "matter": matter})]
        acts += [("standing.record-confidence", {"on": day, "unit": unit} | result) for result in results.get(unit, ())]
        yield fulfil.decided(day, acts)


def _obliged(world: World, said: Mapping[str, Any]) -> list[str]:
    units = units_of(world, said["units"])
    count = world.target(said["count"]) if "count" in said else len(units)
    if count > len(units):
        raise Mistake("sample_units", f"{world.name}: {count} units are to do {said['matter']}, there are {len(units)}")
    return units[:count]


def _doing(world: World, said: Mapping[str, Any], obliged: int) -> int:
    if "doers" in said:
        return min(obliged, world.target(said["doers"]))
    return round(obliged * Fraction(str(world.targets[said["share"]])))


def _results(
    world: World, said: Mapping[str, Any], units: Sequence[str], day: Any, chance: random.Random
) -> dict[str, list[dict[str, Any]]]:
    """The results by unit: people beneath it, each voted on once; the low shares to fit go to the first of them."""
    groups = beneath(world, units, Pool(world, said["who"], chance).those(day))
    queues = {unit: deque(people) for unit, people in groups.items() if people}
    grave = counted(world, said["low_over_two_thirds"])
    low = [2] * grave + [1] * (counted(world, said["low_over_half"]) - grave)
    found: dict[str, list[dict[str, Any]]] = {unit: [] for unit in units}
    waiting = deque(queues)
    for order in range(counted(world, said["subjects"])):
        if not waiting:
            raise Mistake("sample_people", f"{world.name}: too few people to vote on in {len(units)} units")
        unit = waiting.popleft()
        human: Human = queues[unit].popleft()
        if queues[unit]:
            waiting.append(unit)
        papers = chance.randint(*said["papers"])
        found[unit].append({"person": human.code} | _papers(papers, low[order] if order < len(low) else 0, chance))
    return found


def _papers(collected: int, grade: int, chance: random.Random) -> dict[str, int]:
    """How the papers fall: low at most a third of them, or (grade 1, 2) over half, over two thirds of them."""
    least, most = (
        (0, collected // 3),
        (collected // 2 + 1, math.floor(collected * Fraction(2, 3))),
        (math.floor(collected * Fraction(2, 3)) + 1, collected),
    )[grade]
    # The lowest of three draws: few are doubted by many.
    low = min(chance.randint(least, max(least, most)) for _ in range(3))
    middle = chance.randint(0, (collected - low) // 2)
    void = chance.randint(0, min(1, collected - low - middle))
    return {"collected": collected, "high": collected - low - middle - void, "middle": middle, "low": low}
