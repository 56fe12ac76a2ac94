"""The goals that a resolution sets a unit, how many of them a body has found met, and when the others are due.

A block says: `unit`, `term`, `resolution` (a document as in the block `documents`, which sets the goals), `set`, `met`
and `due` (paths of the counts to fit), `due_on` for those still due, `due_at_end` for the rest, `found` (the period in
which goals were found met), `paper` of the findings, and `goals`: titles, each with an indicator and a number where
one counts it (`{title: …, indicator: …, numerator: 5, denominator: 100}`). The goals met are the first ones.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from canbo.sample.series import Series, unit_of, working_days
from canbo.sample.story import Acts, Decided, World, teller
from canbo.sample.tellers.documents import entry


@teller("goals")
def tell(world: World, said: Mapping[str, Any]) -> Iterator[Decided]:
    """One paper sets the goals; one each finds them met."""
    resolution = said["resolution"]
    unit, term = unit_of(world, said["unit"]), said["term"]
    met, due = world.target(said["met"]), world.target(said["due"])
    goals: Acts = []
    for number in range(1, world.target(said["set"]) + 1):
        goal = said["goals"][(number - 1) % len(said["goals"])]
        until = said["due_on"] if met < number <= met + due else said["due_at_end"]
        terms = {"on": resolution["issued"], "unit": unit, "term": term, "number": number, "due": until}
        goals.append(("planning.set-goal", terms | goal))
    yield entry(world, {"issuer": said["unit"]}, resolution, goals)
    chance = world.chance("goals")
    series = Series(world, "goals", said["paper"], chance)
    order = chance.sample(range(1, met + 1), met)
    for number, day in zip(order, working_days(chance, said["found"], met), strict=True):
        yield series.decided(
            day, [("planning.find-goal-met", {"on": day, "unit": unit, "term": term, "number": number})]
        )
