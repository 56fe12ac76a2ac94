"""Signing in and out: what opens, what does not, and what nobody learns from the answer."""

import datetime as dt
import time
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from canbo.access import keys, sessions
from canbo.access.accounts import deactivate
from canbo.access.models import Account, Key
from tests.access.conftest import OTHER, PASSWORD, inside, said, send, sign_in

pytestmark = pytest.mark.database

Browsers = Callable[..., Client]
UNKNOWN = "Login and password do not fit together"


def test_login_and_password_open_the_pages(mai: Account, browser_of: Browsers):
    browser = browser_of()
    assert not inside(browser)
    answer = sign_in(browser)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert inside(browser)
    assert "mai" in said(browser.get("/"))


def test_a_login_may_be_typed_in_large_letters(mai: Account, browser_of: Browsers):
    browser = browser_of()
    sign_in(browser, " Mai ")
    assert inside(browser)


@pytest.mark.parametrize(("login", "password"), [("mai", OTHER), ("nobody", PASSWORD), ("mai", PASSWORD.upper())])
def test_a_wrong_login_and_a_wrong_password_get_the_same_answer(
    mai: Account, browser_of: Browsers, login: str, password: str
):
    browser = browser_of()
    answer = sign_in(browser, login, password)
    assert answer.status_code == 200
    assert UNKNOWN in said(answer)
    assert not inside(browser)


def test_an_account_that_ended_gets_the_answer_of_one_that_never_was(mai: Account, browser_of: Browsers):
    deactivate("mai", by="the test")
    browser = browser_of()
    answer = sign_in(browser)
    follow = browser.get(answer["Location"]) if answer.status_code == 302 else answer
    assert UNKNOWN in said(follow)
    assert not inside(browser)


def test_the_password_is_kept_as_argon2(mai: Account):
    assert mai.password.startswith("argon2$argon2id$")


@pytest.mark.parametrize("address", ["/", "/search?q=a", "/list/persons", "/no/such/page", "/account/", "/export"])
def test_whoever_is_not_signed_in_is_asked_to_and_comes_back(mai: Account, browser_of: Browsers, address: str):
    browser = browser_of()
    asked = browser.get(address)
    assert asked.status_code == 302
    assert asked["Location"].startswith("/account/sign-in")
    if address != "/":
        assert send(browser, asked["Location"], login="mai", password=PASSWORD, next=address)["Location"] == address


def test_only_sign_in_codes_style_and_health_open_without(register: object, browser_of: Browsers):
    browser = browser_of()
    for address in ("/account/sign-in", "/enter", "/static/canbo.css", "/health"):
        answer = browser.get(address)
        answer.close()
        assert answer.status_code == 200, address


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "http:evil.example"]
)
def test_nobody_is_sent_elsewhere_after_signing_in(mai: Account, browser_of: Browsers, back: str):
    assert sign_in(browser_of(), back=back)["Location"] == "/"
    assert sign_in(browser_of(), back="/list/persons")["Location"] == "/list/persons"


def test_after_five_failures_the_right_password_is_refused_and_others_still_sign_in(
    mai: Account, people: Callable[[str], Account], browser_of: Browsers
):
    people("lan")
    browser = browser_of()
    for _ in range(4):
        assert sign_in(browser, password=OTHER).status_code == 200
    assert sign_in(browser, password=OTHER).status_code == 429
    refused = sign_in(browser_of())
    assert refused.status_code == 429
    assert "Too many attempts failed" in said(refused)
    sign_in(browser, "lan")
    assert inside(browser), "another account is not affected"
    elsewhere = browser_of(REMOTE_ADDR="192.0.2.7")
    sign_in(elsewhere)
    assert inside(elsewhere), "a stranger's guesses lock out the stranger's machine"


def test_a_login_that_nobody_has_is_locked_out_as_well(register: object, people: object, browser_of: Browsers):
    answers = [sign_in(browser_of(), "nobody", OTHER).status_code for _ in range(6)]
    assert answers == [200, 200, 200, 200, 429, 429]


