"""What people ask to have put right: only they ask, only they and whoever keeps the file see it, a decision answers."""

import datetime as dt
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connections
from django.test import Client
from python_calamine import CalamineWorkbook

from canbo.access import keys
from canbo.access.authority import operator
from canbo.kernel import audit
from canbo.kernel.database import Database
from canbo.kernel.periods import this_instant
from canbo.kernel.refusal import Refused
from canbo.registry.annul import annul
from canbo.registry.facts import Person
from canbo.registry.ledger import Paper, apply
from canbo.registry.people.models import Particulars
from canbo.registry.requests.models import Reply, Request
from canbo.registry.requests.queries import keeper
from canbo.registry.service.models import Incumbency
from canbo.registry.tree import Placement
from tests.acceptance.commands import here
from tests.access.pages import main_of
from tests.output.readers import text_of_pdf
from tests.signing_in import account_of, signed_in

pytestmark = pytest.mark.database

WORDS = "My name is written with two n."
ROW = "SELECT kind, what, about, details::text FROM kernel_audit ORDER BY id DESC LIMIT 1"
ADD = "INSERT INTO registry_request (person_id, kind, fact, words) VALUES (%s, '', NULL, 'x')"
As = Callable[[str], Client]


@pytest.fixture
def reader(association: Database) -> As:
    """`reader(code)`: the pages, read by that person."""
    return lambda code: signed_in(Client(), code)


def holders(title: str) -> list[tuple[str, int]]:
    """Who holds a post of this name, and in which unit."""
    held = Incumbency.objects.filter(post__code__endswith=title, valid__upper_inf=True, recorded__upper_inf=True)
    return list(held.order_by("unit", "fact").values_list("person__code", "unit"))


@pytest.fixture
def secretary(association: Database) -> str:
    """Who keeps the files of a branch."""
    return _kept_by(association)[0]


@pytest.fixture
def member(association: Database) -> str:
    """Somebody whose file that branch keeps, who has no post."""
    return _kept_by(association)[1]


def _kept_by(association: Database) -> tuple[str, str]:
    posts = {person for person, _ in holders("")}
    for person, unit in holders(".secretary"):
        kept = Particulars.objects.filter(unit=unit, recorded__upper_inf=True).exclude(person__code__in=posts)
        if found := kept.order_by("fact").values_list("person__code", flat=True).first():
            return person, found
    raise AssertionError("no secretary keeps a file")


@pytest.fixture
def stranger(association: Database, member: str) -> str:
    """A secretary of a unit that neither keeps that file nor lies above whoever does."""
    held = Particulars.objects.get(person__code=member, recorded__upper_inf=True)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT ancestor_id FROM registry_closure WHERE descendant_id = %s", [held.unit_id])
        above = {unit for (unit,) in cursor.fetchall()}
    return next(person for person, unit in holders(".secretary") if unit not in above)


def row_of(client: Client, words: str) -> str:
    """What one's own page says of the request in these words."""
    page = client.get("/me").content.decode()
    asked = page[page.index('<section id="requests">') :]
    row = next(row for row in re.findall(r"<tr>.*?</tr>", asked, re.DOTALL) if words in row)
    return " ".join(re.sub(r"<[^>]+>", " ", row).split())


def ask(client: Client, words: str = WORDS, about: str = "") -> int:
    """Ask on one's own page, and find the request."""
    answer = client.post("/me", {"words": words, "about": about})
    assert answer.status_code == 302, answer.content.decode()
    return Request.objects.order_by("-pk").values_list("pk", flat=True)[0]


def particulars(person: str) -> Particulars:
    return Particulars.objects.get(person__code=person, recorded__upper_inf=True)


def replied(person: str, request: int, what: str, *before: Any, symbol: str, **said: Any) -> Any:
    """The decision that replies, after the acts `before`."""
    unit = keeper(Person.objects.get(code=person).pk)
    terms = {"on": dt.date(2026, 3, 2), "person": person, "unit": unit, "request": request, **said}
    paper = Paper(symbol=symbol, signed_on=dt.date(2026, 3, 2))
    return apply(by=operator(), decided_by=paper, acts=[*before, (f"request.{what}", terms)])


