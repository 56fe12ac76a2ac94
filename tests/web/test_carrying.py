"""Kits and packages on pages: taken along with a code or a mark, brought back, previewed with all conflicts, taken."""

import datetime as dt
import io
import re
from contextlib import closing
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from canbo.kernel.models import Audit
from canbo.kernel.profile import profile
from canbo.registry.facts import Decision
from canbo.registry.ledger import Paper, apply
from canbo.registry.membership.models import Membership
from canbo.registry.service.models import Incumbency
from tests.exchange.handing import Handed, Opened
from tests.exchange.packing import Packed, mark
from tests.signing_in import signed_in
from tests.web.importing import content

pytestmark = pytest.mark.database

UNIT, CELL = "dien-bien.dien-bien-phu.party.1", "dien-bien.dien-bien-phu.na-tau.v1.cell"


@pytest.fixture(autouse=True)
def incoming(tmp_path: Path, settings: Any) -> Path:
    """Where files wait, for one test alone."""
    settings.INCOMING = tmp_path / "incoming"
    return settings.INCOMING


class Bringer:
    """Somebody at the page that takes files in: what stands hidden in one form comes back with the next."""

    def __init__(self, client: Client) -> None:
        self.client, self.page, self.status = client, "", 0

    def send(self, step: str, **said: Any) -> HttpResponse:
        hidden = dict(re.findall(r'<input type="hidden" name="(ticket|code|signer)" value="([^"]*)"', self.page))
        answer = self.client.post("/receive", {**hidden, "step": step, **said})
        self.page, self.status = answer.content.decode(), answer.status_code
        return answer

    def upload(self, file: Path, **said: Any) -> HttpResponse:
        self.page = ""
        return self.send("read", file=SimpleUploadedFile(file.name, file.read_bytes()), **said)

    @property
    def numbers(self) -> list[int]:
        """New, changed, ended, as in the register, wrong."""
        told = re.search(r'<dl class="pairs counts import">(.*?)</dl>', self.page, re.DOTALL)
        assert told, self.page
        return [int(one) for one in re.findall(r"<dd>(\d+)</dd>", told[1])]

    @property
    def words(self) -> str:
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", self.page)).split())


def word(path: str) -> str:
    return profile().word(path, "en")


def took(client: Client, folder: Path) -> Handed:
    """The kit of the unit, as the page gives it, with the code that stood there."""
    page = client.get(f"/send/{UNIT}").content.decode()
    code = re.search(r'<dd class="code">([A-Z2-9-]{23})</dd>', page)[1]
    sealed = re.search(r'"sealed" value="([^"]+)"', page)[1]
    file = folder / "kit.xlsx"
    file.write_bytes(content(client.post(f"/send/{UNIT}/kit.xlsx", {"sealed": sealed})))
    return Handed(file, code, {"sealed": sealed})


def test_a_kit_is_taken_along_changed_brought_back_and_settled(visitor: Client, tmp_path: Path, incoming: Path):
    kit, found = took(visitor, tmp_path), {}
    row = Audit.objects.using("owner").filter(what="kit").latest("pk")
    assert (row.kind, row.details["form"], len(row.details["kit"]), len(row.about) > 10) == ("export", "kit", 16, True)
    assert kit.code not in str(vars(row))

    def edit(book: Opened) -> None:
        sheet = word("screen.members")
        found["both"], found["mine"], *_ = book.records(sheet)
        for name in ("both", "mine"):
            book.say(sheet, found[name], category__word=word("membership_category.student"))

    file = kit.returned(edit)
    ours = {"fact": found["both"], "on": "2021-01-01", "reason": "x", "category": "retired"}
    paper = Paper(symbol="meanwhile", signed_on=dt.date(2026, 11, 1))
    apply(by="sample", decided_by=paper, acts=[("membership.correct", ours)])
    before, me = Decision.objects.count(), Bringer(visitor)
    me.upload(file, code="ABCDE-FGHJK-LMNPQ-RSTUV")
    assert (me.status, "is not opened by this code" in me.words) == (409, True)
    me.upload(file, code=kit.code.lower())
    assert (me.status, me.numbers[1], me.numbers[4], me.page.count(">retired</td>")) == (200, 1, 1, 1)
    assert re.search(r'href="/person/[^"]+" class="code">dien-bien', me.page)
    assert Audit.objects.using("owner").filter(what="receive").latest("pk").count == 1
    me.send("apply", symbol="9-TB/X")
    assert (me.status, "Nothing was taken" in me.words, Decision.objects.count()) == (409, True, before)
    me.send("preview", counts="theirs")
    assert (me.numbers[1], me.numbers[4]) == (2, 0)
    me.send("apply", symbol="9-TB/X", counts="theirs")
    assert (me.status, '<a href="/decision/9-TB/X">' in me.page) == (200, True)
    facts = Membership.objects.filter(fact__in=found.values(), recorded__upper_inf=True)
    assert set(facts.values_list("category", flat=True)) == {"student"}
    assert list(incoming.glob("*")) == [], "the file goes with it"
    me.upload(file, code=kit.code)
    assert (me.status, "9-TB/X" in me.words, Decision.objects.count()) == (409, True, before + 1)


