"""What somebody sees changes with posts, mandates and units, from the day on which these do, with nothing to run."""

import datetime as dt
import itertools
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.db import connections

from canbo.access import keys
from canbo.access.authority import operator
from canbo.kernel.database import Database
from canbo.registry.annul import annul
from canbo.registry.facts import Person, Unit
from canbo.registry.ledger import Paper, apply
from tests.access.identities import soon

pytestmark = pytest.mark.database
_numbers = itertools.count(1)


@pytest.fixture
def raw(fresh_database: Database) -> Iterator[psycopg.Connection[Any]]:
    """A connection of the application's role that stays open while things change."""
    with fresh_database.connect("app", autocommit=True) as connection:
        yield connection


@pytest.fixture
def today(raw: psycopg.Connection[Any]) -> dt.date:
    return raw.execute("SELECT canbo.today()").fetchone()[0]


@pytest.fixture
def tomorrow(today: dt.date) -> dt.date:
    return today + dt.timedelta(days=1)


@pytest.fixture
def decide(today: dt.date) -> Callable[..., str]:
    """`decide("post.abolish", post=…)`: one act by a paper of its own, from today unless it says otherwise."""

    def one(name: str, /, **terms: Any) -> str:
        symbol = f"{next(_numbers)}/changes"
        apply(by=operator(), decided_by=Paper(symbol=symbol, signed_on=today), acts=[(name, {"on": today} | terms)])
        return symbol

    return one


@pytest.fixture
def tree(decide: Callable[..., str], today: dt.date) -> dt.date:
    """Two communes with two cells each, a member in every cell; when all of it began."""
    since = today - dt.timedelta(days=1000)

    def organisation(code: str, kind: str, under: str | None = None) -> None:
        decide("organisation.establish", code=code, kind=kind, name=code, under=under, on=since)

    organisation("province", "provincial-party")
    for commune in ("north", "south"):
        organisation(commune, "commune-party", "province")
        for cell in (f"{commune}-1", f"{commune}-2"):
            organisation(cell, "cell", commune)
            decide("person.register", code=f"of-{cell}", unit=cell, name="Lò Thị Hoa", on=since)
            decide("membership.admit", person=f"of-{cell}", unit=cell, stage="official", on=since)
    decide("person.register", code="officer", unit="province", name="Vừ A Dế", on=since)
    decide("person.register", code="other", unit="province", name="Lò Văn Ơn", on=since)
    return since


@pytest.fixture
def sees(tree: Any, raw: psycopg.Connection[Any]) -> Callable[[str], set[str]]:
    """In which units somebody sees members, by the connection that was there before."""
    held: dict[str, str] = {}
    units = dict(Unit.objects.using("owner").values_list("pk", "code"))

    def look(who: str) -> set[str]:
        if who not in held:
            person = Person.objects.using("owner").get(code=who).pk
            held[who] = keys.issue(person=person, until=soon(), using="owner").hex()
        found = members(who)
        raw.execute("SELECT canbo.look_1(%s)", [held[who]])
        assert members(who) == found, "what was remembered before the last decision is not believed"
        return {units[unit] for unit in found}

    def members(who: str) -> set[int]:
        raw.execute("SELECT set_config('app.session', %s, false)", [held[who]])
        rows = raw.execute("SELECT unit_id FROM registry_membership").fetchall()
        names = raw.execute("SELECT unit_id FROM registry_particulars").fetchall()
        assert {unit for (unit,) in rows} <= {unit for (unit,) in names}, "whoever sees a member sees the name"
        return {unit for (unit,) in rows}

    return look


NORTH, SOUTH = {"north-1", "north-2"}, {"south-1", "south-2"}


def posts(decide: Callable[..., str], since: dt.date) -> None:
    for commune in ("north", "south"):
        decide("post.create", code=f"{commune}.secretary", unit=commune, title="party-secretary", on=since)


def test_who_moves_to_another_post_sees_what_lies_under_it_and_no_longer_what_lay_under_the_old_one(
    decide, tree, sees, tomorrow
):
    posts(decide, tree)
    assert sees("officer") == set()
    decide("service.appoint", person="officer", post="north.secretary", on=tree)
    assert sees("officer") == NORTH
    decide("service.relieve", person="officer", post="north.secretary")
    decide("service.appoint", person="officer", post="south.secretary")
    assert sees("officer") == SOUTH
    decide("service.relieve", person="officer", post="south.secretary", on=tomorrow)
    decide("service.appoint", person="officer", post="north.secretary", on=tomorrow)
    assert sees("officer") == SOUTH


def test_an_annulled_appointment_gave_nothing_from_then_on(decide, tree, sees, today):
    posts(decide, tree)
    symbol = decide("service.appoint", person="officer", post="north.secretary", on=tree)
    assert sees("officer") == NORTH
    annul(by=operator(), decided_by=Paper(symbol="void", signed_on=today, reason="never signed"), decision=symbol)
    assert sees("officer") == set()


def test_a_post_of_another_title_gives_what_that_title_gives(decide, tree, sees, tomorrow):
    posts(decide, tree)
    decide("service.appoint", person="officer", post="north.secretary", on=tree)
    change = {"post": "north.secretary", "unit": "north", "title": "committee-member"}
    decide("post.change", **change, on=tomorrow)
    assert sees("officer") == NORTH
    decide("service.appoint", person="other", post="south.secretary", on=tree)
    assert sees("other") == SOUTH
    decide("post.change", **change | {"post": "south.secretary", "unit": "south"})
    assert sees("other") == set()


