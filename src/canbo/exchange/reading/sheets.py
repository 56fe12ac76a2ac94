"""Sheets of .xlsx and .ods files, read by calamine once `packed` has looked through them. No Django here."""

from collections.abc import Callable, Iterator
from typing import BinaryIO

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


def sheets(path: str | BinaryIO, limits: Limits, enter: Callable[[str], None]) -> Iterator[Source]:
    """The worksheets in their order; `enter` is told the name of the one that is loaded next."""
    found = looked_at(path, limits)
    if not isinstance(path, str):
        path.seek(0)
    with calamine.load_workbook(path) as book:
        listed = [one for one in book.sheets_metadata if one.typ == calamine.SheetTypeEnum.WorkSheet]
        if len(listed) > limits.sheets:
            raise Refused(
                "too_many_sheets",
                "%(file)s has more than %(limit)s sheets; send those that matter as a workbook of their own",
                limit=limits.sheets,
            )
        for number, one in enumerate(listed):
            enter(one.name)
            sheet = book.get_sheet_by_name(one.name)
            _bounded(sheet, limits)
            yield Source(
                one.name,
                _rows(sheet),
                hidden=one.visible != calamine.SheetVisibleEnum.Visible,
                since_1904=found.since_1904,
                merged=_merged(sheet) or found.merged.get(one.name, []),
                flaws=found.flaws.get(one.name, {}),
                notes=["external_links"] if found.linked and number == 0 else [],
            )


def _bounded(sheet: calamine.CalamineSheet, limits: Limits) -> None:
    """Before any row is made: where the last filled cell lies says how long that would take."""
    if not sheet.end:
        return
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


def _rows(sheet: calamine.CalamineSheet) -> Iterator[tuple[int, Raw]]:
    """The rows from the first on; calamine begins them at the first column that holds anything."""
    before = [""] * (sheet.start[1] if sheet.start else 0)
    for number, row in enumerate(sheet.iter_rows(), 1):
        yield number, before + row if before else row


def _merged(sheet: calamine.CalamineSheet) -> list[tuple[int, int, int, int]]:
    return [(top + 1, left, bottom + 1, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or []]
