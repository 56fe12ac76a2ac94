"""Looking after accounts on pages: who may, what they see of others, and that all of it is asked twice and recorded."""

import io
import re
from collections.abc import Callable, Iterator

import pypdf
import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from canbo.access.invitations import invited
from canbo.access.models import Account, Key
from canbo.kernel.database import Database
from canbo.registry.facts import Person
from canbo.registry.people.models import Particulars
from tests.access.conftest import PASSWORD, fill, inside, said, send, sign_in

pytestmark = pytest.mark.database

PEOPLE, INVITE = "/account/people", "/account/people/invite"
CHANGES = ("sign-out", "forget-factors", "deactivate")


@pytest.fixture
def admin(mai: Account, browser_of: Callable[..., Client]) -> Client:
    """Mai's browser; she looks after accounts, and has shown her password once more."""
    mai.administers = True
    mai.save(update_fields=["administers"])
    browser = browser_of()
    sign_in(browser)
    asked = browser.get(INVITE)
    assert asked["Location"].startswith("/account/again"), "the password is asked once more before"
    assert send(browser, asked["Location"], password=PASSWORD).status_code == 302
    return browser


@pytest.fixture
def lan(people: Callable[[str], Account], mai: Account) -> Account:
    """Somebody else with an account, who came after Mai."""
    return people("lan")


@pytest.fixture
def log(register: Database) -> Iterator[Callable[[], list[tuple]]]:
    """The rows written since this was asked last: kind, who, by login and key, what, about whom."""
    with register.connect("owner", autocommit=True) as link:
        last = link.execute("SELECT coalesce(max(id), 0) FROM kernel_audit").fetchone()[0]

        def since() -> list[tuple]:
            nonlocal last
            found = link.execute(
                "SELECT kind, actor, person, what, about, id FROM kernel_audit WHERE id > %s ORDER BY id", [last]
            ).fetchall()
            last = found[-1][-1] if found else last
            return [row[:-1] for row in found]

        yield since


def new_person() -> str:
    """The code of somebody on file who has no account."""
    return Person.objects.exclude(pk__in=list(Account.objects.values_list("person", flat=True))).first().code


def test_only_whoever_looks_after_accounts_comes_here(lan: Account, browser_of: Callable[..., Client]):
    browser = browser_of()
    sign_in(browser, "lan")
    for address in (PEOPLE, INVITE, *(f"{PEOPLE}/mai/{do}" for do in CHANGES)):
        answer = browser.get(address)
        assert answer.status_code == 409, address
        assert "Only somebody who looks after accounts" in said(answer)
        page = browser.get("/account/").content.decode()
        assert fill(browser, page, address, person=new_person(), login="new").status_code == 409
    assert set(Account.objects.values_list("login", "is_active")) == {("mai", True), ("lan", True)}
    page = browser.get("/account/").content.decode()
    button = re.search(r'<button type="button" disabled aria-describedby="no-accounts">([^<]+)</button>', page)
    assert button[1] == "Look after accounts"
    assert "It takes that somebody who looks after accounts lets you" in page
    assert 'href="/account/people"' not in page


def test_the_list_says_who_has_an_account_and_nothing_else_of_them(admin: Client, lan: Account):
    Authenticator.objects.create(user=lan, type=Authenticator.Type.TOTP, data={})
    page = admin.get(PEOPLE)
    lines = re.findall(r"<tr>.*?</tr>", page.content.decode().partition("<tbody>")[2], re.DOTALL)
    told = {re.search(r"<strong>(\w+)", line)[1]: " ".join(re.sub(r"<[^>]+>", " ", line).split()) for line in lines}
    assert set(told) == {"mai", "lan"}
    assert "active" in told["lan"]
    assert "yes" in told["lan"]
    assert "no" in told["mai"].split()
    assert "looks after accounts" in told["mai"]
    person = Person.objects.get(pk=lan.person_id)
    assert person.code in told["lan"]
    name = Particulars.objects.filter(person=person, recorded__upper_inf=True).first().name
    assert name not in said(page)
    assert admin.get(f"/person/{person.code}").status_code == 404, "looking after accounts opens no file"


