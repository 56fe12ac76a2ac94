"""Seeing pages as somebody else: what they would see, never more than one's own, nothing written, all recorded."""

import datetime as dt
import itertools
import re
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError
from django.test import Client

from canbo.access import keys
from canbo.access.accounts import deactivate
from canbo.access.authority import operator
from canbo.access.models import Key, Role
from canbo.kernel.database import Database
from canbo.registry.facts import Person, Unit
from canbo.registry.ledger import Paper, apply
from canbo.registry.mandates.models import Mandate
from canbo.registry.membership.models import Membership
from canbo.registry.posts.models import PostRecord
from canbo.registry.service.models import Incumbency
from canbo.registry.tree import Closure
from tests.access.conftest import fill
from tests.access.identities import soon
from tests.signing_in import account_of, signed_in

pytestmark = pytest.mark.database

PROVINCE = "dien-bien"
BANNER = "You see pages as"
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def register(small_sample: Database) -> Database:
    """Tests of the module work on one copy."""
    return small_sample


@pytest.fixture(scope="module")
def head(register: Database) -> str:
    """Who heads the province and may give roles there."""
    held = Incumbency.objects.filter(post__code__endswith=".board.head", unit__code__startswith=PROVINCE)
    person = held.order_by("fact").values_list("person__code", flat=True)[0]
    given(person, f"{PROVINCE}.party", "head")
    return person


@pytest.fixture
def organiser(register: Database) -> str:
    """Who keeps the files of the province and may give no role."""
    held = Mandate.objects.filter(unit__code=f"{PROVINCE}.party", role="organiser", valid__upper_inf=True)
    return held.order_by("fact").values_list("person__code", flat=True)[0]


@pytest.fixture
def secretary(register: Database) -> tuple[str, str]:
    """A post in the province that gives a role, and who holds it."""
    with_members = Membership.objects.filter(valid__upper_inf=True).values("unit")
    above = Closure.objects.filter(descendant__in=with_members, valid__upper_inf=True).values("ancestor")
    held = Incumbency.objects.filter(post__code__endswith=".party.secretary", unit__code__startswith=f"{PROVINCE}.2025")
    held = held.filter(valid__upper_inf=True, recorded__upper_inf=True, unit__in=above).order_by("fact")
    return held.values_list("post__code", "person__code")[0]


@pytest.fixture
def reader(register: Database) -> Callable[[str], Client]:
    """`reader(code)`: the pages in English, read by that person."""

    def signed(person: str) -> Client:
        client = signed_in(Client(enforce_csrf_checks=True), person)
        client.cookies["django_language"] = "en"
        return client

    return signed


@pytest.fixture
def log(register: Database) -> Iterator[Callable[[], list[tuple]]]:
    """The rows written since this was asked last."""
    with register.connect("owner", autocommit=True) as link:
        last = link.execute("SELECT coalesce(max(id), 0) FROM kernel_audit").fetchone()[0]

        def since() -> list[tuple]:
            nonlocal last
            found = link.execute(
                "SELECT kind, actor, person, what, details, id FROM kernel_audit WHERE id > %s ORDER BY id", [last]
            ).fetchall()
            last = found[-1][-1] if found else last
            return [row[:-1] for row in found]

        yield since


@pytest.fixture
def raw(register: Database) -> Iterator[psycopg.Connection[Any]]:
    with register.connect("app", autocommit=True) as connection:
        yield connection


def sent(client: Client, address: str, **fields: str) -> Any:
    """Fill in a form that stands on the page of choosing, which every page's own token fits."""
    return fill(client, client.get("/view-as").content.decode(), address, **fields)


def rows(client: Client, name: str) -> int:
    page = client.get(f"/list/{name}").content.decode()
    found = re.search(r"([\d,]+) rows?", page)
    return int(found[1].replace(",", "")) if found else 0


def test_pages_are_seen_as_the_holder_of_a_post_sees_them_and_then_as_oneself_again(reader, head, secretary):
    mine, theirs = reader(head), reader(secretary[1])
    lists = ("members", "mandates")
    own, wanted = [rows(mine, name) for name in lists], [rows(theirs, name) for name in lists]
    assert 0 < wanted[0] < own[0]
    assert sent(mine, "/view-as", post=secretary[0]).status_code == 302
    assert [rows(mine, name) for name in lists] == wanted
    page = mine.get("/list/members").content.decode()
    assert BANNER in page
    assert sent(mine, "/view-as/end").status_code == 302
    assert [rows(mine, name) for name in lists] == own
    assert BANNER not in mine.get("/list/members").content.decode()