def test_after_a_merger_the_successor_keeps_the_records_of_what_ended(decide, tree, sees):
    for commune in ("north", "south"):
        decide("mandate.give", person="officer" if commune == "north" else "other", unit=commune, role="organiser")
    assert (sees("officer"), sees("other")) == (NORTH, SOUTH)
    decide("organisation.merge", unit="south", into="north")
    assert sees("officer") == NORTH | SOUTH
    assert sees("other") == set(), "what lay under the commune that ended lies elsewhere now"


def test_a_cell_that_ended_is_kept_by_its_successor_else_by_what_it_lay_under_last(decide, tree, sees):
    decide("mandate.give", person="officer", unit="north", role="organiser")
    decide("mandate.give", person="other", unit="south-1", role="cell-head")
    assert sees("other") == {"south-1"}
    decide("organisation.merge", unit="north-1", into="south-1")
    assert (sees("officer"), sees("other")) == ({"north-2"}, {"south-1", "north-1"})
    decide("organisation.dissolve", unit="north-2")
    assert sees("officer") == {"north-2"}
    decide("organisation.merge", unit="south-1", into="south-2")
    assert sees("officer") == {"north-2"}
    decide("mandate.give", person="officer", unit="south-2", role="cell-head")
    assert sees("officer") == {"north-1", "north-2", "south-1", "south-2"}, "one after another"


def test_a_merger_to_come_changes_nothing_yet_and_an_annulled_one_nothing_any_more(decide, tree, sees, today, tomorrow):
    decide("mandate.give", person="officer", unit="north", role="organiser")
    decide("organisation.merge", unit="south-1", into="north-1", on=tomorrow)
    assert sees("officer") == NORTH
    symbol = decide("organisation.merge", unit="south-2", into="north-2")
    assert sees("officer") == {*NORTH, "south-2"}
    annul(by=operator(), decided_by=Paper(symbol="void", signed_on=today, reason="never signed"), decision=symbol)
    assert sees("officer") == NORTH


def test_a_unit_that_moves_takes_along_who_sees_it(decide, tree, sees, tomorrow):
    decide("mandate.give", person="officer", unit="north", role="organiser")
    decide("unit.place", unit="south-1", parent="north", on=tomorrow)
    assert sees("officer") == NORTH
    decide("unit.place", unit="south-2", parent="north")
    assert sees("officer") == {*NORTH, "south-2"}


def test_a_mandate_that_ends_shows_nothing_from_that_day(decide, tree, sees, today, tomorrow):
    given = {"person": "officer", "unit": "north", "role": "organiser"}
    decide("mandate.give", **given, on=tomorrow)
    assert sees("officer") == set()
    decide("mandate.give", **given | {"unit": "south"}, on=tree, until=today)
    assert sees("officer") == SOUTH, "until the end of its last day"
    decide("mandate.give", **given | {"unit": "north-1"}, on=tree)
    decide("mandate.end", **given | {"unit": "north-1"}, on=tomorrow)
    assert sees("officer") == {*SOUTH, "north-1"}
    decide("mandate.give", **given | {"unit": "north-2"}, on=tree)
    decide("mandate.end", **given | {"unit": "north-2"})
    assert sees("officer") == {*SOUTH, "north-1"}


def test_a_delegation_lasts_until_its_day_and_no_longer_than_the_giver_may(decide, tree, sees, today, tomorrow):
    decide("mandate.give", person="officer", unit="north", role="organiser", on=tree)
    let = {"giver": "officer", "person": "other", "role": "organiser"}
    decide("mandate.delegate", **let, unit="north-1", on=tree, until=today - dt.timedelta(days=1))
    assert sees("other") == set()
    decide("mandate.delegate", **let, unit="north-1", on=tomorrow, until=tomorrow)
    assert sees("other") == set()
    decide("mandate.delegate", **let, unit="south-1", on=tree, until=tomorrow)
    assert sees("other") == set(), "nobody lets others do what they may not do there"
    decide("mandate.delegate", **let, unit="north-2", on=tree, until=today)
    assert sees("other") == {"north-2"}
    decide("mandate.end", person="officer", unit="north", role="organiser", on=tomorrow)
    assert sees("other") == {"north-2"}
    decide("mandate.take-back", person="other", unit="north-2", role="organiser")
    assert sees("other") == set()


def test_what_was_delegated_ends_with_the_mandate_of_who_gave_it(decide, tree, sees, tomorrow):
    decide("mandate.give", person="officer", unit="north", role="organiser", on=tree)
    decide("mandate.delegate", giver="officer", person="other", role="organiser", unit="north", on=tree, until=tomorrow)
    assert sees("other") == NORTH
    decide("mandate.end", person="officer", unit="north", role="organiser")
    assert (sees("officer"), sees("other")) == (set(), set())


def test_a_member_who_goes_elsewhere_is_seen_there_and_the_past_where_it_was(decide, tree, sees):
    decide("mandate.give", person="officer", unit="north-1", role="cell-head")
    decide("mandate.give", person="other", unit="south-1", role="cell-head")
    decide("membership.transfer", person="of-north-1", unit="south-1")
    assert sees("officer") == {"north-1"}
    assert sees("other") == {"south-1"}


def test_what_was_remembered_is_believed_until_the_next_decision_and_of_no_other_day(decide, tree, sees, raw):
    decide("mandate.give", person="officer", unit="north", role="organiser")
    assert sees("officer") == NORTH
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE access_sight SET personal = '{}'")
    assert raw.execute("SELECT count(*) FROM registry_membership").fetchone() == (0,), "nothing is found anew"
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE access_sight SET day = day - 1")
    assert sees("officer") == NORTH
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE access_sight SET personal = '{}'")
    decide("mandate.give", person="other", unit="south", role="organiser")
    assert sees("officer") == NORTH