def corrected(person: str) -> tuple[str, dict[str, Any]]:
    """The act that puts a name right."""
    terms = {"on": dt.date(2026, 3, 2), "fact": particulars(person).fact, "name": "Anna Put-Right", "reason": WORDS}
    return "particulars.correct", terms


def last_row() -> tuple:
    with connections["owner"].cursor() as cursor:
        cursor.execute(ROW)
        return cursor.fetchone()


def test_a_person_asks_on_their_own_page_and_sees_the_deadlines(reader: As, member: str):
    mine, held = reader(member), particulars(member)
    number = ask(mine, about=f"particulars {held.fact}")
    told = main_of(mine, "/me")
    assert WORDS in told
    assert "open" in told
    assert told.count(" due ") >= 2
    found = Request.objects.get(pk=number)
    assert (found.person_id, found.kind, found.fact) == (held.person_id, "particulars", held.fact)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT kind, actor, about, details::text FROM kernel_audit WHERE what = 'request.ask'")
        rows = [(*row, json.loads(said)) for *row, said in cursor.fetchall()]
    details = {"request": number, "kind": "particulars", "fact": held.fact}
    assert ("right", account_of(member).login, [held.person_id], details) in rows


def test_what_cannot_be_asked_is_refused_and_leaves_nothing(reader: As, member: str, secretary: str):
    mine, before = reader(member), Request.objects.count()
    others, placed = particulars(secretary).fact, Placement.objects.order_by("pk").values_list("fact", flat=True)[0]
    for said, status in (
        ({"words": "  "}, 400),
        ({"words": "x" * 2001}, 400),
        ({"words": WORDS, "about": f"particulars {others}"}, 404),
        ({"words": WORDS, "about": "horoscope 1"}, 404),
        ({"words": WORDS, "about": "particulars"}, 404),
        ({"words": WORDS, "about": f"placement {placed}"}, 404),  # everybody may read it, and it is about nobody
    ):
        assert mine.post("/me", said).status_code == status, said
    assert Request.objects.count() == before


def test_whoever_keeps_the_file_sees_it_and_nobody_else(reader: As, member: str, secretary: str, stranger: str):
    number = ask(reader(member), words="Seen by whom?")
    officer, other = reader(secretary), reader(stranger)
    assert "Seen by whom?" in main_of(officer, "/requests")
    assert "Seen by whom?" in main_of(officer, f"/requests/{number}")
    assert last_row()[:2] == ("file", "request"), "reading it is reading the file"
    for client in (other, reader(member)):
        assert "Seen by whom?" not in main_of(client, "/requests")
        main_of(client, f"/requests/{number}", 404)
    assert "Seen by whom?" not in main_of(other, "/me")


def test_a_request_is_granted_only_by_acts_that_put_something_right(reader: As, member: str, secretary: str):
    mine = reader(member)
    number = ask(mine, words="Anna, with two n")
    with pytest.raises(Refused, match="acts that put the record right"):
        replied(member, number, "grant", symbol="R 1")
    with pytest.raises(Refused, match="acts that put the record right"):  # of somebody else
        replied(member, number, "grant", corrected(secretary), symbol="R 1")
    replied(member, number, "receive", symbol="R 2", words="We look at the papers.")
    assert "received" in main_of(mine, "/me")
    replied(member, number, "grant", corrected(member), symbol="R 3")
    told = main_of(mine, "/me")
    assert "Anna Put-Right" in told
    assert "R 3" in told
    assert told.count(" kept ") >= 2
    assert last_row()[0] in ("file", "list")
    with pytest.raises(Refused, match="decided once"):
        replied(member, number, "refuse", symbol="R 4", words="no", article="§ 1")


