"""The rows of a file that were rejected, as a workbook to correct and send again under the same list or mapping.

They stand there as they came: same sheets, same headings, in our own layout also the line that names the fields. A
column before them says in words what is wrong, the cells at fault are marked. It is known by its sign, so it is not
read when it comes back, and not repeated when rows are rejected once more; where a mapping names the columns by their
order, it stands behind them. Of columns of what is never recorded only the heading is there.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext

from canbo.exchange.intake import Fault, sheets_of
from canbo.exchange.layout import Source, own
from canbo.exchange.reading.file import Row, Sheet, read
from canbo.exchange.reading.places import place
from canbo.exchange.workbook import FORBIDDEN, GREY, NAME, PALE
from canbo.kernel.headings import forbidden
from canbo.reports.output.excel import formula

SIGN, REJECTED = "✗", "rejected"
"""How the heading of the added column begins, and what names it as a field."""
WIDE, WORDS = 22, 60
"""The width of a column and of the one with the words, in letters."""
HIGH, HIGHEST = 15, 409
"""Of one line of words, and of any row, in points. LibreOffice shows words one over the other in a row not told its."""
MARKED = {"bg_color": "#FFE699", "border": 1, "border_color": "#C00000"}
DAYS = {dt.date: "yyyy-mm-dd", dt.datetime: "yyyy-mm-dd hh:mm:ss", dt.time: "hh:mm:ss"}


def write(path: Path, said: Sequence[Source | None], faults: Iterable[Fault], out: IO[bytes]) -> None:
    """Read the file once more, by each mapping, and write the rows that have faults, in the active language."""
    found, how = sheets_of(faults), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, how) as book:
        for one in said:
            for sheet in read(path, **(one.how if one else {})):
                if one and one.sheet not in ("", sheet.name):
                    continue
                if wrong := found.pop(sheet.name, None):
                    _Rejected(book, sheet, one).write(wrong)


class _Rejected:
    """A sheet of the workbook while it is written."""

    def __init__(self, book: xlsxwriter.Workbook, sheet: Sheet, said: Source | None) -> None:
        self.book, self.read, self.ours = book, sheet, said is None
        self.bare = bool(said and said.headings)
        self.columns = list(said.headings) if said and said.headings else sheet.columns
        name = sheet.name.translate(FORBIDDEN)[:NAME].strip()
        taken = {one.lower() for one in book.sheetnames}
        self.sheet = book.add_worksheet(None if name.lower() in taken else name)
        self.never = {at for at, heading in enumerate(self.columns) if heading and forbidden(heading)}
        self.before = {at for at, heading in enumerate(self.columns) if heading.startswith(SIGN)}
        self.formats: dict[tuple, Any] = {}

    def write(self, wrong: Mapping[int, list[Fault]]) -> None:
        """The headings, then each row at fault."""
        self.sheet.set_column(0, len(self.columns) + 1, WIDE)
        self.sheet.set_column(self._place(), self._place(), WORDS)
        self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 0)
        bold = {"bold": True, "bg_color": GREY, "text_wrap": True, "valign": "top"}
        rows, line, what = own(self.read) if self.ours else self.read.rows, 0, gettext("What is wrong")
        if not self.bare:
            self._line(line, f"{SIGN} {what}", self.columns, bold)
            line += 1
        if self.ours and (named := next(rows, None)):
            small = {"italic": True, "font_size": 8, "font_color": PALE, "bg_color": GREY}
            self._line(line, REJECTED, named.values, small)
            line += 1
        self.sheet.freeze_panes(line, 0 if self.bare else 1)
        for row in rows:
            if faults := wrong.get(row.number):
                self._row(line, row, faults)
                line += 1

    def _row(self, line: int, row: Row, faults: list[Fault]) -> None:
        marked = {found[1] for fault in faults if fault.of and (found := place(fault.cell))}
        said = "\n".join(dict.fromkeys(self._told(fault) for fault in faults))
        self.sheet.set_row(line, min(HIGHEST, HIGH * sum(1 + len(told) // WORDS for told in said.split("\n"))))
        values = [None if at in self.never else value for at, value in enumerate(row.values)]
        values += [None] * (max(marked, default=-1) + 1 - len(values))
        self._line(line, said, values, {"valign": "top"}, marked)

    def _told(self, fault: Fault) -> str:
        """The heading of the cell at fault, and what is wrong with it."""
        found = place(fault.cell) if fault.of else None
        heading = self.columns[found[1]] if found and found[1] < len(self.columns) else ""
        said = fault.told(gettext)
        return f"{heading}: {said}" if heading else said

    def _line(
        self, line: int, said: str, values: list[Any], looks: Mapping[str, Any], marked: Iterable[int] = ()
    ) -> None:
        self._cell(line, self._place(), said, {**looks, "text_wrap": True})
        kept = [(at, value) for at, value in enumerate(values) if at not in self.before]
        for column, (at, value) in enumerate(kept[: len(self.columns)] if self.bare else kept, not self.bare):
            self._cell(line, column, value, {**looks, **(MARKED if at in marked else {})})

    def _place(self) -> int:
        """The column of the words."""
        return len(self.columns) if self.bare else 0

    def _cell(self, line: int, column: int, value: Any, looks: Mapping[str, Any]) -> None:
        """A value as the file had it: text stays text, numbers are numbers and days are days."""
        if isinstance(value, str):
            text = {"quote_prefix": True} if formula(value) else {}
            self.sheet.write_string(line, column, value, self._format({**looks, **text, "num_format": "@"}))
        elif type(value) in DAYS:
            self.sheet.write_datetime(line, column, value, self._format({**looks, "num_format": DAYS[type(value)]}))
        elif value is None:
            self.sheet.write_blank(line, column, None, self._format(looks))
        else:
            self.sheet.write(line, column, value, self._format(looks))

    def _format(self, looks: Mapping[str, Any]) -> Any:
        key = tuple(sorted(looks.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(dict(looks))
        return self.formats[key]
