"""The first page opens on today and leads on; search finds by name without marks, code, number or symbol."""

import re
from html import unescape

import pytest
from django.test import Client

from canbo.registry.documents.models import Registration
from canbo.registry.people.models import Particulars

pytestmark = pytest.mark.database

BUDGET = 15


def text_of(page) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.content.decode())))


def test_today_has_45_communes_and_no_districts(visitor: Client):
    page = visitor.get("/")
    card = re.search(r"<li class=\"card\">.*?dien-bien.*?</li>", page.content.decode(), re.DOTALL)[0]
    assert re.search(r'Commune</dt><dd><a href="/list/places\?unit=dien-bien&amp;kind=commune">45<', card)
    assert "district</dt>" not in card.lower()
    assert "term 2025-2030" in text_of(page)


def test_a_day_of_the_past_shows_the_units_of_that_day(visitor: Client):
    page = visitor.get("/?on=2024-05-01")
    card = re.search(r"<li class=\"card\">.*?dien-bien.*?</li>", page.content.decode(), re.DOTALL)[0]
    assert re.search(r"kind=district&amp;on=2024-05-01\">10<", card)
    assert "term 2020-2025" in text_of(page)


def test_a_number_on_the_first_page_is_the_length_of_the_list_it_leads_to(visitor: Client):
    found = re.findall(r'<dd><a href="(/list/[^"]*dien-bien[^"]*)">([\d,]+)<', visitor.get("/").content.decode())
    assert len(found) > 8
    for address, number in found:
        assert f"{number} row" in visitor.get(unescape(address)).content.decode()


def test_published_days_are_links_to_the_report_of_that_day(visitor: Client):
    text = visitor.get("/").content.decode()
    assert 'href="/report/term/dien-bien?on=2024-05-01"' in text
    assert 'href="/report/term/dien-bien"' in text
    before = visitor.get("/?on=2024-04-30").content.decode()
    assert "on=2024-05-01" not in before


@pytest.mark.parametrize("typed", ["name", "folded", "code"])
def test_a_person_is_found(visitor: Client, asks, typed: str):
    person = Particulars.objects.filter(recorded__upper_inf=True, unit__code__startswith="dien-bien").order_by("pk")[7]
    said = {"name": person.name, "folded": person.name_fold, "code": person.person.code}[typed]
    page = visitor.get("/search", {"q": said})
    assert f'href="/person/{person.person.code}"' in page.content.decode()
    assert asks(visitor, f"/search?q={said}") <= BUDGET
    assert len(page.content) <= 100_000


def test_what_is_called_exactly_so_stands_first(visitor: Client):
    text = visitor.get("/search?q=dien+bien").content.decode()
    places = re.search(r"<h2>Administrative units and villages</h2>.*?</section>", text, re.DOTALL)[0]
    names = re.findall(r'<td><a href="/unit/[^"]*">([^<]*)<', places)
    assert "Điện Biên" in names[0]


def test_documents_are_found_by_symbol_and_posts_by_title(visitor: Client):
    paper = Registration.objects.filter(recorded__upper_inf=True).exclude(symbol="").order_by("pk")[3]
    assert paper.symbol in text_of(visitor.get("/search", {"q": paper.symbol.lower()}))
    assert "/post/" in visitor.get("/search?q=party+secretary").content.decode()


def test_more_than_twenty_lead_to_the_whole_list(visitor: Client):
    text = visitor.get("/search?q=nguyen").content.decode()
    assert text.count('href="/person/') == 20
    assert 'href="/list/persons?q=nguyen"' in text


def test_nothing_found_and_nothing_asked_say_what_to_type(visitor: Client):
    assert "Nothing is called so" in text_of(visitor.get("/search?q=zzzz"))
    assert "by name without marks" in text_of(visitor.get("/search"))
    assert visitor.get("/search", {"q": "%_'\"<script>" * 20}).status_code == 200