def test_it_begins_and_ends_in_the_log_and_what_is_read_meanwhile_is_read_by_oneself(reader, head, secretary, log):
    mine, account = reader(head), account_of(head)
    log()
    sent(mine, "/view-as", post=secretary[0])
    unit = Incumbency.objects.filter(post__code=secretary[0]).values_list("unit__code", flat=True)[0]
    member = Incumbency.objects.filter(post__code=secretary[0]).values_list("person__code", flat=True)[0]
    assert mine.get(f"/person/{member}").status_code == 200
    sent(mine, "/view-as/end")
    begun, read, ended = log()
    assert begun[:4] == ("right", account.login, account.person_id, f"begins to view as head of {unit}")
    assert read[:4] == ("file", account.login, account.person_id, "person")
    assert read[4]["as"] == f"head of {unit}"
    assert ended[:4] == ("right", account.login, account.person_id, f"ends to view as head of {unit}")
    mine.get(f"/person/{member}")
    assert "as" not in log()[0][4]


def test_nothing_can_be_sent_meanwhile_and_ones_own_record_is_not_theirs(reader, head, secretary):
    mine = reader(head)
    sent(mine, "/view-as", post=secretary[0])
    for address in ("/account/password", "/account/sessions", "/proofread", "/view-as", "/account/people/invite"):
        answer = sent(mine, address, post=secretary[0])
        assert answer.status_code == 409, address
        assert "nothing can be changed" in answer.content.decode()
    assert mine.get("/me").status_code == 409
    assert mine.get(f"/person/{head}").status_code == 404
    sent(mine, "/view-as/end")
    assert mine.get("/me").status_code == 200


def test_only_roles_that_one_may_give_and_only_where(reader, head, organiser, secretary):
    mine, other = reader(head), reader(organiser)
    posts = PostRecord.objects.filter(title="cell-secretary", valid__upper_inf=True, recorded__upper_inf=True)
    abroad = posts.exclude(post__code__startswith=PROVINCE).values_list("post__code", flat=True)[0]
    for fields in ({"unit": "lam-dong.party", "role": "head"}, {"post": abroad}):
        assert sent(mine, "/view-as", **fields).status_code == 409
    assert sent(mine, "/view-as", unit=f"{PROVINCE}.party", role="emperor").status_code == 404
    assert sent(mine, "/view-as", unit="nowhere", role="head").status_code == 404
    assert BANNER not in mine.get("/").content.decode()
    page = other.get("/view-as").content.decode()
    assert re.search(r'<button type="button" disabled aria-describedby="refused">', page)
    assert "It takes the role head of a body." in page
    assert sent(other, "/view-as", post=secretary[0]).status_code == 409
    assert "disabled" not in mine.get("/view-as").content.decode()


def test_it_ends_with_the_session(reader, head, secretary, log):
    mine, elsewhere = reader(head), reader(head)
    for client in (mine, elsewhere):
        sent(client, "/view-as", post=secretary[0])
    going = Key.objects.exclude(as_role="").filter(ended_at=None)
    assert going.count() == 2
    log()
    assert sent(mine, "/account/sign-out").status_code == 302
    assert going.count() == 1
    assert [row[3].split(" as ")[0] for row in log() if row[0] == "right"] == ["ends to view"]
    assert mine.get("/").status_code == 302
    assert BANNER in elsewhere.get("/").content.decode(), "the other session goes on"
    elsewhere.session.delete()
    assert going.count() == 0
    sent(third := reader(head), "/view-as", post=secretary[0])
    assert BANNER in third.get("/").content.decode()
    assert going.count() == 1
    deactivate(account_of(head).login, by="the test")
    assert going.count() == 0
    account = account_of(head)
    account.is_active = True
    account.save(update_fields=["is_active"])


def viewing(raw: psycopg.Connection[Any], person: str, unit: str, role: str) -> None:
    """Ask with a key by which a person sees as somebody with a role, however it came about."""
    key, session = keys.secrets.token_bytes(32), keys.secrets.token_bytes(32)
    Key.objects.using("owner").create(
        digest=keys.digest(key), person=Person.objects.get(code=person), issued_at=soon(), ends_at=soon(),
        as_unit=Unit.objects.get(code=unit), as_role=role, within=keys.digest(session),
    )  # fmt: skip
    raw.execute("SELECT set_config('app.session', %s, false)", [key.hex()])


def reached(raw: psycopg.Connection[Any], level: str) -> set[int]:
    return set(raw.execute("SELECT canbo.units_1(canbo.reach_1(%s))", [level]).fetchone()[0])


def decide(name: str, /, **terms: str) -> None:
    """One act by a paper of its own, since a while."""
    since = dt.date(2026, 1, 5)
    paper = Paper(symbol=f"{next(_numbers)}/view", signed_on=since)
    apply(by=operator(), decided_by=paper, acts=[(name, {"on": since} | terms)])


def given(person: str, unit: str, role: str) -> None:
    """They have a mandate."""
    decide("mandate.give", person=person, unit=unit, role=role)


