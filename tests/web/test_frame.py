"""What every page has: dates that every link keeps, a language, a strict policy, and words where it says no."""

import contextlib
import re
import stat

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import path

from canbo.config.secret import secret_key
from canbo.config.urls import urlpatterns
from canbo.kernel.refusal import Refused
from canbo.registry.facts import Decision
from canbo.web import asof
from canbo.web.errors import bad_request, broken, forbidden, not_found

pytestmark = pytest.mark.database

DEFAULTS = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "form-action 'self'",
    "connect-src 'self'", "base-uri 'none'", "frame-ancestors 'none'",
}  # fmt: skip


def test_a_page_may_load_only_what_this_server_sends(visitor: Client):
    page = visitor.get("/")
    assert page.status_code == 200
    assert set(page["Content-Security-Policy"].split("; ")) == DEFAULTS
    assert page["X-Content-Type-Options"] == "nosniff"
    assert page["Referrer-Policy"] == "same-origin"
    text = page.content.decode()
    assert " style=" not in text
    assert not re.search(r"<script(?![^>]* src=)|<style| on\w+=", text)
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', text)


def test_a_page_and_what_it_loads_travel_compressed(visitor: Client):
    for address in ("/", "/static/canbo.css"):
        with contextlib.closing(visitor.get(address, headers={"accept-encoding": "gzip"})) as answer:
            assert answer["Content-Encoding"] == "gzip"


def test_stylesheet_and_script_come_from_the_installed_packages(visitor: Client):
    found = re.findall(r'(?:src|href)="(/static/[^"]+)"', visitor.get("/").content.decode())
    assert len(found) == 3
    for address in found:
        with contextlib.closing(visitor.get(address)) as file:
            assert file.status_code == 200
            assert list(file.streaming_content)


def test_a_page_without_dates_is_of_today_and_says_no_more(visitor: Client):
    text = visitor.get("/").content.decode()
    assert "This page is as of" not in text
    assert "known=" not in text


def test_a_page_of_the_past_says_so_and_its_links_stay_there(visitor: Client):
    page = visitor.get("/", {"on": "2024-05-01", "known": "2024-04-02T09:30"})
    text = page.content.decode()
    assert "This page is as of 1 May 2024, as known at 2 April 2024 09:30." in text
    assert 'href="/?on=2024-05-01&amp;known=2024-04-02T09%3A30"' in text
    assert 'href="?"' in text


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"on": "2024-02-30"}, "write YYYY-MM-DD"),
        ({"on": "yesterday"}, "write YYYY-MM-DD"),
        ({"known": "noon"}, "write 2024-03-01 or 2024-03-01T09:30"),
        ({"known": "1900-01-01"}, "nothing was recorded yet"),
        ({"lang": "fr"}, "the profile speaks vi, en, de"),
    ],
)
def test_a_date_or_language_that_is_none_is_answered_with_what_to_write(visitor: Client, said: dict, words: str):
    page = visitor.get("/", said)
    assert page.status_code == 400
    assert words in page.content.decode()


def test_dates_are_read_once_for_the_whole_page(visitor: Client):
    request = visitor.get("/", {"on": "2024-05-01"}).wsgi_request
    assert request.asof.on.isoformat() == "2024-05-01"
    assert request.asof.known == Decision.objects.order_by("-applied_at").first().applied_at
    assert asof.link(request.asof, "home", unit="x") == "/?unit=x&on=2024-05-01"
    assert asof.link(request.asof, "nothing-begun") == ""


def test_the_language_is_the_profiles_first_until_another_one_is_chosen(officer: Client):
    assert '<html lang="vi">' in officer.get("/").content.decode()
    assert '<html lang="de">' in officer.get("/", {"lang": "de"}).content.decode()
    assert '<html lang="de">' in officer.get("/").content.decode()


def test_a_name_of_another_machine_is_not_answered(visitor: Client):
    page = visitor.get("/", headers={"host": "canbo.example"})
    assert page.status_code == 400
    assert "canbo.example" not in page.content.decode()


def test_an_address_without_a_page_says_so(visitor: Client):
    page = visitor.get("/no/such/page")
    assert page.status_code == 404
    assert "There is no such page" in page.content.decode()


@pytest.fixture
def faulty(settings) -> None:
    """A server with pages that refuse, break, and try to write."""

    def refuse(request):
        raise Refused("seats_taken", "All seats are taken.", article="Article 4")

    def fail(request):
        raise ValueError("secret detail")

    def write(request):
        Decision.objects.create(code="x", symbol="x", signed_on="2024-01-01")

    class Addresses:
        handler400, handler403, handler404, handler500 = bad_request, forbidden, not_found, broken

    Addresses.urlpatterns = [*urlpatterns, *(path(f.__name__, f) for f in (refuse, fail, write))]
    settings.ROOT_URLCONF = Addresses


def test_a_refusal_is_a_page_with_its_words_and_article(visitor: Client, faulty: None):
    page = visitor.get("/refuse")
    assert page.status_code == 409
    assert "All seats are taken. (Article 4)" in page.content.decode()


def test_what_went_wrong_does_not_show(visitor: Client, faulty: None):
    visitor.raise_request_exception = False
    page = visitor.get("/fail")
    assert page.status_code == 500
    assert "secret detail" not in page.content.decode()
    assert "Something went wrong" in page.content.decode()


def test_reading_a_page_cannot_write(visitor: Client, faulty: None):
    with pytest.raises(DatabaseError, match="read-only"):
        visitor.get("/write")


def test_the_key_is_made_once_and_for_its_owner_only(tmp_path):
    key = secret_key(tmp_path / "data")
    assert len(key) >= 50
    assert secret_key(tmp_path / "data") == key
    file = tmp_path / "data/secret-key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.chmod(0o644)
    with pytest.raises(Refused, match="chmod 600"):
        secret_key(tmp_path / "data")
