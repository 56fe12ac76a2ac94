"""Importing on pages: upload, columns, a preview that writes nothing, correction, one decision, and undo."""

import io
import json
import os
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from canbo.exchange import desk
from canbo.kernel.database import Database
from canbo.registry.facts import Decision
from canbo.registry.people.models import Particulars
from canbo.registry.service.models import Incumbency
from canbo.web.importing import staging
from tests.acceptance.commands import here
from tests.exchange.test_legacy import NAMES, old
from tests.exchange.test_rejected import DAY
from tests.web.conftest import english
from tests.web.importing import AT, GIVES, UNIT, Importer, content, peopled

pytestmark = pytest.mark.database

ROW = "SELECT kind, what, details FROM kernel_audit ORDER BY id DESC LIMIT 1"


@pytest.fixture(autouse=True)
def incoming(tmp_path: Path, settings: Any) -> Path:
    """Where files wait, for one test alone."""
    settings.INCOMING = tmp_path / "incoming"
    return settings.INCOMING


@pytest.fixture
def counted(_province: Database) -> Callable[[], tuple[int, int]]:
    """How many decisions there are, and people on file."""
    return lambda: (Decision.objects.count(), Particulars.objects.filter(recorded__upper_inf=True).count())


def last_row() -> tuple:
    with connections["owner"].cursor() as cursor:
        cursor.execute(ROW)
        kind, what, details = cursor.fetchone()
    return kind, what, json.loads(details) if isinstance(details, str) else details


def lying(incoming: Path) -> list[Path]:
    return list(incoming.glob("*"))


def test_a_foreign_workbook_is_mapped_previewed_taken_corrected_and_undone(
    visitor: Client, without: Client, counted: Any, incoming: Path, tmp_path: Path
):
    before, me = counted(), Importer(visitor)
    assert me.upload(peopled(tmp_path, "walk")).status_code == 200
    assert "Họ và tên" in me.page
    assert "Tôn giáo" not in me.page
    assert "kept-nowhere" not in me.page
    assert "1 column of what is never recorded is not read." in me.words
    me.settle()
    assert me.numbers == [0, 0, 0, 0, 4]
    assert me.send("apply", good="1").status_code == 409, "there are no right ones"
    assert "Sex: “Bà”" in me.words
    me.send("preview", word_of=["sex", "sex"], word=["Ông", "Bà"], means=["male", "female"])
    assert me.numbers == [2, 0, 0, 0, 2], "the words of the file are known now"
    assert [(one[0], one[1]) for one in me.faults] == [
        ("Danh sách", "D4"), ("Danh sách", "F4"), ("Danh sách", "row 6")
    ]  # fmt: skip
    assert counted() == before, "a preview writes nothing"
    assert last_row() == ("list", "import", {"name": "persons", "rows": 4, "rejected": 3})
    book = content(me.send("rejected"))
    saved = content(me.send("save"))
    assert yaml.safe_load(saved)["columns"] == GIVES
    me.send("apply", symbol="7-TB/X")
    assert (me.status, "rows are wrong" in me.words) == (409, True)
    assert counted() == before
    me.send("apply", symbol="7-TB/X", signed_on="2024-03-01", good="1")
    assert (me.status, me.numbers) == (200, [2, 0, 0, 0, 2])
    assert '<a href="/decision/7-TB/X">' in me.page
    assert counted() == (before[0] + 1, before[1] + 2)
    assert lying(incoming) == [], "the file goes with the import"
    _corrected(tmp_path / "corrected.xlsx", book)
    me.upload(tmp_path / "corrected.xlsx", how=SimpleUploadedFile("persons.yaml", saved))
    assert me.numbers == [2, 0, 0, 0, 0]
    me.send("apply", symbol="7-TB/X")
    assert counted() == (before[0] + 2, before[1] + 4)
    _undone(visitor, without)
    assert counted()[1] == before[1]


