"""Numbers of the rules, dated, and days counted by them. No Django here."""

import datetime as dt
from collections.abc import Container, Iterable
from typing import Literal

from pydantic import PositiveInt

from canbo.rules.dated import Dated

SATURDAY = 5
ONE_DAY = dt.timedelta(days=1)


class Parameter(Dated):
    """A number of a rule while it holds."""

    NAME = "id"

    id: str
    value: PositiveInt
    unit: Literal["days", "working-days"]

    def last_day(self, begun: dt.date, holidays: Container[dt.date]) -> dt.date:
        """The last day of the time that begins to run after a day."""
        if self.unit == "days":
            return begun + dt.timedelta(days=self.value)
        day, left = begun, self.value
        while left:
            day += ONE_DAY
            left -= works(day, holidays)
        return day


def works(day: dt.date, holidays: Container[dt.date]) -> bool:
    """Is it a working day: neither of a weekend nor a public holiday?"""
    return day.weekday() < SATURDAY and day not in holidays


def in_force(some: Iterable[Parameter], name: str, on: dt.date) -> Parameter | None:
    """The parameter of that name that holds on a day; of several the one that began last."""
    found = [one for one in some if one.id == name and one.holds(on)]
    return max(found, key=lambda one: one.since.first, default=None)
