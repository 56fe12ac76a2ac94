"""What people send is read as it is: sheets, headings, places, texts, numbers, days, merged cells, letters."""

import datetime as dt
import unicodedata

import openpyxl
import pytest
import xlsxwriter

from canbo.exchange.reading.file import read
from canbo.exchange.reading.heading import heading
from canbo.exchange.reading.limits import Limits
from canbo.exchange.reading.places import cell, letters, place
from canbo.kernel.refusal import Mistake, Refused
from tests.exchange.made import cells, excel, ods, packed, row, sheet
from tests.exchange.test_legacy import NAMES, TABLES, old

TITLE = "DANH SÁCH NHÂN SỰ"
INSTANT = dt.datetime.fromisoformat("2025-07-01T08:30")


def told(path, **said):
    """The sheets with all their rows."""
    return [(one, list(one.rows)) for one in read(path, **said)]


def only(path, **said):
    [(one, rows)] = told(path, **said)
    return one, rows


@pytest.fixture(scope="module")
def workbook(tmp_path_factory):
    """A workbook as offices write them: titles above, a heading of two rows, numbers of columns, merged units."""
    path = tmp_path_factory.mktemp("books") / "units.xlsx"
    with xlsxwriter.Workbook(str(path), {"date_1904": False}) as book:
        one, other, hidden = book.add_worksheet("Đơn vị"), book.add_worksheet("Khác"), book.add_worksheet("Ẩn")
        day, instant = book.add_format({"num_format": "dd/mm/yyyy"}), book.add_format({"num_format": "d/m/yy hh:mm"})
        one.merge_range("A1:F1", TITLE)
        one.merge_range("A3:A4", "Đơn vị")
        one.merge_range("B3:B4", " Họ\nvà  tên ")
        one.merge_range("C3:D3", "Ngày sinh")
        one.write_row("C4", ["Nam", "Nữ"])
        one.merge_range("E3:E4", "Mã số")
        one.merge_range("F3:F4", "Hưởng")
        one.write_row("A5", [f"({number})" for number in range(1, 7)])
        one.merge_range("A6:A8", "Phòng A")
        one.write_row("B6", [unicodedata.normalize("NFD", "Nguyễn Thị Hà"), None])
        one.write_datetime("D6", dt.date(1990, 2, 28), day)
        one.write_string("E6", "00123")
        one.write_boolean("F6", True)
        one.write_row("B7", ["Lò Văn Páo", "1985"])
        one.write_number("E7", 38.5)
        one.write_row("B8", ["Hồ A Sử", 31000])
        one.write_number("E8", 123456789012)
        one.write_datetime("A11", INSTANT, instant)
        one.write_blank("Z3000", None, day)
        other.write_row("B2", ["Mã", "Tên"])
        other.write_row("B3", [1, "  "])
        hidden.hide()
    return path


def test_a_workbook_of_an_office_is_read_with_its_places(workbook):
    (one, rows), (other, others), (hidden, nothing) = told(workbook)
    assert (one.name, one.hidden, one.heading, one.notes, one.legacy) == ("Đơn vị", False, 3, [], {})
    assert one.columns == ["Đơn vị", "Họ và tên", "Ngày sinh / Nam", "Ngày sinh / Nữ", "Mã số", "Hưởng"]
    assert [(each.number, each.values) for each in rows] == [
        (6, ["Phòng A", "Nguyễn Thị Hà", None, dt.date(1990, 2, 28), "00123", True]),
        (7, ["Phòng A", "Lò Văn Páo", "1985", None, 38.5]),
        (8, ["Phòng A", "Hồ A Sử", 31000, None, 123456789012]),
        (11, [INSTANT]),
    ]
    assert [type(value) for value in rows[0].values] == [str, str, type(None), dt.date, str, bool]
    assert [list(each.flaws) for each in rows] == [[], [0], [0], []]
    assert (rows[1].flaws[0].code, rows[1].flaws[0].facts["cell"], rows[1].cell(4)) == ("merged", "A7", "E7")
    assert (other.heading, other.columns) == (2, ["", "Mã", "Tên"])
    assert [each.values for each in others] == [[None, 1]]
    assert (hidden.hidden, hidden.heading, nothing) == (True, None, [])


