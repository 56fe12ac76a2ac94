"""Which organisation covers which place: cells their villages, cells in enterprises the enterprise.

A block says `opening: {symbol, signed, known, since}` and what is covered:

- `each`: the label of units that cover the place for which they were founded (village cells);
- `enterprises`: `units`, the label of the cells; the `kind`, `code` and `name` of the place that each of them covers
  ({place}, {n} and the {name} of its cell without the `strip`ped beginning); `without`: how many more there are
  that have no organisation, and the `words` of their names. Places founded with a later cell are entered with it.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from canbo.registry.ledger import Paper
from canbo.sample.story import Acts, Decided, World, teller


@teller("coverage")
def tell(world: World, said: Mapping[str, Any]) -> Iterator[Decided]:
    """The opening, then a paper for every place that came to be covered later."""
    opening = said["opening"]
    acts: Acts = []
    for label in said.get("each", ()):
        for unit in world.units[label]:
            place = world.served[unit]
            acts.append(("place.cover", {"unit": unit, "place": place, "on": opening["since"]}))
    later: list[Decided] = []
    if "enterprises" in said:
        found, later = _enterprises(world, said["enterprises"], opening["since"])
        acts += found
    paper = Paper(symbol=opening["symbol"], signed_on=opening["signed"], kind="opening")
    yield Decided(world.known(opening["known"], 10), paper, acts)
    yield from later


def _enterprises(world: World, said: Mapping[str, Any], since: dt.date) -> tuple[Acts, list[Decided]]:
    """The enterprises there at the opening, and the papers of those covered since."""
    acts: Acts = []
    later = []
    chance = world.chance("enterprises")
    for number, unit in enumerate(world.units[said["units"]], 1):
        name = world.names[unit].removeprefix(said["strip"])
        founding = _founding(world, said, number, name)
        covering = {"unit": unit, "place": founding["code"]}
        world.served[unit] = founding["code"]
        if unit not in world.founded:
            acts += [("place.found", founding | {"on": since}), ("place.cover", covering | {"on": since})]
            continue
        day = world.founded[unit]
        known = world.known(day + dt.timedelta(days=chance.randint(6, 9)))
        paper = Paper(symbol=said["symbol"], signed_on=day, code=f"{unit}/{said['symbol']}")
        begun: Acts = [("place.found", founding | {"on": since}), ("place.cover", covering | {"on": day})]
        later.append(Decided(known, paper, begun))
    for number in range(1, world.scaled(said.get("without", 0)) + 1):
        name = " ".join(chance.choice(part) for part in said["words"])
        founding = _founding(world, said, len(world.units[said["units"]]) + number, name)
        acts.append(("place.found", founding | {"on": since}))
    return acts, later


def _founding(world: World, said: Mapping[str, Any], number: int, name: str) -> dict[str, Any]:
    """The terms of founding one enterprise right under the place that the file names."""
    code = said["code"].format(place=said["under"], n=number)
    world.names[code] = name
    world.parents[code] = said["under"]
    return {"code": code, "kind": said["kind"], "name": name, "under": said["under"]}