def test_whoever_keeps_the_file_answers_on_the_page_and_nobody_else(
    reader: As, member: str, secretary: str, stranger: str
):
    number = ask(reader(member), words="Answer me on a page")
    said = {"what": "receive", "symbol": "P 1", "signed_on": "2026-03-02", "words": "We look into it."}
    address, officer = f"/requests/{number}", reader(secretary)
    assert reader(stranger).post(address, said).status_code == 404
    assert reader(member).post(address, said).status_code == 404, "nobody answers themselves"
    assert officer.post(address, said | {"what": "grant"}).status_code == 404
    assert officer.post(address, said | {"symbol": " "}).status_code == 400
    assert officer.post(address, said | {"what": "refuse"}).status_code == 409, "without an article"
    assert not Reply.objects.filter(request=number).exists()
    assert officer.post(address, said).status_code == 302
    assert officer.post(address, said | {"what": "refuse", "article": "§ 4 (2)", "symbol": "P 2"}).status_code == 302
    told = row_of(reader(member), "Answer me on a page")
    assert all(words in told for words in ("We look into it.", "P 1", "P 2", "§ 4 (2)", "refused", "kept"))
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT actor FROM kernel_audit WHERE what IN ('apply P 1', 'apply P 2')")
        assert cursor.fetchall() == [(account_of(secretary).login,)] * 2


def test_the_command_shows_requests_and_grants_one_with_the_acts_that_put_it_right(
    reader: As, member: str, tmp_path: Path
):
    number = ask(reader(member), words="By command")
    name, terms = corrected(member)
    acts = tmp_path / "acts.json"
    acts.write_text(json.dumps([[name, terms | {"on": str(terms["on"]), "name": "Anna By-Command"}]]), encoding="utf-8")
    asked = ("request", "grant", number, "--decision", "R 10", "--signed-on", "2026-03-04")
    assert here(*asked).code == 3, "nothing is put right"
    assert "open" in here("request", "show", number).out
    (told,) = here(*asked, "--acts", acts, "--json").json
    assert (told["request"], told["state"], told["person"]) == (number, "granted", member)
    assert particulars(member).name == "Anna By-Command"
    assert here("request", "grant", "1", "--decision", "R 11").code == 2


def test_an_annulled_answer_leaves_the_request_open(reader: As, member: str):
    number = ask(reader(member), words="Refused by mistake")
    replied(member, number, "refuse", symbol="R 5", words="The papers say otherwise.", article="§ 4 (2)")
    assert "The papers say otherwise." in row_of(reader(member), "Refused by mistake")
    void = Paper(symbol="R 6", signed_on=dt.date(2026, 3, 3), reason="read the wrong papers")
    annul(by=operator(), decided_by=void, decision="R 5")
    assert row_of(reader(member), "Refused by mistake").endswith("open")
    replied(member, number, "refuse", symbol="R 7", words="Twice.", article="§ 4 (2)")


def test_a_refusal_has_grounds_and_an_article(reader: As, member: str, secretary: str):
    number = ask(reader(member), words="No grounds")
    for said in ({}, {"words": "no"}, {"article": "§ 1"}, {"words": " ", "article": "§ 1"}):
        with pytest.raises(Refused, match="says why, and by which article"):
            replied(member, number, "refuse", symbol="R 8", **said)
    with pytest.raises(Refused, match="request of the same person"):
        replied(secretary, number, "refuse", symbol="R 8", words="no", article="§ 1")
    assert not Reply.objects.filter(request=number).exists()


@pytest.fixture
def raw(association: Database) -> Iterator[psycopg.Connection[Any]]:
    """A connection of the application's role, of nobody."""
    with association.connect("app", autocommit=True) as connection:
        yield connection


def speaking(raw: psycopg.Connection[Any], person: str, opened: str = "") -> None:
    """Ask on behalf of this person from now on; within the file of another one, or of nobody."""
    raw.execute("RESET ROLE")
    people = dict(Person.objects.values_list("code", "pk"))
    key = keys.issue(person=people[person], until=this_instant() + dt.timedelta(hours=1))
    said = {"app.session": key.hex(), "app.opened": str(people[opened]) if opened else ""}
    for name, value in said.items():
        raw.execute("SELECT set_config(%s, %s, false)", [name, value])
    if opened:
        raw.execute("SET ROLE canbo_file")