def _undone(visitor: Client, without: Client) -> None:
    assert 'aria-describedby="no-undo">Undo</button>' in without.get("/decision/7-TB/X").content.decode()
    assert without.post("/decision/7-TB/X", {"reason": "mine"}).status_code == 409
    page = visitor.get("/decision/7-TB/X").content.decode()
    assert "Undo the import" in page
    assert visitor.post("/decision/7-TB/X", {"reason": " "}).status_code == 400, "not without a reason"
    assert visitor.post("/decision/7-TB/X", {"reason": "the wrong list"}).status_code == 302
    page = visitor.get("/decision/7-TB/X").content.decode()
    assert ("the wrong list" in page, "Undo the import" in page) == (True, False)


def _corrected(file: Path, data: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(data))
    book.active["E2"], book.active["G2"], book.active["H3"] = "Nữ", "28/02/1991", DAY
    book.save(file)


def test_our_own_file_is_tried_at_once_and_the_same_form_twice_is_one_decision(
    visitor: Client, counted: Any, incoming: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    file = tmp_path / "members.xlsx"
    assert here("export", "members", "--unit", UNIT, "--on", "2024-05-01", "--lang", "en", "--out", file).code == 0
    book = openpyxl.load_workbook(file)
    at = [cell.value for cell in book.worksheets[0][2]].index("since") + 1
    book.worksheets[0].cell(3, at).value = "2021-02"
    book.save(file)
    before, me = counted(), Importer(visitor, "/list/members/import")
    me.upload(file)
    assert [me.numbers[n] for n in (0, 1, 2, 4)] == [0, 1, 0, 0]
    monkeypatch.setattr(staging, "forget", lambda *_: None)
    form = dict(re.findall(r'<input type="hidden" name="(ticket|mapping)" value="([^"]*)"', me.page))
    with ThreadPoolExecutor(2) as both:
        sent = [both.submit(_post, visitor.cookies, form) for _ in range(2)]
        assert {one.result() for one in sent} <= {200, 302}
    assert counted()[0] == before[0] + 1
    monkeypatch.undo()
    me.send("drop")
    assert lying(settings.INCOMING) == []
    answer = Importer(visitor, "/list/members/import").send("apply", **form)
    assert (answer.status_code, "no longer kept" in answer.content.decode()) == (404, True)


def _post(cookies: Any, form: dict[str, str]) -> int:
    client = Client()
    client.cookies = cookies
    try:
        return client.post("/list/members/import", {**form, "step": "apply"}).status_code
    finally:
        connections.close_all()


@pytest.fixture
def without(_province: Database) -> Client:
    """Somebody whose post gives no role."""
    held = Incumbency.objects.filter(post__code__endswith=".board.head", unit__code__startswith="dien-bien")
    return english(held.order_by("fact").values_list("person__code", flat=True)[0])


def test_whoever_may_not_is_told_what_it_takes_and_the_file_is_not_even_read(
    visitor: Client, without: Client, counted: Any, incoming: Path, tmp_path: Path
):
    assert f'href="{AT}">Import</a>' in visitor.get("/list/persons").content.decode()
    assert 'aria-describedby="no-import">Import</button>' in without.get("/list/persons").content.decode()
    assert "It takes the role" in without.get(AT).content.decode()
    before, me = counted(), Importer(without)
    me.upload(peopled(tmp_path, "not-mine"))
    assert (me.status, "It takes the role" in me.words) == (409, True)
    assert (lying(incoming), counted()) == ([], before)
    assert "Import</" not in visitor.get("/list/decisions").content.decode()
    assert visitor.get("/list/decisions/import").status_code == 409, "only listed"


def test_nothing_is_imported_beyond_ones_reach(organiser: Client, counted: Any, tmp_path: Path):
    before, me = counted(), Importer(organiser)
    me.upload(peopled(tmp_path, "beyond"))
    me.settle()
    form = {"word_of": ["sex", "sex"], "word": ["Ông", "Bà"], "means": ["male", "female"]}
    for name in ("ticket", "mapping"):
        form[name] = unescape(re.search(rf'name="{name}" value="([^"]*)"', me.page)[1])
    me.send("preview", **form)
    assert (me.status, "do not go as far as dien-bien.dien-bien-phu" in me.words) == (409, True)
    answer = organiser.post(AT, {**form, "step": "apply", "good": "1"})
    assert (answer.status_code, counted()) == (409, before)
    assert len(lying(settings.INCOMING)) == 1, "the file waits for whoever puts it right"


def test_what_waits_is_encrypted_belongs_to_one_account_and_goes_after_an_hour(incoming: Path):
    ticket = staging.keep("Đảng viên.xlsx", b"kept-nowhere", 1)
    (file,) = lying(incoming)
    assert b"kept-nowhere" not in file.read_bytes()
    assert (file.stat().st_mode & 0o777, incoming.stat().st_mode & 0o777) == (0o600, 0o700)
    with staging.opened(ticket, 1) as plain:
        assert (plain.name, plain.read_bytes()) == ("Đảng viên.xlsx", b"kept-nowhere")
    others, _ = staging._place(ticket, 2)
    others.write_bytes(file.read_bytes())
    for other, account in ((ticket, 2), ("x", 1), ("../x", 1)):
        with pytest.raises(Exception, match="no longer kept"), staging.opened(other, account):
            pass
    others.unlink()
    assert lying(incoming) == [file], "what was opened is gone"
    (incoming / "left").mkdir()
    for left in (file, incoming / "left"):
        os.utime(left, (time.time() - 2 * staging.HOUR,) * 2)
    staging.purge()
    assert lying(incoming) == []
    tickets = [staging.keep("a.csv", b"x", 1) for _ in range(staging.MOST + 1)]
    assert len(lying(incoming)) == staging.MOST
    staging.forget(tickets[-1], 1)
    assert len(lying(incoming)) == staging.MOST - 1


BAD = {
    "no file": ({"step": "read"}, 400),
    "no step": ({"step": "fly"}, 400),
    "no ticket": ({"step": "preview", "ticket": "x" * 5000}, 404),
    "no mapping": ({"step": "save", "mapping": "{{{"}, 400),
    "a mapping of another kind": ({"step": "save", "mapping": "[1]"}, 400),
}


@pytest.mark.parametrize("case", BAD)
def test_a_form_that_no_page_made_is_refused_in_words(visitor: Client, incoming: Path, case: str):
    said, status = BAD[case]
    answer = visitor.post(AT, said)
    assert answer.status_code == status, answer.content.decode()
    assert 'class="refusal"' in answer.content.decode()
    assert lying(incoming) == []


FILES = {
    "macros.xlsm": b"PK",
    "text.pdf": b"%PDF",
    "broken.xlsx": b"PK\3\4broken",
    "empty.csv": b"",
    "old.csv": "Mã,Họ tên\n1,Nguyễn Văn Đạt".encode("utf-16-be")[3:],
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_cannot_be_read_is_refused_in_words_and_not_kept(visitor: Client, incoming: Path, name: str):
    answer = visitor.post(AT, {"step": "read", "file": SimpleUploadedFile(name, FILES[name])})
    assert answer.status_code in (400, 404, 409), answer.content.decode()
    assert '<p class="refusal" role="alert">' in answer.content.decode()
    assert lying(incoming) == []


def test_letters_of_before_unicode_are_offered_and_read_once_somebody_says_so(visitor: Client, tmp_path: Path):
    rows = "".join(f"c{at},{name},2024\n" for at, name in enumerate(NAMES))
    file, me = tmp_path / "old.csv", Importer(visitor)
    file.write_bytes(old(f"Mã số,Họ và tên,Vào sổ\n{rows}", "tcvn3").encode("windows-1252"))
    me.upload(file)
    assert (me.status, "it looks like tcvn3" in me.words) == (400, True)
    assert "<option selected>tcvn3</option>" in me.page
    me.upload(file, encoding="tcvn3")
    assert (me.status, "Nguyễn Văn Hùng · Trần Thị Thuỷ" in me.words) == (200, True)
    me.send("preview", field=["person", "name", "since"], encoding="tcvn3", **{"fixed.unit": UNIT})
    assert me.numbers == [len(NAMES), 0, 0, 0, 0]
    assert yaml.safe_load(content(me.send("save")))["encoding"] == "tcvn3"


SAVED = """
concept: persons
headings: [Mã, Tên, Vào sổ, Nơi]
delimiter: "|"
columns: {Mã: person, Tên: name, Vào sổ: since, Nơi: [unit, origin]}
"""


def test_what_the_form_of_columns_does_not_ask_about_stays_as_a_saved_mapping_had_it(visitor: Client, tmp_path: Path):
    file, me = tmp_path / "bare.csv", Importer(visitor)
    file.write_text(f"e1|Lò Văn Một|2024|{UNIT}\n", encoding="utf-8")
    me.upload(file, how=SimpleUploadedFile("saved.yaml", SAVED.encode()))
    assert me.numbers == [1, 0, 0, 0, 0]
    me.send("columns")
    assert "Lò Văn Một" in me.words
    chosen = re.findall(r'<option value="([^"]+)" selected', me.page)
    assert chosen[:4] == ["person", "name", "since", "unit"]
    me.send("preview", field=chosen[:4], dates="day", end="inclusive")
    assert me.numbers == [1, 0, 0, 0, 0]
    assert yaml.safe_load(content(me.send("save"))) == yaml.safe_load(SAVED)


def test_more_rows_than_somebody_can_wait_for_are_refused(visitor: Client, incoming: Path, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(desk, "MOST", 3)
    me = Importer(visitor)
    me.upload(peopled(tmp_path, "long"))
    assert (me.status, "more than 3 rows" in me.words, lying(incoming)) == (409, True, [])


@pytest.mark.parametrize(("language", "said"), [("vi", "là ngày; hãy ghi"), ("de", "ist kein Tag; schreiben Sie")])
def test_every_step_speaks_the_language_of_the_page(visitor: Client, tmp_path: Path, language: str, said: str):
    visitor.cookies["django_language"] = language
    file = peopled(tmp_path, language)
    me = Importer(visitor)
    for answer in (visitor.get(AT), me.upload(file), me.settle()):
        text = unescape(answer.content.decode())
        assert not re.search(r">[^<]*\b(the|rows?|what|columns?)\b[^<]*<", text), text
    assert any(said in one[2] for one in me.faults), me.faults


def queries(me: Importer, step: str, **said: Any) -> int:
    with CaptureQueriesContext(connection) as asked:
        me.send(step, **said)
    return len(asked.captured_queries)


def test_pages_ask_few_questions_however_many_rows_there_are(visitor: Client, asks: Any, tmp_path: Path):
    assert asks(visitor, AT) <= 8
    few, many = tmp_path / "few.csv", tmp_path / "many.csv"
    for file, number in ((few, 200), (many, 400)):
        rows = "".join(f"b{n},Lò Văn {n},2024\n" for n in range(number))
        file.write_text(f"Mã số,Họ và tên,Vào sổ\n{rows}", encoding="utf-8")
    cost = []
    for file in (few, many):
        me = Importer(visitor)
        me.upload(file)
        headings = ["person", "name", "since"]
        cost.append(queries(me, "preview", field=headings, **{"fixed.unit": UNIT}))
        assert me.numbers[0] in (200, 400)
    assert cost[0] <= 56
    assert cost[1] == cost[0]


def test_a_template_is_empty_and_for_lists_that_take_something(visitor: Client):
    book = openpyxl.load_workbook(io.BytesIO(content(visitor.get("/list/persons/template.xlsx"))))
    assert [cell.value for cell in book.worksheets[0][2]][:2] == ["record", "person"]
    assert visitor.get("/list/decisions/template.xlsx").status_code == 409
