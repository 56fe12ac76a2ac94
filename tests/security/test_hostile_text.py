"""Text that tries to be more than text is text: on every page, in every file, in a browser, and in the register."""

import csv
import datetime as dt
import io
import json
import os
import random
import re
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import closing
from html import unescape
from urllib.parse import quote, urljoin, urlsplit

import docx
import openpyxl
import pypdfium2
import pytest
from django.test import Client
from playwright.sync_api import Browser, Route

from canbo.access.authority import operator
from canbo.kernel.act import ACTIONS
from canbo.kernel.database import Database
from canbo.kernel.screen import SCREENS
from canbo.registry.documents.models import Document
from canbo.registry.facts import Act, Decision, content
from canbo.registry.ledger import Paper, apply
from canbo.registry.membership.models import Membership
from canbo.registry.requests.models import Request
from canbo.registry.store import fact_kinds
from canbo.reports.book import report
from canbo.reports.freeze import freeze
from canbo.web.generic.views import begun
from tests.browser.kinds import FILES, LINK, kind
from tests.browser.watch import Watch
from tests.security.addresses import addresses, asked
from tests.security.hostile import FORMULAS, HOSTILE, MARKUP, columns, faults, free, met, poison
from tests.signing_in import signed_in

pytestmark = [pytest.mark.database, pytest.mark.browser]

SEED, FULL = os.environ.get("CANBO_TEST_SEED", "0"), bool(os.environ.get("CANBO_TEST_FULL"))
UNIT, ON = "dien-bien.tuan-giao", "on=2024-05-01"
EACH = 4 if FULL else 1
ORIGIN = "http://localhost"
WISH = f"¤wish¤{MARKUP[0]}"
ELSEWHERE = {"Dues", "Claim", "Reply"}
"""Kinds of fact of which the sample has none, or that no act corrects."""


def english() -> Client:
    client = signed_in(Client())
    client.cookies["django_language"] = "en"
    return client


def test_the_register_keeps_every_text_of_every_act_as_it_was_said(small_sample: Database):
    """Each kind of fact by its correction, whose terms are all of its content: other acts write the same columns."""
    taken = set()
    for number, kind_ in enumerate(fact_kinds()):
        row = kind_.objects.filter(recorded__upper_inf=True).order_by("fact").first()
        for column in filter(free, content(kind_)) if row else ():
            text = HOSTILE[number % len(HOSTILE)][: column.max_length]
            terms = {"on": "2024-05-01", "fact": row.fact, column.name: text, "reason": MARKUP[0]}
            paper = Paper(symbol=f"{column} {FORMULAS[0]}", signed_on="2024-05-01")
            done = apply(by=operator(), decided_by=paper, acts=[(f"{kind_._meta.model_name}.correct", terms)])
            now = kind_.objects.get(fact=row.fact, recorded__upper_inf=True)
            assert getattr(now, column.name) == text
            assert Act.objects.get(decision=done.decision).reason == MARKUP[0]
            assert Decision.objects.get(pk=done.decision).symbol == paper.symbol
            taken.add(column)
    assert {column.model.__name__ for column in set(columns()) - taken if hasattr(column.model, "fact")} <= ELSEWHERE
    assert len(taken) >= 10


def test_every_text_that_an_act_takes_is_a_column_of_these_or_a_code_of_the_profile(small_sample: Database):
    names = {column.name for kind_ in fact_kinds() for column in content(kind_)}
    others = {"code", "reason", "decides"}
    for name, action in ACTIONS.items():
        for term, field in action.terms.model_fields.items():
            if field.annotation in (str, str | None) and term not in action.references:
                assert term in names | others | {"under", "serves", "into"}, f"{name}: {term}"


@pytest.fixture(scope="module")
def hostile(small_sample: Database, django_db_blocker) -> Database:
    """The sample, in which every text of a district, and of a report of it that was signed off, is hostile."""
    with django_db_blocker.unblock():
        poison(small_sample, UNIT)
        person = Membership.objects.filter(unit__code__startswith=UNIT).values_list("person", flat=True)[0]
        Request.objects.using("owner").create(person_id=person, words=WISH)
        made = report("year", UNIT, dt.date(2023, 12, 31))
        freeze(made, by=operator(), explained=dict.fromkeys(made.gaps(), MARKUP[0]))
    return small_sample


