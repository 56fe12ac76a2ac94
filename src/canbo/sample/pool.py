"""Whom something happens to: members of the right age on the day, taken once each, or people new to the register.

A block says `who`: `from` a label of people kept by an earlier teller, or all members (the default); `age` in
completed years on the day; `member_for` so many days at least, so that nobody acts before they are known.
"""

import datetime as dt
import random
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from canbo.kernel.periods import birthday
from canbo.kernel.refusal import Mistake
from canbo.sample.story import Human, World


class Pool:
    """People in random order; each is taken once."""

    def __init__(self, world: World, said: Mapping[str, Any], chance: random.Random) -> None:
        label = said.get("from")
        people = world.groups[label] if label else world.people
        self._waiting = deque(chance.sample(people, len(people)))
        self._age = said.get("age", (18, 65))
        self._member_for = dt.timedelta(days=said.get("member_for", 365))
        self._what = f"{world.name}: {label or 'members'} of {self._age[0]} to {self._age[1]} years"

    def fits(self, human: Human, day: dt.date) -> bool:
        """Is the person there on the day, a member for long enough, and of the age asked for?"""
        return (
            human.since is not None
            and human.since <= day - self._member_for
            and (human.until is None or human.until > day)
            and birthday(day, self._age[1] + 1) < human.born <= birthday(day, self._age[0])
        )

    def take(self, day: dt.date, also: Callable[[Human], bool] = lambda human: True) -> Human:
        """The next person who fits on that day; those who do not keep their place for another day."""
        for _ in range(len(self._waiting)):
            human = self._waiting.popleft()
            if self.fits(human, day) and also(human):
                return human
            self._waiting.append(human)
        raise Mistake(
            "sample_people",
            f"sample {self._what}: nobody is left to take on {day}; ask for smaller counts, or for more members",
        )

    def those(self, day: dt.date) -> list[Human]:
        """Everybody who fits on that day, in the pool's order."""
        return [human for human in self._waiting if self.fits(human, day)]


def beneath(world: World, units: Iterable[str], people: Iterable[Human]) -> dict[str, list[Human]]:
    """The people of each of these units, counted wherever below it; each under the lowest of the units above them."""
    found: dict[str, list[Human]] = {unit: [] for unit in units}
    home: dict[str, str | None] = {}
    for human in people:
        unit = human.unit
        if unit not in home:
            above: str | None = unit
            while above is not None and above not in found:
                above = world.parents.get(above)
            home[unit] = above
        if (place := home[unit]) is not None:
            found[place].append(human)
    return found