def registered(unit: str) -> str:
    """Somebody new, who has nothing yet."""
    code = f"viewed-{next(_numbers)}"
    decide("person.register", code=code, unit=unit, name="Lò Thị Hoa")
    return code


@pytest.mark.parametrize("role", ["head", "organiser", "employer", "statistician", "inspector", "cell-head"])
def test_nothing_is_shown_beyond_what_they_see_and_what_one_sees_oneself(register, raw, head, secretary, role):
    """The head of a commune may not see as the province does, the head of a province sees as the commune does."""
    commune = Incumbency.objects.filter(post__code=secretary[0]).values_list("unit__code", flat=True)[0]
    fresh = registered(commune)
    given(fresh, commune, role)
    theirs, own = {}, {}
    for who, found in ((fresh, theirs), (head, own)):
        key = keys.issue(person=Person.objects.get(code=who).pk, until=soon(), using="owner")
        raw.execute("SELECT set_config('app.session', %s, false)", [key.hex()])
        found.update({level: reached(raw, level) for level in ("internal", "personal")})
    viewing(raw, head, commune, role)
    for level in ("internal", "personal"):
        assert reached(raw, level) == theirs[level] & own[level]
    assert theirs["internal"]
    viewing(raw, secretary[1], f"{PROVINCE}.party", role)
    assert reached(raw, "internal") == reached(raw, "personal") == set()
    viewing(raw, secretary[1], commune, role)
    personal = reached(raw, "personal")
    key = keys.issue(person=Person.objects.get(code=secretary[1]).pk, until=soon(), using="owner")
    raw.execute("SELECT set_config('app.session', %s, false)", [key.hex()])
    assert personal <= reached(raw, "personal")


def test_what_one_does_not_see_oneself_is_not_seen_as_somebody_who_would(register, raw, secretary):
    """Somebody who may give roles but reads no files, as another profile may have it."""
    commune = Incumbency.objects.filter(post__code=secretary[0]).values_list("unit__code", flat=True)[0]
    fresh = registered(commune)
    given(fresh, commune, "head")
    roles = Role.objects.using("owner").filter(code="head")
    viewing(raw, fresh, commune, "organiser")
    assert reached(raw, "personal")
    roles.update(personal=False)
    try:
        assert reached(raw, "internal")
        assert reached(raw, "personal") == set()
    finally:
        roles.update(personal=True)


def test_nothing_can_be_written_whatever_a_page_does(raw, head, secretary):
    said = """INSERT INTO registry_decision (code, part, symbol, kind, signed_on, reason)
              VALUES (%s, 1, 'v', 'ordinary', now(), '')"""
    commune = Incumbency.objects.filter(post__code=secretary[0]).values_list("unit__code", flat=True)[0]
    key = keys.issue(person=Person.objects.get(code=head).pk, until=soon(), using="owner")
    raw.execute("SELECT set_config('app.session', %s, false)", [key.hex()])
    assert raw.execute("SELECT canbo.acts_1()").fetchone() == (True,)
    raw.execute(said, ["by-oneself"])
    viewing(raw, head, commune, "head")
    assert raw.execute("SELECT canbo.acts_1(), canbo.audits_1(), canbo.me_1()").fetchone() == (False, False, None)
    assert reached(raw, "writes") == set()
    assert reached(raw, "personal")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        raw.execute(said, ["as-another"])
    asked = "INSERT INTO registry_request (person_id, kind, words) VALUES (%s, '', 'x')"
    person = Person.objects.get(code=head).pk
    raw.execute("SET ROLE canbo_file")
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
        raw.execute(asked, [person])
    raw.execute("SELECT set_config('app.session', %s, false)", [key.hex()])
    raw.execute(asked, [person])


def test_whoever_may_no_longer_give_the_role_sees_nothing_by_it(register, raw, secretary):
    commune = Incumbency.objects.filter(post__code=secretary[0]).values_list("unit__code", flat=True)[0]
    fresh = registered(commune)
    given(fresh, commune, "head")
    viewing(raw, fresh, commune, "head")
    assert reached(raw, "personal")
    today = raw.execute("SELECT canbo.today()").fetchone()[0]
    ended = [("mandate.end", {"person": fresh, "unit": commune, "role": "head", "on": today})]
    apply(by=operator(), decided_by=Paper(symbol="ended/view", signed_on=today), acts=ended)
    assert reached(raw, "personal") == set()


def test_a_key_that_views_belongs_to_a_person_and_a_session(register):
    said = {"digest": b"x", "issued_at": soon(), "ends_at": soon(), "as_role": "head"}
    with pytest.raises(IntegrityError, match="key_as_somebody_else"):
        Key.objects.using("owner").create(system="sample", **said)
