"""The places of a sample, whether real or invented: what lies above them, who serves them, what they are called."""

from functools import cache

from canbo.kernel.refusal import Mistake
from canbo.sample import territory
from canbo.sample.story import World


@cache
def old_units() -> dict[str, territory.Territory]:
    """The units until the reorganisation, and the new communes, by code."""
    levels = (territory.new_communes(), territory.old_provinces(), territory.old_districts(), territory.old_communes())
    return {unit.code: unit for level in levels for unit in level}


def places_of(world: World, province: str, level: str) -> list[str]:
    """The codes of the places of a level in a province until the reorganisation, or those kept under a label."""
    if level == "province":
        return [province]
    if level not in ("districts", "communes"):
        return world.units[level]
    districts = [unit.code for unit in territory.old_districts() if unit.parent == province]
    if level == "districts":
        return districts
    inside = set(districts)
    return [unit.code for unit in territory.old_communes() if unit.parent in inside]


def upper(world: World, place: str) -> str | None:
    """The place above a place, whether real or invented."""
    unit = old_units().get(place)
    return unit.parent if unit else world.parents.get(place)


def place_of(world: World, unit: str) -> str:
    """The place that a unit serves, else the one that a unit above it serves; a place is its own."""
    at: str | None = unit
    while at is not None and at not in world.served and at not in old_units():
        at = world.parents.get(at)
    if at is None:
        raise Mistake("sample_place", f"sample {world.name}: neither {unit} nor a unit above it serves a place")
    return world.served.get(at, at)


def called(world: World, place: str) -> dict[str, str]:
    """How a place is called: without its type, with it as in a sentence, and the type alone."""
    unit = old_units().get(place)
    if unit is None:
        return {"name": world.names[place], "unit": world.names[place], "type": ""}
    return {"name": unit.name, "unit": f"{unit.kind.lower()} {unit.name}", "type": unit.kind}
