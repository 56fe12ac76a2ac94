"""Deadlines: a parameter of the profile (`rules/parameters.yaml`) counted from a day, over the holidays of its country.

What lasts a number of days ends on the last of them; the day on which it began is not counted. Without a parameter in
force there is no deadline, and nobody is late.
"""

import datetime as dt
import functools
from dataclasses import dataclass

from holidays import HolidayBase, country_holidays

from canbo.kernel.profile import load, profile
from canbo.rules.entries import entries
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
    """The parameters of a profile."""
    return tuple(entries(load(name), FILE, Parameter))


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
