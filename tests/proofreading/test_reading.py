"""Files of four kinds give the same claims; a file that cannot be read is a mistake that says what to do."""

import json
import os
import subprocess
import sys
import unicodedata
import zipfile

import pytest

from canbo.kernel.refusal import Mistake
from canbo.reports.proofreading import reading
from canbo.reports.proofreading.proofread import proofread
from tests.architecture.contracts import ROOT

WRONG = "Số đơn vị giảm từ 129 xuống còn 45, giảm 74 đơn vị."
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def document(path, *paragraphs, before=""):
    body = "".join(f"<w:p><w:r><w:t>{said}</w:t></w:r></w:p>" for said in paragraphs)
    with zipfile.ZipFile(path, "w") as packed:
        content = f'<?xml version="1.0"?>{before}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
        packed.writestr("word/document.xml", content)
    return path


def printed(path, said):
    """A PDF of one line of plain letters, made by hand."""
    stream = f"BT /F1 12 Tf 40 700 Td ({said}) Tj ET".encode()
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    made, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(made))
        made += b"%d 0 obj" % number + part + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"xref\n0 6\n0000000000 65535 f \n" + table
    path.write_bytes(made + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % made.index(b"xref"))
    return path


def verdicts(path):
    return [claim.verdict for claim in proofread(reading.text_of(path))]


def test_a_word_file_is_read(tmp_path):
    assert verdicts(document(tmp_path / "report.docx", "Báo cáo", WRONG)) == ["fails"]


def test_list_items_of_a_word_file_are_added_up(tmp_path):
    path = tmp_path / "list.docx"
    item = "<w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>{}</w:t></w:r></w:p>"
    body = "<w:p><w:r><w:t>Tổng số 766 tổ chức, gồm:</w:t></w:r></w:p>"
    body += item.format("Đảng bộ: 274") + item.format("Chi bộ: 482")
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("word/document.xml", f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>')
    assert verdicts(path) == ["fails"]


def test_an_html_page_is_read_without_its_scripts(tmp_path):
    page = tmp_path / "report.html"
    page.write_text(f"<style>p{{}}</style><script>var x = '129 (45 + 1)';</script><p>{WRONG}</p>", encoding="utf-8")
    assert verdicts(page) == ["fails"]


def test_a_pdf_file_is_read(tmp_path):
    assert verdicts(printed(tmp_path / "report.pdf", "The board has 45 members: 30 men and 16 women.")) == ["fails"]


def test_a_text_of_parted_letters_is_read(tmp_path):
    page = tmp_path / "report.txt"
    page.write_text(unicodedata.normalize("NFD", WRONG), encoding="utf-8")
    assert verdicts(page) == ["fails"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        pytest.param("a.docx", b"no zip", "no Word document", id="no Word file"),
        pytest.param("a.pdf", b"no pdf", "PDF", id="no PDF"),
        pytest.param("a.txt", "Đảng".encode("utf-16")[2:] + b"\xff", "UTF-8", id="other letters"),
        pytest.param("a.xlsx", b"", ".docx", id="another kind"),
    ],
)
def test_a_bad_file_is_a_mistake_that_names_it_and_the_remedy(name, content, said, tmp_path):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Mistake, match=said) as refused:
        reading.text_of(path)
    assert name in str(refused.value)
    assert "save it" in str(refused.value)


def test_a_missing_library_is_named_and_blocks_no_other_format(tmp_path, monkeypatch):
    known = subprocess.run

    def without(command, **options):
        """The child as on a machine where pypdf was never installed."""
        hidden = "import sys; sys.modules['pypdf'] = None; sys.argv = sys.argv[1:]; from runpy import run_module; "
        start = [command[0], "-c", hidden + "run_module('canbo.reports.proofreading.extract', run_name='__main__')"]
        return known([*start, *command[2:]], **options)

    monkeypatch.setattr(reading.subprocess, "run", without)
    with pytest.raises(Mistake, match=r"library pypdf, which is not installed: pip install pypdf, or save it"):
        reading.text_of(printed(tmp_path / "report.pdf", "The board has 45 members."))
    assert verdicts(document(tmp_path / "report.docx", WRONG)) == ["fails"]


def test_a_missing_and_a_large_file_are_mistakes(tmp_path, monkeypatch):
    with pytest.raises(Mistake, match="check the name"):
        reading.text_of(tmp_path / "none.txt")
    (tmp_path / "big.txt").write_bytes(b"x" * 100)
    monkeypatch.setattr(reading, "LARGEST", 10)
    with pytest.raises(Mistake, match="split it"):
        reading.text_of(tmp_path / "big.txt")


def test_a_bomb_of_entities_is_refused(tmp_path):
    bomb = '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb">]>'
    with pytest.raises(Mistake, match="document type"):
        reading.text_of(document(tmp_path / "bomb.docx", "x", before=bomb))


def command(*arguments):
    line = [sys.executable, "-m", "canbo", "proofread", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "CANBO_DATA": "/nonexistent"}
    return subprocess.run(line, capture_output=True, text=True, check=False, env=environment)


def test_the_command_ends_with_1_when_something_fails_and_needs_no_database(tmp_path):
    page = tmp_path / "report.txt"
    page.write_text(WRONG, encoding="utf-8")
    done = command(page, "--json")
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout)[0]["computed"] == "84"
    spoken = command(page, "--lang", "vi")
    assert "không khớp" in spoken.stdout
    page.write_text("Ban có 45 đồng chí: 30 nam và 15 nữ.", encoding="utf-8")
    assert command(page).returncode == 0


def test_the_command_ends_with_2_on_a_file_or_language_it_does_not_read(tmp_path):
    page = tmp_path / "report.txt"
    page.write_text(WRONG, encoding="utf-8")
    assert command(tmp_path / "none.txt").returncode == 2
    assert command(page, "--lang", "fr").returncode == 2