@pytest.fixture(scope="module")
def pages(hostile: Database, django_db_blocker) -> dict[str, str]:
    """Each page by its address: lists of the district, and from there some of each kind by following links."""
    with django_db_blocker.unblock():
        client = english()
        lists = [f"/list/{name}?unit={UNIT}&{ON}" for name in sorted(SCREENS) if begun(name)]
        others = ["/frozen", "/me", "/account/sessions", f"/report/year/{UNIT}?on=2023-12-31", "/search?q=x77"]
        waiting = deque([f"/unit/{UNIT}?{ON}", *lists, *others, *touched()])
        found, many = {}, Counter()
        while waiting:
            address = waiting.popleft()
            if address in found or (address not in lists and many[kind(address)] >= EACH):
                continue
            many[kind(address)] += 1
            answer = asked(client, address, headers={"user-agent": MARKUP[0]})
            assert answer.status == 200, address
            found[address] = answer.text
            links = [unescape(link) for link in LINK.findall(answer.text)]
            links = [urljoin(address, link) for link in links if "/../" not in link]  # which a browser shortens
            marked = [link for link in links if link.startswith("/") and "%C2%A4" in link and _page(link)]
            waiting.extend(random.Random(f"{SEED} {address}").sample(marked, min(len(marked), 8)))
        return found


def touched() -> Iterator[str]:
    """The page of a record of each kind, of a document, and of a decision."""
    for model in fact_kinds():
        for fact in model.objects.order_by("pk").values_list("fact", flat=True)[:1]:
            yield f"/record/{model._meta.model_name}/{fact}"
    yield f"/requests/{Request.objects.order_by('-pk').values_list('pk', flat=True)[0]}"
    for model, page in ((Document, "document"), (Decision, "decision")):
        found = model.objects.filter(code__contains="¤").exclude(code__contains="/../").order_by("pk")
        yield f"/{page}/{quote(found.values_list('code', flat=True)[0], safe='')}"


def _page(address: str) -> bool:
    return not kind(address).startswith((*FILES, "account", "usersessions"))


def test_on_no_page_is_a_text_more_than_text(pages: dict[str, str]):
    assert {address: said for address, page in pages.items() if (said := faults(page))} == {}
    kinds = {kind(address).partition("/")[0] for address in pages}
    assert kinds >= {"person", "unit", "post", "document", "decision", "record", "why", "list", "report", "frozen"}


def test_every_text_column_arrives_on_a_page_as_it_is(pages: dict[str, str]):
    """Or the pages would be harmless because they show nothing."""
    shown = [unescape(page) for page in pages.values()]
    there = {columns()[number] for page in shown for number in met(page)}
    assert {str(column) for column in set(columns()) - there if column.model.objects.exists()} == set()
    for text in (*HOSTILE, WISH):
        assert any(text.strip()[:18] in page for page in shown), text


def test_a_browser_shows_them_and_does_nothing_else(pages: dict[str, str], browser: Browser):
    """Its own parser and our policy: nothing runs, nothing is asked of another machine, nothing is reported."""
    client, dialogs = english(), []
    some = list(pages) if FULL else random.Random(f"{SEED} browser").sample(sorted(pages), 8)
    with closing(browser.new_context()) as context:
        watch = Watch(context, ORIGIN)

        def answer(route: Route) -> None:
            parts = urlsplit(route.request.url)
            with closing(client.get(f"{parts.path}?{parts.query}")) as said:
                body = b"".join(said.streaming_content) if said.streaming else said.content
                route.fulfill(status=said.status_code, headers=dict(said.headers), body=body)

        context.route(f"{ORIGIN}/**", answer)
        page = context.new_page()
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        for address in some:
            page.goto(ORIGIN + address)
            for link in page.locator("main a").all()[:3]:
                link.focus()
                link.hover()
        assert page.evaluate("document.readyState") == "complete"
    assert (watch.faults, dialogs) == ([], [])


