"""Who is shown on a page stands in the audit log with the page: over all pages that links lead to."""

import html
import re
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import closing
from urllib.parse import urljoin

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.urls import path

from canbo.config.urls import urlpatterns
from canbo.kernel import audit
from canbo.kernel.database import Database
from canbo.registry.facts import Person, Unit
from canbo.registry.people.models import Particulars
from canbo.registry.service.models import Incumbency
from canbo.web import audited
from canbo.web.errors import bad_request, broken, forbidden, not_found
from canbo.web.objects.names import Names
from tests.browser.kinds import FILES, LINK, kind, names
from tests.signing_in import account_of

pytestmark = pytest.mark.database

EACH = 2
BEGIN = (
    "/", "/search?q=nguyen", "/list/posts", "/list/incumbencies", "/report/term/dien-bien", "/frozen", "/collections",
    "/quality/pairs",
    "/bridge/members/dien-bien?book=term&figure=members&from=2023-01-01&part=1",
)  # fmt: skip
APART = ("/static/", "/account/", "/view-as")
"""What shows no record; some of it asks for the password once more."""
NOBODY, EMPTY = {"home", "proofread"}, "template"
"""Pages that show no person, and a file that holds nothing, leave no row."""
SHOWING = {"person", "post", "unit", "figure", "search", "list/members", "record/membership", "decision"}


def reader() -> str:
    """Under which login the visitor of these tests reads."""
    return account_of().login


ROW = "kind, actor, what, about, details, unit, count"


@pytest.fixture
def rows(_province: Database) -> Callable[[], list[tuple]]:
    """The rows written since this was asked last, read as the owner, whom no policy binds."""
    link = _province.connect("owner", autocommit=True)
    last = link.execute("SELECT coalesce(max(id), 0) FROM kernel_audit").fetchone()[0]

    def since() -> list[tuple]:
        nonlocal last
        found = link.execute(f"SELECT {ROW}, id FROM kernel_audit WHERE id > %s ORDER BY id", [last]).fetchall()
        last = found[-1][-1] if found else last
        return [row[:-1] for row in found]

    with closing(link):
        yield since


def shown(text: str, known: dict[str, set[int]], codes: dict[str, int]) -> tuple[set[int], list[set[int]]]:
    """The people to whom a page links, and for each name on it all who are called so."""
    linked = {codes[html.unescape(code)] for code in re.findall(r'href="/person/([^"?#]+)', text)}
    words = set(re.split(r"<[^>]*>|[·;:,()\n]+", html.unescape(text)))
    return linked, [known[word.strip()] for word in words if word.strip() in known]


def visited(client: Client, *begin: str) -> Iterator[tuple[str, str, str]]:
    """The first pages of each kind, found by following links: kind, address and text, which files have not."""
    pages: Counter[str] = Counter()
    waiting, seen = deque(begin), set(begin)
    while waiting:
        address = waiting.popleft()
        which = kind(address)
        if pages[which] >= EACH:
            continue
        pages[which] += 1
        with closing(client.get(address)) as page:
            assert page.status_code == 200, address
            text = "" if which.startswith(FILES) else page.content.decode()
        yield which, address, text
        for link in LINK.findall(text):
            target = urljoin(address, html.unescape(link))
            if target.startswith("/") and not target.startswith(APART) and target not in seen:
                seen.add(target)
                waiting.append(target)


def test_every_page_that_shows_a_person_wrote_a_row_that_names_them(officer: Client, rows: Callable):
    known: dict[str, set[int]] = {}
    for person, name in Particulars.objects.values_list("person", "name"):
        known.setdefault(name, set()).add(person)
    codes = dict(Person.objects.values_list("code", "pk"))
    held = Incumbency.objects.filter(recorded__upper_inf=True, valid__upper_inf=True).order_by("pk")
    unit = held.values_list("unit__code", flat=True)[0]
    met, with_people = set(), set()
    for which, address, text in visited(officer, *BEGIN, f"/unit/{unit}"):
        met.add(which.partition("/")[0])
        written = rows()
        if which.startswith(FILES):
            assert [row[0] for row in written] == ([] if which == EMPTY else ["export"]), address
            continue
        linked, called = shown(text, known, codes)
        about = {key for row in written for key in row[3]}
        assert linked <= about, address
        assert all(people & about for people in called), address
        assert len(written) <= 1
        if linked or called:
            with_people.add(which)
            assert [row[1] for row in written] == [reader()]
    none = {"frozen-report", "frozen-file", "collection", "request", "kit", "pair"}
    assert met >= names() - none
    assert with_people >= SHOWING
    assert {which.partition("/")[0] for which in with_people} & NOBODY == set()


