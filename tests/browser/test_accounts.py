"""In a real browser: signing in with a passkey, looking after accounts, and seeing pages as somebody else."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from canbo.access.invitations import enter, invite
from canbo.access.models import Account
from canbo.registry.service.models import Incumbency
from tests import clones
from tests.browser.machine import PHONE
from tests.browser.server import serving
from tests.browser.watch import Watch
from tests.signing_in import SESSIONS, new_session

pytestmark = pytest.mark.browser

PASSWORD = "quiet lantern over seven fields"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
"""A key in the machine itself, which its owner unlocks at once."""


@pytest.fixture(scope="module")
def served(django_test_environment: None, django_db_blocker: Any) -> Iterator[tuple[str, str]]:
    """Where the second profile's sample is served by this machine's name; and the login of its chair, who looks after
    accounts and may give roles.
    """
    with (
        django_db_blocker.unblock(),
        clones.template("association") as source,
        clones.clone(source) as copy,
        clones.aimed(copy),
    ):
        held = Incumbency.objects.filter(post__code="wayside.chair", valid__upper_inf=True, recorded__upper_inf=True)
        person = held.values_list("person__code", flat=True)[0]
        enter(invite(person, "chair", by="the test", administers=True)[1], PASSWORD)
        with serving(copy, settings="tests.browser.passkeys_settings") as address:
            origin = address.replace("127.0.0.1", "localhost")
            SESSIONS[origin] = new_session(person)
            yield origin, person


@pytest.fixture
def page(served: tuple[str, str], watched: Callable[..., Watch]) -> Page:
    """A window in which the chair is signed in."""
    return watched(served[0], "en").context.new_page()


def clean(page: Page) -> None:
    """Nothing for axe to find, by day and by night, and nothing wider than a phone."""
    assert [fault["id"] for fault in Axe().run(page).response["violations"]] == [], page.url
    page.emulate_media(color_scheme="dark")
    contrast = Axe().run(page, options={"runOnly": ["color-contrast"]}).response["violations"]
    assert contrast == [], page.url
    page.emulate_media(color_scheme="light")
    before = page.viewport_size
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], page.url
    page.set_viewport_size(before)


def confirm(page: Page) -> None:
    """Show the password once more, where it is asked."""
    if "/account/again" in page.url:
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Go on").click()


def test_a_passkey_is_set_up_and_signs_in_alone_until_it_is_removed(served: tuple[str, str], page: Page):
    origin, _ = served
    link = page.context.new_cdp_session(page)
    link.send("WebAuthn.enable")
    key = link.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})["authenticatorId"]
    page.goto(f"{origin}/account/passkeys/add")
    confirm(page)
    page.get_by_label("Name").fill("The machine on the desk")
    page.get_by_label("Sign in with it alone, without password").check()
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url(lambda address: "/passkeys/add" not in address)
    assert len(link.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]) == 1
    page.goto(f"{origin}/account/passkeys")
    expect(page.get_by_text("The machine on the desk")).to_be_visible()
    page.goto(f"{origin}/account/sign-out")
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.goto(f"{origin}/")
    assert "/account/sign-in" in page.url
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(lambda address: "/account/sign-in" not in address)
    expect(page.get_by_role("link", name="chair")).to_be_visible()
    (used,) = link.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]
    assert used["signCount"] > 1
    page.goto(f"{origin}/account/passkeys")
    page.get_by_role("link", name="Remove").click()
    confirm(page)
    page.get_by_role("button", name="Remove").click()
    page.goto(f"{origin}/account/sign-out")
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.goto(f"{origin}/account/sign-in")
    with page.expect_response(lambda answer: answer.request.method == "POST") as refused:
        page.get_by_role("button", name="Sign in with a passkey").click()
    assert refused.value.headers["location"].startswith("/account/sign-in")
    page.goto(f"{origin}/")
    assert "/account/sign-in" in page.url


@pytest.mark.full
def test_accounts_are_looked_after_with_keys_alone(served: tuple[str, str], watched: Callable[..., Watch]):
    origin, person = served
    SESSIONS[origin] = new_session(person)
    page = watched(origin, "en").context.new_page()
    page.goto(f"{origin}/account/")
    clean(page)
    page.get_by_role("link", name="Look after accounts").press("Enter")
    clean(page)
    page.get_by_role("link", name="Invite somebody").press("Enter")
    confirm(page)
    clean(page)
    page.get_by_label("Exact code of a person, or a login").fill("nobody.at.all")
    page.get_by_role("button", name="Invite, and show the code").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("nobody on file has the code")
    held = Incumbency.objects.filter(post__code="trier.chair", valid__upper_inf=True, recorded__upper_inf=True)
    page.get_by_label("Exact code of a person, or a login").fill(held.values_list("person__code", flat=True)[0])
    page.get_by_label("Login, for a new account").fill("trier")
    with page.expect_download() as paper:
        page.get_by_role("button", name="Invite, with a slip to print").press("Enter")
    assert paper.value.path().read_bytes().startswith(b"%PDF")
    page.get_by_role("link", name="Cancel").press("Enter")
    row = page.get_by_role("row", name="trier")
    expect(row).to_contain_text("invited")
    row.get_by_role("link", name="Deactivate").press("Enter")
    clean(page)
    page.get_by_role("button", name="Deactivate").press("Enter")
    expect(page.get_by_role("row", name="trier")).to_contain_text("ended")
    assert not Account.objects.get(login="trier").is_active


@pytest.mark.full
def test_from_who_can_see_this_one_sees_as_they_do_and_back(served: tuple[str, str], watched: Callable[..., Watch]):
    origin, person = served
    SESSIONS[origin] = new_session(person)
    page = watched(origin, "en").context.new_page()
    page.goto(f"{origin}/list/members")
    page.locator("main a[href^='/person/']").first.click()
    page.get_by_role("link", name="Who can see this?").click()
    clean(page)
    page.get_by_role("row").get_by_role("link", name="View as").last.click()
    clean(page)
    page.locator("main").get_by_role("button", name="View as").press("Enter")
    banner = page.get_by_role("status").filter(has_text="You see pages as")
    expect(banner).to_be_visible()
    clean(page)
    page.goto(f"{origin}/me")
    expect(page.locator("main")).to_contain_text("Your own record is not shown")
    page.get_by_role("button", name="See as myself again").press("Enter")
    expect(banner).to_have_count(0)
