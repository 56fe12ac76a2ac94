"""Ten people on their way through the pages, each within a budget of clicks; what they read is asserted."""

import csv
import re
from itertools import pairwise

import pytest
from docx import Document
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

pytestmark = pytest.mark.browser

SCRIPT_OR_NOT = pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
NUMBER = re.compile(r"^\s*[\d.,]+\s*$")


def number(text: str) -> int:
    """A whole number as Vietnamese writes it, with its sign."""
    return int(re.sub(r"[^\d-]", "", text.replace("−", "-")))


@SCRIPT_OR_NOT
def test_mai_reaches_the_decision_behind_a_figure_in_three_clicks(officer, script):
    with officer("Mai", clicks=3, java_script_enabled=script) as mai:
        mai.opens("/")
        mai.follows("01/05/2024")
        mai.sees("Báo cáo nhiệm kỳ", "Số liệu đến ngày 01 tháng 5 năm 2024")
        mai.follows_row("Đảng viên kết nạp trong kỳ", NUMBER)
        mai.sees(re.compile(r"^Đảng viên kết nạp trong kỳ: [\d.]+$"), "kết nạp")
        mai.follows(re.compile("KNĐV"), within="main")
        mai.sees(re.compile("QĐ/KNĐV"), re.compile("Kết nạp"))


def test_hung_learns_what_changed_a_figure_within_a_year_in_four_clicks(officer):
    with officer("Hùng", clicks=4, typed=1) as hung:
        hung.opens("/")
        hung.follows("01/05/2024")
        hung.follows_row("Tổng số đảng viên", NUMBER)
        hung.types("Thay đổi do đâu kể từ", "2023-05-01")
        hung.presses("Xem", within="main")
        hung.sees("Kết nạp", "Từ trần")
        first, *parts, last = [number(row[-1]) for row in hung.table()]
        assert first + sum(parts) == last
        admitted = next(row for row in hung.table() if row[0].strip() == "Kết nạp")
        hung.follows("Kết nạp", within="main")
        assert len(hung.page.locator("main table").nth(1).locator("tbody tr").all()) == min(50, number(admitted[1]))


@SCRIPT_OR_NOT
def test_son_learns_who_headed_a_commune_on_a_day_and_who_knew_it_when_in_four_clicks(officer, script):
    with officer("Sơn", clicks=4, typed=3, java_script_enabled=script) as son:
        son.opens("/?on=2022-05-01")
        son.searches("xa quai nua")
        son.follows("Xã Quài Nưa", within="main")
        son.sees("Bí thư cấp ủy", "Hạng A Giàng", "30/03/2022")
        son.turns_to(known="2022-07-20T08:59")
        son.sees("Cà Văn Inh")
        son.does_not_see("Hạng A Giàng")
        son.turns_to(known="2022-07-20T09:01")
        son.sees("Hạng A Giàng")
        son.does_not_see("Cà Văn Inh")


def test_son_then_reads_on_the_post_since_when_each_holder_was_on_record(officer):
    with officer("Sơn", clicks=1) as son:
        son.opens("/unit/dien-bien.tuan-giao.quai-nua?on=2022-08-01")
        son.follows("Bí thư cấp ủy", within="main")
        son.sees("Những người đã giữ", "Cà Văn Inh", "365-QĐ/HU", "09:00 20/07/2022")


def test_son_goes_from_a_record_of_the_post_to_the_article_in_three_clicks(officer):
    with officer("Sơn", clicks=3) as son:
        son.opens("/unit/dien-bien.dien-bien.nua-ngam?on=2023-06-01")
        son.follows("Lò Văn Nhọt", within="main")
        son.follows(re.compile("Vì sao"), within="main")
        son.sees("272-QĐ/HU", re.compile("phân cấp quản lý và bổ nhiệm"))
        son.follows("80-QĐ/TW", within="main")
        son.sees(re.compile("Về phân cấp quản lý cán bộ và bổ nhiệm"))


@SCRIPT_OR_NOT
def test_thu_finds_a_person_without_typing_a_mark_in_two_clicks(officer, script):
    with officer("Thu", clicks=2, typed=1, java_script_enabled=script) as thu:
        thu.opens("/")
        thu.searches("lo thi hia")
        thu.follows("Lò Thị Hịa", within="main")
        thu.sees("Lò Thị Hịa", "Sinh hoạt tổ chức")


@SCRIPT_OR_NOT
def test_binh_learns_what_a_new_commune_was_made_of_in_three_clicks(officer, script):
    with officer("Bình", clicks=3, typed=1, java_script_enabled=script) as binh:
        binh.opens("/")
        binh.searches("xa muong cha")
        binh.follows("Xã Mường Chà", within="main")
        binh.sees("Được lập từ", "Xã Chà Cang", "Xã Chà Nưa", "Xã Nậm Tin", "Xã Pa Tần", "1661/NQ-UBTVQH15")
        binh.follows("Xã Pa Tần", within="main")
        binh.sees("Xã Pa Tần", re.compile("Đã kết thúc"))