def test_the_database_takes_nobodys_request_for_another(raw: psycopg.Connection, member: str, secretary: str):
    people = dict(Person.objects.filter(code__in=(member, secretary)).values_list("code", "pk"))
    for who, opened, whose in (
        (member, "", member),  # not within the own file
        (member, member, secretary),
        (member, secretary, secretary),
        (secretary, member, member),  # whoever keeps the file asks nothing in its person's name
    ):
        speaking(raw, who, opened)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            raw.execute(ADD, [people[whose]])
    speaking(raw, member, member)
    raw.execute(ADD, [people[member]])
    for statement in (
        "UPDATE registry_request SET words = 'y'",
        "DELETE FROM registry_request",
        "INSERT INTO registry_request (person_id, words, asked_at) VALUES (1, 'x', '2020-01-01')",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            raw.execute(statement)
    with connections["owner"].cursor() as cursor, pytest.raises(Exception, match="Cannot update"):
        cursor.execute("UPDATE registry_request SET words = 'y'")


def test_the_database_shows_a_request_to_its_person_and_to_whoever_keeps_the_file(
    raw: psycopg.Connection, member: str, secretary: str, stranger: str
):
    speaking(raw, member, member)
    raw.execute(ADD, [Person.objects.get(code=member).pk])
    for who, opened, sees in (
        (member, member, True), (member, "", False), (secretary, "", True), (secretary, member, True),
        (stranger, "", False), (stranger, member, False),
    ):  # fmt: skip
        speaking(raw, who, opened)
        (count,) = raw.execute("SELECT count(*) FROM registry_request").fetchone()
        assert bool(count) is sees, (who, opened)
    raw.execute("SELECT set_config('app.session', '', false)")
    assert raw.execute("SELECT count(*) FROM registry_request").fetchone() == (0,)


def test_a_deadline_that_passed_is_overdue_and_then_missed(reader: As, member: str):
    key = Person.objects.get(code=member).pk
    with connections["owner"].cursor() as cursor:
        said = "INSERT INTO registry_request (person_id, kind, words, asked_at) VALUES (%s, '', %s, %s) RETURNING id"
        cursor.execute(said, [key, "Long ago", this_instant() - dt.timedelta(days=60)])
        (number,) = cursor.fetchone()

    assert row_of(reader(member), "Long ago").count("overdue") == 2
    replied(member, number, "refuse", symbol="R 9", words="Too late.", article="§ 4 (2)")
    assert row_of(reader(member), "Long ago").count("missed") == 2
    assert "overdue" not in row_of(reader(member), "Long ago")


def test_ones_record_as_a_file_is_read_by_others_and_recorded_as_an_export(reader: As, member: str, tmp_path: Path):
    mine = reader(member)
    ask(mine, words="=HYPERLINK(1)")
    page = main_of(mine, "/me")
    book = mine.get("/me/file/xlsx")
    kind, what, about, details = last_row()
    assert (kind, what, about) == ("export", "me-file", [Person.objects.get(code=member).pk])
    assert json.loads(details) == {"form": "xlsx"}
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(book.content))
    rows = [row for name in sheets.sheet_names for row in sheets.get_sheet_by_name(name).to_python()]
    cells = {str(cell) for row in rows for cell in row}
    name = particulars(member).name
    assert {name, member, "=HYPERLINK(1)"} <= cells
    facts = sheets.get_sheet_by_name(sheets.sheet_names[1]).to_python()[1:]
    assert facts
    assert all(row[2] in page and row[3].split(" · ")[0] in page for row in facts)
    audit.seal()
    (tmp_path / "record.pdf").write_bytes(mine.get("/me/file/pdf").content)
    said = " ".join(text_of_pdf(tmp_path / "record.pdf").split())
    assert name in said
    assert member in said
    assert all(word in said for row in facts for word in row[2].split())
    for text in (" ".join(cells), said):
        anchor = re.search(r"\d+ [0-9a-f]{64}", text)
        assert anchor, text
        assert audit.verify([anchor.group()]).faults == []
    assert mine.get("/me/file/exe").status_code == 404