def test_a_kit_is_locked_with_the_code_of_its_page_alone(visitor: Client, tmp_path: Path):
    sealed = took(visitor, tmp_path).told["sealed"]
    for at, said in ((UNIT, sealed[:-2]), (UNIT, ""), (CELL, sealed)):
        assert visitor.post(f"/send/{at}/kit.xlsx", {"sealed": said}).status_code == 400, at
    assert visitor.get(f"/send/{UNIT}/kit.xlsx").status_code == 400
    page = visitor.get("/send/dien-bien").content.decode()
    assert ("no kit is meant for dien-bien" in page, 'name="sealed"' in page) == (True, False)


def test_a_package_is_taken_along_and_taken_in_from_whom_one_knows(visitor: Client, tmp_path: Path, incoming: Path):
    file, me = tmp_path / "city.zip", Bringer(visitor)
    with closing(visitor.get("/send/dien-bien.dien-bien-phu/package.zip?on=2024-05-01")) as answer:
        file.write_bytes(b"".join(answer.streaming_content))
    row = Audit.objects.using("owner").filter(what="package").latest("pk")
    assert (row.kind, row.details["form"], row.details["on"]) == ("export", "package", "2024-05-01")
    theirs, before = Packed.of(file), Decision.objects.count()
    assert row.count == theirs.about["people"] > 50
    me.upload(file)
    assert (me.status, me.numbers[:3], me.numbers[4]) == (200, [0, 0, 0], 0)
    assert "is in the register already" in me.words
    me.send("drop")
    theirs.tables["persons"] = theirs.tables["persons"].replace("1978-02-08", "1978-02-09")
    other = theirs.file(tmp_path / "theirs.zip")
    me.upload(other)
    assert (me.status, "was signed by" in me.words) == (409, True)
    me.upload(other, signer=mark())
    assert (me.status, me.numbers[4], "1978-02-09" in me.page, "1978-02-08" in me.page) == (200, 1, True, True)
    me.send("drop")
    assert (list(incoming.glob("*")), Decision.objects.count()) == ([], before)
    other.write_bytes(file.read_bytes()[:-100])
    me.upload(other, signer=mark())
    assert (me.status, "was not sent whole" in me.words, list(incoming.glob("*"))) == (400, True, [])


def test_whoever_may_not_do_the_acts_takes_nothing_in(visitor: Client, tmp_path: Path):
    file = tmp_path / "city.zip"
    with closing(visitor.get("/send/dien-bien.dien-bien-phu/package.zip?on=2024-05-01")) as answer:
        file.write_bytes(b"".join(answer.streaming_content))
    theirs = Packed.of(file)
    theirs.tables["persons"] += f"never.was,2024-01-01,Lò Văn Mới,,,{UNIT},\n"
    held = Incumbency.objects.filter(post__code__endswith=".board.head", unit__code__startswith="dien-bien")
    person = held.order_by("fact").values_list("person__code", flat=True)[0]
    client = signed_in(Client(), person)
    client.cookies["django_language"] = "en"
    me = Bringer(client)
    me.upload(theirs.file(tmp_path / "theirs.zip"), signer=mark())
    assert (me.status, "<dl" in me.page) == (409, False)
    with closing(client.get(f"/send/{UNIT}/package.zip?on=2024-05-01")) as answer:
        seen = Packed.of(_file(tmp_path / "seen.zip", answer))
    assert seen.about["people"] == 0
    assert len(io.StringIO(seen.tables["persons"]).readlines()) == 1


def _file(path: Path, answer: HttpResponse) -> Path:
    path.write_bytes(b"".join(answer.streaming_content))
    return path


def test_the_page_of_a_unit_and_its_list_of_members_lead_there(visitor: Client):
    at = f"/send/{CELL}?on=2024-05-01"
    for page in (f"/unit/{CELL}?on=2024-05-01", f"/list/members?unit={CELL}&on=2024-05-01"):
        assert f'href="{at}"' in visitor.get(page).content.decode(), page
    assert 'href="/receive"' in visitor.get("/").content.decode()
