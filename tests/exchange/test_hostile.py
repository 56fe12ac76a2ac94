"""Files made to harm: each is refused with its name and the remedy, within memory, and nothing is written."""

import os
import random
import struct
import unicodedata
import zipfile

import openpyxl
import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from canbo.exchange.reading.file import read
from canbo.exchange.reading.limits import Limits
from canbo.exchange.reading.places import cell
from canbo.kernel.refusal import Mistake, Refused
from tests.exchange.made import MAIN, cells, excel, measured, ods, packed, row, sheet
from tests.generative.steps import SEED

FULL = bool(os.environ.get("CANBO_TEST_FULL"))
REMEDIES = ("save", "send", "split", "delete", "copy", "check", "close it", "say ", "shorten", "open ", "what parts")
PLAIN = sheet(row("Mã", "Tên") + row(1, "a"))
FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="{0}"><c r="{1}"><v>2</v></c></row>'
SHARED = f'<sst xmlns="{MAIN}"><si><t>{"x" * 32_000}</t></si></sst>'
MANY = "".join("<row>" + '<c t="s"><v>0</v></c>' * 20 + "</row>" for _ in range(8000))
ENTITIES = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
REPEATED = (
    '<table:table-row table:number-rows-repeated="{}"><table:table-cell table:number-columns-repeated="{}"'
    ' office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'
)
ENCRYPTED = '<manifest:manifest xmlns:manifest="x"><manifest:encryption-data/></manifest:manifest>'


def deep(data, name, size):
    """The directory says another size of a part than it unpacks to."""
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(name.encode()))
    return data[: at + 24] + struct.pack("<I", size) + data[at + 28 :]


def flagged(data):
    """The first part says that it is encrypted."""
    at = data.index(b"PK\x01\x02")
    return data[:6] + b"\x01" + data[7 : at + 8] + b"\x01" + data[at + 9 :]


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504
GOOD = packed(excel(PLAIN))
ODS = packed(ods(cells("a", "b") + cells("c", "d")))


def with_sheet(body, after=""):
    return packed(excel(sheet(body, after)))


