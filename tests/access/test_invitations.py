"""Invitations: a code that a person on file gets in hand, good once and for fourteen days."""

import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest
from django.db import connections
from django.test import Client

from canbo.access.accounts import deactivate
from canbo.access.invitations import enter, invite, invited
from canbo.access.models import Account, Invitation
from canbo.kernel.database import Database
from canbo.kernel.profile import load
from canbo.kernel.refusal import Mistake, Refused
from canbo.registry.facts import Person
from canbo.reports.output.slip import slip
from tests.acceptance.commands import here
from tests.access.conftest import OTHER, PASSWORD, inside, said, send, sign_in

pytestmark = pytest.mark.database

Browsers = Callable[..., Client]
GOOD_FOR_NOTHING = "This code is not, or no longer, good for anything"


@pytest.fixture
def code(people: object) -> str:
    """The code of an invitation of the first person of the sample, as `lan`."""
    return invite(Person.objects.order_by("pk").first().code, "Lan", by="the test")[1]


def test_whoever_has_the_code_chooses_a_password_and_is_in(code: str, browser_of: Browsers):
    browser = browser_of()
    assert "Your login is lan" in " ".join(said(browser.get(f"/enter/{code}")).split())
    answer = send(browser, "/enter", code=code.lower().replace("-", " "), password=PASSWORD, again=PASSWORD)
    assert answer.status_code == 302
    assert inside(browser)
    other = browser_of()
    sign_in(other, "lan")
    assert inside(other)


def test_a_code_is_good_once(code: str, browser_of: Browsers):
    enter(code, PASSWORD)
    browser = browser_of()
    answer = send(browser, "/enter", code=code, password=OTHER, again=OTHER)
    assert (answer.status_code, GOOD_FOR_NOTHING in said(answer)) == (400, True)
    assert not inside(browser)
    with pytest.raises(Refused, match="no longer"):
        enter(code, OTHER)


@pytest.mark.parametrize(("left", "good"), [("1 minute", True), ("-1 second", False)])
def test_a_code_ends_with_its_day(code: str, browser_of: Browsers, left: str, good: bool):
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE canbo.access_invitation SET ends_at = clock_timestamp() + %s::interval", [left])
    assert (invited(code) is not None) == good
    browser = browser_of()
    send(browser, "/enter", code=code, password=PASSWORD, again=PASSWORD)
    assert inside(browser) == good


def test_a_code_is_good_for_fourteen_days_and_kept_as_its_digest_alone(code: str):
    found = Invitation.objects.get()
    assert (found.ends_at - found.issued_at).days == 14
    assert re.fullmatch(r"([A-Z2-9]{5}-){3}[A-Z2-9]{5}", code)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT access_invitation::text || access_account::text FROM access_invitation, access_account")
        assert code.replace("-", "") not in cursor.fetchone()[0].replace("-", "")


@pytest.mark.parametrize("said_code", ["", "AAAAA-AAAAA-AAAAA-AAAAA", "' OR 1=1 --", "x" * 60])
def test_a_code_that_is_none_gets_one_answer_whatever_the_password(
    people: object, browser_of: Browsers, said_code: str
):
    answer = send(browser_of(), "/enter", code=said_code, password="short", again="other")
    assert answer.status_code == 400
    assert GOOD_FOR_NOTHING in said(answer)
    assert "two passwords" not in said(answer)


@pytest.mark.parametrize(
    ("password", "again", "why"),
    [
        ("short", "short", "too short"),
        (PASSWORD, OTHER, "not the same"),
        ("password1234", "password1234", "too common"),
    ],
)
def test_a_weak_or_mistyped_password_is_refused_and_the_code_stays_good(
    code: str, browser_of: Browsers, password: str, again: str, why: str
):
    answer = send(browser_of(), "/enter", code=code, password=password, again=again)
    assert (answer.status_code, why in said(answer)) == (400, True)
    assert enter(code, PASSWORD).login == "lan"


