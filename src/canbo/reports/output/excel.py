"""The report as an Excel workbook: figures as real numbers, each linked to a sheet of the records it was counted from.

Written line by line and never back, so that a province's hundred thousand records need no more memory than those of one
figure. Text is always written as text: what begins like a formula stays what it is, also when somebody edits the cell.
"""

import datetime as dt
import io
import re
from collections.abc import Callable, Sequence
from math import ceil
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from canbo.kernel.periods import DAY, MONTH, YEAR
from canbo.reports.output.document import Document, Listed, Row, Sum

Records = Callable[[Row], list[Listed]]
"""The records of a figure."""
ROWS = 1_048_576
"""What Excel takes on one sheet."""
LONGEST_NAME = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")
_SIGNS, _CONTROLS = ("=", "+", "-", "@", "＝", "＋", "－", "＠"), ("\t", "\r", "\n")
_GUARD = "'"
HEAD = 6
"""The line of the figures' heads, counted from 0."""
_WIDTHS = {"chapter": 30, "number": 7, "figure": 62, "value": 15, "text": 15, "base": 15, "verdict": 46, "records": 18}
_LISTED = {"part": 14, "kind": 26, "label": 82, "unit": 54, "since": 13, "until": 13, "decision": 24, "key": 18}
_WIDEST, _LINE, _LETTER = 60, 15, 0.87
"""The widest column of chapters, the height of a line in points, and the width of a letter in digits."""
_ALWAYS = ("kind", "label", "key")
_DATES = {
    "vi": {DAY: "dd/mm/yyyy", MONTH: "mm/yyyy", YEAR: "yyyy"},
    "en": {DAY: "[$-809]d mmm yyyy", MONTH: "[$-809]mmm yyyy", YEAR: "yyyy"},
    "de": {DAY: "dd.mm.yyyy", MONTH: "mm.yyyy", YEAR: "yyyy"},
}
"""Days, months and years as each language writes them; the month has the language of the report, not of the machine."""
_FIRST_YEAR = 1900
"""Before it a sheet has no days."""
_ISO = {DAY: 10, MONTH: 7, YEAR: 4}


class _Exact(float):
    """A share with all the digits of a double: the writer of the file would round it to sixteen."""

    def __format__(self, form: str) -> str:
        return repr(float(self))


def excel(document: Document, records: Records, *, most: int = ROWS) -> bytes:
    """The workbook; a sheet holds at most `most` lines and says how many more there are."""
    stamp = document.known.astimezone(dt.UTC).replace(tzinfo=None)
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties(
            {"title": f"{document.title} – {document.subject}", "author": document.issuer, "created": stamp,
             "comments": "\n".join(filter(None, (document.as_of, document.anchor)))}
        )  # fmt: skip
        _Writer(document, book, most).write(records)
    return file.getvalue()


def sheet_names(document: Document) -> dict[str, str]:
    """A name for the sheet of each figure: its number keeps names apart that begin alike."""
    return {row.id: _sheet(f"{row.number} {row.label}") for row in document.rows()}


def _sheet(name: str) -> str:
    return _FORBIDDEN.sub(" ", name)[:LONGEST_NAME].strip()


