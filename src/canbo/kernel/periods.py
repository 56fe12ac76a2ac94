"""Days, partial dates and half-open periods; the only place that knows what a date may look like. No Django here.

A partial start ("2021", "2021-03") counts from the period's first day, a partial end to the day after its last;
the precision is stored beside it, so that nothing pretends to know a day that nobody wrote down.
"""

import datetime as dt
import functools
import re
from dataclasses import dataclass
from typing import Any

from pydantic_core import CoreSchema, core_schema

DAY, MONTH, YEAR = "d", "m", "y"
PRECISIONS = ((DAY, "day"), (MONTH, "month"), (YEAR, "year"))
_LETTERS = {DAY: 10, MONTH: 7, YEAR: 4}
_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True, order=True)
class Partial:
    """A date as somebody wrote it: `first` day of what it names, `after` its last day, and its precision."""

    first: dt.date
    after: dt.date
    precision: str = DAY

    @classmethod
    def of(cls, value: "Partial | dt.date | str") -> "Partial":
        """Read "2021", "2021-03", "2021-03-08" or a date; `ValueError` names what was wrong with it."""
        if isinstance(value, Partial):
            return value
        if isinstance(value, dt.date):
            if value == dt.date.max:
                raise ValueError(f"{value} is too late: nothing can come after it")
            return cls(value, value + dt.timedelta(days=1))
        return _typed(str(value).strip())

    def __str__(self) -> str:
        return self.first.isoformat()[: _LETTERS[self.precision]]

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> CoreSchema:
        """Let the terms of an act and the files of a profile use partial dates as plain text."""
        return core_schema.no_info_plain_validator_function(
            cls.of, serialization=core_schema.plain_serializer_function_ser_schema(str)
        )


@functools.lru_cache(maxsize=1 << 16)
def _typed(text: str) -> Partial:
    """A date as text; a file says the same few thousand days again and again."""
    match = _ISO.fullmatch(text)
    if not match:
        raise ValueError(f"{text!r} is not a date: write YYYY, YYYY-MM or YYYY-MM-DD")
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        if day:
            return Partial.of(dt.date(year, month, day))
        if month:
            following = dt.date(year + month // 12, month % 12 + 1, 1)
            return Partial(dt.date(year, month, 1), following, MONTH)
        return Partial(dt.date(year, 1, 1), dt.date(year + 1, 1, 1), YEAR)
    except ValueError as error:
        raise ValueError(f"{text!r} is not a date of the calendar: {error}") from error


def birthday(day: dt.date, years: int) -> dt.date:
    """The day that lies `years` before `day` in the calendar (29 February counts as 28 in common years)."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def months_between(first: dt.date, last: dt.date) -> int:
    """Whole months from `first` to the day after `last` (2021-01-01 to 2024-04-30 is 40)."""
    after = last + dt.timedelta(days=1)
    return (after.year - first.year) * 12 + after.month - first.month - (after.day < first.day)


def this_instant() -> dt.datetime:
    """The machine's clock, for what a person signs here and now; whatever the register dates asks the database."""
    return dt.datetime.now(dt.UTC)