def test_another_row_may_be_said_to_be_the_heading(workbook):
    sheets = read(workbook, headings={"Đơn vị": 6})
    one = next(sheets)
    assert (one.heading, one.columns[0], one.columns[4]) == (6, "Phòng A", "00123 / 38.5 / 123456789012")
    assert next(one.rows).number == 11


def test_a_sheet_that_nobody_reads_is_passed_over_and_a_reader_that_is_left_ends(workbook):
    assert [one.name for one in read(workbook)] == ["Đơn vị", "Khác", "Ẩn"]
    sheets = read(workbook)
    rows = next(sheets).rows
    assert next(rows).number == 6
    sheets.close()
    with pytest.raises(RuntimeError, match="while its file is"):
        list(rows)


@pytest.mark.parametrize("since_1904", [False, True])
def test_days_count_from_where_the_workbook_says(since_1904, tmp_path):
    path = tmp_path / "days.xlsx"
    with xlsxwriter.Workbook(str(path), {"date_1904": since_1904}) as book:
        one = book.add_worksheet()
        one.write_row("A1", ["Ngày", "Số"])
        one.write_datetime("A2", dt.date(2024, 2, 29), book.add_format({"num_format": "yyyy-mm-dd"}))
        one.write_number("B2", 43889 if since_1904 else 45351)
    sheet, [first] = only(path)
    assert first.values[0] == dt.date(2024, 2, 29)
    assert sheet.epoch + dt.timedelta(days=first.values[1]) == dt.date(2024, 2, 29)


def test_openpyxl_writes_formulas_without_values_and_that_is_said_of_each(tmp_path):
    path = tmp_path / "formulas.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["Tên", "Tổng"])
    book.active.append(["a", "=1+1"])
    book.active.append(["b", 3])
    book.save(path)
    _, (first, second) = only(path)
    assert (first.values, second.values, second.flaws) == (["a", None], ["b", 3], {})
    assert str(first.flaws[1]).startswith("Sheet B2 holds a formula that was never computed; open the file")


def test_cells_in_error_have_no_value_and_computed_ones_theirs(tmp_path):
    path = tmp_path / "errors.xlsx"
    body = row("Mã", "Tên") + '<row r="7"><c r="A7" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
    body += '<c r="B7" t="str"><f>A1</f><v></v></c><c r="C7" t="str"><f>A1</f><v>x</v></c>'
    body += '<c r="D7"><f>1</f><v>1</v></c><c r="E7"><f t="shared" si="0"/></c></row>'
    path.write_bytes(packed(excel(sheet(body))))
    _, [one] = only(path)
    assert one.values == [None, None, "x", 1, None]
    assert {at: flaw.code for at, flaw in one.flaws.items()} == {0: "error_value", 4: "not_computed"}
    assert str(one.flaws[0]) == "S1 A7 holds a formula in error; correct it"


