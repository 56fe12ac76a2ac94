"""The cells of a list: what each says in the language of the page, where it leads, and its plain value for exports."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from django.utils import formats, timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from canbo.kernel.periods import DAY as TO_THE_DAY
from canbo.kernel.periods import MONTH
from canbo.kernel.profile import profile
from canbo.kernel.screen import DAY, FLAG, INSTANT, NUMBER, SINCE, TEXT, UNIT, UNTIL, WORD, Column
from canbo.registry.organisations.queries import named
from canbo.registry.papers import counted_from
from canbo.reports.said import counted
from canbo.reports.text import number
from canbo.web.asof import link
from canbo.web.audited import show
from canbo.web.generic.listing import Listing, paths, person_paths


@dataclass(frozen=True)
class Cell:
    """One value: its text, the address it leads to, its kind for the stylesheet, and the value itself.

    `label` says what it is where the head of the column is out of sight, as on a phone; `note` stands behind the text.
    """

    text: str
    address: str = ""
    kind: str = ""
    value: Any = None
    label: str = ""
    note: str = ""

    @property
    def said(self) -> str:
        """The text and what stands behind it."""
        return f"{self.text} {self.note}" if self.note else self.text

    @property
    def html(self) -> str:
        """The cell as the page writes it: a page has hundreds, and a template for each took many times as long."""
        text = f'<a href="{escape(self.address)}">{escape(self.text)}</a>' if self.address else escape(self.text)
        looks = f' class="{self.kind}"' if self.kind else ""
        named = f' data-label="{escape(self.label)}"' if self.label and self.text else ""
        note = f' <span class="quiet">{escape(self.note)}</span>' if self.note else ""
        return SafeString(f'<td role="cell"{looks}{named}>{text}{note}</td>')


CLASSES = {NUMBER: "number", DAY: "date", SINCE: "date", UNTIL: "date until", INSTANT: "date"}
SPEAKING = (SINCE, TEXT, UNIT, UNTIL, WORD)
"""The kinds of columns whose values say themselves what they are."""


class Cells:
    """Makes the cells of one list. What is said of a value is kept: words, days and units come again and again."""

    def __init__(self, listing: Listing, *, linked: bool = True) -> None:
        self.listing, self.linked = listing, linked
        self.columns = listing.screen.columns
        self.place = {path: index for index, path in enumerate(paths(listing.screen))}
        self.units: dict[int, Cell] = {}
        self.counted: dict[int, dt.date] = {}
        self.known: dict[tuple[str, Any, str], tuple[str, Any]] = {}

    def rows(self, rows: Sequence[tuple[Any, ...]]) -> list[list[Cell]]:
        """The rows of a list as cells; the units they name, and the one the list is narrowed to, are asked together."""
        keys = {row[self.place[column.path]] for row in rows for column in self.columns if column.kind == UNIT} - {None}
        keys |= {self.listing.unit.pk} if self.listing.unit else set()
        for path in person_paths(self.listing.screen):
            show({row[self.place[path]] for row in rows} - {None})
        if any(column.kind == SINCE for column in self.columns):
            self.counted |= counted_from(self.listing.screen.model, [row[self.place["pk"]] for row in rows])
        asof = self.listing.asof
        for key, being in named(keys - set(self.units), asof.on, asof.known).items():
            self.units[key] = Cell(being.name, self._link("unit", being.code), value=being.name)
        return [[self._cell(column, row) for column in self.columns] for row in rows]

    def _cell(self, column: Column, row: tuple[Any, ...]) -> Cell:
        value = row[self.place[column.path]]
        if column.kind == UNIT:
            return self.units.get(value, Cell(""))
        precision = row[self.place["start_precision"]] if column.kind == SINCE else TO_THE_DAY
        text, itself = self._said(column, value, precision)
        code = (row[self.place[column.code]] or "") if column.code else ""
        if column.page and not text:
            text = itself = code
        looks = CLASSES.get(column.kind, column.name if column.name == "code" else "")
        label = "" if column.kind in SPEAKING else str(column.label)
        note = counted(self.counted.get(row[self.place["pk"]])) if column.kind == SINCE else ""
        return Cell(text, self._link(column.page, code) if code else "", looks, itself, label, note)

    def _said(self, column: Column, value: Any, precision: str) -> tuple[str, Any]:
        if column.kind == TEXT:
            return (value or "",) * 2
        asked = (column.name, value, precision)
        if asked not in self.known:
            text = said(column, value, precision)
            self.known[asked] = text, plain(column, value, text, precision)
        return self.known[asked]

    def _link(self, page: str, code: str) -> str:
        return link(self.listing.asof, page, code) if self.linked and page else ""


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