def test_people_are_found_by_their_exact_code_only(admin: Client, lan: Account):
    code = Person.objects.get(pk=lan.person_id).code
    assert "lan" in said(admin.get(PEOPLE, {"q": code})).split()
    assert "lan" not in said(admin.get(PEOPLE, {"q": code[:-1]})).split()
    answer = fill(admin, admin.get(INVITE).content.decode(), INVITE, person=code[:-1], login="x1")
    assert (answer.status_code, "nobody on file has the code" in said(answer)) == (400, True)


def test_an_invitation_is_shown_once_and_recorded_with_who_gave_it(admin: Client, mai: Account, log: Callable):
    person = new_person()
    log()
    answer = send(admin, INVITE, person=person, login="ha", administers="on")
    code = re.search(r'<strong class="code">([A-Z0-9-]+)</strong>', answer.content.decode())[1]
    assert invited(code).login == "ha"
    assert "http://testserver/enter" in said(answer)
    assert answer["Cache-Control"] == "no-store" or "no-store" in answer["Cache-Control"]
    key = Person.objects.get(code=person).pk
    rows = log()
    assert rows == [
        ("account", "mai", mai.person_id, "invited ha", [key]),
        ("right", "mai", mai.person_id, "ha looks after accounts", [key]),
    ]
    assert Account.objects.get(login="ha").administers
    assert code not in said(admin.get(INVITE))
    again = send(admin, INVITE, person="ha")
    assert again.status_code == 200
    assert invited(code) is None, "inviting again ends the code before"


def test_the_slip_has_the_code_and_no_name_that_one_may_not_read(admin: Client):
    person = Person.objects.get(code=new_person())
    answer = send(admin, INVITE, person=person.code, login="ha", slip="1")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="ha.pdf"'
    text = " ".join(pypdf.PdfReader(io.BytesIO(answer.content)).pages[0].extract_text().split())
    code = re.search(r"([A-Z2-9]{5}-){3}[A-Z2-9]{5}", text)[0]
    assert invited(code).login == "ha"
    assert Particulars.objects.filter(person=person, recorded__upper_inf=True).first().name not in text


def test_what_ends_is_asked_once_more_and_recorded(
    admin: Client, mai: Account, lan: Account, browser_of: Callable[..., Client], log: Callable
):
    for do in CHANGES:
        other = browser_of()
        sign_in(other, "lan")
        Authenticator.objects.get_or_create(user=lan, type=Authenticator.Type.RECOVERY_CODES, defaults={"data": {}})
        ends(admin, mai, lan, other, log, do)


def ends(admin: Client, mai: Account, lan: Account, other: Client, log: Callable, do: str) -> None:
    """One thing ends, which somebody who is signed in notices at once."""
    address = f"{PEOPLE}/lan/{do}"
    page = admin.get(address).content.decode()
    assert "at once" in page
    assert admin.post(address).status_code == 403, "a form that no page of ours gave"
    assert inside(other)
    log()
    assert fill(admin, page, address)["Location"] == "/account/people?q=lan"
    assert not inside(other)
    assert not Key.objects.filter(person=lan.person_id, ended_at=None).exists()
    lan.refresh_from_db()
    assert lan.is_active == (do != "deactivate")
    assert Authenticator.objects.filter(user=lan).exists() == (do != "forget-factors")
    ((kind, actor, doer, what, about),) = log()
    assert (kind, actor, doer, about) == ("account", "mai", mai.person_id, [lan.person_id])
    assert "lan" in what


def test_nobody_ends_their_own_account_here(admin: Client, mai: Account):
    page = admin.get(PEOPLE).content.decode()
    assert "/account/people/mai/" not in page
    form = admin.get(INVITE).content.decode()
    for do in CHANGES:
        assert fill(admin, form, f"{PEOPLE}/mai/{do}").status_code == 409
    mai.refresh_from_db()
    assert mai.is_active
    assert admin.get(f"{PEOPLE}/nobody/deactivate").status_code == 404
    assert admin.get(f"{PEOPLE}/mai/promote").status_code == 404
