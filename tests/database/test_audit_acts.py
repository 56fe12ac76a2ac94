"""No act without its audit row: tried by raw SQL as the role of the application."""

import psycopg
import pytest

from canbo.kernel.database import Database
from canbo.registry.facts import Decision
from tests import clones
from tests.generative.register import decide

pytestmark = pytest.mark.database

DECISION = """INSERT INTO registry_decision (code, part, symbol, kind, signed_on, reason, applied_at)
VALUES ('forged', 1, 'forged', 'ordinary', '2024-01-01', '', NULL) RETURNING id"""
AUDIT = """INSERT INTO kernel_audit (kind, actor, what, decision, count)
VALUES ('decision', 'a', 'apply forged', %s, %s) RETURNING id"""
ACT = """INSERT INTO registry_act (decision_id, seq, name, "on", reason, audit_id)
SELECT %s, seq, 'person.register', '2024-01-01', '', %s FROM generate_series(%s::int, %s::int) AS seq"""


@pytest.fixture
def decided(fresh_database: Database, small_register: None):
    """A transaction of the application in which a decision was inserted by hand."""
    with fresh_database.connect("app") as link:
        clones.speak(link)
        yield link, link.execute(DECISION).fetchone()[0]


def test_acts_with_their_row_are_committed(decided):
    link, decision = decided
    (row,) = link.execute(AUDIT, [decision, 3]).fetchone()
    link.execute(ACT, [decision, row, 1, 3])
    link.commit()
    assert Decision.objects.get(code="forged").acts.count() == 3
    assert link.execute("SELECT at = applied_at FROM kernel_audit u JOIN registry_decision d ON d.id = u.decision "
                        "WHERE u.id = %s", [row]).fetchone() == (True,)  # fmt: skip


def test_acts_without_a_row_are_refused(decided):
    link, decision = decided
    with pytest.raises(psycopg.errors.IntegrityError):
        link.execute(ACT, [decision, None, 1, 1])


def test_acts_with_the_row_of_another_decision_are_refused(decided):
    link, decision = decided
    (other,) = link.execute("SELECT max(id) FROM kernel_audit").fetchone()
    with pytest.raises(psycopg.errors.CheckViolation, match="counts exactly these"):
        link.execute(ACT, [decision, other, 1, 1])


@pytest.mark.parametrize(("first", "last"), [(1, 2), (1, 4), (2, 4)])
def test_more_or_fewer_acts_than_the_row_counts_are_refused(decided, first: int, last: int):
    link, decision = decided
    (row,) = link.execute(AUDIT, [decision, 3]).fetchone()
    with pytest.raises(psycopg.errors.CheckViolation, match="counts exactly these"):
        link.execute(ACT, [decision, row, first, last])


def test_acts_added_to_a_row_that_has_its_own_are_refused(decided):
    link, decision = decided
    (row,) = link.execute(AUDIT, [decision, 1]).fetchone()
    link.execute(ACT, [decision, row, 1, 1])
    with pytest.raises(psycopg.errors.IntegrityError):
        link.execute(ACT, [decision, row, 2, 2])


def test_a_row_that_counts_acts_which_were_not_written_is_not_committed(decided):
    link, decision = decided
    link.execute(AUDIT, [decision, 3])
    with pytest.raises(psycopg.errors.CheckViolation, match="were not written"):
        link.commit()


def test_a_row_of_no_decision_cannot_claim_one(decided):
    link, _ = decided
    with pytest.raises(psycopg.errors.ForeignKeyViolation, match="not there"):
        link.execute(AUDIT, [-1, 0])


def test_a_temporary_table_of_the_same_name_deceives_nobody(decided):
    link, decision = decided
    (other,) = link.execute("SELECT max(id) FROM kernel_audit").fetchone()
    link.execute("CREATE TEMP TABLE kernel_audit AS SELECT %s::bigint AS id, %s::bigint AS decision, 1 AS count",
                 [other, decision])  # fmt: skip
    with pytest.raises(psycopg.errors.CheckViolation, match="counts exactly these"):
        link.execute(ACT, [decision, other, 1, 1])


@pytest.mark.usefixtures("small_register")
def test_a_decision_applied_through_the_door_leaves_one_row_that_counts_its_acts():
    done = decide("d9", ("post.abolish", {"on": "2020-01-01", "post": "s1"}))
    (row,) = Decision.objects.get(pk=done.decision).acts.values_list("audit__decision", "audit__count", "audit__at")
    assert row == (done.decision, 1, done.known)