def test_guesses_from_many_machines_are_slowed_down_too(mai: Account, browser_of: Browsers):
    for number in range(20):
        sign_in(browser_of(REMOTE_ADDR=f"192.0.2.{number}"), password=OTHER)
    refused = sign_in(browser_of(REMOTE_ADDR="192.0.2.99"))
    assert "Too many attempts failed" in said(refused)


def test_four_failures_and_a_success_are_forgotten(mai: Account, browser_of: Browsers):
    for _ in range(2):
        for _ in range(4):
            sign_in(browser_of(), password=OTHER)
        browser = browser_of()
        sign_in(browser)
        assert inside(browser)


def test_the_cookie_from_before_signing_in_is_never_good_after(mai: Account, browser_of: Browsers):
    browser = browser_of()
    browser.get("/account/sign-in")
    session = browser.session
    session["planted"] = "by a stranger"
    session.save()
    before = browser.cookies["sessionid"].value if "sessionid" in browser.cookies else session.session_key
    browser.cookies["sessionid"] = before
    sign_in(browser)
    after = browser.cookies["sessionid"].value
    assert inside(browser)
    assert after != before
    stranger = browser_of()
    stranger.cookies["sessionid"] = before
    assert not inside(stranger)


def test_a_session_has_a_key_while_it_lasts_and_the_request_carries_it(mai: Account, browser_of: Browsers):
    browser = browser_of()
    assert browser.get("/account/sign-in").wsgi_request.key == b""
    sign_in(browser)
    request = browser.get("/").wsgi_request
    found = Key.objects.get(digest=keys.digest(request.key))
    assert (found.person_id, found.system, found.ended_at) == (mai.person_id, "", None)
    assert len(request.key) == 32
    send(browser, "/account/sign-out")
    assert Key.objects.get(pk=found.pk).ended_at is not None
    assert not inside(browser)


def test_a_key_is_of_a_person_or_of_the_system(mai: Account):
    until = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
    key = keys.issue(system="sealer", until=until)
    assert Key.objects.get(digest=keys.digest(key)).system == "sealer"
    keys.end(key)
    assert Key.objects.get(digest=keys.digest(key)).ended_at
    for wrong in ({}, {"system": "sealer", "person": mai.person_id}):
        with pytest.raises(IntegrityError, match="key_of_a_person_or_the_system"):
            keys.issue(until=until, **wrong)


def test_signing_out_elsewhere_ends_the_other_session_at_once(mai: Account, browser_of: Browsers):
    here, there = browser_of(), browser_of(HTTP_USER_AGENT="the other browser")
    sign_in(here)
    sign_in(there)
    other = there.get("/").wsgi_request.key
    assert "the other browser" in said(here.get("/account/sessions"))
    send(here, "/account/sessions")
    assert not inside(there)
    assert inside(here)
    assert Key.objects.get(digest=keys.digest(other)).ended_at


def test_an_account_that_is_ended_loses_its_sessions_at_once(mai: Account, browser_of: Browsers):
    browser = browser_of()
    sign_in(browser)
    deactivate("mai", by="the test")
    assert not inside(browser)
    assert not Key.objects.filter(person=mai.person, ended_at=None).exists()


