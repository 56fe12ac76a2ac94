"""The one door for writes: who wins, what is refused in which words, and what nobody may do around it."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from django.db import connection, connections, transaction

from canbo.access.authority import Roles, operator
from canbo.kernel.act import register_authority
from canbo.kernel.models import Audit
from canbo.kernel.refusal import Mistake, Refused
from canbo.registry.facts import Act, Decision, Person
from canbo.registry.ledger import apply
from canbo.registry.membership.models import Membership
from canbo.registry.people.models import Particulars
from canbo.registry.service.models import Incumbency
from tests.generative.register import decide, error_of, foresee, paper, undo

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("small_register")]

ADMIT = ("membership.admit", {"on": "2020-01-01", "person": "p1", "unit": "u1", "stage": "trial"})
FACT = (
    "INSERT INTO registry_membership (fact, unit_id, valid, start_precision, end_precision, recorded, opened_by_id,"
    " closed_by_id, asserted_by_id, retracted_by_id, person_id, stage, category, entry, ending)"
    " SELECT fact + 1, unit_id, '[2001-01-01,2002-01-01)', 'd', 'd', {recorded}, {opened}, opened_by_id,"
    " asserted_by_id, {retracted}, person_id, stage, category, entry, ending FROM registry_membership"
)


def memberships(**where: Any) -> list[tuple]:
    rows = Membership.objects.filter(recorded__upper_inf=True, **where).order_by("person__code", "valid")
    return [
        (p, u, s, v.lower, v.upper) for p, u, s, v in rows.values_list("person__code", "unit__code", "stage", "valid")
    ]


@pytest.mark.usefixtures("fresh_database")
def test_of_twenty_who_do_the_same_at_once_one_succeeds():
    together = threading.Barrier(20)

    def appoint(number: int) -> str:
        acts = ("service.appoint", {"on": "2020-01-01", "person": f"p{number % 4 + 1}", "post": "s1"})
        together.wait()
        try:
            return decide(f"d{number}", acts).code
        except Refused as refusal:
            return str(refusal)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as people:
        said = list(people.map(appoint, range(20)))
    assert len([word for word in said if word.startswith("d")]) == 1
    assert said.count("act 1 (service.appoint): s1 has 1 seats and 1 holders") == 19
    assert Incumbency.objects.count() == 1
    assert Decision.objects.count() == Audit.objects.count() == 2


@pytest.mark.usefixtures("fresh_database")
def test_who_began_earlier_but_applies_later_is_known_later():
    begun, done, known = threading.Event(), threading.Event(), []

    def slowly() -> None:
        with transaction.atomic():
            assert not Membership.objects.exists()
            begun.set()
            done.wait(20)
            known.append(decide("slow", ADMIT).known)
        connections.close_all()

    slow = threading.Thread(target=slowly)
    slow.start()
    begun.wait(20)
    fast = decide("fast", ("membership.admit", {**ADMIT[1], "person": "p2"})).known
    done.set()
    slow.join()
    assert known[0] > fast
    assert list(Decision.objects.order_by("applied_at").values_list("code", flat=True)) == ["setup", "fast", "slow"]


def test_instants_ascend_even_when_the_clock_stands_still():
    codes = [f"d{n}" for n in range(5)]
    with transaction.atomic():
        known = [decide(code, ("membership.admit", {**ADMIT[1], "person": "p1"})).known for code in codes[:1]]
        known += [decide(code, ("membership.advance", {"on": f"202{n}-01-01", "person": "p1", "stage": "full"})).known
                  for n, code in enumerate(codes[1:], 1)]  # fmt: skip
    assert known == sorted(set(known))
    assert Membership.objects.filter(recorded__isempty=True).count() == 0
    assert Membership.objects.filter(recorded__upper_inf=True).count() == 5


def test_the_application_cannot_choose_since_when_a_decision_is_known():
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO registry_decision (code, part, symbol, kind, signed_on, reason, applied_at)"
            " VALUES ('x', 1, 'x', 'ordinary', '2001-01-01', '', '2001-01-01')"
            " RETURNING clock_timestamp() - applied_at < '1 minute'"
        )
        assert cursor.fetchone() == (True,)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE registry_membership SET stage = 'full'",
        "UPDATE registry_membership SET valid = '[2001-01-01,)'",
        "UPDATE registry_decision SET applied_at = now()",
        "UPDATE registry_act SET reason = 'other'",
        "UPDATE kernel_audit SET actor = 'other'",
        "DELETE FROM registry_membership",
        "DELETE FROM registry_act",
        "TRUNCATE registry_membership",
        "UPDATE registry_closure SET depth = 9",
        "INSERT INTO registry_closure (ancestor_id, descendant_id, depth, valid) VALUES (1, 1, 1, '(,)')",
    ],
)
def test_the_application_may_not(statement: str):
    decide("d1", ADMIT)
    assert isinstance(error_of(statement), psycopg.errors.InsufficientPrivilege)


def test_not_even_the_owner_edits_or_removes_a_version(owner_connection: psycopg.Connection[Any]):
    decide("d1", ADMIT)
    for statement in ("UPDATE registry_membership SET stage = 'full'", "DELETE FROM registry_membership"):
        with pytest.raises(psycopg.errors.DatabaseError, match=r"never edited|[Cc]annot delete"):
            owner_connection.execute(statement)


@pytest.mark.parametrize(
    ("recorded", "retracted"),
    [
        ("tstzrange('2001-01-01', NULL)", "NULL"),
        ("tstzrange(lower(recorded) + '1 microsecond', NULL)", "NULL"),
        ("tstzrange(lower(recorded), '2100-01-01')", "asserted_by_id"),
    ],
)
def test_a_fact_has_the_instants_of_its_decisions(recorded: str, retracted: str):
    decide("d1", ADMIT)
    said = error_of(FACT.format(recorded=recorded, opened="opened_by_id", retracted=retracted))
    assert isinstance(said, psycopg.errors.CheckViolation)
    assert "from the instant of the decision" in str(said)


def test_a_fact_cites_an_act_that_there_is():
    decide("d1", ADMIT)
    said = error_of(FACT.format(recorded="recorded", opened="1", retracted="NULL"))
    assert isinstance(said, psycopg.errors.ForeignKeyViolation)


@pytest.mark.parametrize(
    ("instant", "act"),
    [("'2100-01-01'", "asserted_by_id"), ("lower(recorded) + '1 s'", "asserted_by_id"), ("clock_timestamp()", "1")],
)
def test_a_version_is_retired_at_the_instant_of_the_act_that_retires_it(instant: str, act: str):
    decide("d1", ADMIT)
    retire = "UPDATE registry_membership SET recorded = tstzrange(lower(recorded), {}), retracted_by_id = {}"
    assert isinstance(error_of(retire.format(instant, act)), psycopg.errors.IntegrityError)


def test_partial_dates_count_from_the_first_day_to_the_day_after_the_last():
    decide("d1", ("unit.serve", {"on": "2021", "until": "2022-02", "unit": "u1", "place": "land"}))
    decide("d2", ("membership.admit", {**ADMIT[1], "on": "2020-02"}))
    assert memberships() == [("p1", "u1", "trial", dt.date(2020, 2, 1), None)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT lower(valid), upper(valid), start_precision, end_precision FROM registry_service")
        assert cursor.fetchone() == (dt.date(2021, 1, 1), dt.date(2022, 3, 1), "y", "m")


def test_overlaps_are_refused_of_exact_dates_and_left_to_review_of_others():
    decide("d1", ("unit.serve", {"on": "2020-06-01", "unit": "u1", "place": "land"}))
    with pytest.raises(Refused, match="serves one place at a time"):
        decide("d2", ("unit.serve", {"on": "2021-01-01", "unit": "u1", "place": "town"}))
    decide("d3", ("unit.serve", {"on": "2021", "unit": "u1", "place": "town"}))


def test_an_opening_balance_is_a_decision_of_its_own_kind_and_no_admission():
    taken = ("membership.take-over", ADMIT[1])
    apply(by=operator(), decided_by=paper("d1", kind=Decision.OPENING), acts=[taken])
    assert Decision.objects.get(code="d1").kind == Decision.OPENING
    assert Membership.objects.get().entry == "balance"
    with pytest.raises(Refused, match="is a member since"):
        decide("d2", ADMIT)


def test_a_future_act_is_known_now_and_valid_later():
    known = decide("d1", ("membership.admit", {**ADMIT[1], "on": "2090-01-01"})).known
    assert not Membership.objects.asof(dt.date(2089, 12, 31), known).exists()
    assert Membership.objects.asof(dt.date(2090, 1, 1), known).count() == 1
    assert not Membership.objects.asof(dt.date(2090, 1, 1), known - dt.timedelta(microseconds=1)).exists()


def test_a_correction_says_why_and_keeps_what_was_said():
    first = decide("d1", ADMIT)
    fact = Membership.objects.get().fact
    wrong = {"on": "2020-01-01", "fact": fact, "unit": "u2"}
    with pytest.raises(Refused, match=r"act 1 \(membership.correct\): a correction needs a reason"):
        decide("d2", ("membership.correct", wrong))
    second = decide("d2", ("membership.correct", {**wrong, "reason": "misread"}))
    assert [m.unit.code for m in Membership.objects.known(first.known)] == ["u1"]
    assert [(m.unit.code, m.fact) for m in Membership.objects.known(second.known)] == [("u2", fact)]


def test_acts_of_one_decision_on_one_fact_are_folded_into_one_version():
    decide(
        "d1",
        ADMIT,
        ("membership.advance", {"on": "2021-01-01", "person": "p1", "stage": "full"}),
        ("membership.leave", {"on": "2022-01-01", "person": "p1", "ending": "left"}),
    )
    assert memberships() == [
        ("p1", "u1", "trial", dt.date(2020, 1, 1), dt.date(2021, 1, 1)),
        ("p1", "u1", "full", dt.date(2021, 1, 1), dt.date(2022, 1, 1)),
    ]
    assert Membership.objects.count() == 2


def test_a_decision_with_another_one_between_its_parts_is_not_annulled_before_that_one():
    decide("d1", ADMIT)
    decide("d2", ("membership.advance", {"on": "2021-01-01", "person": "p1", "stage": "full"}))
    fact = Membership.objects.get(entry="admission", recorded__upper_inf=True).fact
    decide("d1", ("membership.correct", {"on": "2020-01-01", "fact": fact, "unit": "u2", "reason": "misread"}))
    with pytest.raises(Refused, match="later decisions rest on the same fact; annul them first: d2"):
        undo("d1")
    with pytest.raises(Refused, match="annul them first: d1"):
        undo("d2")


@pytest.mark.parametrize(
    ("name", "terms", "said"),
    [
        ("membership.admit", {"unit": "u9"}, ["act 2 (membership.admit", "unit", "'u9'"]),
        ("membership.admit", {"on": "2020-02-30"}, ["act 2 (membership.admit", "on", "2020-02-30", "calendar"]),
        ("membership.admit", {"on": "3.2.2020"}, ["act 2 (membership.admit", "on", "YYYY-MM-DD"]),
        ("membership.admit", {"on": "9999-12-31"}, ["act 2 (membership.admit", "on", "9999-12-31"]),
        ("membership.admit", {"stage": "boss"}, ["act 2 (membership.admit", "stage", "'boss'", "trial, full"]),
        ("membership.admit", {"belief": "x"}, ["act 2 (membership.admit", "belief", "known are", "category"]),
        ("membership.admitt", {}, ["act 2", "membership.admitt", "known are"]),
        ("membership.admit", {"unit": "u" * 200}, ["act 2 (membership.admit", "unit", "there is no unit"]),
        ("organisation.establish", {"code": "x", "kind": "whole", "name": "x" * 300}, ["act 2", "name", "240"]),
        ("organisation.establish", {"code": "x", "kind": "whole", "name": "a\x00b"}, ["act 2", "name"]),
        ("organisation.establish", {"code": "x" * 300, "kind": "whole", "name": "x"}, ["act 2", "code", "120"]),
        ("post.create", {"code": "x", "unit": "u1", "title": "clerk", "seats": 2**40}, ["act 2", "seats", "32767"]),
    ],
)  # fmt: skip
def test_a_mistake_names_the_act_the_field_and_the_remedy(name: str, terms: dict[str, Any], said: list[str]):
    usual = {**ADMIT[1], "person": "p2"} if name.startswith("membership") else {"on": "2020-01-01"}
    with pytest.raises(Mistake) as mistake:
        decide("d1", ADMIT, (name, {**usual, **terms}))
    assert [word for word in said if word not in str(mistake.value)] == []
    assert not Membership.objects.exists()


def test_nobody_acts_without_authority():
    with pytest.raises(Refused, match="not said by whom"):
        apply(by="", decided_by=paper("d1"), acts=[ADMIT])
    register_authority(None)
    try:
        with pytest.raises(Refused, match="no authority is registered"):
            decide("d1", ADMIT)
        with pytest.raises(Refused, match="no authority is registered"):
            undo("setup")
    finally:
        register_authority(Roles())


def test_the_audit_row_of_a_decision_counts_its_acts():
    outcome = decide("d1", ADMIT, ("membership.admit", {**ADMIT[1], "person": "p2"}))
    audit = Audit.objects.get(acts__decision=outcome.decision, acts__seq=1)
    assert (audit.count, audit.at, audit.what, len(bytes(audit.digest))) == (2, outcome.known, "apply d1", 32)
    assert list(Act.objects.filter(audit=audit).order_by("seq").values_list("seq", flat=True)) == [1, 2]


def test_a_preview_shows_the_effects_and_leaves_no_trace():
    assert [v.values["stage"] for v in foresee("d1", [ADMIT]).effects] == ["trial"]
    assert Decision.objects.count() == Audit.objects.count() == 1
    assert not Membership.objects.exists()
    with pytest.raises(Refused, match="is a member since"):
        foresee("d1", [ADMIT, ADMIT])


@pytest.mark.turns
@pytest.mark.usefixtures("fresh_database")
def test_twenty_thousand_acts_at_once_write_what_they_write_in_small_decisions():
    def acts(since: int, until: int, letter: str) -> list[tuple[str, dict[str, Any]]]:
        found = []
        for n in range(since, until):
            code, unit = f"{letter}{n}", f"u{n % 4 + 1}"
            found.append(("person.register", {"on": "2019-01-01", "code": code, "unit": unit, "name": f"Name {n}"}))
            found.append(("membership.admit", {"on": "2020", "person": code, "unit": unit, "stage": "trial"}))
        return found

    decide("all", *acts(0, 10_000, "x"))
    for part in range(0, 1_000, 50):
        decide("small", *acts(part, part + 50, "y"))
    assert Person.objects.filter(code__startswith="x").count() == 10_000
    for model, columns in ((Membership, ("stage", "entry", "start_precision")), (Particulars, ("name",))):
        rows = [
            [(code[1:], *said) for code, *said in model.objects.filter(person__code__regex=f"^{letter}[0-9]{{1,3}}$")
             .order_by("person__code").values_list("person__code", "unit__code", "valid", *columns)]
            for letter in "xy"
        ]  # fmt: skip
        assert rows[0] == rows[1]
        assert len(rows[0]) == 1_000
    undo("all")
    assert not Membership.objects.filter(recorded__upper_inf=True, person__code__startswith="x").exists()
