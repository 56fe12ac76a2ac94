"""What the register promises of its instants, codes and ends, and what is refused because of it."""

import datetime as dt

import psycopg
import pytest

from canbo.kernel.refusal import Mistake, Refused
from canbo.registry.facts import Person, Unit
from canbo.registry.ledger import Paper, apply
from canbo.registry.membership.models import Membership
from canbo.registry.organisations.models import Organisation
from canbo.registry.service.models import Incumbency
from tests.generative.register import decide, error_of, operator, undo

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("small_register")]

ADMIT = ("membership.admit", {"on": "2020-01-01", "person": "p1", "unit": "u1", "stage": "trial"})
NEW = {"on": "2020-01-01", "code": "n1", "kind": "branch", "name": "New", "under": "top"}
ACT = (
    'INSERT INTO registry_act (decision_id, seq, name, "on", reason, audit_id)'
    " SELECT decision_id, seq + 1, name, \"on\", '', audit_id FROM registry_act ORDER BY id DESC LIMIT 1"
)
FACT = (
    "INSERT INTO registry_membership (fact, unit_id, valid, start_precision, end_precision, recorded, opened_by_id,"
    " asserted_by_id, person_id, stage, category, entry, ending)"
    " SELECT 1, unit_id, valid, 'd', 'd', recorded, opened_by_id, asserted_by_id,"
    " (SELECT id FROM registry_person WHERE code = 'p4'), stage, category, entry, ending FROM registry_membership"
    " ORDER BY id DESC LIMIT 1"
)
RETIRE = (
    "UPDATE registry_membership SET recorded = tstzrange(lower(recorded), (SELECT max(applied_at) FROM"
    " registry_decision)), retracted_by_id = (SELECT max(id) FROM registry_act)"
)


@pytest.mark.usefixtures("fresh_database")
@pytest.mark.parametrize("statement", [ACT, FACT, RETIRE])
def test_nothing_is_added_to_a_decision_that_was_applied_before(statement: str):
    decide("d1", ADMIT)
    decide("d2", ("membership.admit", {**ADMIT[1], "person": "p3"}))
    only = f"{statement} WHERE retracted_by_id IS NULL" if statement == RETIRE else statement
    assert isinstance(error_of(only), psycopg.errors.CheckViolation)


@pytest.mark.usefixtures("fresh_database")
def test_what_belongs_to_one_decision_is_written_with_it():
    decide("d1", ADMIT)
    decide("d2", ("membership.leave", {"on": "2021-01-01", "person": "p1", "ending": "left"}))
    assert Membership.objects.count() == 2


def test_an_identity_cites_the_act_that_introduced_it():
    said = error_of("INSERT INTO registry_person (code, introduced_by_id) VALUES ('x', 1)")
    assert isinstance(said, psycopg.errors.ForeignKeyViolation)


@pytest.mark.parametrize("said", ["code = 'x'", "id = 4711"])
def test_the_application_may_not_rename_anybody(said: str):
    assert isinstance(
        error_of(f"UPDATE registry_person SET {said} WHERE code = 'p1'"), psycopg.errors.InsufficientPrivilege
    )


def test_an_identity_keeps_its_origin_while_that_is_in_force():
    said = error_of("UPDATE registry_person SET introduced_by_id = introduced_by_id WHERE code = 'p1'")
    assert "an identity stays as it is" in str(said)


def test_the_code_of_a_unit_fits_into_an_address():
    with pytest.raises(Refused, match="No slash in the code of a unit"):
        decide("d1", ("organisation.establish", {**NEW, "code": "n/1"}))
    assert not Unit.objects.filter(code__startswith="n/").exists()
    decide("d1", ("organisation.establish", {**NEW, "code": "n:1"}))


def test_a_code_comes_again_when_its_introduction_was_annulled():
    decide("d1", ("organisation.establish", NEW))
    first = Unit.objects.get(code="n1")
    with pytest.raises(Refused, match="'n1' already names a unit"):
        decide("d2", ("organisation.establish", NEW))
    undo("d1")
    with pytest.raises(Mistake, match="there is no unit with the code 'n1'"):
        decide("d2", ("organisation.change", {"on": "2021-01-01", "unit": "n1", "kind": "branch", "name": "Newer"}))
    decide("d2", ("organisation.establish", {**NEW, "name": "Other"}))
    again = Unit.objects.get(code="n1")
    assert (again.pk, again.introduced_by.decision.code) == (first.pk, "d2")
    assert [o.name for o in Organisation.objects.filter(unit=again, recorded__upper_inf=True)] == ["Other"]
    decide("d3", ("membership.admit", {**ADMIT[1], "unit": "n1"}))
    with pytest.raises(Refused, match="annul them first: d3"):
        undo("d2", "annulment 2")


