"""Posts and who holds them: heads of villages, and the heads of bodies, among them those who must not be local.

A block has an `opening` paper (of another `kind` where the posts are new on its day) and `posts`, each a kind of post
in every unit of the label `of` (of one `kind`) that was there at the opening: its `title`, `level`, `managed_by`,
`non_local`, the `code` of the post ({unit}) and the `label` under which `world.heads` keeps who held it. Who holds it
says `held`:

- `{members: path, of: village-cells}`: so many are held by members of the cell at the same place, the others by people
  `else` new to the register, of some `age`;
- `{from: [labels], age: [min, max], elsewhere: path}`: members of the cells under these labels, of that age on the
  opening day; so many of the posts are held by people whose origin lies outside the place, all others by locals,
  as long as there are any; then the post is vacant, or held by `anybody` of them;
- `{own: true, age: [min, max]}`: a member of the unit itself; where nobody is left who can, the post is vacant;
- `{after: label}`: those who held the posts of that label last, in the old units that went into the new one.

`changed`: `{share, from, until, symbol}`: this share of the posts has passed to another such person since. The paper is
entered within a week, but `late: {share, days: [least, most]}` of them so many days later. A post in a body that ends
is vacated and abolished on `abolished`, by the paper of the block's `ending`.
"""

import datetime as dt
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from canbo.kernel.periods import birthday
from canbo.kernel.refusal import Mistake
from canbo.registry.ledger import Paper
from canbo.sample.newcomers import Newcomers
from canbo.sample.origins import Origins
from canbo.sample.places import place_of, upper
from canbo.sample.series import units_of, working_days
from canbo.sample.story import Acts, Decided, Human, World, teller
from canbo.sample.tellers.bodies import counted
from canbo.sample.tellers.territory import heirs

HEADS_OF_A_PLACE = 2
"""How many heads a post may see one after another."""
Find = Callable[[str, int], Human | None]
"""The next holder for a unit, the how-manieth of its label."""


@teller("heads")
def tell(world: World, said: Mapping[str, Any]) -> Iterator[Decided]:
    """The posts of the block with their holders, who came later, and how the posts ended."""
    opening, heads = said["opening"], _Heads(world, said)
    acts: Acts = []
    later: list[Decided] = []
    for about in said["posts"]:
        for post, holders in heads.of(about):
            acts += heads.begins(post, about, holders[:1])
            later += heads.followed(post, about, holders)
    paper = Paper(symbol=opening["symbol"], signed_on=opening["signed"], kind=opening.get("kind", "opening"))
    yield Decided(world.known(opening["known"], 12), paper, acts)
    yield from later
    if heads.ending:
        told = said["ending"]
        paper = Paper(symbol=told["symbol"], signed_on=told["signed"])
        yield Decided(world.known(told["known"]), paper, heads.ending)


