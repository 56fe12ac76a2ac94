"""Workbooks: numbers are numbers, text is never a formula, and a sheet that is full says how many more there are."""

import datetime as dt
import io

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from canbo.registry.people.models import Particulars
from canbo.reports.output.document import Chapter, Document, Listed, Row
from canbo.reports.output.excel import excel, sheet_names
from tests.output.readers import LANGUAGES, PROVINCES, told, written

NAMES = """
    chapter number figure value base verdict records back part kind key label unit since until decision equations
"""
WORDS = {name: name for name in NAMES.split()}
HEADS = {
    "vi": ["Loại dữ kiện", "Tên, nội dung", "Đơn vị", "Từ ngày", "Quyết định", "Mã"],
    "en": ["Kind of fact", "Name and content", "Unit", "From", "Decision", "Key"],
    "de": ["Art der Tatsache", "Name und Inhalt", "Einheit", "Von", "Beschluss", "Schlüssel"],
}
MEMBERSHIP = {"vi": "Sinh hoạt tổ chức", "en": "Membership", "de": "Mitgliedschaft"}
DATES = {"vi": "dd/mm/yyyy", "en": "[$-809]d mmm yyyy", "de": "dd.mm.yyyy"}


def document(*rows, language="en"):
    known = dt.datetime(2024, 5, 1, 8, tzinfo=dt.UTC)
    chapters = (Chapter("c", "1", "=cmd|' /C calc'!A1", rows),)
    words = WORDS | {"more": "{count} more"}
    return Document("term", "u", known.date(), known, language, "", "@issuer", "Term: [report]*", "Unit", "as of",
                    "period", "known", chapters, (), (), words)  # fmt: skip


def row(number, label="Members", **more):
    return Row(**({"id": f"r{number}", "number": f"1.{number}", "label": label, "text": "3", "value": 3} | more))


def records(*labels, part="", since=None, until=None):
    return [Listed(part, "Membership", label, "Cell", since, until, "1-QĐ", str(n)) for n, label in enumerate(labels)]


def read(data):
    return openpyxl.load_workbook(io.BytesIO(data))


def test_what_looks_like_a_formula_is_text_and_a_number_is_a_number():
    bad = ("=1+1", "+1", "-1", "@x", "\t=1", '=HYPERLINK("x")')
    book = read(excel(document(row(1, "=2+2"), row(2, value=0.0528, places=2, percent=True, text="5.28%", base=47)),
                      lambda one: records(*bad, part="of") + records("b", part="all" if one.base else "")))  # fmt: skip
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert all(
        cell.quotePrefix for cell in cells if str(cell.value).startswith(("=", "+", "-", "@", "\t")) and cell.row > 2
    )
    assert book.worksheets[0]["D9"].value == 0.0528
    assert book.worksheets[0]["D9"].number_format == "0.00%"
    share = book.worksheets[2]
    assert [line[0].value for line in share.iter_rows(min_row=3)] == ["of"] * 6 + ["all"]


def test_a_sheet_that_is_full_says_how_many_more():
    book = read(excel(document(row(1)), lambda one: records(*"abcdef"), most=6))
    lines = [line[0].value for line in book.worksheets[1].iter_rows(min_row=3)]
    assert lines == ["Membership"] * 3 + ["3 more"]
    whole = read(excel(document(row(1)), lambda one: records(*"abcd"), most=6))
    assert [line[0].value for line in whole.worksheets[1].iter_rows(min_row=3)] == ["Membership"] * 4


def test_names_of_sheets_are_short_allowed_and_apart():
    labels = ("Đảng viên kết nạp từ đầu nhiệm kỳ 2020/2025: [tất cả]", "Đảng viên kết nạp từ đầu nhiệm kỳ 2020/2025?")
    names = sheet_names(document(*(row(n, label) for n, label in enumerate(labels))))
    assert len(set(names.values())) == len(labels)
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in names.values())
    assert read(excel(document(row(1)), lambda one: [])).worksheets[0].title == "Term   report"


def test_a_date_is_a_date_as_precise_as_it_is_known_and_a_column_of_nothing_is_left_out():
    first, old = dt.date(2021, 3, 1), dt.date(1831, 10, 2)
    many = [record for precision in "dmy" for record in records("a", since=(first, precision))]
    sheet = read(excel(document(row(1), language="vi"), lambda one: many)).worksheets[1]
    assert [cell.value for cell in sheet[2]][:-1] == ["kind", "label", "unit", "since", "decision", "key"]
    since = [cell for (cell,) in sheet.iter_rows(min_row=3, min_col=4, max_col=4)]
    assert {cell.value for cell in since} == {dt.datetime(2021, 3, 1)}  # noqa: DTZ001
    assert [cell.number_format for cell in since] == ["dd/mm/yyyy", "mm/yyyy", "yyyy"]
    many = [*records("a", since=(old, "d")), *records("a", since=(old, "y"), until=(first, "d"))]
    sheet = read(excel(document(row(1)), lambda one: many)).worksheets[1]
    assert [cell.value for cell in sheet[2]][3:5] == ["since", "until"]
    assert [sheet.cell(line, 4).value for line in (3, 4)] == ["1831-10-02", "1831"]


@pytest.mark.database
@pytest.mark.parametrize("language", LANGUAGES)
def test_records_are_told_in_the_language_with_names_dates_and_decisions(small_sample, tmp_path, language):
    unit, on = "dien-bien", PROVINCES["dien-bien"]
    file = written(tmp_path, unit, on, language, "xlsx")
    sheet = CalamineWorkbook.from_path(file).get_sheet_by_index(2)
    head, *lines = (line[:6] for line in sheet.to_python()[1:])
    assert head == HEADS[language]
    assert len(lines) == told(unit, on, language)[0]["value"]
    names = set(Particulars.objects.values_list("name", flat=True))
    assert {line[0] for line in lines} == {MEMBERSHIP[language]}
    assert {line[1].split(" · ")[0] for line in lines} <= names
    assert not any(line[2].startswith("dien-bien.") or not line[2] for line in lines)
    assert {type(line[3]) for line in lines} == {dt.date}
    assert all(line[3] <= dt.date.fromisoformat(on) and line[4] and line[5].isdecimal() for line in lines)
    assert openpyxl.load_workbook(file).worksheets[2]["D3"].number_format == DATES[language]


@pytest.mark.database
def test_what_is_counted_once_is_listed_by_name_and_code(small_sample, tmp_path):
    book = CalamineWorkbook.from_path(written(tmp_path, "dien-bien", PROVINCES["dien-bien"], "en", "xlsx"))
    sheets = [book.get_sheet_by_name(name).to_python()[1:] for name in book.sheet_names[2:]]
    heads = ["Kind of fact", "Name and content", "Key"]
    once = next(lines for lines in sheets if lines[0][:3] == heads and lines[1:])
    kind, name, code = once[1][:3]
    assert (kind, Particulars.objects.filter(person__code=code, name=name).exists()) == ("Person", True)
