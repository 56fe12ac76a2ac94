"""Officers of an association: posts in its branches and sections, who held them at the opening, and elections since.

A block says: the `balance` paper; `posts`: `titles` in all units of some labels, or in a `share` of them; the `age` of
officers; the share of posts `vacant` at first; `elections`: in these `years` and `months`, `again` the share of holders
who are elected again; and the sections `closed` on a day. An officer is a member in the unit or beneath it.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from canbo.kernel.periods import birthday
from canbo.kernel.profile import profile
from canbo.registry.ledger import Paper
from canbo.sample.pool import beneath
from canbo.sample.series import entered, working_days
from canbo.sample.story import Acts, Decided, Human, World, teller

Said = Mapping[str, Any]
LAST_DAY = 28


@dataclass(slots=True)
class Post:
    """A post in a unit with its holder, if any."""

    code: str
    unit: str
    title: str
    level: str
    since: dt.date
    holder: Human | None = None


@teller("officers")
def tell(world: World, said: Said) -> Iterator[Decided]:
    """The posts of the opening, those of units founded since, elections, and the posts that ended."""
    return Officers(world, said).told()


class Officers:
    """All posts of the association."""

    def __init__(self, world: World, said: Said) -> None:
        self._world, self._said, self._chance = world, said, world.chance("officers")
        self._posts = list(self._planned())
        self._taken: set[str] = set()
        units = {post.unit for post in self._posts}
        self._near = {unit: self._beneath(unit) for unit in sorted(units)}

    def told(self) -> Iterator[Decided]:
        """In the order of the days."""
        balance = self._said["balance"]
        old = [post for post in self._posts if post.since == balance["day"]]
        acts = [act for post in old for act in self._created(post)]
        yield Decided(
            entered(self._world, balance["day"], hour=9),
            Paper(symbol=balance["symbol"], signed_on=balance["day"], kind="opening"),
            acts,
        )
        yield from self._founded()
        for year in self._said["elections"]["years"]:
            yield from self._elections(year)
        yield from self._ended()

    def _planned(self) -> Iterator[Post]:
        kinds = profile().vocabulary("organisation_kind")
        for part in self._said["posts"]:
            for label in part["units"]:
                for unit in self._world.units[label]:
                    if self._chance.random() >= part.get("share", 1):
                        continue
                    since = self._world.founded.get(unit, self._said["balance"]["day"])
                    for title in part["titles"]:
                        yield Post(f"{unit}.{title}", unit, title, kinds[label]["level"], since)

    def _beneath(self, unit: str) -> list[Human]:
        """The members of a unit and of all beneath it, in random order."""
        near = beneath(self._world, [unit], self._world.people)[unit]
        return self._chance.sample(near, len(near))

    def _created(self, post: Post) -> Acts:
        """The post begins, held unless it is vacant."""
        terms = {"code": post.code, "unit": post.unit, "title": post.title, "level": post.level, "on": post.since}
        vacant = self._chance.random() < self._said["vacant"]
        return [("post.create", terms), *([] if vacant else self._elected(post, post.since))]

    def _elected(self, post: Post, day: dt.date) -> Acts:
        """The next member who may hold the post; it is left vacant where there is nobody."""
        youngest, oldest = self._said["age"]
        for human in self._near[post.unit]:
            there = human.since <= day and human.until is None and human.code not in self._taken
            if there and birthday(day, oldest + 1) < human.born <= birthday(day, youngest):
                self._taken.add(human.code)
                post.holder = human
                return [("service.appoint", {"on": day, "person": human.code, "post": post.code})]
        return []

    def _relieved(self, post: Post, day: dt.date) -> Acts:
        holder, post.holder = post.holder, None
        return [("service.relieve", {"on": day, "person": holder.code, "post": post.code})] if holder else []

    def _founded(self) -> Iterator[Decided]:
        """Units founded since elect their officers on the same day."""
        opening = self._said["balance"]["day"]
        for unit in dict.fromkeys(post.unit for post in self._posts if post.since != opening):
            posts = [post for post in self._posts if post.unit == unit]
            acts = [act for post in posts for act in self._created(post)]
            yield self._decided(unit, posts[0].since, acts)

    def _elections(self, year: int) -> Iterator[Decided]:
        """Every unit elects on a day of its own; those founded in the year, or closed before, do not."""
        said = self._said["elections"]
        first, last = (dt.date(year, month, day) for month, day in zip(said["months"], (1, LAST_DAY), strict=True))
        closed = {unit["unit"]: unit["day"] for unit in self._said["closed"]}
        for unit in dict.fromkeys(post.unit for post in self._posts):
            (day,) = working_days(self._chance, (first, last), 1)
            posts = [post for post in self._posts if post.unit == unit and post.since.year < year]
            if day >= closed.get(unit, dt.date.max):
                continue
            acts: Acts = []
            for post in posts:
                if post.holder is None or self._chance.random() >= said["again"]:
                    acts += self._relieved(post, day) + self._elected(post, day)
            if acts:
                yield self._decided(unit, day, acts)

    def _decided(self, unit: str, day: dt.date, acts: Acts) -> Decided:
        symbol = self._said["elections"]["symbol"].format(unit=self._world.names[unit], year=day.year)
        return Decided(entered(self._world, day, hour=16), Paper(symbol=symbol, signed_on=day), acts)

    def _ended(self) -> Iterator[Decided]:
        """The posts of a closed section are vacated and abolished by the paper that closes it."""
        for closed in self._said["closed"]:
            day = closed["day"]
            acts: Acts = []
            for post in self._posts:
                if post.unit == closed["unit"]:
                    acts += [*self._relieved(post, day), ("post.abolish", {"on": day, "post": post.code})]
            yield Decided(entered(self._world, day, hour=18), Paper(symbol=closed["symbol"], signed_on=day), acts)
