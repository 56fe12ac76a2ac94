"""One's own record to take along: the same tables as a workbook and as a paper, each with the anchor of the log."""

import io
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import xlsxwriter

from canbo.reports.output.pdf import typeset

PAPER = Path(__file__).with_name("own.typ")
WIDE, SHEET_NAME = 24, 31
"""Characters of a column, and of what a sheet can be called."""


@dataclass(frozen=True)
class Table:
    """A heading, what stands over the columns, and the rows as text."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]


@dataclass(frozen=True)
class Own:
    """Whose record it is, its particulars, its tables, how far the log had come, and the language."""

    title: str
    name: str
    code: str
    made: str
    pairs: list[tuple[str, str]]
    tables: list[Table]
    anchor: str
    language: str


def as_xlsx(own: Own) -> bytes:
    """A sheet for the particulars and one for each table; everything is text, so nothing can run."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": own.title, "comments": own.anchor})
    first = Table(own.title, (own.name, own.code), [*own.pairs, ("", ""), (own.made, ""), (own.anchor, "")])
    for table in (first, *own.tables):
        sheet = book.add_worksheet(table.title[:SHEET_NAME])
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(table.columns) - 1, WIDE)
        sheet.write_row(0, 0, table.columns, book.add_format({"bold": True}))
        for line, row in enumerate(table.rows, 1):
            for place, text in enumerate(row):
                sheet.write_string(line, place, text)
    book.close()
    return file.getvalue()


def as_pdf(own: Own) -> bytes:
    """The same as PDF/A."""
    told = json.dumps(asdict(own), ensure_ascii=False)
    return typeset(PAPER.read_bytes(), {"own": told}, format="pdf", pdf_standards="a-2b")


FORMS: dict[str, tuple[str, Callable[[Own], bytes]]] = {
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
    "pdf": ("application/pdf", as_pdf),
}
