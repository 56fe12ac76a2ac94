"""A person edits the Word report; refreshing it changes the numbers that changed and not one other word."""

import io
import re
import zipfile

import docx
import pytest

from canbo.reports.output.fields import Asked, tag
from tests.acceptance.commands import here
from tests.output.readers import PROVINCES, fields, part, prose, told, written

pytestmark = pytest.mark.database
UNIT, ON, LATER = "dien-bien", PROVINCES["dien-bien"], "2024-12-31"
HAND = (
    b'<w:p><w:r><w:rPr><w:i/></w:rPr><w:t xml:space="preserve"> Written by hand &amp; kept: </w:t></w:r>'
    b'<w:sdt><w:sdtPr><w:tag w:val="somebody:else"/></w:sdtPr><w:sdtContent><w:r><w:t>1.000</w:t></w:r></w:sdtContent>'
    b"</w:sdt></w:p>"
)


def rewritten(file, change, name="word/document.xml"):
    """The same file with one part changed by hand."""
    made = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            text = old.read(info)
            new.writestr(info, change(text) if info.filename == name else text)
    file.write_bytes(made.getvalue())
    return file


@pytest.fixture(scope="module")
def report(small_sample, tmp_path_factory):
    """The report as it was written, for every test to copy."""
    return written(tmp_path_factory.mktemp("refresh"), UNIT, ON, "vi", "docx")


@pytest.fixture
def mine(report, tmp_path):
    """A copy of one's own."""
    file = tmp_path / "mine.docx"
    file.write_bytes(report.read_bytes())
    return file


def figures_in(file, on):
    said = fields(file)
    return {f["id"]: said.get(tag(Asked("term", UNIT, on), f["id"])) for f in told(UNIT, on, "vi")}


def test_nothing_changes_where_nothing_changed(mine):
    before = mine.read_bytes()
    said = here("report", "--refresh", mine)
    assert (said.code, said.out, said.err) == (0, "", f"0 changed in {mine}\n")
    with zipfile.ZipFile(io.BytesIO(before)) as old, zipfile.ZipFile(mine) as new:
        assert old.namelist() == new.namelist()
        assert [name for name in old.namelist() if old.read(name) != new.read(name)] == []


def test_an_edited_report_takes_the_numbers_of_another_day_and_keeps_every_other_run(mine, tmp_path):
    file = docx.Document(mine)
    file.paragraphs[6].insert_paragraph_before("Một câu mở đầu do người viết thêm vào.").runs[0].bold = True
    table = next(t for t in file.tables if len(t.rows) > 2 and t.rows[1].cells[0].text == "2.1")
    table._tbl.remove(table.rows[2]._tr)
    next(p for p in file.paragraphs if p.style.name == "Heading 1").runs[0].text = "Phần do người viết đặt tên lại"
    file.save(mine)
    rewritten(mine, lambda xml: xml.replace(b"<w:sectPr", HAND + b"<w:sectPr", 1))
    kept, edited = prose(mine), fields(mine)
    out = tmp_path / "out.docx"
    said = here("report", "--refresh", mine, "--on", LATER, "--out", out)
    assert said.code == 0, said.err
    assert prose(out) == kept
    new = {f["id"]: f["printed"] for f in told(UNIT, LATER, "vi")}
    shown = figures_in(out, LATER)
    deleted = {name for name, text in shown.items() if text is None}
    assert len(deleted) == 1
    assert {name: text for name, text in shown.items() if text} == {n: t for n, t in new.items() if n not in deleted}
    assert fields(out)["somebody:else"] == "1.000"
    old = {name: edited.get(tag(Asked("term", UNIT, ON), name)) for name in new}
    changed = {line.partition(": ")[0]: line.partition(": ")[2] for line in said.out.splitlines()}
    assert {n: t for n, t in changed.items() if n in new} == {
        name: f"{old[name]} → {new[name]}" for name in new if old[name] and old[name] != new[name]
    }
    assert edited == fields(mine), "the file that was read is as it was"


def test_a_refreshed_report_can_be_refreshed_back_to_the_byte(mine, tmp_path):
    away, back = tmp_path / "away.docx", tmp_path / "back.docx"
    here("report", "--refresh", mine, "--on", "2024-04-30", "--out", away)
    here("report", "--refresh", away, "--on", ON, "--out", back)
    assert part(away) != part(mine)
    assert part(back) == part(mine)


def test_a_number_that_somebody_typed_over_split_or_copied_is_set_right(mine):
    name = tag(Asked("term", UNIT, ON), "members").encode()
    now = fields(mine)[name.decode()]
    control = re.search(rb"<w:sdt>(?:(?!</w:sdt>).)*?" + re.escape(name) + rb"\".*?</w:sdt>", part(mine), re.DOTALL)[0]
    run = re.search(rb"<w:r>.*</w:r>", control)[0]
    split = run.replace(now.encode(), b"9") + run.replace(b"<w:b/>", b"<w:u/>").replace(now.encode(), b".999")
    again = b"<w:p>" + control + b"</w:p><w:sectPr"
    rewritten(mine, lambda xml: xml.replace(control, control.replace(run, split)).replace(b"<w:sectPr", again, 1))
    said = here("report", "--refresh", mine)
    assert said.out == f"members: 9.999 → {now}\n"
    assert fields(mine)[name.decode()] == now
    assert part(mine).count(f"<w:t>{now}</w:t>".encode()) >= 2
    assert b"<w:u/>" in part(mine)


def test_a_field_of_no_report_is_left_alone_and_named(mine):
    strange = tag(Asked("term", UNIT, ON), "no.such.figure")
    rewritten(mine, lambda xml: xml.replace(b":members.official", b":no.such.figure"))
    said = here("report", "--refresh", mine, "--on", LATER)
    assert said.code == 0
    assert f"left alone, no report of this profile has it: {strange}" in said.err
    assert fields(mine)[strange] == next(f["printed"] for f in told(UNIT, ON, "vi") if f["id"] == "members.official")


def test_pictures_are_drawn_anew_and_a_year_that_is_no_more_is_no_number(mine, tmp_path):
    out = tmp_path / "out.docx"
    here("report", "--refresh", mine, "--on", "2023-12-31", "--out", out)
    with zipfile.ZipFile(mine) as old, zipfile.ZipFile(out) as new:
        media = [name for name in old.namelist() if name.startswith("word/media/")]
        assert any(old.read(name) != new.read(name) for name in media)
    asked = Asked("term", UNIT, "2023-12-31")
    assert fields(out)[tag(asked, "picture/admissions/2024/value")] == "–"


def test_a_report_whose_properties_were_lost_is_known_by_its_fields(mine):
    rewritten(mine, lambda xml: xml.replace(b"canbo.", b"other."), "docProps/custom.xml")
    said = here("report", "--refresh", mine, "--on", LATER)
    assert said.code == 0
    assert figures_in(mine, LATER)["members"] == next(f["printed"] for f in told(UNIT, LATER, "vi"))


def test_a_file_without_fields_or_of_another_kind_is_refused(small_sample, tmp_path):
    plain, text = tmp_path / "plain.docx", tmp_path / "text.docx"
    docx.Document().save(plain)
    text.write_text("no archive")
    before = plain.read_bytes()
    for file, why in (
        (plain, "no field of Canbo"),
        (text, "damaged or no .docx"),
        (tmp_path / "none", "cannot be read"),
    ):
        said = here("report", "--refresh", file)
        assert (said.code, why in said.err) == (2, True), said.err
    assert plain.read_bytes() == before
