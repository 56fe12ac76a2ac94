"""Two records of one person become one and come apart again; nothing is lost, and nobody does it beyond their reach."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import transaction

from canbo.access import keys
from canbo.access.authority import operator
from canbo.access.identity import assume
from canbo.config.secret import command_key
from canbo.kernel.database import Database
from canbo.kernel.models import Audit
from canbo.kernel.refusal import Mistake, Refused
from canbo.registry.annul import annul
from canbo.registry.facts import Person, Unit
from canbo.registry.ledger import Paper
from canbo.registry.membership.models import Membership
from canbo.registry.merging.models import Alias
from canbo.registry.people.models import Particulars
from canbo.registry.service.models import Employment
from canbo.registry.store import number_now
from canbo.reports.question import ask
from tests import clones
from tests.access.identities import soon
from tests.quality.twins import DAY, FORMER, KEPT, code_of, current, decide, merge, naming, places, register, twins
from tests.signing_in import account_of

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("everything")]

ROLES = {"t.officer": ("organiser", "over"), "t.head": ("organiser", "top"), "t.employer": ("employer", "top")}


@pytest.fixture(scope="module")
def made(small_sample: Database) -> dict[str, str]:
    """The two, and officers."""
    where = places()
    decide("1", *twins(where))
    decide("2", *(register(code, where["one"], name=f"Người {n}", born=f"197{n}-01-01") for n, code in enumerate(ROLES)))
    given = {code: {"role": role, "unit": where[unit]} for code, (role, unit) in ROLES.items()}
    decide("3", *(("mandate.give", {"on": "2020-01-01", "person": code} | said) for code, said in given.items()))
    return where


@pytest.fixture
def where(made: dict[str, str], everything: None) -> Iterator[dict[str, str]]:
    """Each test merges them anew."""
    with transaction.atomic():
        yield made
        transaction.set_rollback(True)


def key(code: str) -> int:
    return Person.objects.get(code=code).pk


def fact(model: type, code: str) -> int:
    """The one fact of a kind that names somebody now."""
    return model.objects.get(person__code=code, recorded__upper_inf=True).fact


def aside() -> tuple[str, ...]:
    """The particulars of the number that is to lead elsewhere."""
    return (f"particulars {fact(Particulars, FORMER)}",)


def undo(symbol: str) -> None:
    paper = Paper(symbol=f"undo {symbol}", signed_on=DAY, reason="they are two")
    annul(by=operator(), decided_by=paper, decision=code_of(symbol))


def seen_as(code: str) -> None:
    """From here on the transaction is of somebody else."""
    assume(keys.issue(person=key(code), until=soon()).hex(), local=True)


def counted(name: str, unit: str, known: dt.datetime) -> int:
    """A figure of all that lies beneath a unit, as known then."""
    return ask(name, unit=unit, on=DAY, known=known).value


def test_all_that_is_on_file_under_either_number_is_found_under_the_one_that_was_kept(where: dict[str, str]):
    theirs = naming(FORMER)
    assert len(theirs) == 4
    done = merge("m", aside=aside())
    assert naming(FORMER) == {("alias", Alias.objects.get().fact)}
    left = theirs - {("particulars", int(aside_of(done)))}
    assert naming(KEPT) >= left
    assert number_now(key(FORMER)) == key(KEPT)


def aside_of(done) -> str:
    (row,) = [v for v in done.effects if v.aside]
    return str(row.fact)


def test_an_annulled_merge_leaves_every_table_as_it_was(where: dict[str, str]):
    before = current()
    merge("m", aside=aside())
    assert {table for table, rows in current().items() if rows != before[table]} == {
        "registry_alias", "registry_particulars", "registry_employment", "registry_training", "registry_planentry"
    }  # fmt: skip
    undo("m")
    assert current() == before
    assert number_now(key(FORMER)) == key(FORMER)


def test_nothing_is_deleted_and_what_was_known_before_is_known_as_it_was(where: dict[str, str]):
    old = {m: set(m.objects.values_list("pk", flat=True)) for m in (Particulars, Employment, Membership)}
    done = merge("m", aside=aside())
    for model, rows in old.items():
        assert rows <= set(model.objects.values_list("pk", flat=True))
    then = done.known - dt.timedelta(microseconds=1)
    assert Particulars.objects.asof(DAY, then).filter(person__code=FORMER).count() == 1
    assert Employment.objects.asof(DAY, then).filter(person__code=FORMER).count() == 1
    assert Employment.objects.asof(DAY, done.known).filter(person__code=KEPT).count() == 1
