"""A workbook for people: two locked lines of headings, grey columns that only tell, lists to choose words from.

Written line by line and never back, so that its size does not matter. The sheet is protected without a password: who
means to change what is grey can. Text is always text, and what might be taken for a formula is marked as quoted.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import count
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext
from xlsxwriter.utility import xl_col_to_name

from canbo.exchange.columns import CODE, KEY, Field
from canbo.kernel.periods import DAY as TO_THE_DAY
from canbo.kernel.refusal import Refused
from canbo.kernel.screen import DAY, FLAG, NUMBER, SINCE, UNTIL, WORD, YEAR
from canbo.reports.output.excel import formula

LAST, LONGEST = 1_048_575, 32_767
"""The last line of a sheet, counted from 0, and the characters that a cell holds."""
HEADS, FIRST_YEAR = 2, 1901
EPOCH = dt.date(1899, 12, 30).toordinal()
"""From which sheets count days; those of 1900 are one off in some, so there are none before 1901."""
WIDTHS = {KEY: 18, CODE: 22, NUMBER: 12, YEAR: 10, FLAG: 10, DAY: 13, SINCE: 13, UNTIL: 13, WORD: 26}
WIDE, NAME, A4 = 32, 31, 9
GREY, PALE = "#E7E6E6", "#7F7F7F"
ALLOWED = (
    "format_cells", "format_columns", "format_rows", "insert_rows", "delete_rows", "sort", "autofilter",
)  # fmt: skip
_FLAGS = ["TRUE", "FALSE"]
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


HOW = {"strings_to_formulas": False, "strings_to_urls": False}
"""How every workbook of ours is written: text is text."""


class Table:
    """One list in a workbook while it is written; `notes` stand at the headings of fields."""

    def __init__(
        self, book: xlsxwriter.Workbook, title: str, fields: Sequence[Field], notes: Mapping[str, str] = {}
    ) -> None:
        self.book = book
        self.fields, self.line = fields, HEADS
        self.quoted = [self.book.add_format(_looks(one) | {"quote_prefix": True}) for one in fields]
        self.day = [self.book.add_format(_looks(one) | {"num_format": "yyyy-mm-dd"}) for one in fields]
        self.sheet = self.book.add_worksheet(title.translate(FORBIDDEN)[:NAME].strip())
        self._columns()
        self._choices()
        self._heads(notes)

    def end(self) -> None:
        """No more lines come."""
        self.sheet.autofilter(1, 0, max(self.line - 1, HEADS), len(self.fields) - 1)

    def row(self, values: Sequence[Any]) -> None:
        """Write the next line."""
        if self.line > LAST:
            raise Refused("too_long", "A sheet holds %(rows)s rows. Narrow the list, or take it as CSV.", rows=LAST - 1)
        for place, value in enumerate(values):
            if value is not None:
                self._write(place, value)
        self.line += 1

    def _write(self, place: int, value: Any) -> None:
        if isinstance(value, str):
            self._say(place, value, self.quoted[place] if formula(value) else None)
        elif isinstance(value, bool):
            self.sheet.write_boolean(self.line, place, value)
        elif isinstance(value, int) and self.fields[place].kind != KEY:
            self.sheet.write_number(self.line, place, value)
        elif isinstance(value, list):
            if value:
                self._say(place, "; ".join(value))
        elif isinstance(value, int | dt.datetime):
            self._say(place, str(value) if isinstance(value, int) else value.isoformat())
        elif value.precision == TO_THE_DAY and value.first.year >= FIRST_YEAR:
            self.sheet.write_number(self.line, place, value.first.toordinal() - EPOCH, self.day[place])
        else:
            self._say(place, value.text)

    def _say(self, place: int, text: str, looks: Any = None) -> None:
        if len(text) > LONGEST:
            raise Refused(
                "too_long_text",
                "A text of %(letters)s characters is longer than a cell of a workbook holds. Take the list as CSV.",
                letters=len(text),
            )
        self.sheet.write_string(self.line, place, text, looks)

    def _columns(self) -> None:
        for place, one in enumerate(self.fields):
            width = max(WIDTHS.get(one.kind, WIDE), len(one.label) + 4)
            self.sheet.set_column(place, place, width, self.book.add_format(_looks(one)))
        self.sheet.freeze_panes(HEADS, 0)
        self.sheet.set_landscape()
        self.sheet.set_paper(A4)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(0, HEADS - 1)
        self.sheet.protect("", dict.fromkeys(ALLOWED, True))

    def _heads(self, notes: Mapping[str, str]) -> None:
        bold = self.book.add_format({"bold": True, "bg_color": GREY, "text_wrap": True, "valign": "top"})
        small = self.book.add_format({"italic": True, "font_size": 8, "font_color": PALE, "bg_color": GREY})
        self.sheet.write_row(0, 0, [one.label for one in self.fields], bold)
        for place, one in enumerate(self.fields):
            if one.name in notes:
                self.sheet.write_comment(0, place, notes[one.name], {"x_scale": 2, "y_scale": 1.4, "font_size": 9})
        self.sheet.write_row(1, 0, [one.name for one in self.fields], small)

    def _choices(self) -> None:
        """The second sheet: the words of each field and their codes; the cells of the field offer them."""
        some = [(place, one) for place, one in enumerate(self.fields) if one.kind == WORD and one.counts and one.words]
        for place, one in enumerate(self.fields):
            if one.kind == FLAG:
                self.sheet.data_validation(HEADS, place, LAST, place, {"validate": "list", "source": _FLAGS})
        if not some:
            return
        words = self.book.add_worksheet(self._free(gettext("Words to choose")[:NAME]))
        bold = self.book.add_format({"bold": True, "bg_color": GREY})
        words.set_column(0, 2 * len(some) - 1, WIDE)
        words.freeze_panes(1, 0)
        words.protect()
        words.write_row(0, 0, [text for _, one in some for text in (one.label, one.of)], bold)
        for line in range(max(len(one.words) for _, one in some)):
            for at, (_, one) in enumerate(some):
                if line < len(one.words):
                    code, word = list(one.words.items())[line]
                    words.write_string(line + 1, 2 * at, word)
                    words.write_string(line + 1, 2 * at + 1, code)
        for at, (place, one) in enumerate(some):
            column = xl_col_to_name(2 * at, col_abs=True)
            source = f"='{words.get_name()}'!{column}$2:{column}${len(one.words) + 1}"
            self.sheet.data_validation(HEADS, place, LAST, place, {"validate": "list", "source": source})

    def _free(self, name: str) -> str:
        """A name that no sheet of the workbook has yet."""
        taken = {sheet.get_name() for sheet in self.book.worksheets()}
        names = (name if number == 1 else f"{name[: NAME - 4]} {number}" for number in count(1))
        return next(one for one in names if one not in taken)


class Book(Table):
    """A workbook of one list, written line by line."""

    def __init__(
        self, out: IO[bytes], title: str, fields: Sequence[Field], about: str = "", notes: Mapping[str, str] = {}
    ) -> None:
        book = xlsxwriter.Workbook(out, {"constant_memory": True, **HOW})
        book.set_properties({"title": title, "comments": about})
        super().__init__(book, title, fields, notes)

    def __enter__(self) -> "Book":
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if error is None:
            self.end()
        self.book.close()


def _looks(one: Field) -> dict[str, Any]:
    """How the cells of a column look: what counts is open, what only tells is grey.

    Cells for days and keys are text until there is a whole day in them: else a program makes a day of what somebody
    types as `2021` or `2021-03`, and leaves fifteen digits of a longer key.
    """
    looks: dict[str, Any] = {"locked": not _open(one)} | ({} if _open(one) else {"bg_color": GREY})
    return looks | ({} if one.kind in (NUMBER, YEAR, FLAG) else {"num_format": "@"})


def _open(one: Field) -> bool:
    return one.counts and one.kind != KEY
