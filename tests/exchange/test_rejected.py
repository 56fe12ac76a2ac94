"""Rejected rows go out as a workbook, are corrected and come back; an import is undone as one."""

import csv
import datetime as dt
import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from canbo.kernel.database import Database
from canbo.registry.facts import Decision, Person
from canbo.registry.membership.models import Membership
from canbo.registry.people.models import Particulars
from tests.acceptance.commands import here

pytestmark = pytest.mark.database

UNIT, ON = "dien-bien.dien-bien-phu", "2024-05-01"
MARKED = "FFFFE699"
MAPPING = """
concept: persons
columns: {{Mã số: person, Họ và tên: name, Giới: sex.word, Ngày sinh: born, Vào sổ: since}}
values: {{sex: {{Nữ: female, Nam: male}}}}
prefix: {{person: "{prefix}."}}
fixed: {{unit: dien-bien.dien-bien-phu}}
dates: ["%d/%m/%Y", "%Y"]
"""
HEADINGS = ["TT", "Mã số", "Họ và tên", "Giới", "Tôn giáo", "Ngày sinh", "Vào sổ"]
DAY = dt.datetime(2024, 3, 1)  # noqa: DTZ001 - so openpyxl gives a day back
ROWS = [
    (1, "a1", "Lò Văn Một", "Nam", "kept-nowhere", "05/06/1990", DAY),
    (2, "a2", "Lò Thị Hai", "Gái", "kept-nowhere", "31/02/1991", DAY),
    (3, "a3", "=Lò Thị Ba", "Nữ", "kept-nowhere", "1992", DAY),
    (4, "a4", "Lò Thị Bốn", "Nữ", "kept-nowhere", "1993", None),
]


@pytest.fixture
def register(small_sample: Database) -> Database:
    return small_sample


