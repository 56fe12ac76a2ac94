"""Deadlines: a parameter of the profile (`rules/parameters.yaml`) counted from a day, over the holidays of its country.

What lasts a number of days ends on the last of them; the day on which it began is not counted. No profile has to have
the file: without a parameter in force there is no deadline, and nobody is late.
"""

import datetime as dt
import functools
from dataclasses import dataclass

from holidays import HolidayBase, country_holidays
from pydantic import ValidationError

from canbo.kernel.profile import Profile, load, profile
from canbo.kernel.refusal import Mistake
from canbo.rules.parameters import Parameter, in_force

FILE = ("rules", "parameters.yaml")


@dataclass(frozen=True)
class Deadline:
    """The last day on which something is in time, and the parameter that says so."""

    day: dt.date
    parameter: Parameter

    def kept(self, on: dt.date) -> bool:
        """Was it in time on a day?"""
        return on <= self.day


@functools.cache
def parameters(name: str) -> tuple[Parameter, ...]:
    """The parameters of a profile; what cannot be is refused with the entry and what is wrong with it."""
    of = load(name)
    if not of.folder.joinpath(*FILE).exists():
        return ()
    return tuple(_read(of, number, entry) for number, entry in enumerate(of.read(*FILE), 1))


def _read(of: Profile, number: int, entry: object) -> Parameter:
    place = f"profile {of.name}: {'/'.join(FILE)}, entry {number}"
    try:
        found = Parameter.model_validate(entry)
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise Mistake("profile_rules", f"{place}: {wrong}") from error
    if set(found.article) != set(of.languages):
        raise Mistake("profile_rules", f"{place}: article: the profile speaks {', '.join(of.languages)}")
    return found


@functools.cache
def public_holidays(country: str) -> HolidayBase:
    """The public holidays of a country, found year by year as they are asked for."""
    return country_holidays(country)


def deadline(name: str, begun: dt.date) -> Deadline | None:
    """The deadline that a parameter of the profile sets for what began on a day."""
    of = profile()
    found = in_force(parameters(of.name), name, begun)
    if found is None:
        return None
    country = of.settings.get("holidays", "")
    return Deadline(found.last_day(begun, public_holidays(country) if country else ()), found)
