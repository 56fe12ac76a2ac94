"""The administrative units: an opening balance of all that were there, and the reorganisation that replaced them.

The file names the kinds of the three levels and the papers; the units themselves come from `sample.territory`. One
decision a province founds its new communes, moves what goes on, ends what ends and keeps the lineage, so that
annulling it brings everything back. A province whose file founds places beneath its communes (villages) tells its own
(`told_elsewhere`), because a commune cannot end while they lie under it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from canbo.kernel.periods import Partial
from canbo.registry.ledger import Paper
from canbo.sample import territory
from canbo.sample.story import Acts, Decided, World, teller


@teller("territory")
def tell(world: World, said: Mapping[str, Any]) -> Iterator[Decided]:
    """All units of the country as they were, then one reorganisation for each new province."""
    yield _opening(world, said["opening"], said["kinds"])
    told = said["reorganisation"]
    for province in territory.new_provinces():
        if province.code not in told.get("told_elsewhere", ()):
            yield reorganisation(world, province.code, told)


def _opening(world: World, said: Mapping[str, Any], kinds: Mapping[str, str]) -> Decided:
    on = Partial.of(said["since"])
    levels = (
        (kinds["province"], territory.old_provinces()),
        (kinds["district"], territory.old_districts()),
        (kinds["commune"], territory.old_communes()),
    )
    acts = [("place.found", _founding(unit, kind, on)) for kind, units in levels for unit in units]
    paper = Paper(symbol=said["symbol"], signed_on=said["signed"], kind="opening")
    return Decided(world.known(said["known"]), paper, acts)


def _founding(unit: territory.Territory, kind: str, on: Partial) -> dict[str, Any]:
    return {
        "code": unit.code,
        "kind": kind,
        "name": unit.full_name,
        "under": unit.parent,
        "official_code": unit.official,
        "on": on,
    }


def reorganisation(
    world: World, province: str, said: Mapping[str, Any], within: Mapping[str, list[str]] | None = None
) -> Decided:
    """The decision that made a province what it is. `within` names the places beneath an old commune that move along.

    A commune that was divided hands them to the first of its successors.
    """
    on = Partial.of(territory.FIRST_DAY)
    old = _ending(province)
    acts: Acts = []
    for unit in territory.new_communes():
        if unit.parent == province:
            goes_on = unit.code in old
            acts.append(
                ("unit.place", {"unit": unit.code, "parent": province, "on": on})
                if goes_on
                else ("place.found", _founding(unit, said["kind"], on))
            )
            old.pop(unit.code, None)
    for commune, places in (within or {}).items():
        if commune in old:
            heir = heirs()[commune]
            acts += [("unit.place", {"unit": place, "parent": heir, "on": on}) for place in places]
    acts += [("place.end", {"unit": code, "on": on}) for code in old]
    acts += [("unit.descend", terms | {"on": on}) for terms in _lineage(province)]
    symbol = said["symbols"][province]
    return Decided(world.known(said["known"]), Paper(symbol=symbol, signed_on=said["signed"]), acts)


def _ending(province: str) -> dict[str, None]:
    """The old units within a new province that are not provinces going on, the lowest first: so they may end."""
    provinces = [row.old for row in territory.province_conversions() if row.new == province]
    districts = [unit.code for unit in territory.old_districts() if unit.parent in provinces]
    inside = set(districts)
    communes = [unit.code for unit in territory.old_communes() if unit.parent in inside]
    return dict.fromkeys([*communes, *districts, *(code for code in provinces if code != province)])


def _lineage(province: str) -> Iterator[dict[str, Any]]:
    """What a new province and its new communes came from, as terms of acts; a unit that goes on has no predecessor."""
    rows = [row for row in territory.province_conversions() if row.new == province]
    for row in (*rows, *_rows().get(province, ())):
        if row.old != row.new:
            yield {"unit": row.new, "predecessor": row.old, "whole": row.how == "whole"}


@cache
def _rows() -> dict[str, list[territory.Conversion]]:
    """The ways from old communes to new ones by new province."""
    province = {unit.code: str(unit.parent) for unit in territory.new_communes()}
    rows: dict[str, list[territory.Conversion]] = defaultdict(list)
    for row in territory.conversions():
        rows[province[row.new]].append(row)
    return rows


@cache
def heirs() -> dict[str, str]:
    """The new commune that takes over what an old one had: the one it went into, when it was divided the first."""
    first: dict[str, str] = {}
    for row in territory.conversions():
        first.setdefault(row.old, row.new)
    return first
