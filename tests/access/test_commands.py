"""An installation in earnest at the command line: the first authority, signing in, what a role lets its holder do."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import Client

from canbo.access import keys
from canbo.access.first import begin
from canbo.access.identity import run_as
from canbo.access.invitations import enter, invite
from canbo.config.secret import command_key
from canbo.kernel.database import Database
from canbo.kernel.instants import today
from canbo.kernel.models import Audit
from canbo.kernel.refusal import Refused
from canbo.registry.annul import annul
from canbo.registry.facts import Act, Decision, Person
from canbo.registry.ledger import Paper, apply
from canbo.registry.membership.models import Membership
from tests import clones
from tests.acceptance.commands import Said, canbo
from tests.access.conftest import PASSWORD, send, sign_in

pytestmark = pytest.mark.database

SINCE = "2026-01-01"
FIRST = [
    ("organisation.establish", {"code": "top", "kind": "provincial-party", "name": "Top"}),
    ("organisation.establish", {"code": "east", "kind": "commune-party", "name": "East", "under": "top"}),
    ("organisation.establish", {"code": "west", "kind": "commune-party", "name": "West", "under": "top"}),
    ("organisation.establish", {"code": "e-cell", "kind": "cell", "name": "Cell", "under": "east"}),
    ("organisation.establish", {"code": "w-cell", "kind": "cell", "name": "Cell", "under": "west"}),
    *(
        ("person.register", {"code": person, "unit": unit, "name": f"Nguyễn Thị {person.capitalize()}"})
        for person, unit in (("mai", "top"), ("lan", "east"), ("hoa", "e-cell"), ("sen", "w-cell"))
    ),
    ("mandate.give", {"person": "mai", "unit": "top", "role": "head"}),
    ("mandate.give", {"person": "lan", "unit": "east", "role": "organiser"}),
    ("mandate.give", {"person": "hoa", "unit": "e-cell", "role": "cell-head"}),
]
"""A province with two communes and a cell in each; who heads it all, who organises in the east, who heads a cell."""


@pytest.fixture
def earnest(fresh_database: Database) -> Database:
    """Nothing but the first authority; commands to which nobody signed in may verify the log."""
    begin([(name, {"on": SINCE} | said) for name, said in FIRST], by="the installer", symbol="1-QĐ/TU")
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE canbo.access_key SET system = 'verifier' WHERE system = 'sample'")
    cache.clear()
    return fresh_database


@pytest.fixture
def as_(earnest: Database) -> Any:
    """`as_("lan")`: this process acts on behalf of a person from now on, by a key of theirs."""

    def speak(person: str) -> None:
        known = Person.objects.using("owner").get(code=person)
        key = keys.issue(person=known.pk, until=dt.datetime.now(dt.UTC) + dt.timedelta(hours=1), using="owner")
        run_as(key.hex(), person)

    yield speak
    run_as(command_key(clones.folder()).hex())


def do(by: str, action: str, **terms: object) -> None:
    """One act under a paper of its own, since the first day unless said."""
    paper = Paper(symbol=f"{by} {action} {terms}"[:110], signed_on=SINCE)
    apply(by=by, decided_by=paper, acts=[(action, {"on": SINCE} | terms)])


def code_for_commands(login: str) -> str:
    """What the page shows to somebody who has signed in, as they see it."""
    browser = Client(enforce_csrf_checks=True)
    sign_in(browser, login)
    assert send(browser, "/account/commands")["Location"].startswith("/account/again")
    send(browser, "/account/again", password=PASSWORD)
    page = send(browser, "/account/commands").content.decode()
    return page.partition("canbo sign-in ")[2].partition("<")[0]


def written(folder: Path, **terms: object) -> Path:
    """A file with the terms of one act."""
    path = folder / "terms.json"
    path.write_text(json.dumps({"on": SINCE} | terms), encoding="utf-8")
    return path


@pytest.mark.turns
def test_commands_ask_on_behalf_of_whoever_signed_in_to_them(earnest: Database, tmp_path: Path):
    enter(invite("lan", "lan", by="the installer")[1], PASSWORD)
    refused = canbo("unit", "east")
    assert (refused.code, "nobody_signed_in" in refused.err, "canbo sign-in" in refused.err) == (3, True, True)
    assert "membership.admit: " in canbo("act", "--list").out, "what acts there are is no secret"
    assert canbo("template", "members", "--out", tmp_path / "members.xlsx").code == 0
    code = code_for_commands("lan")
    assert canbo("sign-in", code.lower()).code == 0
    assert "code_spent" in canbo("sign-in", code).err
    assert canbo("unit", "east").code == 0
    admit = ("act", "membership.admit", "--decision", "2-QĐ/ĐU", "--json-file")
    done = canbo(*admit, written(tmp_path, person="hoa", unit="e-cell", stage="probationary"))
    assert done.code == 0, done.err
    beyond: Said = canbo(*admit, written(tmp_path, person="lan", unit="w-cell", stage="probationary"))
    assert (beyond.code, "w-cell" in beyond.err) == (3, True)
    row = Audit.objects.using("owner").filter(what="apply 2-QĐ/ĐU").get()
    assert (row.actor, row.person) == ("lan", Person.objects.using("owner").get(code="lan").pk)
    assert canbo("sign-out").code == 0
    assert "nobody_signed_in" in canbo("unit", "east").err


def test_whoever_changes_the_password_signs_commands_out(earnest: Database):
    enter(invite("lan", "lan", by="the installer")[1], PASSWORD)
    assert canbo("sign-in", code_for_commands("lan")).code == 0
    enter(invite("lan", by="the installer")[1], PASSWORD)
    assert "signed_out" in canbo("unit", "east").err


def test_the_log_is_verified_by_nobody_in_particular_and_read_by_inspectors_only(earnest: Database, as_: Callable):
    found = canbo("audit", "verify", "--json")
    assert (found.code, found.json["faults"], found.json["rows"] + found.json["waiting"]) == (0, [], 1)
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE canbo.access_key SET ended_at = now() WHERE system = 'verifier'")
    assert "does_not_audit" in canbo("audit", "verify").err


def test_the_first_authority_is_entered_once(earnest: Database):
    with pytest.raises(Refused, match="sign in as they do"):
        begin([("mandate.give", {"on": SINCE, "person": "sen", "unit": "top", "role": "head"})], by="me", symbol="x")


_LENT = {"person": "hoa", "unit": "east", "until": "2099"}
_NEW = {"code": "new", "kind": "cell", "name": "New"}
_ADMITTED = {"stage": "probationary"}


@pytest.mark.parametrize(
    ("who", "name", "terms", "said"),
    [
        ("hoa", "membership.admit", {"person": "hoa", "unit": "e-cell"} | _ADMITTED, None),
        ("hoa", "service.employ", {"person": "hoa", "unit": "e-cell", "group": "civil-servant"}, "takes the role"),
        ("hoa", "membership.admit", {"person": "hoa", "unit": "w-cell"} | _ADMITTED, "as far as w-cell"),
        ("hoa", "membership.admit", {"person": "sen", "unit": "e-cell"} | _ADMITTED, "no person with the code"),
        ("lan", "mandate.give", {"person": "hoa", "unit": "e-cell", "role": "organiser"}, "may give roles"),
        ("mai", "mandate.give", {"person": "mai", "unit": "east", "role": "inspector"}, "nobody gives themselves"),
        ("mai", "mandate.decentralise", {"unit": "east", "over": "east", "matter": "admission"}, None),
        ("mai", "mandate.give", {"person": "sen", "unit": "west", "role": "organiser"}, None),
        ("lan", "mandate.delegate", {"giver": "lan", "role": "organiser"} | _LENT, None),
        ("lan", "mandate.delegate", {"giver": "hoa", "role": "head"} | _LENT | {"person": "lan"}, "nobody gives"),
        ("lan", "mandate.delegate", {"giver": "hoa", "role": "head"} | _LENT, "may give roles"),
        ("lan", "organisation.establish", {"under": "east"} | _NEW, None),
        ("lan", "organisation.establish", {"under": "west"} | _NEW, "as far as west"),
        ("lan", "organisation.establish", _NEW | {"kind": "provincial-party"}, "under no other"),
    ],
)
def test_an_act_takes_a_role_that_names_it_over_the_units_that_it_touches(
    as_: Callable, who: str, name: str, terms: dict[str, Any], said: str | None
):
    as_(who)
    if said is None:
        do(who, name, **terms)
    else:
        with pytest.raises(Refused, match=said):
            do(who, name, **terms)
        assert not Act.objects.using("owner").filter(decision__symbol__startswith=who).exists()


def test_a_document_may_give_a_matter_to_somebody_else(as_: Callable):
    as_("mai")
    do("mai", "mandate.decentralise", unit="east", over="east", matter="admission")
    as_("hoa")
    with pytest.raises(Refused, match="decided by east"):
        do("hoa", "membership.admit", person="hoa", unit="e-cell", stage="probationary")
    as_("lan")
    do("lan", "membership.admit", person="hoa", unit="e-cell", stage="probationary")


def test_a_delegated_role_acts_until_its_end(as_: Callable):
    as_("lan")
    do("lan", "mandate.delegate", giver="lan", person="hoa", unit="east", role="organiser", until="2099")
    as_("hoa")
    do("hoa", "service.employ", person="lan", unit="east", group="civil-servant")
    as_("lan")
    do("lan", "mandate.take-back", person="hoa", unit="east", role="organiser", on=today())
    as_("hoa")
    with pytest.raises(Refused, match="takes the role"):
        do("hoa", "service.employ", person="hoa", unit="east", group="civil-servant")


def test_a_decision_is_annulled_whole_or_not_at_all(as_: Callable):
    as_("mai")
    both = [
        ("membership.admit", {"on": SINCE, "person": person, "unit": unit, "stage": "probationary"})
        for person, unit in (("hoa", "e-cell"), ("sen", "w-cell"))
    ]
    apply(by="mai", decided_by=Paper(symbol="both", signed_on=SINCE), acts=both)
    void = Paper(symbol="void", signed_on=today(), reason="never signed")
    as_("lan")
    with pytest.raises(Refused, match="beyond your reach"):
        annul(by="lan", decided_by=void, decision="both")
    assert Membership.objects.using("owner").filter(recorded__upper_inf=True).count() == 2
    as_("mai")
    annul(by="mai", decided_by=void, decision="both")
    assert not Membership.objects.using("owner").filter(recorded__upper_inf=True).exists()


def test_what_a_policy_does_not_take_is_a_refusal_and_no_error(as_: Callable, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("canbo.access.authority.Roles.allow", lambda *_: None)
    as_("lan")
    with pytest.raises(Refused, match="may not write"):
        do("lan", "membership.admit", person="hoa", unit="w-cell", stage="probationary")
    assert Decision.objects.using("owner").count() == 1
