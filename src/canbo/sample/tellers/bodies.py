"""The organisations of a province and the places it invents (villages), layer by layer, as an opening balance.

A block tells one tree of one province: its `opening` paper and its `layers` from the top down. A layer has a `label`,
under which its units are kept in `world.units`, a `code` and a `name`, and stands either

- for `each` place of a level (`province`, `districts`, `communes`) or of a label (`villages`), `under` the unit of a
  label that serves the place or one above it; it serves the place unless `serves: false`; `at_most` so many; or
- `within` the units of some labels, as many as `count` says (`exactly`: whatever the size), `less` what labels hold
  already, spread unevenly but not believably more than threefold.

`kind` makes an organisation, `place` a place. A count is a number or the path of one to fit. `founded: {from, until}`
spreads the foundings over a period, a paper each. Codes and names may use {place} (its code), {name} (without type),
{unit} (with type, as in a sentence), {under}, {n} (number within the unit above) and {word} (invented). A name may be
a list, taken in turns, or a mapping by the type of the place. `prefix` goes before all labels of a block, so that
units of a partner province are not mistaken for the province's own.

Labels of the four provinces, on which later tellers rely: Party `provincial`, `districts`, `blocs`, `communes`,
`grassroots` (committees and cells at the base), `cells`, `village-cells`, `enterprises`; places `villages`; State
`state-provincial`, `agencies`, `state-districts`, `courts`, `procuracies`, `finance`, `state-communes`, `boards`.
"""

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from canbo.kernel.refusal import Mistake
from canbo.registry.ledger import Paper
from canbo.sample.places import called, place_of, places_of, upper
from canbo.sample.series import working_days
from canbo.sample.story import Decided, World, teller


@teller("bodies")
def tell(world: World, said: Mapping[str, Any]) -> Iterator[Decided]:
    """One decision for what was there at the opening, one for each unit founded since."""
    opening, chance = said["opening"], world.chance(f"bodies {said['opening']['symbol']}")
    paper = Paper(symbol=opening["symbol"], signed_on=opening["signed"], kind="opening")
    acts, later = [], []
    for layer in said["layers"]:
        tier = Tier(world, said, layer, chance)
        for number, terms in enumerate(tier.units(), 1):
            if "founded" in layer:
                later.append(_founded(world, layer, terms, number, chance))
            else:
                acts.append((tier.act, terms | {"on": opening["since"]}))
    yield Decided(world.known(opening["known"]), paper, acts)
    yield from later


def _founded(
    world: World, layer: Mapping[str, Any], terms: dict[str, Any], number: int, chance: random.Random
) -> Decided:
    """The founding of one unit since the opening, entered some days after."""
    said = layer["founded"]
    (day,) = working_days(chance, (said["from"], said["until"]), 1)
    world.founded[terms["code"]] = day
    symbol = said["symbol"].format(number=number * 3 + chance.randint(0, 2))
    paper = Paper(symbol=symbol, signed_on=day, code=f"{terms['code']}/{symbol}")
    entered = world.known(day + dt.timedelta(days=chance.randint(1, 5)))
    return Decided(entered, paper, [("organisation.establish", terms | {"on": day})])


