"""A list as a file: every row of it, with exactly the columns and words that the page shows.

What a spreadsheet might take for a formula gets an apostrophe before it in text, and is marked as quoted in a workbook,
so that no name can run anything, now or when somebody edits the cell.
"""

import csv
import datetime as dt
import io
import tempfile
from collections.abc import Callable, Iterator
from itertools import islice
from typing import IO, Any

import xlsxwriter
from django.utils.translation import get_language

from canbo.kernel.audit import anchor
from canbo.kernel.profile import profile
from canbo.kernel.refusal import Refused
from canbo.reports.output.excel import formula, harmless
from canbo.web.generic.cells import Cell, Cells, headings
from canbo.web.generic.listing import Listing

BATCH = 2000
SHEET = 1_048_575
"""Rows that a sheet holds below its heading."""
IN_MEMORY = 2**20
BOM = "\ufeff"
"""Lets spreadsheets read the file as UTF-8."""


def as_csv(listing: Listing) -> IO[bytes]:
    """The list as comma-separated text, numbers without separators."""
    file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - the response closes it
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    text.write(BOM)
    lines = csv.writer(text)
    lines.writerow(headings(listing.screen.columns))
    for row in _rows(listing):
        lines.writerow([cell.value if isinstance(cell.value, int) else harmless(cell.said) for cell in row])
    if said := _anchor():
        lines.writerow([said])
    text.detach()
    file.seek(0)
    return file


def as_xlsx(listing: Listing) -> IO[bytes]:
    """The list as a workbook of one sheet: numbers and days are numbers and days."""
    if listing.total > SHEET:
        raise Refused("too_long", "A sheet holds %(rows)s rows. Narrow the list, or take it as CSV.", rows=SHEET)
    file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - the response closes it
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"comments": _anchor()})
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    quoted = book.add_format({"quote_prefix": True})
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(listing.screen.columns) - 1, 24)
    sheet.write_row(0, 0, headings(listing.screen.columns), bold)
    for line, row in enumerate(_rows(listing), 1):
        for place, cell in enumerate(row):
            _write(sheet, line, place, cell.value, cell.text, day, quoted)
    book.close()
    file.seek(0)
    return file


def _anchor() -> str:
    """How far the audit log had come: the last line of the text, a property of the workbook."""
    found = anchor()
    return profile().word("text.anchor", get_language()).format(anchor=found) if found else ""


FORMS: dict[str, tuple[str, Callable[[Listing], IO[bytes]]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
}
EXCHANGE: dict[str, tuple[str, Callable[[Listing], IO[bytes]]]] = {}
"""The forms that can be imported again. `exchange` lies beside the pages, so `config/urls.py`, above both, fills it."""


def _rows(listing: Listing) -> Iterator[list[Cell]]:
    """All rows as cells, read from the database in batches."""
    cells = Cells(listing, linked=False)
    rows = listing.rows.iterator(chunk_size=BATCH)
    while batch := list(islice(rows, BATCH)):
        yield from cells.rows(batch)


def _write(sheet: Any, line: int, place: int, value: Any, text: str, day: Any, quoted: Any) -> None:
    if isinstance(value, dt.date):
        sheet.write_datetime(line, place, dt.datetime.combine(value, dt.time()), day)
    elif isinstance(value, int):
        sheet.write_number(line, place, value)
    elif text:
        sheet.write_string(line, place, text, quoted if formula(text) else None)
