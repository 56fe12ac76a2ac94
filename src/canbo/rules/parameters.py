"""Numbers of the rules: dated, with the article each rests on, and days counted by them. No Django here."""

import datetime as dt
from collections.abc import Container, Iterable, Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, PositiveInt, model_validator

from canbo.kernel.periods import Partial

SATURDAY = 5
ONE_DAY = dt.timedelta(days=1)


class Parameter(BaseModel):
    """A number of a rule while it holds, by which article, and how sure we are of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    value: PositiveInt
    unit: Literal["days", "working-days"]
    since: Partial
    until: Partial | None = None
    document: str
    article: Mapping[str, str]
    confidence: Literal["read", "known", "unsure"]

    @model_validator(mode="after")
    def _lasts(self) -> "Parameter":
        if self.until and self.until.first <= self.since.first:
            raise ValueError(f"until {self.until} does not lie after since {self.since}")
        return self

    def holds(self, on: dt.date) -> bool:
        """Is it in force on a day?"""
        return self.since.first <= on and (self.until is None or on < self.until.first)

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