def test_a_new_password_needs_the_old_one_and_ends_sessions_elsewhere(mai: Account, browser_of: Browsers):
    here, there = browser_of(), browser_of()
    sign_in(here)
    sign_in(there)
    address = "/account/password"
    wrong = send(here, address, oldpassword=OTHER, password1=OTHER, password2=OTHER)
    assert "This is not the current password" in said(wrong)
    weak = send(here, address, oldpassword=PASSWORD, password1="password1234", password2="password1234")
    assert weak.status_code == 200
    assert inside(there)
    assert send(here, address, oldpassword=PASSWORD, password1=OTHER, password2=OTHER).status_code == 302
    assert inside(here)
    assert not inside(there)
    again = browser_of()
    sign_in(again, password=PASSWORD)
    assert not inside(again)
    sign_in(again, password=OTHER)
    assert inside(again)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Moves the clock by which sessions end."""
    moved, now = [0], timezone.now
    monkeypatch.setattr(sessions, "time", SimpleNamespace(time=lambda: time.time() + moved[0]))
    monkeypatch.setattr(timezone, "now", lambda: now() + dt.timedelta(seconds=moved[0]))

    def later(seconds: int) -> None:
        moved[0] += seconds

    return later


def test_a_session_ends_after_a_while_without_a_page(mai: Account, browser_of: Browsers, settings: object, later):
    browser = browser_of()
    sign_in(browser)
    later(settings.SESSION_COOKIE_AGE - 60)
    assert inside(browser)
    later(settings.SESSION_COOKIE_AGE + 1)
    assert not inside(browser)


def test_a_session_goes_on_while_it_is_used_but_not_for_ever(
    mai: Account, browser_of: Browsers, settings: object, later
):
    settings.SESSION_COOKIE_AGE, settings.SESSION_LONGEST = 600, 1000
    browser = browser_of()
    sign_in(browser)
    for _ in range(3):
        later(300)
        assert inside(browser)
    later(120)
    assert not inside(browser)


@pytest.mark.parametrize(
    "address",
    ["/account/sign-in", "/account/sign-out", "/account/password", "/account/sessions", "/enter", "/account/again",
     "/account/factors/app", "/account/factors/recovery/new", "/account/linked/sso/ask"],
)  # fmt: skip
def test_a_form_that_comes_from_elsewhere_is_refused(mai: Account, browser_of: Browsers, address: str):
    browser = browser_of()
    sign_in(browser)
    assert browser.post(address, {"login": "mai", "password": PASSWORD}).status_code == 403
    assert inside(browser), "nor does a form from elsewhere sign anybody out"


def test_nobody_registers_themselves(mai: Account, browser_of: Browsers):
    browser = browser_of()
    sign_in(browser)
    for address in ("/account/signup", "/accounts/signup/", "/account/sign-up", "/account/password/reset"):
        assert browser.get(address).status_code == 404


def test_pages_of_somebody_signed_in_stand_in_no_cache(mai: Account, browser_of: Browsers):
    browser = browser_of()
    sign_in(browser)
    assert "no-store" in browser.get("/")["Cache-Control"]
    cookie = browser.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_who_asks_costs_two_questions_of_the_role_of_sign_in(mai: Account, browser_of: Browsers):
    browser = browser_of()
    sign_in(browser)
    browser.get("/")
    with CaptureQueriesContext(connections["signin"]) as asked:
        browser.get("/")
    assert len(asked) <= 2
    with CaptureQueriesContext(connections["signin"]) as asked:
        browser_of().get("/")
    assert len(asked) == 0


def test_what_is_remembered_is_the_same_for_every_process_and_for_a_time(register: object, people: object):
    assert cache.add("once", "x", 1)
    assert not cache.add("once", "y", 1)
    assert cache.get("once") == "x"
    time.sleep(1.1)
    assert cache.get("once") is None
    assert cache.add("once", "z", 1)
    cache.set("many", [1.5, 2], 10)
    assert cache.get("many") == [1.5, 2]
    cache.delete("many")
    assert cache.get("many", "nothing") == "nothing"


def test_an_account_without_a_password_is_given_none_but_by_an_invitation(mai: Account, browser_of: Browsers):
    browser = browser_of()
    sign_in(browser)
    mai.set_unusable_password()
    mai.save()
    browser.force_login(mai)
    assert browser.get("/account/password")["Location"] == "/account/password/none"
    assert "Change the password" not in said(browser.get("/account/password/none"))
