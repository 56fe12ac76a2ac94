"""The roll of members of an association: who was there at the opening, and who came, moved and went, month by month.

A block says: the `balance` paper; the `period`; the path of the count of `members` on its last day, from which the
balance is reckoned back; `yearly` counts of `admitted`, `left` and `moved` by year; the `branches` that decide, each
with its `share` of everything, its `abbreviation` and the `traditions` of its members' names; the `units` that count
members, by label and weight; `balanced` and `joining`: category → share and ages; the `stages` and how many `months`
lie between them; `grown`: who changes category at which age; `ending` by weight; and sections `closed` on a day, whose
members go `into` another unit. Who owes dues by the profile is kept under `paying`.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from canbo.kernel.periods import birthday
from canbo.kernel.profile import profile
from canbo.registry.ledger import Paper
from canbo.sample.names import Names
from canbo.sample.series import SATURDAY, entered
from canbo.sample.story import Acts, Decided, Human, World, teller
from canbo.sample.tellers.branches import lies_under

Said = Mapping[str, Any]
DRAWN_AT_ONCE = 200
SECOND_WEEK = 8
"""Boards meet on the first working day from this day of the month on."""


@dataclass(slots=True, eq=False)
class Member:
    """A member while the roll is told: where, of which category, and whether confirmed."""

    human: Human
    branch: str
    category: str
    confirmed: bool


@teller("roll")
def tell(world: World, said: Said) -> Iterator[Decided]:
    """The balance, then a paper for each branch and month."""
    return Roll(world, said).told()


class Roll:
    """Everybody who is or was a member since the opening."""

    def __init__(self, world: World, said: Said) -> None:
        self._world, self._said, self._chance = world, said, world.chance("roll")
        self._members: list[Member] = []
        self._drawn: dict[str, list[tuple[str, str]]] = {branch: [] for branch in said["branches"]}
        self._closed = {unit["unit"]: unit["day"] for unit in said["closed"]}
        self._units = {
            branch: [
                (unit, weight)
                for label, weight in said["units"].items()
                for unit in world.units[label]
                if lies_under(world, unit, branch)
            ]
            for branch in said["branches"]
        }
        self._number = 0

    def told(self) -> Iterator[Decided]:
        """The balance and the months."""
        first, last = self._said["period"]
        yearly = {what: self._yearly(what) for what in self._said["yearly"]}
        gained = sum(yearly["admitted"].values()) - sum(yearly["left"].values())
        yield from self._balance(self._world.target(self._said["members"]) - gained)
        months = [(year, month) for year in range(first.year, last.year + 1) for month in range(1, 13)]
        spread = {what: self._spread(counts) for what, counts in yearly.items()}
        for year, month in months:
            day = _meeting(year, month)
            for branch in self._said["branches"]:
                due = {what: spread[what][year, month, branch] for what in spread}
                yield from self._decided(branch, day, due)
            yield from self._closings(year, month)

    def _yearly(self, what: str) -> dict[int, int]:
        return {year: self._world.target(path) for year, path in self._said["yearly"][what].items()}

    def _spread(self, counts: Mapping[int, int]) -> Counter[tuple[int, int, str]]:
        """Each year's count over months and branches."""
        branches = self._said["branches"]
        shares = [branch["share"] for branch in branches.values()]
        spread: Counter[tuple[int, int, str]] = Counter()
        for year, count in counts.items():
            for branch in self._chance.choices(list(branches), shares, k=count):
                spread[year, self._chance.randint(1, 12), branch] += 1
        return spread

    def _balance(self, count: int) -> Iterator[Decided]:
        """Who was a member already, by one paper."""
        balance, branches = self._said["balance"], self._said["branches"]
        day, stages = balance["day"], self._said["stages"]
        acts: Acts = []
        shares = [branch["share"] for branch in branches.values()]
        for branch in self._chance.choices(list(branches), shares, k=count):
            member = self._newcomer(branch, day, self._said["balanced"], confirmed=True)
            terms = {"unit": member.human.unit, "stage": stages[-1], "category": member.category}
            acts += self._entered(member, day, "membership.take-over", terms)
        paper = Paper(symbol=balance["symbol"], signed_on=day, kind="opening")
        yield Decided(entered(self._world, day, hour=8), paper, acts)

    def _decided(self, branch: str, day: dt.date, due: Mapping[str, int]) -> Iterator[Decided]:
        """What the board of a branch decides in a month."""
        busy = [m for m in self._members if m.branch == branch and m.human.until is None]
        settled = [m for m in busy if m.confirmed]
        chosen = self._chance.sample(settled, due["left"] + due["moved"])
        acts = self._confirmed(busy, day)
        acts += self._grown([m for m in settled if m not in chosen], day)
        acts += [act for member in chosen[: due["left"]] for act in self._left(member, day)]
        acts += [act for member in chosen[due["left"] :] for act in self._moved(member, day)]
        acts += [act for _ in range(due["admitted"]) for act in self._admitted(branch, day)]
        if acts:
            short = self._said["branches"][branch]["abbreviation"]
            symbol = self._said["paper"].format(branch=short, year=day.year, number=day.month)
            yield Decided(entered(self._world, day), Paper(symbol=symbol, signed_on=day), acts)

    def _confirmed(self, busy: list[Member], day: dt.date) -> Acts:
        """Those who have been members long enough enter the last stage."""
        acts: Acts = []
        for member in busy:
            if not member.confirmed and (day - member.human.since).days >= self._said["months"] * 30:
                member.confirmed = True
                acts.append(
                    ("membership.advance", {"on": day, "person": member.human.code, "stage": self._said["stages"][-1]})
                )
        return acts

    def _grown(self, members: list[Member], day: dt.date) -> Acts:
        """Those who are too old for their category get the next one."""
        acts: Acts = []
        for member in members:
            grown = self._said["grown"].get(member.category)
            if grown and member.human.born <= birthday(day, grown["age"]):
                member.category = grown["into"]
                terms = {"on": day, "person": member.human.code, "category": member.category}
                acts.append(("membership.recategorise", terms))
        return acts

    def _left(self, member: Member, day: dt.date) -> Acts:
        member.human.until = day
        endings = self._said["ending"]
        (ending,) = self._chance.choices(list(endings), list(endings.values()))
        return [("membership.leave", {"on": day, "person": member.human.code, "ending": ending})]

    def _moved(self, member: Member, day: dt.date) -> Acts:
        before = member.human.unit
        member.human.unit = self._unit(member.branch, day, but=before)
        terms = {"on": day, "person": member.human.code, "unit": member.human.unit}
        return [("membership.transfer", terms), ("person.keep-file", terms)]

    def _admitted(self, branch: str, day: dt.date) -> Acts:
        member = self._newcomer(branch, day, self._said["joining"], confirmed=False)
        terms = {"unit": member.human.unit, "stage": self._said["stages"][0], "category": member.category}
        return self._entered(member, day, "membership.admit", terms)

    def _entered(self, member: Member, day: dt.date, act: str, terms: dict[str, Any]) -> Acts:
        human = member.human
        person = {"code": human.code, "unit": human.unit, "name": human.name, "sex": human.sex, "born": human.born}
        return [("person.register", person | {"on": day}), (act, terms | {"on": day, "person": human.code})]

    def _closings(self, year: int, month: int) -> Iterator[Decided]:
        """A section ends: by the same paper its members are counted, and all files kept, in another unit."""
        for closed in self._said["closed"]:
            day, unit = closed["day"], closed["unit"]
            if (day.year, day.month) == (year, month):
                acts: Acts = []
                for member in self._members:
                    if member.human.unit == unit:
                        member.human.unit = closed["into"]
                        terms = {"on": day, "person": member.human.code, "unit": closed["into"]}
                        acts.append(("person.keep-file", terms))
                        acts += [("membership.transfer", terms)] if member.human.until is None else []
                acts.append(("organisation.dissolve", {"on": day, "unit": unit}))
                paper = Paper(symbol=closed["symbol"], signed_on=day)
                yield Decided(entered(self._world, day, hour=17), paper, acts)

    def _newcomer(self, branch: str, day: dt.date, kinds: Said, *, confirmed: bool) -> Member:
        """An invented member of a branch."""
        (category,) = self._chance.choices(list(kinds), [kind["share"] for kind in kinds.values()])
        youngest, oldest = kinds[category]["age"]
        born = birthday(day, youngest) - dt.timedelta(days=self._chance.randrange(365 * (oldest - youngest) + 1))
        name, sex = self._name(branch)
        self._number += 1
        code = f"{self._world.name}.{self._number:05}"
        human = self._world.newcomer(Human(code, name, sex, born, False, self._unit(branch, day), since=day))
        member = Member(human, branch, category, confirmed)
        self._members.append(member)
        if profile().vocabulary("membership_category")[category].get("dues"):
            self._world.groups.setdefault("paying", []).append(human)
        return member

    def _unit(self, branch: str, day: dt.date, but: str = "") -> str:
        """One of the units of a branch that exist on the day."""
        there = [(u, w) for u, w in self._units[branch] if u != but and self._exists(u, day)]
        return self._chance.choices([unit for unit, _ in there], [weight for _, weight in there])[0]

    def _exists(self, unit: str, day: dt.date) -> bool:
        return self._world.founded.get(unit, day) <= day < self._closed.get(unit, dt.date.max)

    def _name(self, branch: str) -> tuple[str, str]:
        """The next name and sex among those drawn for a branch."""
        drawn = self._drawn[branch]
        if not drawn:
            traditions = self._said["branches"][branch]["traditions"]
            for tradition, percent in traditions.items():
                many = max(1, DRAWN_AT_ONCE * percent // 100)
                names, sexes = Names(self._chance, tradition).draw(many, self._said["women"])
                drawn += zip(names, sexes, strict=True)
            self._chance.shuffle(drawn)
        return drawn.pop()


def _meeting(year: int, month: int) -> dt.date:
    """The day in a month on which boards decide."""
    day = dt.date(year, month, SECOND_WEEK)
    return day + dt.timedelta(days=(7 - day.weekday()) if day.weekday() >= SATURDAY else 0)