def test_an_open_document_is_read_with_repeated_and_merged_cells_errors_and_days(tmp_path):
    path = tmp_path / "table.ods"
    body = cells("Tên", "Ngày", "Số", "Lỗi")
    body += (
        '<table:table-row><table:table-cell office:value-type="string" table:number-rows-spanned="2"><text:p>A</text:p>'
        '</table:table-cell><table:table-cell office:value-type="date" office:date-value="2024-02-29"/>'
        '<table:table-cell office:value-type="float" office:value="12"/><table:table-cell table:formula="of:=1/0"'
        ' office:value-type="string" office:string-value="" calcext:value-type="error"><text:p>#DIV/0!</text:p>'
        "</table:table-cell></table:table-row>"
        '<table:table-row table:number-rows-repeated="2"><table:covered-table-cell/><table:table-cell'
        ' office:value-type="boolean" office:boolean-value="true"/><table:table-cell table:formula="of:=1"/>'
        '</table:table-row><table:table-row table:number-rows-repeated="1048000"><table:table-cell'
        ' table:number-columns-repeated="16384"/></table:table-row>'
    )
    path.write_bytes(packed(ods(body)))
    one, rows = only(path)
    assert (one.name, one.columns) == ("T", ["Tên", "Ngày", "Số", "Lỗi"])
    assert [each.values for each in rows] == [["A", dt.date(2024, 2, 29), 12, None], ["A", True, None], [None, True]]
    codes = [{at: flaw.code for at, flaw in each.flaws.items()} for each in rows]
    assert codes == [{3: "error_value"}, {0: "merged", 2: "not_computed"}, {}]


LINES = [["Họ tên", "Ngày", "Ghi chú"], ["Nguyễn Ánh", "01/02/1990", "a, b; c"], ["Trần Bê", "", 'nói "x"\nhai dòng']]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_is_read_whatever_its_delimiter_and_unicode(encoding, delimiter, tmp_path):
    def quoted(said):
        return '"' + said.replace('"', '""') + '"' if any(sign in said for sign in ',;|\t"\n') else said

    text = "\r\n".join(delimiter.join(map(quoted, line)) for line in LINES) + "\r\n"
    path = tmp_path / "list.csv"
    path.write_bytes(text.encode(encoding))
    one, rows = only(path)
    assert (one.name, one.columns, one.heading) == ("list", LINES[0], 1)
    assert [(each.number, each.values) for each in rows] == [(2, LINES[1]), (3, ["Trần Bê", None, LINES[2][2]])]


def test_a_file_that_names_its_delimiter_is_believed(tmp_path):
    path = tmp_path / "said.csv"
    path.write_text("sep=|\nMã|Tên;x\n1|a;b\n", encoding="utf-8")
    one, rows = only(path)
    assert (one.columns, [(each.number, each.values) for each in rows]) == (["Mã", "Tên;x"], [(3, ["1", "a;b"])])


NORTHERN = ["Họ tên,Quê", *(f"{name},Điện Biên" for name in NAMES)]


@pytest.mark.parametrize("encoding", ["tcvn3", "vni", "windows-1258", "windows-1252"])
def test_old_letters_are_offered_and_read_once_somebody_says_so(encoding, tmp_path):
    path = tmp_path / "old.csv"
    lines = ["Name,Größe", "Müller,groß", "Jäger,schön"] if encoding == "windows-1252" else NORTHERN
    text = "\n".join(lines) + "\n"
    path.write_bytes(kept(text, encoding))
    with pytest.raises(Mistake, match="is not Unicode; it looks like") as refused:
        told(path)
    assert refused.value.facts["offered"] == encoding
    assert refused.value.facts["sure"] >= 60
    assert refused.value.facts["example"] in text
    _, rows = only(path, encoding=encoding)
    assert [",".join(each.values) for each in rows] == lines[1:]


def kept(text, encoding):
    """The bytes of a text in letters of before Unicode."""
    if encoding in TABLES:
        return old(text, encoding).encode("latin-1")
    if encoding == "windows-1252":
        return text.encode(encoding)
    shaped = ("\u0302", "\u0306", "\u031b")
    made = []
    for letter in text:
        first, *marks = unicodedata.normalize("NFD", letter)
        base = unicodedata.normalize("NFC", first + "".join(mark for mark in marks if mark in shaped))
        made.append(base + "".join(mark for mark in marks if mark not in shaped))
    return "".join(made).encode("windows-1258")


