"""People who come into the register with an event: recruits, employees who are no members.

Their peoples are those of the province, in these shares; names, sexes and birthdays are invented in one go for many,
because drawing a name alone costs as much as drawing a hundred.
"""

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from canbo.kernel.periods import birthday
from canbo.kernel.profile import profile
from canbo.sample.names import Names, People, peoples
from canbo.sample.story import Human, World
from canbo.sample.territory import slug

DRAWN_AT_ONCE = 500
REST = "other"
"""The code of an ethnic group that the profile does not list by name."""


class Newcomers:
    """Invents people one after another: `{age: [22, 33], women: 0.5}`; `name` keeps the codes of two blocks apart."""

    def __init__(self, world: World, name: str, said: Mapping[str, Any], chance: random.Random) -> None:
        self._world, self._name, self._said, self._chance = world, name, said, chance
        self._number = 0
        self._groups: dict[str, str] = {}
        self._drawn: Iterator[tuple[str, str, People]] = iter(())

    def next(self, day: dt.date, unit: str) -> Human:
        """Somebody of the right age on a day, whose file a unit keeps."""
        name, sex, people = self._person()
        self._number += 1
        youngest, oldest = self._said["age"]
        born = birthday(day, youngest) - dt.timedelta(days=self._chance.randrange(365 * (oldest - youngest) + 1))
        code = f"{self._world.name}.{self._name}.{self._number:05}"
        self._groups[code] = people.name
        return self._world.newcomer(Human(code, name, sex, born, people.minority, unit))

    def registered(self, human: Human, day: dt.date) -> tuple[str, dict[str, Any]]:
        """The act that enters the person."""
        group = slug(self._groups.pop(human.code))
        terms = {
            "on": day,
            "code": human.code,
            "unit": human.unit,
            "name": human.name,
            "sex": human.sex,
            "born": human.born,
            "ethnic_group": group if group in profile().vocabulary("ethnic_group") else REST,
        }
        return ("person.register", terms)

    def _person(self) -> tuple[str, str, People]:
        """The next name, sex and people; many are drawn together."""
        if (person := next(self._drawn, None)) is None:
            self._drawn = iter(self._draw())
            person = next(self._drawn)
        return person

    def _draw(self) -> list[tuple[str, str, People]]:
        known = peoples(self._world.name)
        drawn = self._chance.choices(known, [people.share for people in known], k=DRAWN_AT_ONCE)
        persons = []
        for people, count in Counter(drawn).items():
            names, sexes = Names(self._chance, people.tradition).draw(count, self._said.get("women", 0.5))
            persons += [(name, sex, people) for name, sex in zip(names, sexes, strict=True)]
        self._chance.shuffle(persons)
        return persons
