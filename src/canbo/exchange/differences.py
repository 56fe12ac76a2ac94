"""The workbook of a comparison: what differs, what is only there, what is only here, and what could not be read."""

from collections.abc import Iterable, Sequence
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext

from canbo.exchange.compare import Compared
from canbo.exchange.workbook import FORBIDDEN, GREY, HOW, NAME
from canbo.reports.output.excel import formula

WIDE = 24


def write(found: Compared, out: IO[bytes]) -> None:
    """One sheet each, in the active language; what differs stands cell by cell with what is said there and here."""
    place = (gettext("Sheet"), gettext("Cell"))
    code, there, here = gettext("Code"), gettext("In the file"), gettext("Here")
    different = [(one.sheet, one.cell, one.code, one.field, one.there, one.here) for one in found.different]
    known = {True: gettext("on file, but not in this list on the day"), False: gettext("not on file within your reach")}
    only_there = [(one.sheet, one.cell, one.code, known[one.known]) for one in found.only_there]
    only_here = [(one.code, one.name, one.unit) for one in found.only_here]
    unread = [(one.sheet, one.cell, one.told(gettext)) for one in found.unread]
    with xlsxwriter.Workbook(out, {"constant_memory": True, **HOW}) as book:
        _sheet(book, gettext("Differences"), (*place, code, gettext("Field"), there, here), different)
        _sheet(book, gettext("Only in the file"), (*place, code, gettext("Note")), only_there)
        _sheet(book, gettext("Only here"), (code, gettext("Full name"), gettext("Unit")), only_here)
        _sheet(book, gettext("Not read"), (*place, gettext("What is wrong")), unread)


def _sheet(book: xlsxwriter.Workbook, title: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    sheet = book.add_worksheet(title.translate(FORBIDDEN)[:NAME].strip())
    bold, text = (book.add_format(looks) for looks in ({"bold": True, "bg_color": GREY}, {"num_format": "@"}))
    quoted = book.add_format({"num_format": "@", "quote_prefix": True})
    sheet.set_column(0, len(heads) - 1, WIDE)
    sheet.freeze_panes(1, 0)
    for at, head in enumerate(heads):
        sheet.write_string(0, at, head, bold)
    for line, row in enumerate(rows, 1):
        for at, said in enumerate(row):
            sheet.write_string(line, at, str(said), quoted if formula(str(said)) else text)
