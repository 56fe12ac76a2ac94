"""Makes a kit: the lists of a unit as exported, one sheet each, what it is about, and the signed statement.

Whatever is written lies in memory until it is locked: the disk never holds a kit in the clear.
"""

import datetime as dt
import io
import json
import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import xlsxwriter
from django.utils.translation import get_language, gettext

from canbo.exchange.columns import RECORD, Field, fields
from canbo.exchange.export import Day, Listed, Meet, Sheet
from canbo.exchange.kits.declared import kit_of
from canbo.exchange.kits.statement import SHEET, Given, Statement, name_of
from canbo.exchange.reading.locked import locked
from canbo.exchange.workbook import A4, HOW, NAME, Table
from canbo.kernel.refusal import Refused
from canbo.registry.organisations.queries import unit_of

MOST = 20_000
"""Records in a kit: more than the unit of a kit has, and little enough to lie in memory."""
WIDE, NARROW, TALL = 70, 24, 15
"""Letters across the columns of the first sheet, and points from line to line."""


@dataclass(frozen=True)
class Order:
    """A kit to be made: of which unit, called so, with which lists, by whom, and when it is to be returned."""

    unit: str
    name: str
    lists: tuple[str, ...]
    by: str
    until: str
    kit: str = field(default_factory=lambda: secrets.token_hex(8))

    @classmethod
    def of(cls, code: str, on: dt.date, known: dt.datetime, *, by: str) -> "Order":
        """The kit that the profile means for a unit of its kind."""
        kind, being = kit_of(unit_of(code), on, known)
        return cls(being.code, being.name, kind.lists, by, (on + dt.timedelta(days=kind.days)).isoformat())


def made(order: Order, listings: Sequence[Listed], code: str, key: bytes, meet: Meet) -> tuple[bytes, Statement]:
    """The kit, locked with the code, and what it says of itself. All lists are as of the same dates."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **HOW}) as book:
        about = book.add_worksheet(gettext("About this kit")[:NAME])
        mark = book.add_worksheet(SHEET)
        sheets: dict[str, str] = {}
        given: dict[str, dict[str, Given]] = {}
        for listing in listings:
            sheet = Sheet(listing, fields(listing.screen), meet)
            table = Table(book, sheet.title, sheet.fields)
            sheets[table.sheet.get_name()] = listing.screen.name
            given[listing.screen.name] = _written(table, sheet)
            if sum(map(len, given.values())) > MOST:
                raise Refused("too_much_for_a_kit", "A kit holds %(most)s records; make it for a unit below", most=MOST)
        asof = listings[0].asof
        statement = Statement(
            kit=order.kit,
            unit=order.unit,
            on=asof.on.isoformat(),
            known=asof.known.isoformat(),
            by=order.by,
            until=order.until,
            language=get_language(),
            sheets=sheets,
            beside=[one.get_name() for one in book.worksheets() if one.get_name() not in sheets],
            given=given,
        )
        _told(book, about, order, statement, key)
        mark.write_column(0, 0, statement.cells(key))
        mark.protect()
        mark.hide()
    out.seek(0)
    return locked(out, code), statement


def _written(table: Table, sheet: Sheet) -> dict[str, Given]:
    """Write the rows of a list; answers what was given of each record."""
    found: dict[str, Given] = {}
    place = {one.name: at for at, one in enumerate(sheet.fields)}
    counting = [one for one in sheet.fields if one.counts and one.name != RECORD]
    for row in sheet.rows():
        table.row(row)
        found[str(row[place[RECORD]])] = _given(row, place, counting)
    table.end()
    return found


def _given(row: Sequence[Any], place: Mapping[str, int], counting: Sequence[Field]) -> Given:
    """A record by field: what a word stands for by its code, all else as reading it again gives it."""
    return {one.of: _plain(row[place[one.of]]) for one in counting}


def _plain(value: Any) -> Any:
    if isinstance(value, Day):
        return value.text
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value).strip() or None
    return None if value == [] else value


def _told(book: xlsxwriter.Workbook, sheet: Any, order: Order, statement: Statement, key: bytes) -> None:
    """The first sheet: what the kit is, and what to do with it."""
    bold = book.add_format({"bold": True, "font_size": 14})
    pale = book.add_format({"font_color": "#595959", "valign": "top"})
    text = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    sheet.set_column(0, 0, NARROW)
    sheet.set_column(1, 1, WIDE)
    sheet.write_string(0, 0, gettext("Offline kit: %(unit)s") % {"unit": order.name}, bold)
    lines = (
        (gettext("Unit"), order.unit),
        (gettext("As of"), statement.on),
        (gettext("As known at"), statement.known),
        (gettext("Made by"), order.by),
        (gettext("To be returned by"), statement.until),
        (gettext("Installation"), name_of(key)),
        (gettext("Kit"), f"{statement.kit} · {statement.digest}"),
        (
            gettext("How to use it"),
            gettext(
                "Correct what is wrong in the white cells, and write what is new into the lines below the last. Where"
                " something ended, write its last day. Grey cells only tell. Deleting a line changes nothing."
            ),
        ),
        (
            gettext("How to return it"),
            gettext("Save it as .xlsx, locked with the code that it came with, and send it back without the code."),
        ),
    )
    for line, (label, said) in enumerate(lines, 2):
        sheet.set_row(line, TALL * -(-len(said) // WIDE))
        sheet.write_string(line, 0, label, pale)
        sheet.write_string(line, 1, said, text)
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.protect()
    book.set_properties({"title": order.name, "comments": json.dumps({"kit": statement.kit})})
