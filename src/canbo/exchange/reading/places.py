"""Where something stands in a sheet, as a spreadsheet names it. No Django here."""

import functools


@functools.lru_cache(maxsize=1 << 14)
def letters(column: int) -> str:
    """The name of a column, counted from 0: A, Z, AA, XFD."""
    said = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        said = chr(ord("A") + rest) + said
    return said


def cell(row: int, column: int) -> str:
    """The name of a cell; rows count from 1, columns from 0."""
    return f"{letters(column)}{row}"


def place(name: str) -> tuple[int, int] | None:
    """Row and column of a cell's name, `B7` → (7, 1); None for what is no such name."""
    said = name.rstrip("0123456789")
    if not said.isalpha() or not said.isascii() or len(said) > 3 or not name[len(said) :]:
        return None
    column = 0
    for letter in said.upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(name[len(said) :][:8]), column - 1
