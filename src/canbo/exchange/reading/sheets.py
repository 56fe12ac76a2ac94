"""Sheets of .xlsx and .ods files, read by calamine while `packed` looks through them. No Django here."""

import io
import threading
from collections.abc import Callable, Iterator
from typing import Any

import python_calamine as calamine

from canbo.exchange.reading.limits import Limits
from canbo.exchange.reading.packed import looked_at
from canbo.exchange.reading.places import cell
from canbo.exchange.reading.source import Raw, Source
from canbo.kernel.refusal import Refused

TALLEST, WIDEST_SHEET = 1 << 20, 1 << 14
"""Rows and columns that any spreadsheet has; a cell beyond is a made-up place."""
CELLS = 12_000_000
"""Cells between the first and the last that are filled: the reader holds each of them, empty or not."""


def sheets(file: str | io.BytesIO, limits: Limits, enter: Callable[[str], None]) -> Iterator[Source]:
    """The worksheets in their order; `enter` is told the name of the one that is loaded next.

    The first is loaded while another thread looks through the file: nothing is told before all of it was looked at,
    and what that refuses goes before whatever loading it says.
    """
    through = Beside(looked_at(file, limits))
    loaded = _loaded(file if isinstance(file, str) else io.BytesIO(file.getvalue()), limits, enter)
    try:
        one = next(loaded, None)
    finally:
        found = through.result()
    notes = ["external_links"] if found.linked else []
    while one:
        about, sheet = one
        del one
        yield Source(
            about.name,
            _rows(sheet),
            sheet.total_width,
            hidden=about.visible != calamine.SheetVisibleEnum.Visible,
            since_1904=found.since_1904,
            merged=_merged(sheet) or found.merged.get(about.name, []),
            flaws=found.flaws.get(about.name, {}),
            notes=notes,
        )
        del sheet
        one, notes = next(loaded, None), []


class Beside(threading.Thread):
    """Work that a thread of its own does; `result` waits for what it gives, or raises what it raised."""

    def __init__(self, work: Callable[[], Any]) -> None:
        super().__init__()
        self.work, self.found = work, None
        self.error: Exception = RuntimeError("it did not end")
        self.start()

    def run(self) -> None:
        """Do it."""
        try:
            self.found = self.work()
        except (Refused, MemoryError) as error:
            self.error = error

    def result(self) -> Any:
        """What the work gave."""
        self.join()
        if self.found is None:
            raise self.error
        return self.found


def _loaded(
    file: str | io.BytesIO, limits: Limits, enter: Callable[[str], None]
) -> Iterator[tuple[calamine.SheetMetadata, calamine.CalamineSheet]]:
    with calamine.load_workbook(file) as book:
        listed = [one for one in book.sheets_metadata if one.typ == calamine.SheetTypeEnum.WorkSheet]
        if len(listed) > limits.sheets:
            raise Refused(
                "too_many_sheets",
                "%(file)s has more than %(limit)s sheets; send those that matter as a workbook of their own",
                limit=limits.sheets,
            )
        for one in listed:
            enter(one.name)
            yield one, _bounded(book.get_sheet_by_name(one.name), limits)


def _bounded(sheet: calamine.CalamineSheet, limits: Limits) -> calamine.CalamineSheet:
    """The sheet, before any row is made: where the last filled cell lies says how long that would take."""
    if not sheet.end:
        return sheet
    row, column = sheet.end
    if row >= TALLEST or column >= WIDEST_SHEET:
        raise Refused(
            "no_such_place",
            "sheet “%(sheet)s” of %(file)s has a cell in row %(row)s, column %(column)s, which no spreadsheet has;"
            " copy its rows into a new workbook",
            sheet=sheet.name,
            row=row + 1,
            column=column + 1,
        )
    if column >= limits.columns or (row + 1) * (column + 1) > CELLS:
        raise Refused(
            "too_wide",
            "sheet “%(sheet)s” of %(file)s reaches to cell %(cell)s; delete what stands beyond the table, or copy the"
            " table into a new workbook (at most %(limit)s columns)",
            sheet=sheet.name,
            cell=cell(row + 1, column),
            limit=limits.columns,
        )
    return sheet


def _rows(sheet: calamine.CalamineSheet) -> Iterator[tuple[int, Raw]]:
    """The rows from the first on; calamine begins them at the first column that holds anything."""
    rows = enumerate(sheet.iter_rows(), 1)
    before = [""] * (sheet.start[1] if sheet.start else 0)
    return ((number, before + row) for number, row in rows) if before else rows


def _merged(sheet: calamine.CalamineSheet) -> list[tuple[int, int, int, int]]:
    return [(top + 1, left, bottom + 1, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or []]