@pytest.mark.parametrize("encoding", TABLES)
def test_old_letters_in_a_workbook_are_offered_by_column_and_converted_when_said(encoding, tmp_path):
    path = tmp_path / "fonts.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        one = book.add_worksheet()
        one.write_row("A1", ["TT", old("Họ tên", encoding), "Tỉnh"])
        for number, name in enumerate(NAMES, 1):
            one.write_row(number, 0, [number, old(name, encoding), "Nghệ An"])
    one, rows = only(path)
    assert list(one.legacy) == [1]
    assert one.legacy[1].encoding == encoding
    assert [each.values[1] for each in rows] == [old(name, encoding) for name in NAMES]
    one, rows = only(path, encoding=encoding)
    assert (one.columns, one.legacy) == (["TT", "Họ tên", "Tỉnh"], {})
    assert [each.values[1:] for each in rows] == [[name, "Nghệ An"] for name in NAMES]


def test_control_characters_and_long_texts_are_flaws_of_their_cell(tmp_path):
    path = tmp_path / "odd.csv"
    path.write_bytes(b"a,b,c\n1,x\x00y,\x1b[31m\n2,ok\ttab,\xc2\xa0\n")
    _, (first, second) = only(path)
    assert first.values == ["1", None, None]
    assert {at: flaw.code for at, flaw in first.flaws.items()} == {1: "control_characters", 2: "control_characters"}
    assert (second.values, second.flaws) == (["2", "ok\ttab"], {})
    _, (short,) = only(_written(tmp_path, "long.csv", b"a,b\n12345,123456\n"), limits=Limits(text=6))
    assert short.values == ["12345", "123456"]
    path = tmp_path / "long.xlsx"
    path.write_bytes(packed(excel(sheet(row("a", "b") + row("1", "x" * 40_000)))))
    _, [one] = only(path)
    assert (one.values, one.flaws[1].code, one.flaws[1].facts["cell"]) == (["1", None], "too_long", "B2")


def _written(folder, name, data):
    (folder / name).write_bytes(data)
    return folder / name


@pytest.mark.parametrize(
    ("rows", "merged", "found"),
    [
        ([], [], (None, [], 0)),
        ([(1, ["a", "b"], [])], [], (1, ["a", "b"], 1)),
        ([(1, ["title"], []), (3, ["a", "b", "c"], []), (4, ["x", 1, 2], [])], [], (3, ["a", "b", "c"], 3)),
        ([(1, [1, 2], []), (2, [3, 4], [])], [], (None, [], 0)),
        ([(1, ["a", "b", "c"], []), (2, [1, 2, 3], []), (3, [5, 6, 7], [])], [], (1, ["a", "b", "c"], 2)),
        ([(1, ["a", "b", "c"], []), (2, [1, 2, 4], [])], [], (1, ["a", "b", "c"], 1)),
        ([(1, ["2024-01-01", "2024-01-02"], [0, 1])], [], (None, [], 0)),
        ([(1, ["a", None, "d"], []), (2, ["b", "c"], [])], [(1, 0, 1, 1)], (1, ["a / b", "a / c", "d"], 2)),
        ([(1, ["a"], []), (2, ["b"], [])], [(1, 0, 900, 0)], (1, ["a"], 1)),
    ],
)
def test_the_heading_is_found(rows, merged, found):
    one = heading(rows, merged)
    assert (one.row, one.names, one.last) == found


@pytest.mark.parametrize(("column", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (16383, "XFD")])
def test_columns_have_the_names_of_spreadsheets(column, name):
    assert letters(column) == name
    assert place(cell(7, column)) == (7, column)


@pytest.mark.parametrize("name", ["", "7", "A", "ABCD1", "Ă1", "A-1", "$A$1"])
def test_what_is_no_cell_is_none(name):
    assert place(name) is None


def test_an_encoding_that_nobody_knows_is_a_mistake(tmp_path):
    with pytest.raises(Mistake, match="say one of utf-8"):
        read(tmp_path / "x.csv", encoding="klingon")
    path = _written(tmp_path, "x.csv", b"a,b\n\xff\xfe\x81,1\n")
    with pytest.raises(Refused, match="after row 0: its letters are not those of the encoding that was said"):
        told(path, encoding="utf-8")
