"""The pages of one thing: what they say, how many questions they need, and where they lead."""

import datetime as dt
import re
from html import unescape
from urllib.parse import quote

import pytest
from django.db.models import Count
from django.test import Client
from django.utils import timezone

from canbo.kernel.act import ACTIONS
from canbo.registry.documents.models import Link
from canbo.registry.facts import Act, Decision, content
from canbo.registry.membership.models import Membership
from canbo.registry.organisations.models import Organisation
from canbo.registry.papers import why
from canbo.registry.places.models import Place
from canbo.registry.service.models import Incumbency
from canbo.registry.tree import Placement
from canbo.registry.versions import kinds
from canbo.reports import said
from canbo.reports.said import NEVER_SHOWN, day
from canbo.rules.governing import citing
from canbo.web.objects import words

pytestmark = pytest.mark.database

DAY = dt.date(2024, 5, 1)
MOST = 100 * 1024


def text(client: Client, address: str, status: int = 200) -> str:
    """A page as people read it."""
    answer = client.get(address)
    assert answer.status_code == status, address
    assert len(answer.content) <= MOST, address
    return answer.content.decode()


def plain(page: str) -> str:
    """The words of a page without its marks."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def cell(day: dt.date) -> str:
    """A day in a table."""
    return f">{day.day} {day:%B %Y}</td>"


def holder() -> Incumbency:
    """Somebody who holds a post of a district on the day."""
    rows = Incumbency.objects.filter(recorded__upper_inf=True, valid__contains=DAY, post__code__endswith="secretary")
    return rows.select_related("person", "post", "unit").order_by("post__code").first()


def pages() -> dict[str, tuple[str, int]]:
    """A page of every kind, the largest of its kind where size could matter, and how many questions it may ask."""
    held = holder()
    acts = Decision.objects.annotate(n=Count("acts")).order_by("-n").first()
    crowded = Placement.objects.filter(recorded__upper_inf=True).values("parent__code").annotate(n=Count("pk"))
    named = Link.objects.select_related("target").order_by("fact").first().target
    return {
        "province": ("/unit/dien-bien", 24),
        "many children": (f"/unit/{crowded.order_by('-n').first()['parent__code']}", 24),
        "person": (f"/person/{held.person.code}", 14),
        "post": (f"/post/{held.post.code}", 14),
        "document": (f"/document/{named.code}", 16),
        "decision": (f"/decision/{quote(acts.code)}", 16),
        "record": (f"/record/incumbency/{held.fact}", 14),
        "why of a record": (f"/why/incumbency/{held.fact}", 14),
        "why of a person": (f"/why/person/{held.person.code}", 14),
        "why of a unit": ("/why/unit/dien-bien", 14),
    }


def test_every_page_is_small_and_asks_few_questions(visitor: Client, asks):
    for name, (address, most) in pages().items():
        for dated in (address, f"{address}?on=2024-05-01"):
            text(visitor, dated)
            assert asks(visitor, dated) <= most, name


def test_a_crowded_page_asks_no_more_than_a_lonely_one(visitor: Client, asks):
    parents = Placement.objects.filter(recorded__upper_inf=True, valid__contains=DAY).values_list("parent__code")
    many = [code for code, _ in parents.annotate(n=Count("pk")).order_by("-n", "parent__code")[:3]]
    few = [code for code, _ in parents.annotate(n=Count("pk")).order_by("n", "parent__code")[:3]]
    cost = {code: asks(visitor, f"/unit/{code}?on=2024-05-01") for code in (*many, *few)}
    assert max(cost[code] for code in many) - max(cost[code] for code in few) <= 6


def test_what_nobody_knows_is_said_in_words(visitor: Client):
    for address in ("/unit/nobody", "/person/nobody", "/post/nobody", "/document/nobody", "/decision/nobody",
                    "/record/incumbency/77", "/record/nothing/1", "/why/nothing/1", "/why/person/nobody"):  # fmt: skip
        said = text(visitor, address, 404)
        assert "This cannot be shown" in said
    assert "nothing was known at that time" in text(visitor, "/unit/dien-bien.2025.bung-lao?known=2021-06-01", 404)
    assert visitor.get("/unit/dien-bien?page=x").status_code == 400


def test_a_unit_that_ended_says_what_came_of_it_and_leads_to_its_last_day(visitor: Client):
    ended = text(visitor, "/unit/dien-bien.muong-ang.bung-lao?on=2025-08-01")
    assert "It ended on 1 July 2025" in ended
    assert "/unit/dien-bien.2025.bung-lao?on=2025-08-01" in ended
    assert "/unit/dien-bien.muong-ang.bung-lao?on=2025-06-30" in ended
    before = text(visitor, "/unit/dien-bien.muong-ang.bung-lao?on=2025-06-30")
    assert "It ended" not in before
    assert "2025.bung-lao" not in before


def test_a_new_commune_says_what_it_was_made_of(visitor: Client):
    page = plain(text(visitor, "/unit/dien-bien.2025.bung-lao?on=2025-07-01"))
    made_of = page[page.index("Made of") : page.index("Directly beneath")]
    assert all(name in made_of for name in ("Xã Ẳng Tở", "Xã Búng Lao", "Xã Chiềng Đông", "1661/NQ-UBTVQH15"))
    early = plain(text(visitor, "/unit/dien-bien.2025.bung-lao?on=2024-05-01"))
    assert "On 1 May 2024 it is not there yet: it begins on 1 July 2025." in early


def test_a_district_names_its_bodies_and_who_heads_them_that_day(visitor: Client):
    held = holder()
    place = held.post.code.split(".party")[0]
    page = text(visitor, f"/unit/{place}?on=2024-05-01")
    name = held.person.particulars.get(recorded__upper_inf=True).name
    assert f'href="/person/{held.person.code}?on=2024-05-01">{name}</a>' in page
    assert f'href="/unit/{held.unit.code}?on=2024-05-01"' in page
    assert held.person.code not in text(visitor, f"/unit/{place}?on=2020-06-01")


def test_a_post_says_who_held_it_and_since_when_the_register_knew(visitor: Client):
    closed = Incumbency.objects.filter(recorded__upper_inf=True, valid__upper_inf=False).select_related(
        "post", "person"
    )
    past = closed.order_by("fact").first()
    last = past.valid.upper - dt.timedelta(days=1)
    after = text(visitor, f"/post/{past.post.code}?on={past.valid.upper}")
    assert cell(last) not in text(visitor, f"/post/{past.post.code}?on={last}")
    assert cell(last) in after
    known = timezone.localtime(past.recorded.lower)
    assert f"{known.day} {known:%B %Y %H:%M}" in after


def test_a_person_who_left_a_post_still_holds_it_on_a_page_of_the_time_before(visitor: Client):
    past = Incumbency.objects.filter(recorded__upper_inf=True, valid__upper_inf=False).order_by("fact").first()
    last = past.valid.upper - dt.timedelta(days=1)
    assert cell(last) not in text(visitor, f"/person/{past.person.code}?on={last}")
    assert cell(last) in text(visitor, f"/person/{past.person.code}?on={past.valid.upper}")


def test_a_document_lists_what_implements_it(visitor: Client):
    link = Link.objects.filter(relation="implements").select_related("document", "target").order_by("fact").first()
    directive = text(visitor, f"/document/{link.target.code}")
    assert "What other documents say of it" in directive
    assert f'href="/document/{link.document.code}"' in directive
    assert f'href="/document/{link.target.code}"' in text(visitor, f"/document/{link.document.code}")


def test_a_record_leads_to_its_decision_and_the_decision_back_to_it(visitor: Client):
    held = holder()
    record = text(visitor, f"/record/incumbency/{held.fact}?on=2024-05-01")
    decision = next(found for found in re.findall(r'href="(/decision/[^"]+)"', record))
    assert "on=2024-05-01" in decision
    acts = text(visitor, unescape(decision))
    assert Act.objects.get(pk=held.opened_by_id).decision.symbol in plain(acts)


def admitted(since: str, until: str) -> Membership:
    """Somebody who was admitted in that time."""
    rows = Membership.objects.filter(entry="admission", valid__startswith__gte=since, valid__startswith__lt=until)
    return rows.order_by("fact").first()


def test_a_record_leads_from_the_act_to_the_article_and_on_to_its_document(visitor: Client):
    some = admitted("2022-01-01", "2023-01-01")
    for page in ("why", "record"):
        shown = text(visitor, f"/{page}/membership/{some.fact}?on=2024-05-01")
        assert 'href="/document/tw.24-qd-tw.2021?on=2024-05-01">24-QĐ/TW</a>, item 1.1' in shown
        assert "Điều lệ Đảng, Article 4" in plain(shown)
        assert "well known, not read in print" in plain(shown)
    later = admitted("2025-01-21", "2025-07-01")
    assert "232-QĐ/TW</a>, item 4.3" in text(visitor, f"/why/membership/{later.fact}")
    assert "item 1.1" not in text(visitor, f"/why/membership/{later.fact}")


def test_an_article_is_that_of_the_day_and_of_whom_it_is_about(visitor: Client):
    appointed = Incumbency.objects.filter(recorded__upper_inf=True, post__code__endswith="party.secretary")
    late = appointed.filter(valid__startswith__gt="2022-08-18", valid__startswith__lt="2025-07-01").order_by("fact")
    assert "80-QĐ/TW</a>, management and appointment" in text(visitor, f"/why/incumbency/{late.first().fact}")
    early = appointed.filter(valid__startswith__gt="2021-01-02", valid__startswith__lt="2022-08-18").order_by("fact")
    village = Incumbency.objects.filter(recorded__upper_inf=True, valid__startswith__gt="2022-08-18")
    village = village.filter(post__code__endswith="board.head").order_by("fact")
    opening = appointed.filter(valid__startswith="2021-01-01", valid__upper_inf=False).order_by("fact")
    for other in (early, village, opening):
        page = text(visitor, f"/why/incumbency/{other.first().fact}")
        assert "80-QĐ/TW" not in page
        assert "none is stated" in page


def test_why_on_the_command_line_gives_the_articles_too(visitor: Client):
    some = admitted("2022-01-01", "2023-01-01")
    (first, *_) = why("membership", str(some.fact), citing=citing)
    charter, guidance = first["acts"]["opened_by"]["articles"]
    assert (charter["document"], charter["confidence"], charter["registered"]) == ("Điều lệ Đảng", "known", None)
    assert (guidance["article"][:8], guidance["registered"]) == ("mục 1.1,", "tw.24-qd-tw.2021")


def test_a_name_that_looks_like_a_tag_is_text(visitor: Client):
    for model in (Place, Organisation):
        assert not model.objects.filter(name__contains="<").exists()
    answer = text(visitor, f"/unit/{quote('<script>alert(1)</script>')}", 404)
    assert "<script>alert" not in answer


def test_every_kind_field_and_act_has_a_word_for_the_page():
    assert set(said.KINDS) == set(kinds())
    fields = {field.name for model in kinds().values() for field in content(model)}
    assert set(said.FIELDS) == fields - set(NEVER_SHOWN)
    acts = {name for name in ACTIONS if not name.endswith(".correct")}
    assert set(words.ACTS) == acts | {"decision.annul"}


def test_a_partial_date_is_printed_as_it_was_written():
    first = dt.date(2021, 3, 1)
    assert [day(first, precision) for precision in "dmy"][1:] == [day(first, "m"), "2021"]
    assert "2021" in day(first, "m")
    assert day(None) == ""
