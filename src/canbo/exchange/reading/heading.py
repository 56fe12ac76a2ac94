"""Finds the row of a sheet that names its columns, below titles and above numbering. No Django here."""

import re
from dataclasses import dataclass, field
from typing import Any

SOUGHT = 30
"""Rows with something in them among which the heading is looked for."""
FILLED = 0.6
"""Share of the widest row that a heading fills."""
DEEPEST = 4
"""Rows that a heading may have."""
_NUMBERED = re.compile(r"\(\s*(\d{1,3}|[A-Za-z])\s*\)")
Rows = list[tuple[int, list[Any], list[int]]]
"""Number, cells, and the columns whose cells are days."""
Block = tuple[int, int, int, int]


@dataclass(frozen=True)
class Heading:
    """Row of the heading (None: none was found), the names of the columns, and the last row that is no data."""

    row: int | None = None
    names: list[str] = field(default_factory=list)
    last: int = 0


def heading(rows: Rows, merged: list[Block], said: int | None = None) -> Heading:
    """The heading among the first rows of a sheet, or the row that somebody has said it is.

    It is the first row that is text and about as wide as the table; blocks merged across columns count for each of
    them. A heading of several rows is one whose cells are merged downwards, or across with a row of names below.
    """
    sought = rows[:SOUGHT]
    widths = {number: _width(number, values, merged) for number, values, _ in sought}
    widest = max(widths.values(), default=0)
    named = (number for number, *cells in sought if widths[number] >= FILLED * widest and _named(*cells, widest > 1))
    found = next(named, None)
    row = said if said is not None else found
    if row is None:
        return Heading()
    last = _last(row, merged)
    cells = {number: values for number, values, _ in rows if row <= number <= last}
    names = _names(row, last, cells, merged)
    below = next(((number, values) for number, values, _ in rows if number > last), None)
    if below and _numbering(below[1]):
        last = below[0]
    return Heading(row, names, last)


def _width(number: int, values: list[Any], merged: list[Block]) -> int:
    across = sum(right - left for top, left, _, right in merged if top == number)
    return sum(value is not None for value in values) + across


def _named(values: list[Any], days: list[int], several: bool) -> bool:
    """Are most of what a row holds texts, more than a title, and no numbering?"""
    there = [column for column, value in enumerate(values) if value is not None]
    texts = [column for column in there if isinstance(values[column], str) and column not in days]
    return len(there) > several and len(texts) * 2 > len(there) and not _numbering(values)


def _last(row: int, merged: list[Block]) -> int:
    downwards = [bottom for top, _, bottom, _ in merged if top == row and row < bottom < row + DEEPEST]
    across = any(top == row == bottom and right > left for top, left, bottom, right in merged)
    return max([row, *downwards, row + across])


def _names(row: int, last: int, cells: dict[int, list[Any]], merged: list[Block]) -> list[str]:
    """The name of each column: what its cells of the heading say, from above, with what is merged over them."""
    grid: dict[tuple[int, int], str] = {}
    for number, values in cells.items():
        grid |= {
            (number, column): " ".join(str(value).split()) for column, value in enumerate(values) if value is not None
        }
    for top, left, bottom, right in merged:
        if row <= top <= last and (top, left) in grid:
            block = (
                (number, column) for number in range(top, min(bottom, last) + 1) for column in range(left, right + 1)
            )
            grid |= dict.fromkeys(block, grid[top, left])
    width = max((column for _, column in grid), default=-1) + 1
    spoken = [[grid.get((number, column), "") for number in range(row, last + 1)] for column in range(width)]
    return [" / ".join(dict.fromkeys(filter(None, some))) for some in spoken]


def _numbering(values: list[Any]) -> bool:
    """Is a row the numbers of the columns, (1) (2) (3) …, as printed forms have it below their heading?"""
    there = [value for value in values if value is not None]
    if len(there) < 3:
        return False
    signs = [isinstance(value, str) and bool(_NUMBERED.fullmatch(value.strip())) for value in there]
    return all(signs) or [str(value) for value in there] == [str(number) for number in range(1, len(there) + 1)]