HOSTILE = {
    # name: (name of the file, what it holds, code of the refusal)
    "nothing": ("a.xlsx", b"", "empty"),
    "blanks": ("a.csv", b" \r\n \n", "empty"),
    "a mark and nothing": ("a.csv", b"\xef\xbb\xbf", "empty"),
    "text named as workbook": ("a.xlsx", b"a,b\n1,2\n", "not_as_named"),
    "a workbook named as text": ("a.csv", GOOD, "not_as_named"),
    "a page of a browser": ("a.xlsx", b"\n<html><table><tr><td>1</td></tr></table></html>", "not_as_named"),
    "a page named as text": ("a.csv", b"\xef\xbb\xbf<!DOCTYPE html><p>1</p>", "not_as_named"),
    "a table of 2003": ("a.xlsx", b'<?xml version="1.0"?><Workbook/>', "not_as_named"),
    "an old workbook": ("a.xlsx", OLE, "old_workbook"),
    "an old workbook by its name": ("a.xls", OLE, "unknown_format"),
    "a binary workbook": ("a.xlsb", GOOD, "unknown_format"),
    "a program": ("a.exe", b"MZ", "unknown_format"),
    "no ending": ("a", b"a,b", "unknown_format"),
    "macros by name": ("a.xlsm", GOOD, "macros"),
    "macros within": ("a.xlsx", packed(excel(PLAIN, more={"xl/vbaProject.bin": b"x"})), "macros"),
    "macros elsewhere": ("a.xlsx", packed(excel(PLAIN, more={"xl/q/VBAPROJECT.BIN": b"x"})), "macros"),
    "macros by kind": (
        "a.xlsx",
        packed(excel(PLAIN, more={"[Content_Types].xml": '<Types><Override ContentType="x.macroEnabled.y"/></Types>'})),
        "macros",
    ),
    "macros in basic": ("a.ods", packed(ods(cells("a"), {"Basic/script-lc.xml": "<x/>"})), "macros"),
    "a password": ("a.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "locked"),
    "a password of a packer": ("a.xlsx", flagged(GOOD), "locked"),
    "a password in open document": ("a.ods", packed(ods(cells("a"), {"META-INF/manifest.xml": ENCRYPTED})), "locked"),
    "cut in the middle": ("a.xlsx", GOOD[: len(GOOD) // 2], "damaged"),
    "cut at the end": ("a.xlsx", GOOD[:-30], "damaged"),
    "the end only": ("a.xlsx", b"PK" + GOOD[200:], "damaged"),
    "zeros within": ("a.xlsx", GOOD[:60] + b"\x00" * 60 + GOOD[120:], "damaged"),
    "another archive": ("a.xlsx", packed({"a.txt": "x"}), "no_workbook"),
    "a letter": ("a.xlsx", packed({"[Content_Types].xml": "<T/>", "word/document.xml": "<d/>"}), "no_workbook"),
    "open document text": (
        "a.ods", packed({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"},
    ),
                           "no_workbook"),
    "no table of contents": ("a.xlsx", packed({**excel(PLAIN), "xl/_rels/workbook.xml.rels": ""}), "damaged"),
    "contents that are no text": ("a.xlsx", packed({**excel(PLAIN), "xl/workbook.xml": b"\xff\xfe\x00"}), "damaged"),
    "a sheet that is none": ("a.xlsx", packed(excel("rubbish")), "damaged"),
    "a sheet in UTF-16": (
        "a.xlsx", packed({**excel(PLAIN), "xl/worksheets/sheet1.xml": PLAIN.encode("utf-16")}), "damaged",
    ),
    "a sheet that ends early": ("a.xlsx", packed(excel(PLAIN[:-40])), "damaged_sheet"),
    "a sheet that is missing": (
        "a.xlsx", packed({k: v for k, v in excel(PLAIN).items() if "sheet1" not in k}), "damaged_sheet",
    ),
    "packed otherwise": ("a.xlsx", packed(excel(PLAIN), zipfile.ZIP_BZIP2), "damaged"),
    "an entity bomb": ("a.xlsx", packed(excel(ENTITIES + PLAIN)), "document_type"),
    "an entity bomb in texts": (
        "a.xlsx", packed(excel(PLAIN, more={"xl/sharedStrings.xml": ENTITIES + SHARED})), "document_type",
    ),
    "an entity bomb in contents": ("a.xlsx", packed({**excel(PLAIN), "xl/workbook.xml": ENTITIES + "<w/>"}), "damaged"),
    "an entity bomb in open document": (
        "a.ods", packed(ods(cells("a"), {"content.xml": ENTITIES + "<x/>"})), "document_type",
    ),
    "an outside file as entity": (
        "a.xlsx", packed(excel('<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + PLAIN)), "document_type",
    ),
    "an entity of nobody": (
        "a.xlsx", with_sheet('<row><c t="inlineStr"><is><t>&who;</t></is></c></row>'), "damaged_sheet",
    ),
    "the far corner": ("a.xlsx", with_sheet(FAR.format(1048576, "XFD1048576")), "too_much_memory"),
    "a far column": ("a.xlsx", with_sheet(FAR.format(2, "XFD2")), "too_wide"),
    "a far place": ("a.xlsx", with_sheet(FAR.format(9, "AAAA9")), "no_such_place"),
    "a place beyond all": ("a.xlsx", with_sheet('<row><c r="ZZZZZZZZ99999999999"><v>1</v></c></row>'), "no_such_place"),
    "row nought": ("a.xlsx", with_sheet('<row r="0"><c r="A0"><v>1</v></c></row>'), "damaged_sheet"),
    "16,384 columns": ("a.xlsx", with_sheet("<row>" + "<c><v>1</v></c>" * 16_384 + "</row>"), "too_wide"),
    "16,384 columns of text": ("a.csv", b",".join([b"a"] * 16_384) + b"\n", "too_many_columns"),
    "one text a hundred thousand times": ("a.xlsx", packed(excel(sheet(MANY), more={"xl/sharedStrings.xml": SHARED})),
                                          "too_much_memory"),
    "a row without end": ("a.xlsx", with_sheet(row(*["x" * 30_000] * 8)), "row_too_long"),
    "everything repeated": ("a.ods", packed(ods(cells("a") + REPEATED.format(1048576, 16384))), "damaged_sheet"),
    "much repeated": ("a.ods", packed(ods(cells("a") + REPEATED.format(1048576, 20))), "too_much_memory"),
    "a number of a text that is none": ("a.xlsx", with_sheet('<row><c t="s"><v>99</v></c></row>'), "damaged_sheet"),
    "an error that nobody knows": ("a.xlsx", with_sheet('<row><c t="e"><v>#HACK!</v></c></row>'), "damaged_sheet"),
    "a third truth": ("a.xlsx", with_sheet('<row><c t="b"><v>7</v></c></row>'), "damaged_sheet"),
    "a block that is none": (
        "a.xlsx", packed(excel(sheet(row(1), '<mergeCells><mergeCell ref="x"/></mergeCells>'))), "damaged_sheet",
    ),
    "a quotation mark that never closes": ("a.csv", b'a,b\n1,"' + b"x,\n" * 20_000, "row_not_closed"),
    "letters that are nothing": ("a.csv", b"a,b\n" + bytes(range(0x81, 0xA0)) + b",1\n", "which_letters"),
    "a picture": ("a.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(128, 256)) * 9, "which_letters"),
    "half a letter": ("a.csv", "a,b\nNguyễn,1".encode()[:-4], "which_letters"),
    "UTF-16 with half a letter": ("a.csv", "a,b\n1,2\n".encode("utf-16") + b"\x00\xd8", "other_letters"),
}  # fmt: skip


def told(path, **said):
    return [(one, list(one.rows)) for one in read(path, **said)]


def refused(path, **said):
    """The refusal of a file, after which nothing lies beside it, and which says what to do."""
    before = {one: one.stat().st_mtime_ns for one in path.parent.iterdir()}
    with pytest.raises(Refused) as refusal:
        told(path, **said)
    assert {one: one.stat().st_mtime_ns for one in path.parent.iterdir()} == before
    assert path.name in str(refusal.value)
    assert any(remedy in str(refusal.value) for remedy in REMEDIES), str(refusal.value)
    assert "%" not in str(refusal.value)
    return refusal.value


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_its_name_and_the_remedy(name, tmp_path):
    file, data, code = HOSTILE[name]
    (tmp_path / file).write_bytes(data)
    assert refused(tmp_path / file).code == code


SMALLER = {
    "too large": ("a.xlsx", GOOD, Limits(size=100), "too_large"),
    "too large unpacked": (
        "a.xlsx",
        packed(excel(PLAIN + " " * 3_000_000)),
        Limits(unpacked=2 << 20),
        "too_large_unpacked",
    ),
    "a size that is a lie": ("a.xlsx", deep(GOOD, "xl/worksheets/sheet1.xml", 9), Limits(), "damaged"),
    "a size that is too good": (
        "a.xlsx",
        deep(GOOD, "xl/worksheets/sheet1.xml", 3 << 30),
        Limits(),
        "too_large_unpacked",
    ),
    "too many parts": (
        "a.xlsx",
        packed(excel(PLAIN, more={f"x{n}": "" for n in range(10_001)})),
        Limits(),
        "too_large_unpacked",
    ),
    "too many sheets": ("a.xlsx", packed(excel(*[PLAIN] * 4)), Limits(sheets=3), "too_many_sheets"),
    "too many rows": ("a.xlsx", with_sheet(row(1) * 51), Limits(rows=50), "too_many_rows"),
    "too many lines": ("a.csv", b"a,b\n" * 51, Limits(rows=50), "too_many_rows"),
    "nothing computed": (
        "a.xlsx",
        with_sheet("<row><c><f>A2</f></c></row>" * 12),
        Limits(flaws=10),
        "nothing_computed",
    ),
    "time": ("a.xlsx", with_sheet(row(*range(300)) * 9000), Limits(seconds=1), "too_slow"),
    "a reader that says nothing": ("a.xlsx", with_sheet(row(*range(100)) * 9000), Limits(silence=0), "too_slow"),
}


@pytest.mark.parametrize("name", SMALLER)
def test_what_passes_a_limit_is_refused(name, tmp_path):
    file, data, limits, code = SMALLER[name]
    (tmp_path / file).write_bytes(data)
    refusal = refused(tmp_path / file, limits=limits)
    assert refusal.code == code


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("the far corner", "(sheet “S1”)"),
        ("a far column", "sheet “S1” of a.xlsx reaches to cell XFD2"),
        ("a sheet that ends early", "in sheet “S1”"),
        ("16,384 columns of text", "row 1 of a.csv"),
        ("a quotation mark that never closes", "after row 1"),
    ],
)
def test_a_refusal_says_where(name, said, tmp_path):
    file, data, _ = HOSTILE[name]
    (tmp_path / file).write_bytes(data)
    assert said in str(refused(tmp_path / file))


@pytest.mark.parametrize(
    "name", ["the far corner", "one text a hundred thousand times", "much repeated", "everything repeated"]
)
def test_no_file_takes_more_than_half_a_gigabyte(name, tmp_path):
    file, data, _ = HOSTILE[name]
    (tmp_path / file).write_bytes(data)
    assert len(data) < 150_000
    _, most, _ = measured(tmp_path / file)
    assert most < 512 << 20


@pytest.mark.full
def test_a_sheet_with_every_row_is_refused_within_memory(tmp_path):
    path = tmp_path / "all.xlsx"
    path.write_bytes(with_sheet(row(1) * 1_048_576))
    assert refused(path).code == "too_many_rows"
    assert measured(path)[1] < 512 << 20


@pytest.mark.full
def test_a_million_lines_of_text_take_no_more_memory_than_a_thousand(tmp_path):
    few, many = tmp_path / "few.csv", tmp_path / "many.csv"
    few.write_text("Mã,Tên\n" + "1,Nguyễn\n" * 1000, encoding="utf-8")
    many.write_text("Mã,Tên\n" + "1,Nguyễn\n" * 999_000, encoding="utf-8")
    assert [sum(1 for _ in one.rows) for one in read(many)] == [999_000]
    assert measured(many)[1] < measured(few)[1] + (16 << 20)


def test_an_ods_whose_elements_never_end_is_damaged_and_nobody_waits_for_their_end(tmp_path):
    path, parts = tmp_path / "a.ods", ods(cells("a", "b"))
    path.write_bytes(packed({**parts, "content.xml": parts["content.xml"].replace("</table:table>", "</table:ta")}))
    with pytest.raises(Refused) as caught:
        told(path, limits=Limits(seconds=2))
    assert caught.value.code == "damaged"


def test_what_looks_odd_and_harms_nobody_is_read(tmp_path):
    path = tmp_path / "odd.xlsx"
    everything = '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    path.write_bytes(packed(excel(sheet(FAR.format(20_000, "A20000"), everything), more={
        "xl/externalLinks/externalLink1.xml": "<externalLink/>", "xl/media/a.png": b"\x89PNG"})))  # fmt: skip
    [(one, rows)] = told(path)
    assert [note.code for note in one.notes] == ["external_links"]
    assert "odd.xlsx refers to other workbooks; they are not opened" in str(one.notes[0])
    assert [(each.number, each.values) for each in rows] == [(1, [1]), (20_000, [2])]


def test_no_file_that_is_no_file_is_read(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(Mistake, match="is no file; check the name"):
        read(tmp_path / "pipe.csv")
    with pytest.raises(Mistake, match=r"none.csv cannot be read \(No such file or directory\); check the name"):
        read(tmp_path / "none.csv")
    with pytest.raises(Mistake, match="is no file"):
        read(tmp_path)


CHANGED = 150 if FULL else 8


def altered(chance, data):
    """A good file with a few bytes changed, cut out or doubled."""
    made = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(made))
        match chance.randrange(3):
            case 0:
                made[at] = chance.randrange(256)
            case 1:
                del made[at : at + chance.randint(1, 40)]
            case _:
                made[at:at] = made[at : at + chance.randint(1, 40)]
    return bytes(made)


def reworded(chance, parts):
    """A workbook whose sheet is well packed and written wrongly."""
    name = next(name for name in parts if "sheet1" in name or name == "content.xml")
    said = altered(chance, parts[name].encode())
    return packed({**parts, name: said})


@pytest.mark.parametrize("number", range(CHANGED))
@pytest.mark.parametrize("kind", ["packed", "sheet", "ods"])
def test_a_file_that_was_altered_is_read_or_refused_and_never_breaks(kind, number, tmp_path):
    chance = random.Random(f"{SEED} {kind} {number}")
    path = tmp_path / ("a.ods" if kind == "ods" else "a.xlsx")
    if kind == "packed":
        path.write_bytes(altered(chance, GOOD))
    else:
        parts = ods(cells("a", "b") + cells("c", "d") + REPEATED.format(3, 2)) if kind == "ods" else excel(PLAIN)
        path.write_bytes(reworded(chance, parts))
    said = None
    try:
        held = [each for _, rows in told(path, limits=Limits(seconds=20, silence=40)) for each in rows]
    except Refused as refusal:
        said = refusal
    assert said is None or (path.name in str(said) and said.code not in ("too_slow", "unreadable"))
    assert said or all(len(each.values) <= 1000 for each in held)


texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)
values = st.none() | st.integers(-(2**52), 2**52) | st.booleans() | texts.filter(lambda said: not said.startswith("="))
grids = st.dictionaries(st.tuples(st.integers(1, 30), st.integers(1, 12)), values, max_size=25)


@seed(SEED)
@settings(max_examples=80 if FULL else 12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(grids)
def test_whatever_is_written_by_another_program_is_read_at_its_place(tmp_path, grid):
    path = tmp_path / "any.xlsx"
    book = openpyxl.Workbook()
    for (number, column), value in grid.items():
        book.active.cell(number, column, value)
    book.save(path)
    [(_, rows)] = told(path, headings={"Sheet": 0})
    found = {
        (each.number, column): value
        for each in rows
        for column, value in enumerate(each.values, 1)
        if value is not None
    }
    assert found == {place: composed(value) for place, value in grid.items() if composed(value) is not None}
    assert all(cell(number, column - 1) for number, column in found)


def composed(value):
    """A text as it is kept: composed, and none where it is blank."""
    if not isinstance(value, str):
        return value
    said = unicodedata.normalize("NFC", value)
    return said if said and not said.isspace() else None