def foreign(file: Path) -> Path:
    """A workbook of somebody else's making, with a title above its headings."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Danh sách"
    sheet.append(["DANH SÁCH CÁN BỘ"])
    sheet.append(HEADINGS)
    for row in ROWS:
        sheet.append(row)
        sheet.cell(sheet.max_row, 3).data_type = "s"  # a name is no formula
    book.save(file)
    return file


def mapping(folder: Path, prefix: str) -> Path:
    """A mapping under which the codes of the workbook are new."""
    file = folder / "mapping.yaml"
    file.write_text(MAPPING.format(prefix=prefix), encoding="utf-8")
    return file


def marked(sheet: Worksheet) -> set[str]:
    return {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.fill.fgColor.rgb == MARKED}


def test_rejected_rows_of_somebody_elses_layout_are_corrected_and_taken(register: Any, tmp_path: Path):
    file, how, out = foreign(tmp_path / "f.xlsx"), mapping(tmp_path, "round"), tmp_path / "out.xlsx"
    said = here("import", file, "--as", how, "--good", "--rejected", out, "--lang", "vi", "--json")
    assert (said.code, said.json["created"]) == (3, 2), said
    assert [(one["sheet"], one["cell"]) for one in said.json["rejected"]] == [
        ("Danh sách", "D4"), ("Danh sách", "F4"), ("Danh sách", "A6")
    ]  # fmt: skip
    book = openpyxl.load_workbook(out)
    (sheet,) = book.worksheets
    head, *rows = sheet.iter_rows(values_only=True)
    assert (sheet.title, list(head)) == ("Danh sách", ["✗ Điều chưa đúng", *HEADINGS])
    assert [row[1:] for row in rows] == [(*row[:4], None, *row[5:]) for row in (ROWS[1], ROWS[3])]
    assert "Giới: “Gái”" in rows[0][0]
    assert "Ngày sinh: “31/02/1991” không phải là ngày" in rows[0][0]
    assert marked(sheet) == {"E2", "G2"}
    assert sheet.row_dimensions[2].height == 45, "each of the three lines of words has its room"
    with zipfile.ZipFile(out) as parts:
        assert not [name for name in parts.namelist() if b"kept-nowhere" in parts.read(name)]
    sheet["E2"], sheet["G2"], sheet["H3"] = "Nữ", "28/02/1991", DAY
    book.save(out)
    again = here("import", out, "--as", how, "--json")
    assert (again.code, again.json["created"], again.json["rejected"]) == (0, 2, []), again
    found = Particulars.objects.filter(person__code__startswith="round.a", recorded__upper_inf=True).order_by("name")
    assert [one.name for one in found] == ["=Lò Thị Ba", "Lò Thị Bốn", "Lò Thị Hai", "Lò Văn Một"]
    whole = here("import", file, "--as", how, "--preview", "--json").json
    assert whole["unchanged"] == 3, "what was taken is known when the first file comes again"


def test_rejected_rows_that_are_still_wrong_say_so_once(register: Any, tmp_path: Path):
    file, how, out = foreign(tmp_path / "f.xlsx"), mapping(tmp_path, "twice"), tmp_path / "out.xlsx"
    for source in (file, out):
        assert here("import", source, "--as", how, "--preview", "--rejected", out, "--lang", "en").code == 3
    head, *rows = openpyxl.load_workbook(out).active.iter_rows(values_only=True)
    assert list(head) == ["✗ What is wrong", *HEADINGS]
    assert len(rows) == 2


BARE = """
concept: persons
headings: [Mã, Tên, Vào sổ]
columns: {{Mã: person, Tên: name, Vào sổ: since}}
delimiter: "~"
prefix: {{person: "{prefix}."}}
fixed: {{unit: dien-bien.dien-bien-phu}}
"""


def test_rejected_rows_of_a_file_without_headings_keep_their_places(register: Any, tmp_path: Path):
    file, how, out = tmp_path / "bare.csv", tmp_path / "bare.yaml", tmp_path / "out.xlsx"
    file.write_text("d2~Lò Thị Hai~soon\nd1~Lò Văn Một~2024\n", encoding="utf-8")
    how.write_text(BARE.format(prefix="bare"), encoding="utf-8")
    assert here("import", file, "--as", how, "--good", "--rejected", out, "--lang", "en").code == 3
    book = openpyxl.load_workbook(out)
    (row,) = book.active.iter_rows(values_only=True)
    assert (row[:3], "“soon” is no day" in row[3]) == (("d2", "Lò Thị Hai", "soon"), True)
    book.active["C1"] = "2024"
    book.save(out)
    again = here("import", out, "--as", how, "--json")
    assert (again.code, again.json["created"]) == (0, 1), again


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_rejected_rows_of_our_own_layout_are_corrected_and_taken(register: Any, tmp_path: Path, form: str):
    file, out = tmp_path / f"members.{form}", tmp_path / "out.xlsx"
    assert here("export", "members", "--unit", UNIT, "--on", ON, "--out", file).code == 0
    head, names, since = _spoilt(file)
    said = here("import", file, "--as", "members", "--good", "--rejected", out, "--json")
    assert (said.code, len(said.json["rejected"]), said.json["changed"]) == (3, 1, 1), said
    book = openpyxl.load_workbook(out)
    lines = list(book.active.iter_rows(values_only=True))
    kept = [name for name in names if name != "about"]
    assert [line[1 : len(kept) + 1] for line in lines[:2]] == [tuple(head[: len(kept)]), tuple(kept)]
    assert len(lines) == 3
    at = names.index("since") + 2
    assert marked(book.active) == {book.active.cell(3, at).coordinate}
    book.active.cell(3, at).value = since
    book.save(out)
    again = here("import", out, "--as", "members", "--json")
    assert (again.code, again.json["changed"]) == (0, 1), again
    there = Membership.objects.filter(recorded__upper_inf=True, start_precision="m", valid__startswith=f"{since}-01")
    assert there.count() == 2


def _spoilt(file: Path) -> tuple[list[str], list[str], str]:
    """Two rows have another day now, and one of the two no day at all; answers both headings and that day."""
    since = "2021-02" if file.suffix == ".csv" else "2021-03"
    if file.suffix == ".csv":
        head, names, *rows = csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig")))
        at = names.index("since")
        rows[0][at], rows[1][at] = since, "May"
        with file.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([head, names, *rows])
        return head, names, since
    book = openpyxl.load_workbook(file)
    head, names = ([cell.value for cell in book.worksheets[0][line]] for line in (1, 2))
    at = names.index("since") + 1
    book.worksheets[0].cell(3, at).value, book.worksheets[0].cell(4, at).value = since, "May"
    book.save(file)
    return head, names, since


def test_nothing_is_written_where_nothing_was_rejected_or_no_workbook_is_named(register: Any, tmp_path: Path):
    file, how = foreign(tmp_path / "f.xlsx"), mapping(tmp_path, "never")
    refused = here("import", file, "--as", how, "--preview", "--rejected", tmp_path / "out.csv")
    assert (refused.code, "--rejected FILE.xlsx" in refused.err) == (2, True)
    assert here("export", "posts", "--unit", UNIT, "--on", ON, "--out", tmp_path / "posts.csv").code == 0
    assert here("import", tmp_path / "posts.csv", "--as", "posts", "--rejected", tmp_path / "out.xlsx").code == 0
    assert not list(tmp_path.glob("*out*"))


def test_an_import_is_undone_as_one_and_can_be_done_again(register: Any, tmp_path: Path):
    file, how = foreign(tmp_path / "f.xlsx"), mapping(tmp_path, "undo")
    before = Particulars.objects.filter(recorded__upper_inf=True).count()
    for _ in range(2):
        done = here("import", file, "--as", how, "--good", "--json").json
        assert Particulars.objects.filter(recorded__upper_inf=True).count() == before + 2
        undone = here("import", "undo", done["decision"], "--reason", "the wrong file", "--json")
        assert (undone.code, undone.json["undone"]) == (0, done["decision"]), undone
        assert Particulars.objects.filter(recorded__upper_inf=True).count() == before
    void = Decision.objects.filter(kind=Decision.ANNULMENT, reason="the wrong file")
    assert void.count() == 2


def test_files_under_one_paper_are_taken_back_together_and_only_when_that_is_said(register: Any, tmp_path: Path):
    file = foreign(tmp_path / "f.xlsx")
    before = Particulars.objects.filter(recorded__upper_inf=True).count()
    for prefix in ("first", "second"):
        assert here("import", file, "--as", mapping(tmp_path, prefix), "--good", "--decision", "45-DS/X").code == 3
    refused = here("import", "undo", "45-DS/X", "--lang", "en")
    assert (refused.code, "2 parts with 4 acts" in refused.err) == (3, True), refused
    assert Particulars.objects.filter(recorded__upper_inf=True).count() == before + 4
    undone = here("import", "undo", "45-DS/X", "--all", "--json")
    assert (undone.code, undone.json["acts"]) == (0, 4)
    assert Particulars.objects.filter(recorded__upper_inf=True).count() == before


def test_two_files_of_one_name_are_two_imports(register: Any, tmp_path: Path):
    decisions = []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        file = foreign(tmp_path / name / "f.xlsx")
        book = openpyxl.load_workbook(file)
        book.active["A1"] = name
        book.save(file)
        decisions.append(here("import", file, "--as", mapping(tmp_path, name), "--good", "--json").json["decision"])
    assert len(set(decisions)) == 2, "so that undoing one leaves the other"


def test_what_was_not_imported_is_not_undone_as_an_import(register: Any, tmp_path: Path):
    decided = Decision.objects.filter(annulment=None, reason="").order_by("-pk")[0]
    said = here("import", "undo", decided.code)
    assert (said.code, "not all of" in said.err) == (3, True)
    assert here("import", "undo", "nothing/1").code == 2
    assert here("import", "undo").code == 2
    assert not Decision.objects.filter(annulment__isnull=False, pk=decided.pk).exists()
    assert Person.objects.exists()
