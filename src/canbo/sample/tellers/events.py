"""So many things that happened to people: each of them these acts, spread over a period, cut into papers.

One teller serves movements, recruitment, nominations, training, opinions and whatever else is a fact about one
person that a unit records. A block says:

    name: movements               # its papers are coded after it
    acts: {service.move: [person, unit, nature, managed_by]}      # the acts of each event and the terms they take
    period: [2021-01-04, 2024-05-01]
    fit:                          # term → code → the path of the count to fit (or a plain count)
      nature: {rotation: movements.by_nature.rotation, transfer: movements.by_nature.transfer}
      managed_by: {…}             # a second partition of the same events
    draw: {method: {exam: 7, selection: 3}}                       # other terms, by weight
    units: [communes]             # where: labels, or {by: managed_by, district-level: [communes], …}
    others: {origin: [districts]}                                 # terms that name another unit
    who: {age: [28, 58]}          # a pool, see `sample.pool`; or {new: {age: [22, 33]}} for people new to the register;
                                  # or {from: planned, share: path, others_not_from: ever-planned}: a share to fit
    paper: {symbol: "{number}-QĐ/TU", each: [1, 4]}
"""

import datetime as dt
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from canbo.kernel.refusal import Mistake
from canbo.sample.newcomers import Newcomers
from canbo.sample.pool import Pool
from canbo.sample.series import Series, batches, units_of, working_days
from canbo.sample.story import Acts, Decided, World, teller
from canbo.sample.tellers.bodies import counted

Terms = dict[str, Any]


@teller("events")
def tell(world: World, said: Mapping[str, Any]) -> Iterator[Decided]:
    """The events of one block, a paper for a few of them."""
    chance = world.chance(f"events {said['name']}")
    events = [dict(event) for event in _partitions(world, said["fit"], chance)]
    _draw(events, said.get("draw", {}), chance)
    _place(world, events, said, chance)
    people = _people(world, said, len(events), chance)
    series = Series(world, said["name"], said["paper"], chance)
    papers = batches(chance, events, said["paper"].get("each", (1, 1)))
    for day, paper in zip(working_days(chance, said["period"], len(papers)), papers, strict=True):
        acts: Acts = []
        for terms in paper:
            acts += people.meet(day, terms)
            acts += [(act, {"on": day} | {k: terms[k] for k in wanted}) for act, wanted in said["acts"].items()]
        yield series.decided(day, acts)


def _partitions(world: World, fit: Mapping[str, Mapping[str, Any]], chance: random.Random) -> list[Terms]:
    """One dictionary an event, with a code for each partition. The first one says how many there are.

    At a size of its own rounding may make another partition longer or shorter: its largest part gives way.
    """
    events: list[Terms] = []
    for term, parts in fit.items():
        counts = {code: counted(world, said) for code, said in parts.items()}
        if events and world.size != 1:
            largest = max(counts, key=lambda code: counts[code])
            counts[largest] += len(events) - sum(counts.values())
        codes = [code for code, count in counts.items() for _ in range(count)]
        chance.shuffle(codes)
        if not events:
            events = [{} for _ in codes]
        if len(codes) != len(events):
            raise Mistake("sample_partition", f"{world.name}: {term} adds up to {len(codes)}, not {len(events)}")
        for event, code in zip(events, codes, strict=True):
            event[term] = code
    return events


def _draw(events: Sequence[Terms], draw: Mapping[str, Mapping[str, float]], chance: random.Random) -> None:
    for term, weights in draw.items():
        drawn = chance.choices(list(weights), list(weights.values()), k=len(events))
        for event, code in zip(events, drawn, strict=True):
            event[term] = code


def _place(world: World, events: Sequence[Terms], said: Mapping[str, Any], chance: random.Random) -> None:
    """Give each event its unit and the other units it names, which differ from it."""
    where = said["units"]
    by = where["by"] if isinstance(where, Mapping) else None
    labels = {code: tuple(where[code]) for code in where if code != "by"} if by else {None: tuple(where)}
    units = {code: units_of(world, those) for code, those in labels.items()}
    others = {term: units_of(world, those) for term, those in said.get("others", {}).items()}
    for event in events:
        event["unit"] = chance.choice(units[event[by] if by else None])
        for term, choices in others.items():
            event[term] = chance.choice(choices)
            if event[term] == event["unit"]:
                event[term] = choices[choices.index(event[term]) - 1]


@dataclass
class _Taken:
    """People of the register, of whom a share is taken from a group and the others from outside another one."""

    inside: Pool
    outside: Pool | None
    chosen: Iterator[bool]
    group: frozenset[str]

    def meet(self, day: dt.date, terms: Terms) -> Acts:
        """Put the next person into the terms; nothing has to be done before."""
        if next(self.chosen):
            human = self.inside.take(day)
        else:
            human = self.outside.take(day, lambda human: human.code not in self.group)
        terms["person"] = human.code
        return []


@dataclass
class _New:
    """People who come into the register with the event."""

    newcomers: Newcomers

    def meet(self, day: dt.date, terms: Terms) -> Acts:
        """Invent the next person, whose file the unit of the event keeps."""
        human = self.newcomers.next(day, terms["unit"])
        terms["person"] = human.code
        return [self.newcomers.registered(human, day)]


def _people(world: World, said: Mapping[str, Any], count: int, chance: random.Random) -> _Taken | _New:
    who = said["who"]
    if "new" in who:
        return _New(Newcomers(world, said["name"], who["new"], chance))
    inside = Pool(world, who, chance)
    if "share" not in who:
        return _Taken(inside, None, iter([True] * count), frozenset())
    group = frozenset(human.code for human in world.groups[who["others_not_from"]])
    planned = round(count * Fraction(str(world.targets[who["share"]])))
    chosen = [True] * planned + [False] * (count - planned)
    chance.shuffle(chosen)
    everybody = Pool(world, {key: value for key, value in who.items() if key != "from"}, chance)
    return _Taken(inside, everybody, iter(chosen), group)