def test_lan_learns_which_documents_of_her_province_implement_a_directive_in_three_clicks(officer):
    with officer("Lan", clicks=3, typed=2) as lan:
        lan.opens("/")
        lan.turns_to(on="2024-12-01")
        lan.searches("35-CT/TW")
        lan.follows_row("lần thứ XIV", "35-CT/TW")
        lan.sees("Triển khai thực hiện", re.compile("158-KH/TU"), re.compile("03-HD/TU"), "Đảng bộ tỉnh Điện Biên")


def test_dung_sees_the_heads_of_a_past_day_and_nothing_of_the_present_in_two_clicks(officer):
    with officer("Dung", clicks=2, typed=1) as dung:
        dung.opens("/unit/dien-bien.dien-bien-phu.state?on=2022-06-01")
        dung.sees("Trần Thị Ngọc Giang")
        dung.turns_to(on="2021-06-01")
        dung.sees("Trang này tính đến ngày 01/06/2021, theo dữ liệu hiện nay.", within="form.asof")
        dung.sees("Lầu Mỵ")
        dung.does_not_see("Trần Thị Ngọc Giang")
        dung.follows("Lầu Mỵ", within="main")
        dung.sees("Trang này tính đến ngày 01/06/2021, theo dữ liệu hiện nay.", within="form.asof")


def test_quang_narrows_and_sorts_a_list_and_takes_exactly_that_along_in_three_clicks(officer, tmp_path):
    with officer("Quang", clicks=3, typed=1) as quang:
        quang.opens("/list/members?unit=dien-bien.dien-bien-phu&on=2024-05-01")
        quang.chooses("Thành phần", "hưu trí")
        quang.presses("Lọc", within="main")
        quang.follows(re.compile("^Mã"), within="thead")
        shown = [" ".join(row[1].split()) for row in quang.table()]
        said = quang.page.locator("main").get_by_text(re.compile("dòng")).first.inner_text()
        file = quang.downloads("CSV", tmp_path)
    heading, *rows, anchor = csv.reader(file.read_text(encoding="utf-8-sig").splitlines())
    assert len(anchor) == 1, "the last line says what the log held"
    taken = [row[1] for row in rows]
    assert taken[:50] == shown
    assert len(taken) == number(said) > 1
    assert all(one < other for one, other in pairwise(taken))
    assert heading[1] == "Mã"


def test_hanh_takes_the_report_along_as_pdf_word_and_excel_with_a_click_each(officer, tmp_path):
    with officer("Hạnh", clicks=3) as hanh:
        hanh.opens("/report/term/dien-bien?on=2024-05-01")
        members = hanh.page.get_by_role("row").filter(has_text="Tổng số đảng viên").first
        shown = members.get_by_role("link").first.inner_text().strip()
        pdf, word, sheets = (hanh.downloads(form, tmp_path) for form in ("PDF", "Word", "Excel"))
    text = "\n".join(page.extract_text() for page in PdfReader(pdf).pages)
    assert re.search(rf"Tổng số đảng viên\s+{re.escape(shown)}", text)
    written = "".join(Document(str(word)).element.body.itertext())
    assert re.search(rf"Tổng số đảng viên.{{0,200}}?{re.escape(shown)}", written, re.DOTALL)
    workbook = CalamineWorkbook.from_path(str(sheets))
    values = [cell for row in workbook.get_sheet_by_index(0).to_python() for cell in row]
    assert values[values.index("Tổng số đảng viên") :].index(float(number(shown))) < 4


def test_petra_reads_the_report_in_german_after_one_click_and_emma_in_english(officer):
    with officer("Petra", clicks=2) as petra:
        petra.opens("/report/term/dien-bien?on=2024-05-01")
        petra.presses("Deutsch")
        petra.sees("Bericht zur Amtszeit", "Stand: 1. Mai 2024", re.compile("Rotation und Versetzung"), "5,30 %")
        petra.follows("Canbo")
        petra.sees(re.compile("Amtszeit 2020"))
    with officer("Emma", clicks=1) as emma:
        emma.opens("/report/term/dien-bien?on=2024-05-01")
        emma.presses("English")
        emma.sees("As of 1 May 2024", "5.30%")


def test_a_member_of_the_association_goes_from_the_report_to_a_decision_and_meets_no_party(member):
    with member("Edith", clicks=3) as edith:
        edith.opens("/?on=2025-12-31")
        edith.follows("Report on the term")
        edith.follows_row("Members", NUMBER)
        edith.sees("Members: 3,000")
        edith.follows_row("Roll of Members", "Roll of Members")
        edith.sees("Roll of Members")
        edith.does_not_see(re.compile(r"\bParty\b|Đảng|Vietnam"))