class _Heads:
    """Finds the holders of the posts of one block; nobody holds two at a time."""

    def __init__(self, world: World, said: Mapping[str, Any]) -> None:
        self._world, self._said = world, said
        self._since: dt.date = said["opening"]["since"]
        self._chance = world.chance(f"heads {said['opening']['symbol']}")
        self._origins = Origins(world, self._chance)
        self._used = {h.code for units in world.heads.values() for some in units.values() for h in some}
        self._entering: dict[str, tuple[str, dict[str, Any]]] = {}
        self._units: dict[str, str] = {}
        self.ending: Acts = []

    def of(self, about: Mapping[str, Any]) -> Iterator[tuple[str, list[Human]]]:
        """Each post of a kind with the person who holds it at the opening, and the next one where it changed."""
        held = about["held"]
        there = self._there(about)
        units = self._chance.sample(there, len(there))
        find = self._finder(about, held, len(units))
        changed = round(len(units) * about.get("changed", {}).get("share", 0))
        kept = self._world.heads.setdefault(about["label"], {})
        for number, unit in enumerate(units):
            post = about["code"].format(unit=unit)
            self._units[post] = unit
            found = [find(unit, number) for _ in range(HEADS_OF_A_PLACE if number < changed else 1)]
            kept[unit] = [human for human in found if human]
            yield post, kept[unit]

    def _there(self, about: Mapping[str, Any]) -> list[str]:
        """The units of a kind of post: those of the label, but for what was founded since."""
        kind, world = about.get("kind"), self._world
        units = [unit for unit in units_of(world, [about["of"]]) if unit not in world.founded]
        return [unit for unit in units if world.kinds.get(unit) == kind] if kind else units

    def _finder(self, about: Mapping[str, Any], held: Mapping[str, Any], posts: int) -> Find:
        if "after" in held:
            return self._former(held["after"])
        if "own" in held:
            return self._own(held)
        return self._villagers(held, posts) if "members" in held else self._officials(about, held)

    def begins(self, post: str, about: Mapping[str, Any], holders: Sequence[Human]) -> Acts:
        """The post, and its first holder where there is one."""
        terms = {key: about[key] for key in ("title", "level", "managed_by", "non_local") if key in about}
        created = terms | {"code": post, "unit": self._units[post], "on": self._since}
        taken = [act for human in holders for act in self._takes(post, human, self._since)]
        return [("post.create", created), *taken]

    def followed(self, post: str, about: Mapping[str, Any], holders: Sequence[Human]) -> Iterator[Decided]:
        """The change of holder, and the vacating of a post that ends."""
        for before, human in pairwise(holders):
            told = about["changed"]
            (day,) = working_days(self._chance, (told["from"], told["until"]), 1)
            relieved = ("service.relieve", {"person": before.code, "post": post, "on": day})
            symbol = told["symbol"].format(number=self._chance.randint(20, 900))
            paper = Paper(symbol=symbol, signed_on=day, code=f"{post}/{symbol}")
            yield Decided(self._entered(told, day), paper, [relieved, *self._takes(post, human, day)])
        if "abolished" in about:
            terms = {"post": post, "on": about["abolished"]}
            self.ending += [("service.relieve", terms | {"person": human.code}) for human in holders[-1:]]
            self.ending.append(("post.abolish", terms))

    def _entered(self, told: Mapping[str, Any], day: dt.date) -> dt.datetime:
        """When the paper of a change became known."""
        days = self._chance.randint(1, 6)
        if "late" in told and self._chance.random() < told["late"]["share"]:
            days = self._chance.randint(*told["late"]["days"])
        return self._world.known(day + dt.timedelta(days=days))

    def _takes(self, post: str, human: Human, day: dt.date) -> Acts:
        acts: Acts = []
        if human.code in self._entering:
            name, terms = self._entering.pop(human.code)
            acts.append((name, terms | {"on": day}))
        return [*acts, ("service.appoint", {"person": human.code, "post": post, "on": day})]

    def _former(self, label: str) -> Find:
        """Who headed the units that went into this one; whoever is not taken leaves."""
        waiting: dict[str, deque[Human]] = defaultdict(deque)
        for unit, holders in self._world.heads[label].items():
            waiting[heirs()[self._world.served[unit]]].extend(holders[-1:])

        def find(unit: str, number: int) -> Human | None:
            here = waiting[self._world.served[unit]]
            return here.popleft() if here else None

        return find

    def _own(self, held: Mapping[str, Any]) -> Find:
        """Members of the unit itself who hold nothing yet."""
        members: dict[str, list[Human]] = defaultdict(list)
        for human in self._lasting(held["age"]):
            if human.code not in self._used:
                members[human.unit].append(human)
        return lambda unit, number: members[unit].pop() if members[unit] else None

    def _villagers(self, held: Mapping[str, Any], posts: int) -> Find:
        """Members of the cell at the place for as many posts as asked, for the others people new to the register."""
        members: dict[str, list[Human]] = defaultdict(list)
        for human in self._lasting(held["age"]):
            if human.unit in self._world.served:
                members[self._world.served[human.unit]].append(human)
        able = sum(len(those) >= HEADS_OF_A_PLACE for those in members.values())
        wanted = counted(self._world, held["members"])
        if not wanted <= min(able, posts):
            raise Mistake("sample_heads", f"sample {self._world.name}: {wanted} heads of {able} places can be members")
        newcomers = Newcomers(self._world, "head", held["else"], self._chance)
        chosen: dict[str, bool] = {}

        def find(unit: str, number: int) -> Human:
            place = self._world.served[unit]
            if unit not in chosen:
                chosen[unit] = len(members[place]) >= HEADS_OF_A_PLACE and sum(chosen.values()) < wanted
            if chosen[unit]:
                return members[place].pop()
            human = newcomers.next(self._since, unit)
            human.origin = self._origins.of(unit)
            name, terms = newcomers.registered(human, self._since)
            self._entering[human.code] = (name, terms | {"origin": human.origin})
            return human

        return find

    def _officials(self, about: Mapping[str, Any], held: Mapping[str, Any]) -> Find:
        """Members of certain cells; from elsewhere for as many posts as asked, for the others locals."""
        labels = {unit for label in held["from"] for unit in self._world.units[label]}
        waiting = [human for human in self._lasting(held["age"]) if human.unit in labels]
        elsewhere = counted(self._world, held["elsewhere"]) if "elsewhere" in held else 0

        def find(unit: str, number: int) -> Human | None:
            place, away = place_of(self._world, unit), number < elsewhere
            for at, human in enumerate(waiting):
                if human.code not in self._used and (place in _above(self._world, human.origin)) != away:
                    self._used.add(human.code)
                    return waiting.pop(at)
            if away:
                raise Mistake(
                    "sample_heads", f"sample {self._world.name}: nobody is left for {about['label']} of {unit}"
                )
            return anybody() if held.get("anybody") else None

        def anybody() -> Human | None:
            human = next((human for human in waiting if human.code not in self._used), None)
            self._used |= {human.code} if human else set()
            return human

        return find

    def _lasting(self, age: tuple[int, int]) -> list[Human]:
        """Members from before the opening who stay, of an age on that day, in random order."""
        youngest, oldest = birthday(self._since, age[0]), birthday(self._since, age[1] + 1)
        people = [
            human
            for human in self._world.people
            if human.since and human.since < self._since and not human.until and oldest < human.born <= youngest
        ]
        return self._chance.sample(people, len(people))


def _above(world: World, place: str) -> list[str]:
    """A place and all places above it."""
    found, at = [], place or None
    while at is not None:
        found.append(at)
        at = upper(world, at)
    return found