def test_two_papers_do_not_share_a_code():
    decide("d1", ADMIT)
    another = Paper(symbol="d1", signed_on=dt.date(2020, 5, 5))
    act = ("membership.admit", {**ADMIT[1], "person": "p2"})
    with pytest.raises(Refused, match="'d1' already names the decision d1 of 2019-01-01; give this one a code"):
        apply(by=operator(), decided_by=another, acts=[act])
    own = another.model_copy(update={"code": "d1 of 2020"})
    assert apply(by=operator(), decided_by=own, acts=[act]).part == 1
    assert decide("d1", ("membership.admit", {**ADMIT[1], "person": "p3"})).part == 2


@pytest.mark.parametrize(
    ("on", "end", "precision"),
    [("2021-06-15", (2021, 6, 15), "d"), ("2021-06", (2021, 7, 1), "m"), ("2021", (2022, 1, 1), "y")],
)
def test_a_partial_end_is_the_day_after_the_last_one_of_what_it_names(on: str, end: tuple, precision: str):
    decide("d1", ADMIT, ("membership.leave", {"on": on, "person": "p1", "ending": "left"}))
    held = Membership.objects.get(recorded__upper_inf=True)
    assert (held.valid.upper, held.end_precision) == (dt.date(*end), precision)


def test_who_came_and_left_in_the_same_year_was_there():
    decide("d1", ("membership.admit", {**ADMIT[1], "on": "2020"}))
    decide("d2", ("membership.leave", {"on": "2020", "person": "p1", "ending": "left"}))
    held = Membership.objects.get(recorded__upper_inf=True)
    assert (held.valid.lower, held.valid.upper) == (dt.date(2020, 1, 1), dt.date(2021, 1, 1))


def test_nobody_is_admitted_by_an_organisation_that_there_is_not():
    decide("d1", ("organisation.establish", {**NEW, "on": "2020-06-01"}))
    with pytest.raises(Refused, match=r"act 1 \(membership.admit.*: there is no organisation 'n1' on 2020-05-31"):
        decide("d2", ("membership.admit", {**ADMIT[1], "on": "2020-05-31", "unit": "n1"}))
    decide("d2", ("membership.admit", {**ADMIT[1], "on": "2020", "unit": "n1"}))
    decide("d3", ("membership.admit", {**ADMIT[1], "person": "p2"}))
    decide("d4", ("organisation.dissolve", {"on": "2024-01-01", "unit": "n1"}))
    with pytest.raises(Refused, match="no organisation 'n1' on 2024-01-01"):
        decide("d5", ("membership.transfer", {"on": "2024-01-01", "person": "p2", "unit": "n1"}))
    assert Person.objects.filter(memberships__unit__code="n1").count() == 1


def test_a_fact_of_another_decision_that_would_come_back_needs_its_unit_too():
    decide("d1", ("organisation.establish", NEW))
    decide("d2", ("post.create", {"on": "2020-03-01", "code": "s3", "unit": "n1", "title": "clerk", "seats": 1}))
    decide("d1", ("post.abolish", {"on": "2021-01-01", "post": "s3"}))
    with pytest.raises(Refused, match="later decisions rest on the same identity; annul them first: d2"):
        undo("d1")


def test_a_post_that_is_held_neither_ends_nor_moves():
    decide("d1", ("service.appoint", {"on": "2020-01-01", "person": "p1", "post": "s1"}))
    abolish = ("post.abolish", {"on": "2021-01-01", "post": "s1"})
    for act in (abolish, ("post.change", {"on": "2021-01-01", "post": "s1", "unit": "u2", "title": "chair"})):
        with pytest.raises(Refused, match="a post that is held neither ends nor moves; relieve its holders first: s1"):
            decide("d2", act)
    relieve = ("service.relieve", {"on": "2021-01-01", "person": "p1", "post": "s1"})
    decide("d2", abolish, relieve)
    with pytest.raises(Refused, match="there is no post on 2021-01-01"):
        decide("d3", ("service.appoint", {"on": "2021-01-01", "person": "p2", "post": "s1"}))


def test_nobody_is_appointed_beyond_the_end_of_a_post_nor_left_there_by_an_annulment():
    relieve = ("service.relieve", {"on": "2022-01-01", "person": "p1", "post": "s1"})
    decide("d1", ("post.abolish", {"on": "2022-01-01", "post": "s1"}))
    appoint = ("service.appoint", {"on": "2020-01-01", "person": "p1", "post": "s1"})
    with pytest.raises(Refused, match="a post that is held neither ends"):
        decide("d2", appoint)
    decide("d2", appoint, relieve)
    assert Incumbency.objects.get().valid.upper == dt.date(2022, 1, 1)
    undo("d1")


def test_an_annulment_does_not_give_back_a_holder_without_a_post():
    decide("d1", ("service.appoint", {"on": "2020-01-01", "person": "p1", "post": "s1"}))
    decide("d2", ("service.relieve", {"on": "2022-01-01", "person": "p1", "post": "s1"}))
    decide("d3", ("post.abolish", {"on": "2022-01-01", "post": "s1"}))
    with pytest.raises(Refused, match="a post that is held neither ends"):
        undo("d2")
    undo("d3", "annulment 3")
    undo("d2")
