"""Who works for units beside those who hold their posts, who stands in for whom, and who decides what.

A block has a `day` on which the `paper` is signed, and whom something is given: `age`, `member_for` (pool):

- `given`: a `role` in every unit of the labels `units`, to `each` so many people (one), from `since` on. They are
  members beneath the unit, or at the place that it serves; where there are none, others; nobody is given two as long
  as somebody has none. `ended`: those in units of these labels end `on` a day, by a `paper` signed on a `day`;
- `delegated`: who was given a `role` in the unit `at` that position of `units` lets another person act there, `from` a
  day `until` another one, by a `paper` of its own;
- `decentralised`: each unit of these labels decides a `matter` over itself and all beneath, by a `paper`.

Units founded after the day of the block are left out.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from canbo.kernel.refusal import Mistake
from canbo.sample.pool import Pool
from canbo.sample.series import Series, units_of
from canbo.sample.story import Acts, Decided, Human, World, teller
from canbo.sample.tellers.territory import heirs

Said = Mapping[str, Any]


@teller("mandates")
def tell(world: World, said: Said) -> Iterator[Decided]:
    """The mandates, their end, then what rests on them."""
    return _Mandates(world, said).told()


class _Mandates:
    """The mandates of one block, and who was given them."""

    def __init__(self, world: World, said: Said) -> None:
        self._world, self._said, self._chance = world, said, world.chance(f"mandates {said['day']}")
        self._people = [human for human in Pool(world, said, self._chance).those(said["day"]) if not human.until]
        self._taken: set[str] = set()
        self._near = self._beneath({unit for about in said["given"] for unit in self._units(about)})
        self._given: dict[tuple[str, str], Human] = {}
        """The first of those who have a role in a unit, by role and unit."""

    def told(self) -> Iterator[Decided]:
        """In the order of their days."""
        said, ending = self._said, []
        acts: Acts = []
        ended = set(self._units(said["ended"])) if "ended" in said else set()
        for unit, terms in self._mandates():
            acts.append(("mandate.give", terms | {"on": said["since"]}))
            ending += [("mandate.end", terms | {"on": said["ended"]["on"]})] if unit in ended else []
        yield self._decided("mandates", said, acts)
        if ending:
            yield self._decided("ended", said["ended"], ending)
        for about in said.get("decentralised", ()):
            terms = {"matter": about["matter"], "on": about["from"]}
            deciding = [("mandate.decentralise", terms | {"unit": unit, "over": unit}) for unit in self._units(about)]
            yield self._decided(about["matter"], about, deciding)
        for about in said.get("delegated", ()):
            yield self._delegated(about)

    def _units(self, about: Said) -> list[str]:
        """The units of these labels that were there on the day of the block."""
        founded, day = self._world.founded, self._said["day"]
        return [unit for unit in units_of(self._world, about["units"]) if founded.get(unit, day) <= day]

    def _mandates(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for about in self._said["given"]:
            for unit in self._units(about):
                for _ in range(about.get("each", 1)):
                    human = self._next(unit)
                    self._given.setdefault((about["role"], unit), human)
                    yield unit, {"role": about["role"], "unit": unit, "person": human.code}

    def _delegated(self, about: Said) -> Decided:
        unit = self._units(about)[about["at"]]
        giver, human = self._given[about["role"], unit], self._next(unit)
        terms = {"giver": giver.code, "person": human.code, "unit": unit, "role": about["role"]}
        days = {"on": about["from"], "until": about["until"]}
        return self._decided(f"delegated-{unit}", about, [("mandate.delegate", terms | days)])

    def _next(self, unit: str) -> Human:
        """Somebody near who has nothing yet, else anybody who has nothing yet, else anybody."""
        if len(self._taken) == len(self._people):
            self._taken.clear()
        for some in (self._near[unit], self._people):
            for human in some:
                if human.code not in self._taken:
                    self._taken.add(human.code)
                    return human
        raise Mistake("sample_people", f"sample {self._world.name}: there is nobody to give a mandate in {unit}")

    def _beneath(self, units: set[str]) -> dict[str, list[Human]]:
        """The people of each unit: counted anywhere beneath it, or where the place lies that it serves now."""
        world = self._world
        serving = {world.served[unit]: unit for unit in sorted(units) if unit in world.served}
        found: dict[str, list[Human]] = defaultdict(list)
        for human in self._people:
            at: str | None = human.unit
            while at is not None:
                body = serving.get(heirs().get(world.served[at], "")) if at in world.served else None
                for unit in {at, body} & units:
                    found[unit].append(human)
                at = world.parents.get(at)
        return found

    def _decided(self, block: str, said: Said, acts: Acts) -> Decided:
        return Series(self._world, f"{block}-{said['day']}", said["paper"], self._chance).decided(said["day"], acts)