def test_a_personal_file_is_recorded_as_read_and_the_subject_sees_by_whom(officer: Client, rows: Callable):
    person = Particulars.objects.order_by("pk").values_list("person", "person__code").first()
    officer.get(f"/person/{person[1]}", {"on": "2024-05-01"})
    officer.get(f"/why/person/{person[1]}")
    fact = Particulars.objects.filter(person=person[0]).values_list("fact", flat=True).first()
    officer.get(f"/record/particulars/{fact}")
    written = rows()
    assert [(row[0], row[2], row[4]["file"]) for row in written] == [
        ("file", "person", person[0]), ("file", "why", person[0]), ("file", "record", person[0]),
    ]  # fmt: skip
    assert written[0][4] == {"file": person[0], "on": "2024-05-01"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT actor, what, file FROM canbo.audit_read_of_1(%s) LIMIT 3", [person[0]])
        assert cursor.fetchall() == [(reader(), what, True) for what in ("record", "why", "person")]


def test_a_list_is_one_row_with_the_keys_shown_and_its_filters(officer: Client, rows: Callable):
    page = officer.get("/list/members?unit=dien-bien&stage=official&page=2")
    ((kind_, _, what, about, details, _, count),) = rows()
    codes = set(re.findall(r'href="/person/([^"?#]+)', page.content.decode()))
    assert set(Person.objects.filter(pk__in=about).values_list("code", flat=True)) == codes
    assert (kind_, what, count) == ("list", "list", len(codes))
    assert details == {"name": "members", "unit": "dien-bien", "stage": "official", "page": "2"}


def test_what_was_typed_to_find_somebody_is_not_copied(officer: Client, rows: Callable):
    officer.get("/search?q=nguyen")
    officer.get("/list/persons?q=nguyen")
    assert [("nguyen" in str(row), row[6] > 0) for row in rows()] == [(False, True), (False, True)]


def test_an_export_names_everybody_in_it(officer: Client, rows: Callable):
    with closing(officer.get("/list/members/export.csv?unit=dien-bien")) as file:
        lines = b"".join(file.streaming_content).decode().splitlines()
    ((kind_, _, what, about, details, _, _),) = rows()
    assert (kind_, what, details["form"]) == ("export", "export", "csv")
    assert len(about) > 500
    assert len(about) <= len(lines)


def test_a_report_is_recorded_with_its_unit_and_its_workbook_with_everybody_in_its_records(officer, rows: Callable):
    unit = Unit.objects.get(code="dien-bien").pk
    officer.get("/report/term/dien-bien?on=2024-05-01")
    officer.get("/file/xlsx/vi/term/dien-bien?on=2024-05-01")
    report, book = rows()
    assert (report[0], report[3], report[5]) == ("report", [], unit)
    assert (book[0], book[5], book[4]["form"]) == ("export", unit, "xlsx")
    assert len(book[3]) > 500


def test_a_page_that_is_refused_leaves_no_row(officer: Client, rows: Callable):
    assert officer.get("/person/nobody").status_code == 404
    assert officer.get("/list/members?sort=colour").status_code == 400
    assert rows() == []


def test_a_page_that_names_people_without_saying_so_is_not_shown(officer: Client, settings, rows: Callable):
    person = Person.objects.order_by("pk").values_list("pk", flat=True).first()

    def leak(request):
        Names(request.asof, [(Person, person)])

    class Addresses:
        handler400, handler403, handler404, handler500 = bad_request, forbidden, not_found, broken

    Addresses.urlpatterns = [*urlpatterns, path("leak", leak)]
    settings.ROOT_URLCONF = Addresses
    with pytest.raises(RuntimeError, match="not audited"):
        officer.get("/leak")
    assert rows() == []


def test_no_page_is_shown_when_its_row_cannot_be_written(officer: Client, monkeypatch: pytest.MonkeyPatch):
    def fails(*args: object, **said: object) -> None:
        raise psycopg.errors.DiskFull("no space")

    monkeypatch.setattr(audited, "record", fails)
    code = Person.objects.order_by("pk").values_list("code", flat=True).first()
    with pytest.raises(psycopg.errors.DiskFull):
        officer.get(f"/person/{code}")


def test_after_all_this_the_log_holds(officer: Client):
    officer.get("/list/members")
    audit.seal()
    found = audit.verify([audit.anchor()])
    assert (found.waiting, found.faults) == (0, [])
    assert found.rows > 1000
