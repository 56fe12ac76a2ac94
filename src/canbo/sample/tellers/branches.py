"""The branches and sections of an association: a tree that the file spells out, and who was founded since.

A block has an `opening` paper, the `tree` of branches with their `code`, `kind`, `name` and what lies `beneath`, and
`founded`: codes with the day of founding, where that lies after the opening; `founding` is the symbol of its paper.
A branch may name `towns`, each with the number of its sections: they have a branch of the `kinds` that the block says,
called as `town` and `sections` say in the branch or above it. Units are kept in `world.units` under their kind.
"""

import random
from collections.abc import Iterator, Mapping
from typing import Any

from canbo.registry.ledger import Paper
from canbo.sample.series import Series, entered
from canbo.sample.story import Acts, Decided, World, teller
from canbo.sample.territory import slug

Said = Mapping[str, Any]
PLAIN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
"""How German letters are written in codes."""


@teller("branches")
def tell(world: World, said: Said) -> Iterator[Decided]:
    """One decision for what was there at the opening, one for each branch or section founded since."""
    opening, chance = said["opening"], world.chance("branches")
    acts: Acts = []
    later = []
    for terms in _tree(world, said, said["tree"], None, chance):
        day = said["founded"].get(terms["code"]) or world.founded.get(terms["under"])
        if day:
            world.founded[terms["code"]] = day
            later.append((day, terms))
        else:
            acts.append(("organisation.establish", terms | {"on": opening["since"]}))
    paper = Paper(symbol=opening["symbol"], signed_on=opening["signed"], kind="opening")
    yield Decided(entered(world, opening["signed"], hour=7), paper, acts)
    series = Series(world, "branches", {"symbol": said["founding"]}, chance)
    for day, terms in sorted(later, key=lambda pair: pair[0]):
        yield series.decided(day, [("organisation.establish", terms | {"on": day})])


def _tree(world: World, said: Said, node: Said, under: str | None, chance: random.Random) -> Iterator[dict[str, Any]]:
    """The unit of a node and all beneath it, those above first; what lies beneath inherits how things are called."""
    yield _unit(world, node["code"], node["kind"], node["name"], under)
    for town, sections in node.get("towns", {}).items():
        code = slug(town.lower().translate(PLAIN))
        branch, section = said["kinds"]
        yield _unit(world, code, branch, node["town"].format(town=town), node["code"])
        for number, name in enumerate(chance.sample(node["sections"], sections), 1):
            yield _unit(world, f"{code}-{number}", section, f"{name} {town}", code)
    for beneath in node.get("beneath", ()):
        inherited = {key: node[key] for key in ("town", "sections") if key in node}
        yield from _tree(world, said, inherited | beneath, node["code"], chance)


def _unit(world: World, code: str, kind: str, name: str, under: str | None) -> dict[str, Any]:
    world.units.setdefault(kind, []).append(code)
    world.names[code] = name
    if under:
        world.parents[code] = under
    return {"code": code, "kind": kind, "name": name, "under": under}


def lies_under(world: World, unit: str | None, above: str) -> bool:
    """Is a unit this one, or does it lie anywhere beneath it?"""
    while unit is not None and unit != above:
        unit = world.parents.get(unit)
    return unit is not None
