"""What the reorganisation of territory did to the organisations of a province, one decision a tree.

Stands last in its file, but for the posts of the bodies that it founds: whatever lies under a body that ends must be
known. For every new commune a body is founded (one that was left alone keeps its own); all of them are kept under the
`label`, if there is one; the bodies of the old communes merge into it with all that lies under them, a divided
commune's into the first of its successors. What still lies under a body that `ends` (district level) goes to the body
of the first commune of its place. The bodies of provinces that ended merge into that of their successor.

    territory: {…}                 # where the file tells its own, with `places`: the label that moves along
    bodies:
      - paper: {symbol: …, signed: …, known: …}
        top: provincial            # the label, or code, of the body above all others from that day on
        merge: [partner-provincial]
        communes: [communes]
        commune: {label: new-communes, kind: …, code: "{place}.x", name: "…{unit}"}
        ends: [districts]          # in the order in which they can end, those at the bottom first
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from canbo.registry.ledger import Paper
from canbo.sample import territory
from canbo.sample.places import called, place_of
from canbo.sample.series import unit_of, units_of
from canbo.sample.story import Acts, Decided, World, teller
from canbo.sample.tellers.territory import heirs, reorganisation


@teller("reorganisation")
def tell(world: World, said: Mapping[str, Any]) -> Iterator[Decided]:
    """The territory first, where the file tells it, then the bodies."""
    if "territory" in said:
        within: dict[str, list[str]] = defaultdict(list)
        for place in world.units[said["territory"]["places"]]:
            within[world.parents[place]].append(place)
        yield reorganisation(world, said["province"], said["territory"], within)
    for tree in said["bodies"]:
        paper = Paper(symbol=tree["paper"]["symbol"], signed_on=tree["paper"]["signed"])
        yield Decided(world.known(tree["paper"]["known"]), paper, _Regrouping(world, said["province"], tree).acts())


class _Regrouping:
    """The acts that regroup one tree of bodies in a new province."""

    def __init__(self, world: World, province: str, said: Mapping[str, Any]) -> None:
        self._world, self._province, self._said = world, province, said
        self._top = unit_of(world, said["top"])
        self._old = {world.served[unit]: unit for unit in units_of(world, said["communes"])}
        self._body: dict[str, str] = {}

    def acts(self) -> Acts:
        """In the order in which the register accepts them: found, merge, hand over, end."""
        found = [*self._communes(), *self._merged(), *self._ended(), *self._joined()]
        return [(name, terms | {"on": territory.FIRST_DAY}) for name, terms in found]

    def _communes(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """A body for each new commune, right under the top."""
        said = self._said["commune"]
        for unit in territory.new_communes():
            if unit.parent != self._province:
                continue
            words = called(self._world, unit.code) | {"place": unit.code}
            kept = self._old.get(unit.code)
            self._body[unit.code] = code = kept or said["code"].format(**words)
            if "label" in said:
                self._world.units.setdefault(said["label"], []).append(code)
            if kept:
                yield "unit.place", {"unit": code, "parent": self._top}
                continue
            self._world.served[code] = unit.code
            terms = {"code": code, "kind": said["kind"], "name": said["name"].format(**words)}
            yield "organisation.establish", terms | {"under": self._top, "serves": unit.code}

    def _merged(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for place, body in self._old.items():
            if (into := self._body[heirs()[place]]) != body:
                yield from self._abolished(body)
                yield "organisation.merge", {"unit": body, "into": into}

    def _abolished(self, body: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """The posts of a body end with it."""
        yield from (("post.abolish", {"post": post}) for post in self._world.planned.get(body, ()))

    def _ended(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """What still lies under a body that ends is handed over, then it is dissolved."""
        ending = units_of(self._world, self._said["ends"])
        gone = {*ending, *self._old.values()}
        beneath: dict[str, list[str]] = defaultdict(list)
        for unit, parent in self._world.parents.items():
            if unit not in gone:
                beneath[parent].append(unit)
        for body in ending:
            if beneath[body]:
                heir = self._heir(body)
                yield from (("unit.place", {"unit": unit, "parent": heir}) for unit in beneath[body])
            yield from self._abolished(body)
            yield "organisation.dissolve", {"unit": body}

    def _heir(self, body: str) -> str:
        """The body that takes over what lies under one of the district level."""
        district = place_of(self._world, body)
        communes = [unit.code for unit in territory.old_communes() if unit.parent == district]
        return self._body[heirs()[communes[0] if communes else district]]

    def _joined(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for body in units_of(self._world, self._said.get("merge", ())):
            yield from self._abolished(body)
            yield "organisation.merge", {"unit": body, "into": self._top}
