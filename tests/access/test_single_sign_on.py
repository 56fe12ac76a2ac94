"""Single sign-on, against a provider that runs as a process of its own: who is linked gets in, nobody else does."""

import contextlib
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from canbo.access.accounts import deactivate
from canbo.access.models import Account
from canbo.kernel.models import Audit
from tests.access.conftest import PASSWORD, inside, said, send, sign_in
from tests.access.provider import CLIENT, SECRET
from tests.browser.server import free_port

pytestmark = pytest.mark.database

ROOT = Path(__file__).resolve().parents[2]
Browsers = Callable[..., Client]
OPENS_NOTHING = "This identity opens nothing here"


@contextlib.contextmanager
def running(settings: object, subject: str, fault: str = "") -> Iterator[str]:
    """The provider, and the settings that name it."""
    port = free_port()
    words = [sys.executable, "-m", "tests.access.provider", str(port), subject, *([fault] if fault else [])]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    process = subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _reached(f"http://127.0.0.1:{port}/keys", process)
        app = {"provider_id": "sso", "name": "The office", "client_id": CLIENT, "secret": SECRET}
        app["settings"] = {"server_url": f"http://127.0.0.1:{port}", "oauth_pkce_enabled": True}
        ours = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": ours | {"APPS": [app]}}
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _reached(address: str, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=2):
            return
        time.sleep(0.1)
    raise AssertionError("the provider does not answer")


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def answered(address: str) -> str:
    """Where the provider sends a browser that comes with this question, without the server."""
    try:
        urllib.request.build_opener(_Stay).open(address, timeout=10)
    except urllib.error.HTTPError as error:
        parts = urlsplit(error.headers["Location"])
        return f"{parts.path}?{parts.query}"
    raise AssertionError("the provider did not answer")


def asks(browser: Client, page: str = "/account/sign-in", process: str = "") -> str:
    """Press the button: where the provider is asked."""
    answer = send(browser, page, f"/account/linked/sso/ask{process}")
    assert answer.status_code == 302, said(answer)
    return answer["Location"]


def link(account: Account, subject: str) -> None:
    SocialAccount.objects.create(user=account, provider="sso", uid=subject)


def test_a_linked_identity_signs_in(mai: Account, browser_of: Browsers, settings: object):
    link(mai, "subject-1")
    browser = browser_of()
    with running(settings, "subject-1") as provider:
        assert "Sign in with The office" in said(browser.get("/account/sign-in"))
        question = asks(browser)
        asked = parse_qs(urlsplit(question).query)
        assert question.startswith(f"{provider}/ask?")
        assert asked["scope"] == ["openid"]
        assert asked["code_challenge_method"] == ["S256"]
        assert len(asked["nonce"][0]) == 64
        answer = browser.get(answered(question))
    assert answer.status_code == 302
    assert inside(browser)
    kept = SocialAccount.objects.get(uid="subject-1").extra_data
    assert set(kept.get("id_token", kept)) <= {"iss", "sub"}, "no more of the identity is kept than who it is"


def test_an_identity_that_nobody_linked_gets_in_nowhere_and_makes_no_account(
    mai: Account, browser_of: Browsers, settings: object
):
    browser = browser_of()
    with running(settings, "subject-2"):
        answer = browser.get(answered(asks(browser)))
    assert OPENS_NOTHING in said(answer)
    assert not inside(browser)
    assert Account.objects.count() == 1


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ("forged", "Invalid id_token"),
        ("audience", "Invalid id_token"),
        ("nonce", "answers another question"),
        ("shared", "not signed with a public key"),
    ],
)
def test_an_identity_with_a_wrong_signature_nonce_or_addressee_is_refused(
    mai: Account, browser_of: Browsers, settings: object, fault: str, why: str
):
    link(mai, "subject-3")
    browser = browser_of()
    with running(settings, "subject-3", fault):
        answer = browser.get(answered(asks(browser)))
    assert OPENS_NOTHING in said(answer)
    assert why not in said(answer)
    assert why in Audit.objects.using("owner").latest("id").what, "whoever looks after the server reads why"
    assert not inside(browser)


def test_an_answer_that_this_browser_did_not_ask_for_is_refused(mai: Account, browser_of: Browsers, settings: object):
    link(mai, "subject-4")
    asking, other = browser_of(), browser_of()
    with running(settings, "subject-4"):
        address = answered(asks(asking))
        assert OPENS_NOTHING in said(other.get(address))
        assert not inside(other)
        asking.get(address)
        assert inside(asking)
        again = browser_of()
        again.get(address)
        assert not inside(again)


def test_an_account_that_ended_is_not_opened_by_its_identity(mai: Account, browser_of: Browsers, settings: object):
    link(mai, "subject-5")
    deactivate("mai", by="the test")
    browser = browser_of()
    with running(settings, "subject-5"):
        browser.get(answered(asks(browser)))
    assert not inside(browser)


def test_somebody_signed_in_links_an_identity_after_the_password(mai: Account, browser_of: Browsers, settings: object):
    browser = browser_of()
    sign_in(browser)
    with running(settings, "subject-6"):
        browser.get(answered(asks(browser, "/account/linked", "?process=connect")))
        if not SocialAccount.objects.exists():  # allauth may ask for the password first
            send(browser, "/account/again", password=PASSWORD)
            browser.get(answered(asks(browser, "/account/linked", "?process=connect")))
        assert SocialAccount.objects.get().user == mai
        other = browser_of()
        other.get(answered(asks(other)))
        assert inside(other)


def test_without_a_provider_there_is_no_button(mai: Account, browser_of: Browsers, settings: object):
    browser = browser_of()
    assert "Sign in with" not in said(browser.get("/account/sign-in"))
