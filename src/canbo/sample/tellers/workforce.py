"""Who was on the payrolls on the day the register began, as an opening balance.

Some employees are members of the register already (`members`, a share), the rest are new to it. A block says, by
group, the count to fit and the labels of the units that employ:

    name: workforce
    day: 2020-12-31
    groups: {commune-level: {count: workforce_2020_12_31.by_group.commune_level, units: [commune-states]}, …}
    members: 0.6
    who: {age: [22, 59]}
    paper: {symbol: …, kind: opening}
"""

from collections.abc import Iterator, Mapping
from typing import Any

from canbo.registry.ledger import Paper
from canbo.sample.newcomers import Newcomers
from canbo.sample.pool import Pool
from canbo.sample.series import entered, units_of
from canbo.sample.story import Acts, Decided, World, teller


@teller("workforce")
def tell(world: World, said: Mapping[str, Any]) -> Iterator[Decided]:
    """The opening balance of a province's payrolls."""
    chance = world.chance(said["name"])
    on, who = said["day"], said["who"]
    known = Pool(world, who, chance).those(on)
    newcomers = Newcomers(world, said["name"], who, chance)
    acts: Acts = []
    for group, part in said["groups"].items():
        units = units_of(world, part["units"])
        for number in range(world.target(part["count"])):
            unit = units[number] if number < len(units) else chance.choice(units)
            if known and chance.random() < said["members"]:
                human = known.pop()
            else:
                human = newcomers.next(on, unit)
                acts.append(newcomers.registered(human, on))
            acts.append(("service.employ", {"on": on, "person": human.code, "unit": unit, "group": group}))
    paper = Paper(code=f"{world.name}.{said['name']}", signed_on=on, **said["paper"])
    yield Decided(entered(world, on), paper, acts)
