"""A report says the same in every format and language, and other programs read it."""

import re
import subprocess
import zipfile
from html.parser import HTMLParser
from typing import Any

import openpyxl
import pypdfium2
import pytest
from python_calamine import CalamineWorkbook

from canbo.kernel.profile import profile
from canbo.reports.output.fields import Asked, tag
from canbo.reports.output.styles import WIDTH
from tests.acceptance.commands import here
from tests.output.readers import (
    LANGUAGES,
    PROVINCES,
    converted,
    fields,
    lines_with,
    program,
    rows_of_csv,
    text_of_pdf,
    told,
    written,
)

pytestmark = pytest.mark.database
QUICK = [("ninh-thuan", "vi"), ("ninh-thuan", "en"), ("ninh-thuan", "de")]
REST = [(unit, lang) for unit in PROVINCES for lang in LANGUAGES if (unit, lang) not in QUICK]
ASKED = [*QUICK, *(pytest.param(*pair, marks=pytest.mark.full) for pair in REST)]
HEAD = 6


class Data(HTMLParser):
    """The numbers of a page: id of the row → value and text of its `data`; and whatever would leave the machine."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, tuple[str, str]] = {}
        self.outside: list[str] = []
        self._row, self._value = "", None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        told = dict(attrs)
        self._row = told.get("id", "") if tag == "tr" else self._row
        self._value = told["value"] if tag == "data" else None
        self.outside += [v for k, v in told.items() if k in ("src", "href", "style") and not (v or "").startswith("#")]
        self.outside += [tag] if tag in ("script", "link", "img", "iframe", "object") else []

    def handle_data(self, data: str) -> None:
        if self._value is not None:
            self.found[self._row.removeprefix("figure-")] = (self._value, data)
            self._value = None


def ordered(sheet: list[list[Any]]) -> list[list[Any]]:
    """The lines of figures on the first sheet."""
    return [line for line in sheet[HEAD + 1 :] if line[1] not in ("", None)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("reports")


@pytest.mark.parametrize(("unit", "language"), ASKED)
def test_html_pdf_word_and_excel_say_what_the_json_says(small_sample, folder, unit, language):
    on = PROVINCES[unit]
    figures = told(unit, on, language)
    files = {kind: written(folder, unit, on, language, kind) for kind in ("html", "xlsx", "docx", "pdf")}

    page = Data(files["html"].read_text(encoding="utf-8"))
    assert page.outside == []
    shown = {name: text for name, (_, text) in page.found.items()}
    assert shown == {f["id"]: f["printed"] for f in figures}
    values = {name: float(value) if value else None for name, (value, _) in page.found.items()}
    assert values == {f["id"]: f["value"] for f in figures}

    sheet = ordered(CalamineWorkbook.from_path(files["xlsx"]).get_sheet_by_index(0).to_python())
    assert [(line[3] if line[3] != "" else None, line[4]) for line in sheet] == [
        (f["value"], f["printed"]) for f in figures
    ]
    assert [line[5] if line[5] != "" else None for line in sheet] == [f["base"] for f in figures]

    said = fields(files["docx"])
    asked = Asked("term", unit, on)
    assert {f["id"]: said[tag(asked, f["id"])] for f in figures} == {f["id"]: f["printed"] for f in figures}
    assert all(name.startswith(f"canbo:term:{unit}:{on}:") and len(name) <= 64 for name in said)

    text = text_of_pdf(files["pdf"])
    rows = {f["id"]: line[1] for f, line in zip(figures, sheet, strict=True)}
    assert [f["id"] for f in figures if not lines_with(text, rows[f["id"]], f["printed"])] == []


def test_the_text_of_the_pdf_can_be_selected_with_its_marks_and_its_fonts_are_in_it(small_sample, folder):
    file = written(folder, "dien-bien", PROVINCES["dien-bien"], "vi", "pdf")
    poppler = text_of_pdf(file)
    with pypdfium2.PdfDocument(file) as opened:
        pdfium = "\n".join(page.get_textpage().get_text_range() for page in opened)
        assert len(opened) >= 3
    for text in (poppler, pdfium):
        assert "Báo cáo nhiệm kỳ" in text
        assert "Số liệu đến ngày 01 tháng 5 năm 2024" in text
        for word in ("Đảng viên dự bị", "Luân chuyển", "Quy hoạch cán bộ", "Mục lục"):
            assert word in text
    command = [program("pdffonts", package="poppler-utils"), str(file)]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    lines = [line.split() for line in listed.splitlines()[2:]]
    assert lines
    assert all(line[-5] == "yes" and "Libertinus" in line[0] for line in lines), listed
    data = file.read_bytes()
    assert b"pdfaid:part" in data
    again = text_of_pdf(written(folder, "dien-bien", PROVINCES["dien-bien"], "vi", "pdf"))
    anchors = [re.search(r"nhật ký kiểm toán: (\d+ [0-9a-f]{64})", text)[1] for text in (poppler, again)]
    assert anchors[0] != anchors[1], "the first one is in the log when the second is made"
    assert again.replace(anchors[1], anchors[0]).split() == poppler.split(), "but for the anchor it is the same file"


def test_each_figure_opens_its_records_and_they_lead_back(small_sample, folder):
    file = written(folder, "ninh-thuan", PROVINCES["ninh-thuan"], "en", "xlsx")
    figures = told("ninh-thuan", PROVINCES["ninh-thuan"], "en")
    book = openpyxl.load_workbook(file)
    first = book.worksheets[0]
    assert len(set(book.sheetnames)) == len(book.sheetnames)
    assert max(map(len, book.sheetnames)) <= 31
    assert (first.freeze_panes, first.auto_filter.ref.split(":")[0]) == ("A8", "A7")
    for line, figure in enumerate(figures, HEAD + 2):
        sheet = book[first.cell(line, 8).hyperlink.location.split("'")[1]]
        rows = list(sheet.iter_rows(min_row=3, values_only=True))
        if figure["base"] is None and figure["indicator"] != "targets":
            assert len(rows) == figure["value"]
        elif figure["base"] is not None and figure["indicator"] == "admissions_against_target":
            parts = [row[0] for row in rows]
            assert parts.count("numerator") == round(figure["value"] * figure["base"])
            assert parts.count("denominator") >= 1
        back = [cell.hyperlink.location for cell in sheet[1] if cell.hyperlink]
        assert back == [f"'{first.title}'!A1"]
    share = next(i for i, f in enumerate(figures) if f["id"].endswith("share"))
    cell = first.cell(HEAD + 2 + share, 4)
    assert cell.value == figures[share]["value"]
    assert cell.number_format == "0.00%"


def test_dates_and_numbers_are_written_as_each_language_writes_them(small_sample, folder):
    said = {lang: text_of_pdf(written(folder, "lam-dong", PROVINCES["lam-dong"], lang, "pdf")) for lang in LANGUAGES}
    assert "ngày 30 tháng 6 năm 2024" in said["vi"]
    assert "30 June 2024" in said["en"]
    assert "30. Juni 2024" in said["de"]
    assert "100,00%" in said["vi"]
    assert "100.00%" in said["en"]
    assert "100,00 %" in said["de"]
    assert "31/12/2020" in said["vi"]
    assert "31.12.2020" in said["de"]


def test_a_gap_prints_with_the_words_that_explain_it_or_says_that_nobody_did(small_sample, folder):
    unit, on = "ninh-thuan", PROVINCES["ninh-thuan"]
    silent = text_of_pdf(written(folder, unit, on, "en", "pdf"))
    assert "Explanation of what does not hold" in silent
    assert "Not explained yet" in silent
    words = "one_year_was_counted_twice"
    told_by = ("--explain", f"admissions-by-year-published={words}")
    assert words in text_of_pdf(written(folder, unit, on, "en", "pdf", *told_by))


@pytest.mark.parametrize("book", ["year", "half-year", "month"])
def test_reports_of_shorter_periods_begin_with_their_period(small_sample, folder, book):
    starts = {"year": "1 January 2024", "half-year": "1 July 2024", "month": "1 August 2024"}
    text = text_of_pdf(written(folder, "dien-bien", "2024-08-31", "en", "pdf", book=book))
    assert f"Period: {starts[book]} to 31 August 2024" in text
    assert profile().word(f"book.{book}", "en").upper() in text


def test_a_file_is_needed_for_what_is_a_file_and_a_format_must_be_one(small_sample, tmp_path):
    asked = ("report", "term", "--unit", "dien-bien", "--on", "2024-05-01")
    for kind in ("html", "xlsx", "docx", "pdf"):
        said = here(*asked, "--format", kind)
        assert (said.code, f"--out FILE.{kind}" in said.err) == (2, True)
    assert here(*asked, "--format", "odt").code == 2
    said = here(*asked, "--format", "pdf", "--out", tmp_path / "no" / "folder.pdf")
    assert (said.code, "cannot be written" in said.err) == (2, True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.full
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_office_program_reads_word_and_excel(small_sample, folder, language):
    unit, on = "ninh-thuan", PROVINCES["ninh-thuan"]
    figures = told(unit, on, language)
    text = text_of_pdf(converted(written(folder, unit, on, language, "docx"), "pdf", folder))
    book = written(folder, unit, on, language, "xlsx")
    sheet = ordered(rows_of_csv(converted(book, "csv:Text - txt - csv (StarCalc):44,34,76,1", folder)))
    assert [line[4] for line in sheet] == [f["printed"] for f in figures]
    rows = {f["id"]: line[1] for f, line in zip(figures, sheet, strict=True)}
    assert [f["id"] for f in figures if not lines_with(text, rows[f["id"]], f["printed"])] == []
    assert profile().word("text.contents", language) in text


def test_the_word_file_has_styles_contents_repeated_heads_and_pictures_that_are_described(small_sample, folder):
    file = written(folder, "dien-bien", PROVINCES["dien-bien"], "vi", "docx")
    with zipfile.ZipFile(file) as opened:
        body = opened.read("word/document.xml").decode()
        pictures = [name for name in opened.namelist() if name.startswith("word/media/")]
    assert body.count('<w:pStyle w:val="Heading1"/>') == len(re.findall(r"<w:hyperlink w:anchor=", body)) >= 10
    assert 'TOC \\o "1-1"' in body
    assert body.count("<w:tblHeader/>") == body.count('<w:tblStyle w:val="ReportTable"/>')
    drawn = re.findall(r"<wp:docPr [^>]*>", body)
    assert len(drawn) == len(pictures) == 4
    assert body.count('distT="0" distB="0" distL="0" distR="0"') == len(pictures)
    grids = re.findall("<w:tblGrid>.*?</w:tblGrid>", body)
    widths = [sum(map(int, re.findall(r'w:gridCol w:w="(\d+)"', grid))) for grid in grids]
    assert all(abs(width - WIDTH / 2.54 * 1440) < 10 for width in widths)
    assert all(re.search(r'name="canbo:term:dien-bien:2024-05-01:picture/\w+"', one) for one in drawn)
    assert all(re.search(r'descr="[^"]{20,}"', one) for one in drawn)
    assert "<w:lock" not in body
