"""Workbooks: numbers are numbers, text is never a formula, and a sheet that is full says how many more there are."""

import datetime as dt
import io

import openpyxl

from canbo.reports.output.document import Chapter, Document, Row
from canbo.reports.output.excel import excel, sheet_names

WORDS = {name: name for name in ("chapter", "number", "figure", "value", "base", "verdict", "records", "back", "part",
                                 "kind", "key", "label", "numerator", "denominator", "equations")}  # fmt: skip


def document(*rows):
    known = dt.datetime(2024, 5, 1, 8, tzinfo=dt.UTC)
    chapters = (Chapter("c", "1", "=cmd|' /C calc'!A1", rows),)
    words = WORDS | {"more": "{count} more"}
    return Document("term", "u", known.date(), known, "en", "", "@issuer", "Term: [report]*", "Unit", "as of", "period",
                    "known", chapters, (), (), words)  # fmt: skip


def row(number, label="Members", **more):
    return Row(**({"id": f"r{number}", "number": f"1.{number}", "label": label, "text": "3", "value": 3} | more))


def records(*labels):
    return [{"kind": "membership", "key": str(n), "label": label} for n, label in enumerate(labels)]


def read(data):
    return openpyxl.load_workbook(io.BytesIO(data))


def test_what_looks_like_a_formula_is_text_and_a_number_is_a_number():
    bad = ("=1+1", "+1", "-1", "@x", "\t=1", '=HYPERLINK("x")')
    book = read(excel(document(row(1, "=2+2"), row(2, value=0.0528, places=2, percent=True, text="5.28%", base=47)),
                      lambda one: (records(*bad), records("b") if one.base else [])))  # fmt: skip
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert all(
        cell.quotePrefix for cell in cells if str(cell.value).startswith(("=", "+", "-", "@", "\t")) and cell.row > 2
    )
    assert book.worksheets[0]["D9"].value == 0.0528
    assert book.worksheets[0]["D9"].number_format == "0.00%"
    share = book.worksheets[2]
    assert [line[0].value for line in share.iter_rows(min_row=3)] == ["numerator"] * 6 + ["denominator"]


def test_a_sheet_that_is_full_says_how_many_more():
    book = read(excel(document(row(1)), lambda one: (records(*"abcdef"), []), most=6))
    lines = [line[0].value for line in book.worksheets[1].iter_rows(min_row=3)]
    assert lines == ["membership"] * 3 + ["3 more"]
    whole = read(excel(document(row(1)), lambda one: (records(*"abcd"), []), most=6))
    assert [line[0].value for line in whole.worksheets[1].iter_rows(min_row=3)] == ["membership"] * 4


def test_names_of_sheets_are_short_allowed_and_apart():
    labels = ("Đảng viên kết nạp từ đầu nhiệm kỳ 2020/2025: [tất cả]", "Đảng viên kết nạp từ đầu nhiệm kỳ 2020/2025?")
    names = sheet_names(document(*(row(n, label) for n, label in enumerate(labels))))
    assert len(set(names.values())) == len(labels)
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in names.values())
    assert read(excel(document(row(1)), lambda one: ([], []))).worksheets[0].title == "Term   report"
