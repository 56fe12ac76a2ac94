"""The second profile has pages of its own: its lists, its languages, and no word of the first profile."""

import re
from html import unescape

import pytest
from django.test import Client

from canbo.kernel.screen import SCREENS
from tests.declared.test_profiles import foreign

pytestmark = pytest.mark.database

LISTS = {
    "persons", "members", "organisations", "posts", "incumbencies", "documents", "decisions", "dues",
    "mandates", "delegations", "decentralisations",
}  # fmt: skip


def offered(member: Client) -> list[str]:
    return re.findall(r'<li><a href="/list/([\w-]+)">', member.get("/").content.decode())


def test_only_lists_that_it_has_a_word_for_are_offered_and_answered(member: Client):
    assert set(offered(member)) == LISTS
    for name in SCREENS:
        assert member.get(f"/list/{name}").status_code == (200 if name in LISTS else 404)


@pytest.mark.parametrize("language", ["en", "de"])
def test_no_page_holds_a_word_of_the_first_profile(member: Client, language: str):
    member.get("/", {"lang": language})
    pages = ["/", "/search?q=a", "/search", "/nothing", *(f"/list/{name}" for name in LISTS)]
    for address in pages:
        text = unescape(re.sub(r"<[^>]*>", " ", member.get(address).content.decode()))
        assert foreign(text) == [], address


def test_it_speaks_its_own_languages_only(member: Client):
    assert '<html lang="en">' in member.get("/").content.decode()
    assert '<html lang="de">' in member.get("/?lang=de").content.decode()
    assert member.get("/?lang=vi").status_code == 400


def test_the_first_page_shows_the_whole_association(member: Client):
    text = member.get("/").content.decode()
    assert 'href="/unit/wayside"' in text
    assert "/list/members?unit=wayside" in text
