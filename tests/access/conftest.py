"""What tests of sign-in and reading may ask for: people of a small sample, with accounts, and browsers."""

import re
import time
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import psycopg
import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.db import connections
from django.http import HttpResponse
from django.test import Client

from canbo.access.invitations import enter, invite
from canbo.access.models import Account
from canbo.kernel.database import Database
from canbo.registry.facts import Person
from canbo.registry.mandates.models import Mandate
from canbo.registry.service.models import Incumbency
from tests import clones
from tests.access.world import World, making
from tests.signing_in import signed_in

PASSWORD = "rice-field lantern seven"
OTHER = "another quiet river stone"


@pytest.fixture(scope="module")
def register(association: Database) -> Database:
    """The second profile's sample: the tests of a module share a copy, whose first words are English."""
    return association


@pytest.fixture
def people(register: Database) -> Iterator[Callable[[str], Account]]:
    """`people("mai")`: somebody of the sample with this login, who has chosen `PASSWORD`; forgotten afterwards."""
    made: list[Account] = []
    cache.clear()

    def somebody(login: str) -> Account:
        taken = Account.objects.values_list("person", flat=True)
        person = Person.objects.exclude(pk__in=list(taken)).order_by("pk").first()
        _, code = invite(person.code, login, by="the test")
        made.append(enter(code, PASSWORD))
        return made[-1]

    yield somebody
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "TRUNCATE access_account, access_key, access_invitation, access_memory, django_session, mfa_authenticator,"
            " usersessions_usersession, axes_accessattempt, axes_accessattemptexpiration, socialaccount_socialaccount"
            " CASCADE"
        )
    clones.admit()


@pytest.fixture
def mai(people: Callable[[str], Account]) -> Account:
    """Somebody with an account."""
    return people("mai")


@pytest.fixture
def browser_of() -> Callable[..., Client]:
    """A browser that checks what a browser checks: forms come back with what the page gave them."""

    def make(**options: Any) -> Client:
        return Client(enforce_csrf_checks=True, **options)

    return make


@pytest.fixture
def raw(small_sample: Database) -> Iterator[psycopg.Connection[Any]]:
    """A connection of the application's role, of nobody."""
    with small_sample.connect("app", autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def world(small_sample: Database) -> Iterator[World]:
    """The sample with two hundred people more, for a module."""
    yield from making()


@pytest.fixture
def reader(small_sample: Database) -> Callable[[str], Client]:
    """`reader(code)`: the pages in English, read by that person."""

    def signed(person: str) -> Client:
        client = signed_in(Client(), person)
        client.cookies["django_language"] = "en"
        return client

    return signed


@pytest.fixture
def organiser(small_sample: Database) -> str:
    """Who keeps the files of a province."""
    held = Mandate.objects.filter(unit__code="dien-bien.party", role="organiser", valid__upper_inf=True)
    return held.order_by("fact").values_list("person__code", flat=True)[0]


@pytest.fixture
def villager(small_sample: Database) -> str:
    """Who holds a post of that province that gives no role."""
    held = Incumbency.objects.filter(post__code__endswith=".board.head", unit__code__startswith="dien-bien")
    return held.order_by("fact").values_list("person__code", flat=True)[0]


def send(browser: Client, address: str, /, to: str = "", **fields: str) -> HttpResponse:
    """Open a page, fill in a form of it and send it, as a person does."""
    page = browser.get(address)
    assert page.status_code == 200, f"{address} answers {page.status_code}"
    return fill(browser, page.content.decode(), to or address, **fields)


def fill(browser: Client, page: str, to: str, **fields: str) -> HttpResponse:
    """Fill in a form of a page that is open."""
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    return browser.post(to, {"csrfmiddlewaretoken": token, **fields})


def sign_in(browser: Client, login: str = "mai", password: str = PASSWORD, back: str = "") -> HttpResponse:
    """Type login and password."""
    more = {"next": back} if back else {}
    return send(browser, "/account/sign-in", login=login, password=password, **more)


def inside(browser: Client) -> bool:
    """Does the first page open, instead of asking to sign in?"""
    answer = browser.get("/")
    assert answer.status_code in (200, 302)
    return answer.status_code == 200


def said(answer: HttpResponse) -> str:
    """What the page says."""
    return unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))


def code_of(secret: str, steps: int = 0) -> str:
    """What the app on the phone shows now, or some half minutes from now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))