class Tier:
    """One layer of a block: says which units it has, as terms of the acts that found them."""

    def __init__(self, world: World, said: Mapping[str, Any], layer: Mapping[str, Any], chance: random.Random) -> None:
        self._world, self._said, self._layer, self._chance = world, said, layer, chance
        self._prefix = said.get("prefix", "")
        self._label = self._prefix + layer["label"]
        self._kept = world.units.setdefault(self._label, [])
        self._numbers: Counter[str] = Counter()
        self.act = "place.found" if "place" in layer else "organisation.establish"

    def units(self) -> Iterator[dict[str, Any]]:
        """The terms of each founding but for its day; the unit is kept in the world at once."""
        for under, place in self._each() if "each" in self._layer else self._within():
            yield self._unit(under, place)

    def _each(self) -> Iterator[tuple[str | None, str]]:
        """(Unit above, place) for each place of a level."""
        places = places_of(self._world, self._said["province"], self._layer["each"])
        if "at_most" in self._layer:
            places = places[: counted(self._world, self._layer["at_most"])]
        above = self._serving(self._layer["under"]) if "under" in self._layer else {}
        for place in places:
            if not above:
                yield None, place
                continue
            at: str | None = place
            while at is not None and at not in above:
                at = upper(self._world, at)
            if at is not None:
                yield above[at], place

    def _serving(self, label: str) -> dict[str, str]:
        """The units of a label by the place that each serves."""
        return {self._world.served[unit]: unit for unit in self._world.units[self._prefix + label]}

    def _within(self) -> Iterator[tuple[str, str]]:
        """(Unit or place above, its place), as often as the count gives it another unit."""
        layer, world = self._layer, self._world
        labels = layer["within"] if isinstance(layer["within"], list) else [layer["within"]]
        above = [unit for label in labels for unit in self._units_above(label)]
        count = layer["exactly"] if "exactly" in layer else counted(world, layer["count"])
        less = layer.get("less", ())
        taken = counted(world, less) if isinstance(less, str | int) else sum(len(world.units[at]) for at in less)
        count = max(0, count - taken)
        weights = [self._chance.uniform(0.6, 1.4) for _ in above]
        for unit, here in zip(above, shared_out(count, weights), strict=True):
            for _ in range(here):
                yield unit, place_of(world, unit)

    def _units_above(self, label: str) -> list[str]:
        if label in ("province", "districts", "communes") and "place" in self._layer:
            return places_of(self._world, self._said["province"], label)
        return self._world.units[self._prefix + label]

    def _unit(self, under: str | None, place: str) -> dict[str, Any]:
        """The terms of founding one unit, which the world keeps from now on."""
        world, layer = self._world, self._layer
        self._numbers[under or place] += 1
        words = called(world, place) | {"place": place, "under": under, "n": self._numbers[under or place]}
        code = layer["code"].format(**words)
        world.names[code] = name = self._name(words)
        self._kept.append(code)
        if under:
            world.parents[code] = under
        if "place" in layer:
            return {"code": code, "kind": layer["place"], "name": name, "under": under}
        world.kinds[code] = layer["kind"]
        terms = {"code": code, "kind": layer["kind"], "name": name, "under": under, "block": layer.get("block", "")}
        if "each" in layer:
            world.served[code] = place
            if layer.get("serves", True):
                terms["serves"] = place
        return terms

    def _name(self, words: Mapping[str, Any]) -> str:
        pattern, again = self._layer["name"], ""
        if isinstance(pattern, Mapping):
            pattern = pattern[words["type"]]
        elif isinstance(pattern, Sequence) and not isinstance(pattern, str):
            turn, at = divmod(words["n"] - 1, len(pattern))
            pattern, again = pattern[at], f" số {turn + 1}" if turn else ""
        if "{word}" in pattern:
            words = {**words, "word": " ".join(self._chance.choice(part) for part in self._layer["words"])}
        return pattern.format(**words) + again


def counted(world: World, said: str | int) -> int:
    """A count of a block: the path of a number to fit, or a plain number; both at the size of the sample."""
    return world.target(said) if isinstance(said, str) else world.scaled(said)


def shared_out(count: int, weights: Sequence[float]) -> list[int]:
    """A count in whole parts by weight, by largest remainder; nobody goes empty where it suffices for all."""
    if not weights:
        if count:
            raise Mistake("sample_share", f"there is nothing over which {count} could be shared out")
        return []
    least = 1 if count >= len(weights) else 0
    rest, total = count - least * len(weights), sum(weights)
    exact = [rest * weight / total for weight in weights]
    parts = [least + int(part) for part in exact]
    order = sorted(range(len(parts)), key=lambda at: int(exact[at]) - exact[at])
    for at in order[: count - sum(parts)]:
        parts[at] += 1
    return parts
