"""Where people come from: most from the place their cell serves, some from elsewhere in the province or the country."""

import random

from canbo.sample import territory
from canbo.sample.places import old_units, place_of, upper
from canbo.sample.story import World

NEAR, PROVINCE = 0.80, 0.95
"""Below NEAR from the commune or district itself, below PROVINCE from the province, the others from anywhere."""


class Origins:
    """Draws a commune for each person."""

    def __init__(self, world: World, chance: random.Random) -> None:
        self._world, self._chance = world, chance
        self._everywhere = [unit.code for unit in territory.old_communes()]
        self._inside: dict[str, list[str]] = {}

    def of(self, unit: str) -> str:
        """The commune that somebody of this unit comes from."""
        drawn = self._chance.random()
        if drawn >= PROVINCE:
            return self._chance.choice(self._everywhere)
        place = place_of(self._world, unit)
        while place not in old_units():
            place = upper(self._world, place) or place
        return self._chance.choice(self._communes(place if drawn < NEAR else place.partition(".")[0]))

    def _communes(self, place: str) -> list[str]:
        """The communes of a place: itself, or those of a district or province."""
        if place not in self._inside:
            districts = {unit.code for unit in territory.old_districts() if place in (unit.code, unit.parent)}
            inside = [unit.code for unit in territory.old_communes() if unit.parent in districts]
            self._inside[place] = inside or [place]
        return self._inside[place]