def test_inviting_again_ends_the_code_before_but_no_password(code: str, people: Callable, browser_of: Browsers):
    enter(code, PASSWORD)
    _, second = invite("lan", by="the test")
    _, third = invite("lan", by="the test")
    assert (invited(second), invited(third)) == (None, Account.objects.get(login="lan"))
    browser = browser_of()
    sign_in(browser, "lan")
    assert inside(browser), "a code that nobody used changes nothing"
    enter(third, OTHER)
    assert not inside(browser), "a new password ends sessions"


def test_an_account_that_ended_is_opened_again_by_an_invitation_alone(code: str, browser_of: Browsers):
    deactivate("lan", by="the test")
    assert invited(code) is None
    _, again = invite("lan", by="the test")
    assert enter(again, PASSWORD).is_active


def test_only_somebody_on_file_is_invited_under_a_login_of_their_own(code: str):
    first, second = Person.objects.order_by("pk")[:2]
    for person, login, why in (
        ("nobody", "ha", "nobody on file"), (second.code, "", "is no login"), (second.code, "a b", "is no login"),
        (second.code, "lan", "somebody else's login"), (first.code, "other", "signs in as lan"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=why):
            invite(person, login, by="the test")
    assert invite(second.code, "ha", by="the test")[0].login == "ha"
    assert issubclass(Mistake, Refused)


@pytest.mark.parametrize("language", load("association").languages)
def test_the_slip_says_name_address_login_and_code(code: str, language: str):
    known = Account.objects.get(login="lan")
    paper = pypdf.PdfReader(io.BytesIO(slip(known.person_id, "lan", code, "https://canbo.example", language)))
    assert len(paper.pages) == 1
    text = " ".join(paper.pages[0].extract_text().split())
    for wanted in ("lan", code, "https://canbo.example/enter", known.person.code):
        assert wanted in text, text


def test_the_command_invites_lists_and_ends(people: object, tmp_path: Path):
    person = Person.objects.order_by("pk").first().code
    done = here("account", "invite", person, "--login", "lan", "--address", "http://here")
    assert done.code == 0, done.err
    code = re.search(r"at http://here/enter with the code (\S+)", done.out)[1]
    assert invited(code).login == "lan"
    paper = tmp_path / "slip.pdf"
    assert here("account", "invite", "lan", "--slip", paper).code == 0
    assert paper.read_bytes().startswith(b"%PDF")
    assert paper.stat().st_mode & 0o777 == 0o600
    assert "invited" in here("account", "list").out
    assert here("account", "deactivate", "lan").code == 0
    assert "ended" in here("account", "list").out
    assert here("account", "deactivate", "nobody").code == 2
    assert here("account", "invite").code == 2


def test_the_first_administrator_of_an_empty_register_is_invited_by_init(fresh_database: Database, tmp_path: Path):
    """Run for the first time as whoever sets Canbo up does: the first unit, person and role, and a slip for them."""
    since = {"on": "2026-01-01"}
    acts = [
        {"act": "organisation.establish", **since, "code": "top", "kind": "provincial-party", "name": "Tỉnh ủy X"},
        {"act": "person.register", **since, "code": "p-1", "unit": "top", "name": "Nguyễn Thị Mai"},
        {"act": "mandate.give", **since, "person": "p-1", "unit": "top", "role": "head"},
    ]
    opening, paper = tmp_path / "first.json", tmp_path / "mai.pdf"
    opening.write_text(json.dumps(acts), encoding="utf-8")
    missing = here("init", "--admin", "p-1", "--login", "mai")
    assert (missing.code, "nobody on file has the code" in missing.err) == (2, True)
    done = here("init", "--opening", opening, "--admin", "p-1", "--login", "mai", "--slip", paper)
    assert done.code == 0, done.err
    text = " ".join(pypdf.PdfReader(io.BytesIO(paper.read_bytes())).pages[0].extract_text().split())
    code = re.search(r"([A-Z2-9]{5}-){3}[A-Z2-9]{5}", text)[0]
    assert code not in done.out + done.err
    account = enter(code, PASSWORD)
    assert (account.login, account.administers) == ("mai", True)
    browser = Client()
    sign_in(browser, "mai")
    assert "mai" in said(browser.get("/account/people"))
    assert browser.get("/person/p-1").status_code == 200
    again = here("init", "--opening", opening)
    assert (again.code, "may give roles already" in again.err) == (3, True)
