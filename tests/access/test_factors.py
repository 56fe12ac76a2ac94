"""Second factors: the app on the phone, recovery codes, and that each code opens once."""

import re
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db import connections
from django.test import Client

from canbo.access.accounts import forget_factors
from canbo.access.invitations import invite
from canbo.access.models import Account
from canbo.registry.facts import Person
from tests.access.conftest import OTHER, PASSWORD, code_of, fill, inside, said, send, sign_in

pytestmark = pytest.mark.database

Browsers = Callable[..., Client]
CODE = "/account/factors/code"


def set_up(browser: Client) -> tuple[str, list[str]]:
    """Set up the app as a person does; its secret and the recovery codes."""
    address = "/account/factors/app"
    asked = browser.get(address)
    assert asked["Location"].startswith("/account/again"), "the password is asked once more before"
    assert send(browser, asked["Location"], password=PASSWORD).status_code == 302
    page = browser.get(address).content.decode()
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", page)[1]
    assert page.count("<svg") == 1
    assert "<path" in page
    assert "style=" not in page
    codes = fill(browser, page, address, code=code_of(secret))
    assert codes.status_code == 302, said(codes)
    shown = re.findall(r"<code>([\d ]+)</code>", browser.get(codes["Location"]).content.decode())
    assert len(shown) == 10
    cache.clear()
    return secret, shown


@pytest.fixture
def protected(mai: Account, browser_of: Browsers) -> tuple[str, list[str]]:
    """Mai's secret and recovery codes."""
    browser = browser_of()
    sign_in(browser)
    return set_up(browser)


def test_with_the_app_a_password_alone_opens_nothing(protected: tuple, browser_of: Browsers):
    browser = browser_of()
    answer = sign_in(browser)
    assert answer["Location"] == CODE
    assert not inside(browser)
    assert send(browser, CODE, code=code_of(protected[0])).status_code == 302
    assert inside(browser)


@pytest.mark.parametrize("code", ["000000", "", "12345678", "no digits"])
def test_a_wrong_code_is_refused(protected: tuple, browser_of: Browsers, code: str):
    browser = browser_of()
    sign_in(browser)
    send(browser, CODE, code=code)
    assert not inside(browser)


@pytest.mark.parametrize("steps", [-2, 2])
def test_a_code_of_another_time_is_refused(protected: tuple, browser_of: Browsers, steps: int):
    browser = browser_of()
    sign_in(browser)
    assert "This code is not right" in said(send(browser, CODE, code=code_of(protected[0], steps)))
    assert not inside(browser)


def test_a_code_of_the_app_opens_once(protected: tuple, browser_of: Browsers):
    code = code_of(protected[0])
    for number in range(2):
        browser = browser_of()
        sign_in(browser)
        send(browser, CODE, code=code)
        assert inside(browser) == (number == 0)


def test_a_recovery_code_opens_once(protected: tuple, browser_of: Browsers):
    for number in range(2):
        browser = browser_of()
        sign_in(browser)
        send(browser, CODE, code=protected[1][0])
        assert inside(browser) == (number == 0)
    browser = browser_of()
    sign_in(browser)
    send(browser, CODE, code=protected[1][1])
    assert inside(browser)


def test_codes_cannot_be_guessed_one_after_another(protected: tuple, browser_of: Browsers):
    browser = browser_of()
    sign_in(browser)
    for number in range(20):
        send(browser, CODE, code=f"{number:06}")
    refused = send(browser, CODE, code=code_of(protected[0]))
    assert "Too many attempts failed" in said(refused)
    assert not inside(browser)


def test_a_copy_of_the_tables_gives_nobody_a_second_factor(protected: tuple):
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT data::text FROM canbo.mfa_authenticator")
        kept = "".join(text for (text,) in cursor.fetchall())
    assert "gAAAA" in kept
    for secret in (protected[0], *protected[1], *(code.replace(" ", "") for code in protected[1])):
        assert secret not in kept


def test_somebody_who_lost_the_phone_is_helped_by_whoever_looks_after_accounts(protected: tuple, browser_of: Browsers):
    forget_factors("mai", by="the test")
    assert not Authenticator.objects.exists()
    browser = browser_of()
    sign_in(browser)
    assert inside(browser)


def test_an_invitation_gives_a_new_password_and_not_a_way_around_the_second_factor(
    mai: Account, protected: tuple, browser_of: Browsers
):
    _, code = invite(Person.objects.get(pk=mai.person_id).code, by="the test")
    browser = browser_of()
    answer = send(browser, "/enter", code=code, password=OTHER, again=OTHER)
    assert answer["Location"] == CODE
    assert not inside(browser)
    send(browser, CODE, code=code_of(protected[0]))
    assert inside(browser)


def test_taking_the_app_away_asks_who_it_is_once_more(protected: tuple, browser_of: Browsers):
    browser = browser_of()
    sign_in(browser)
    send(browser, CODE, code=code_of(protected[0]))
    for address in ("/account/factors/app/remove", "/account/factors/recovery", "/account/factors/recovery/new"):
        assert browser.get(address)["Location"].startswith("/account/again")
    cache.clear()
    send(browser, "/account/again", password=PASSWORD)
    assert send(browser, "/account/factors/app/remove").status_code == 302
    other = browser_of()
    sign_in(other)
    assert inside(other)


def test_passkeys_are_not_offered_where_the_server_has_no_name(mai: Account, browser_of: Browsers):
    browser = browser_of()
    assert "passkey" not in said(browser.get("/account/sign-in")).lower()
    sign_in(browser)
    assert browser.get("/account/passkeys").status_code == 404