def numbers(text: str) -> bool:
    return re.fullmatch(r"-?\d+", text) is not None


def runs(text: str) -> bool:
    """Might a spreadsheet run it?"""
    return text[:1] in set("=+-@\t\r\n＝＋－＠") - {""} or text.lstrip()[:1] in set("=+-@＝＋－＠")


def test_no_list_that_is_exported_holds_a_formula(hostile: Database):
    client, begin = english(), Counter()
    lists = [name for name in sorted(SCREENS) if begun(name)]
    some = lists if FULL else {"persons", "documents", *random.Random(f"{SEED} lists").sample(lists, 8)}
    for name in sorted(some):
        text = _file(client, f"/list/{name}/export.csv?unit={UNIT}&{ON}").decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        assert {len(row) for row in rows[:-1]} == {len(rows[0])}, name
        assert [cell for row in rows for cell in row if runs(cell) and not numbers(cell)] == [], name
        begin["csv"] += sum(cell.startswith("'") and runs(cell[1:]) for row in rows for cell in row)
        begin["xlsx"] += quoted(_file(client, f"/list/{name}/export.xlsx?unit={UNIT}&{ON}"))
    assert begin["csv"] == begin["xlsx"] > 5


def _file(client: Client, address: str) -> bytes:
    with closing(client.get(address)) as answer:
        assert answer.status_code == 200, address
        assert answer["Content-Disposition"].startswith("attachment")
        return b"".join(answer.streaming_content) if answer.streaming else answer.content


def quoted(workbook: bytes) -> int:
    """Every text in it is a text, and marked as quoted where it might be taken for more; answers how many are."""
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    mighty = [cell for cell in cells if cell.data_type == "s" and runs(str(cell.value))]
    assert [cell.value for cell in mighty if not cell.quotePrefix] == []
    return len(mighty)


def test_every_file_of_a_report_opens_and_holds_no_formula_and_no_markup(hostile: Database):
    client = english()
    files = {form: _file(client, f"/file/{form}/en/year/{UNIT}?on=2023-12-31")
             for form in ("xlsx", "docx", "pdf", "html", "json")}  # fmt: skip
    assert quoted(files["xlsx"]) > 20
    words = "\n".join(p.text for p in docx.Document(io.BytesIO(files["docx"])).paragraphs)
    with closing(pypdfium2.PdfDocument(files["pdf"])) as read:
        printed = "".join(page.get_textpage().get_text_range() for page in read)
    assert faults(files["html"].decode()) == []
    assert json.loads(files["json"])["unit"] == UNIT
    for text in (words, printed, unescape(files["html"].decode())):
        assert list(met(text)), "the name of the unit arrives"


def test_what_somebody_types_into_an_address_is_text_and_never_an_error(hostile: Database):
    """Every address, with every text in every hole and in what pages read beside it."""
    client = english()
    names = ("on", "known", "lang", "unit", "q", "sort", "page", "file", "figure", "book", "from", "known1", "part")
    texts = (*MARKUP, FORMULAS[0], "a\0b", "9" * 40, "-1", "\ufffe", "ẩ" * 3000)
    chance = random.Random(f"{SEED} typed")
    for address in addresses():
        some = texts if FULL else chance.sample(texts, 1)
        for said in some:
            there = {"unit": UNIT, "book": "year", "name": "members", "indicator": "members", "kind": "person"}
            for values in (dict.fromkeys(address.holes, said), {h: there.get(h, said) for h in address.holes}):
                answer = asked(client, address.filled(values, **{chance.choice(names): said}))
                assert answer.status < 500, answer.address
                if address.name != "template":  # a workbook, which has styles of its own
                    assert faults(answer.text) == [], answer.address
    for address in ("/unit/%ff%fe", "/search?q=%ff", "/list/members?unit=%ed%a0%80", "/person/%00", "/search?q=%00"):
        assert asked(client, address).status in (200, 400, 404), address
    for address, form in (("/proofread", {"text": "x", "unit": "a\0b"}), ("/me", {"words": "a\0b"})):
        assert asked(client, address, "post", data=form).status == 400, address
