"""The cells of a list: what each says in the language of the page, where it leads, and its plain value for exports."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import get_language, gettext

from canbo.kernel.periods import DAY as TO_THE_DAY
from canbo.kernel.periods import MONTH
from canbo.kernel.profile import profile
from canbo.kernel.screen import DAY, FLAG, INSTANT, NUMBER, SINCE, UNIT, UNTIL, WORD, Column
from canbo.registry.organisations.queries import named
from canbo.reports.text import number
from canbo.web.asof import link
from canbo.web.generic.listing import Listing, paths


@dataclass(frozen=True)
class Cell:
    """One value: its text, the address it leads to, its kind for the stylesheet, and the value itself."""

    text: str
    address: str = ""
    kind: str = ""
    value: Any = None


CLASSES = {NUMBER: "number", DAY: "date", SINCE: "date", UNTIL: "date", INSTANT: "date"}


Units = Mapping[int, tuple[str, str]]
"""Name and code of units by their key."""


def units(listing: Listing, rows: Sequence[tuple[Any, ...]]) -> Units:
    """The units that rows name, and the one that the list is narrowed to, asked for together."""
    place = {path: index for index, path in enumerate(paths(listing.screen))}
    keys = {row[place[c.path]] for row in rows for c in listing.screen.columns if c.kind == UNIT} - {None}
    keys |= {listing.unit.pk} if listing.unit else set()
    known = named(keys, listing.asof.on, listing.asof.known)
    return {key: (being.name, being.code) for key, being in known.items()}


def table(listing: Listing, rows: Sequence[tuple[Any, ...]], names: Units) -> list[list[Cell]]:
    """The rows of a list as cells."""
    place = {path: index for index, path in enumerate(paths(listing.screen))}
    return [[_cell(listing, column, row, place, names) for column in listing.screen.columns] for row in rows]


def _cell(listing: Listing, column: Column, row: tuple[Any, ...], place: dict[str, int], names: Units) -> Cell:
    value = row[place[column.path]]
    code = row[place[column.code]] if column.code else ""
    if column.kind == UNIT:
        value, code = names.get(value, ("", ""))
        return Cell(value, link(listing.asof, "unit", code) if code else "", value=value)
    precision = row[place["start_precision"]] if column.kind == SINCE else TO_THE_DAY
    text = said(column, value, precision) or (code if column.page else "")
    address = link(listing.asof, column.page, code) if column.page and code else ""
    looks = CLASSES.get(column.kind, column.name if column.name == "code" else "")
    return Cell(text, address, looks, plain(column, value, text, precision))


def said(column: Column, value: Any, precision: str = TO_THE_DAY) -> str:
    """A value in the language of the page."""
    if value is None or value == "":
        return ""
    if column.kind == WORD:
        return profile().word(f"{column.vocabulary}.{value}", get_language())
    if column.kind == FLAG:
        return gettext("yes") if value else ""
    if column.kind == NUMBER:
        return number(value, get_language())
    if column.kind == INSTANT:
        return formats.date_format(timezone.localtime(value), "DATETIME_FORMAT")
    day = _edge(column, value)
    return _written(day, precision) if isinstance(day, dt.date) else str(value if day is None else day)


def plain(column: Column, value: Any, text: str, precision: str = TO_THE_DAY) -> Any:
    """A value as a spreadsheet wants it: numbers and whole days as such, everything else as it is said."""
    if column.kind in (DAY, SINCE, UNTIL) and precision == TO_THE_DAY:
        return _edge(column, value)
    if isinstance(value, int) and column.kind not in (FLAG, WORD):
        return value
    return text


def _edge(column: Column, value: Any) -> Any:
    """The day that a column of days shows: of a period its first, or its last."""
    if column.kind == SINCE:
        return value.lower or ""
    if column.kind == UNTIL:
        return value.upper - dt.timedelta(days=1) if value.upper else ""
    return value


def _written(day: dt.date, precision: str) -> str:
    if precision == TO_THE_DAY:
        return formats.date_format(day, "DATE_FORMAT")
    return day.strftime("%m/%Y") if precision == MONTH else str(day.year)


def headings(columns: Iterable[Column]) -> list[str]:
    """What the columns are called in the language of the page."""
    return [str(column.label) for column in columns]