class _Writer:
    """Writes one workbook."""

    def __init__(self, document: Document, book: xlsxwriter.Workbook, most: int) -> None:
        self.document, self.book, self.words, self.most = document, book, document.words, most
        self.names = sheet_names(document)
        self.figures = _sheet(document.title)
        line = {"bottom": 4, "bottom_color": "#B0B4BA", "valign": "top"}
        head = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom", "bg_color": "#EEF1F5"}
        told = {"align": "left", "indent": 1, "text_wrap": True}
        self.formats: dict[str, Format] = {
            name: book.add_format(look)
            for name, look in {
                "title": {"bold": True, "font_size": 14},
                "head": head,
                "head over numbers": head | {"align": "right"},
                "head of text": head | told,
                "right": {**line, "align": "right"},
                "text": line,
                "wrap": {**line, **told},
                "long": {**line, "text_wrap": True},
                "quoted": {**line, "quote_prefix": True},
                "fails": {**line, **told, "bold": True, "font_color": "#A11D1D"},
                "link": {**line, "font_color": "#1D5597", "underline": 1},
                "count": {**line, "num_format": "#,##0", "bold": True},
                "base": {**line, "num_format": "#,##0"},
                **{
                    f"date {precision}": {**line, "num_format": shape, "align": "left"}
                    for precision, shape in _DATES[document.language].items()
                },
            }.items()
        }

    def write(self, records: Records) -> None:
        self._figures()
        if self.document.sums:
            self._sums(self.document.sums)
        for row in self.document.rows():
            self._records(row, records(row))

    def _sheet(self, name: str, head: int) -> Worksheet:
        """A sheet whose head stays in sight and is repeated in print."""
        sheet = self.book.add_worksheet(name)
        sheet.freeze_panes(head + 1, 0)
        sheet.repeat_rows(head)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C&P / &N")
        return sheet

    def _figures(self) -> None:
        """The first sheet: what the report prints, line by line."""
        document, sheet = self.document, self._sheet(self.figures, HEAD)
        titles = {chapter.id: f"{chapter.number}. {chapter.title}" for chapter in document.chapters}
        widths = _WIDTHS | {"chapter": min(_WIDEST, max(map(len, titles.values()), default=0))}
        for column, width in enumerate(widths.values()):
            sheet.set_column(column, column, width)
        lines = (f"{document.title} – {document.subject}", document.issuer, document.as_of, document.period)
        for line, text in enumerate((*lines, document.known_text)):
            self._text(sheet, line, 0, text, "title" if line == 0 else None)
        looks = {"value": "head over numbers", "text": "head over numbers", "base": "head over numbers"}
        looks |= {"figure": "head of text", "verdict": "head of text"}
        heads = {"text": f"{self.words['value']} ({document.language})"}
        for column, name in enumerate(_WIDTHS):
            look = self.formats[looks.get(name, "head")]
            sheet.write_string(HEAD, column, heads.get(name) or self.words[name], look)
        line = HEAD
        for chapter in document.chapters:
            for row in chapter.rows:
                line += 1
                told = ((titles[chapter.id], "chapter"), (row.label, "figure"), (row.note, "verdict"))
                _grow(sheet, line, *((text, widths[column]) for text, column in told))
                self._figure(sheet, line, titles[chapter.id], row)
        sheet.autofilter(HEAD, 0, line, len(_WIDTHS) - 1)

    def _figure(self, sheet: Worksheet, line: int, chapter: str, row: Row) -> None:
        self._text(sheet, line, 0, chapter, "long")
        sheet.write_string(line, 1, row.number, self.formats["text"])
        self._text(sheet, line, 2, row.label, "wrap")
        if row.value is not None:
            sheet.write_number(line, 3, _Exact(row.value), self._number(row))
        sheet.write_string(line, 4, row.text, self.formats["right"])
        if row.base is not None:
            sheet.write_number(line, 5, row.base, self.formats["base"])
        else:
            sheet.write_blank(line, 5, None, self.formats["base"])
        self._text(sheet, line, 6, row.note, "fails" if row.verdict == "fails" else "wrap")
        target = f"internal:'{self.names[row.id]}'!A1"
        sheet.write_url(line, 7, target, self.formats["link"], self.words["records"], row.label[:200])

    def _number(self, row: Row) -> Format:
        """The format of a figure: counts with their thousands, shares in hundredths as each language writes them."""
        if not row.places and not row.percent:
            return self.formats["count"]
        sign = (" %" if row.text.endswith(" %") else "%") if row.percent else ""
        shape = f"{'0' if row.percent else '#,##0'}.{'0' * row.places}{sign}"
        if shape not in self.formats:
            look = {"num_format": shape, "bold": True, "bottom": 4, "bottom_color": "#B0B4BA", "valign": "top"}
            self.formats[shape] = self.book.add_format(look)
        return self.formats[shape]

    def _sums(self, sums: Sequence[Sum]) -> None:
        sheet = self._sheet(_sheet(self.words["equations"]), 0)
        heads = (self.words["equation"], self.words["left"], "", self.words["right"], self.words["result"])
        for column, (head, width) in enumerate(zip(heads, (80, 14, 4, 14, 24), strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, head, self.formats["head"])
        for line, one in enumerate(sums, 1):
            look = "fails" if one.verdict == "fails" else None
            for column, text in enumerate((one.label, one.left, one.sign, one.right, one.note)):
                self._text(sheet, line, column, text, look if column in (2, 4) else None)

    def _records(self, row: Row, records: list[Listed]) -> None:
        """The sheet of a figure's records; a column in which none of them says anything is left out."""
        sheet = self._sheet(self.names[row.id], 1)
        self._text(sheet, 0, 0, f"{row.number} {row.label}: {row.text}", "title")
        places = [n for n, name in enumerate(_LISTED) if name in _ALWAYS or any(record[n] for record in records)]
        sheet.write_url(0, len(places), f"internal:'{self.figures}'!A1", self.formats["link"], self.words["back"])
        heads = [list(_LISTED)[place] for place in places]
        for column, head in enumerate(heads):
            sheet.set_column(column, column, _LISTED[head])
            sheet.write_string(1, column, self.words[head], self.formats["head"])
        total, room = len(records), self.most - 2
        shown = total if total <= room else room - 1
        for line, record in enumerate(records[:shown], 2):
            _grow(sheet, line, (record.label, _LISTED["label"]), (record.unit, _LISTED["unit"]))
            for column, place in enumerate(places):
                self._cell(sheet, line, column, record[place])
        if shown < total:
            sheet.write_string(2 + shown, 0, self.words["more"].format(count=total - shown))
        sheet.autofilter(1, 0, max(1, 1 + shown), len(heads) - 1)

    def _cell(self, sheet: Worksheet, line: int, column: int, value: Any) -> None:
        """A text, or a date as precisely as it is known."""
        if value is None or isinstance(value, str):
            self._text(sheet, line, column, value or "", "long")
        elif value[0].year < _FIRST_YEAR:
            self._text(sheet, line, column, value[0].isoformat()[: _ISO[value[1]]])
        else:
            sheet.write_datetime(line, column, value[0], self.formats[f"date {value[1]}"])

    def _text(self, sheet: Worksheet, line: int, column: int, text: str, look: str | None = "text") -> None:
        """Text as text; what a spreadsheet might take for a formula is marked as quoted."""
        if formula(text):
            look = "quoted"
        sheet.write_string(line, column, text, self.formats[look] if look else None)


def formula(text: str) -> bool:
    """Whether a spreadsheet, of whatever language, might take a text for a formula; a letter or digit begins none."""
    return not text[:1].isalnum() and _may_run(text)


def _may_run(text: str) -> bool:
    return text.startswith(_CONTROLS) or text.lstrip().startswith(_SIGNS)


def harmless(text: str) -> str:
    """The text, with an apostrophe before what would be taken for a formula, and before what looks as if it had one."""
    return text if text[:1].isalnum() or not formula(text.lstrip(_GUARD)) else f"{_GUARD}{text}"


def unguarded(text: str) -> str:
    """The text of which `harmless` made this one, whichever it was."""
    return text[1:] if text.startswith(_GUARD) and formula(text.lstrip(_GUARD)) else text


def _grow(sheet: Worksheet, line: int, *texts: tuple[str, int]) -> None:
    """Make room for texts wider than their columns: programs do not measure what another one wrote.

    A width is a number of digits; letters are a little narrower.
    """
    lines = max(ceil(len(text) / width * _LETTER) for text, width in texts)
    if lines > 1:
        sheet.set_row(line, lines * _LINE)
