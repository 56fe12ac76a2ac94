"""Rows are added by everybody and changed by nobody; sealing makes no writer wait and forgets no late row."""

import threading

import psycopg
import pytest

from canbo.kernel import audit
from canbo.kernel.database import Database
from canbo.kernel.models import CITED, KINDS, Audit
from tests.audit.conftest import entered

pytestmark = pytest.mark.database

ROW = "INSERT INTO kernel_audit (kind, actor, what) VALUES ('list', 'a', 'b')"


def sealed(link: psycopg.Connection) -> list[tuple]:
    return link.execute("SELECT number, audit FROM kernel_sealed ORDER BY number").fetchall()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE kernel_audit SET actor = 'other'",
        "DELETE FROM kernel_audit",
        "TRUNCATE kernel_audit",
        "INSERT INTO kernel_audit (kind, actor, what, at) VALUES ('list', 'a', 'b', '2020-01-01')",
        "INSERT INTO kernel_audit (kind, actor, what, id) VALUES ('list', 'a', 'b', 1)",
        "INSERT INTO kernel_seal VALUES (1, 1, 1, clock_timestamp(), '', '')",
        "INSERT INTO kernel_sealed VALUES (1, 1, '')",
        "INSERT INTO kernel_unsealed VALUES (1)",
        "DELETE FROM kernel_unsealed",
        "UPDATE kernel_seal SET hash = ''",
    ],
)
def test_the_application_adds_rows_and_nothing_else(log: psycopg.Connection, statement: str):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        log.execute(statement)


def test_the_database_stamps_the_instant_and_refuses_a_kind_that_is_not_declared(app_connection: psycopg.Connection):
    before = app_connection.execute("SELECT clock_timestamp()").fetchone()
    (at,) = app_connection.execute(f"{ROW.replace('list', 'freeze')} RETURNING at").fetchone()
    assert before[0] < at < app_connection.execute("SELECT clock_timestamp()").fetchone()[0]
    with pytest.raises(psycopg.errors.CheckViolation):
        app_connection.execute(ROW.replace("list", "gossip"))
    with pytest.raises(RuntimeError, match="no kind"):
        audit.record("gossip", "x", actor="a")


def test_the_application_sees_the_rows_that_the_register_cites_and_no_others(db: None):
    for kind in KINDS:
        if kind not in ("decision", "annulment"):
            key = audit.record(kind, kind, actor="a")
            assert (key is not None) == (kind in CITED)
    assert set(Audit.objects.values_list("kind", flat=True)) == {"freeze", "signature", "collection"}


def test_a_subject_finds_who_read_their_file(log: psycopg.Connection):
    log.execute(
        "INSERT INTO kernel_audit (kind, actor, what, about, details) VALUES ('file', 'B', 'person', '{4}', %s)",
        ['{"file": 4}'],
    )
    found = log.execute("SELECT actor, kind, what, file FROM canbo.audit_read_of_1(4)").fetchall()
    assert found == [
        ("B", "file", "person", True),
        *[("Trần Thị Á", "list", w, False) for w in ("list 4", "list 3")] * 3,
    ]


def test_a_row_committed_late_is_sealed_too(fresh_database: Database, app_connection: psycopg.Connection):
    with fresh_database.connect("app") as slow:
        slow.execute(ROW)
        entered(app_connection, 2)
        assert app_connection.execute("SELECT canbo.audit_seal_1()").fetchone() == (2,)
        slow.commit()
    assert app_connection.execute("SELECT canbo.audit_seal_1()").fetchone() == (1,)
    with fresh_database.connect("owner") as owner:
        keys = [key for _, key in sealed(owner)]
    assert (len(keys), keys[2]) == (3, min(keys))
    found = audit.verify()
    assert (found.rows, found.waiting, found.faults) == (3, 0, [])


def test_a_row_rolled_back_leaves_no_gap(fresh_database: Database, app_connection: psycopg.Connection):
    with fresh_database.connect("app") as slow:
        slow.execute(ROW)
        slow.rollback()
    entered(app_connection, 1)
    app_connection.execute("SELECT canbo.audit_seal_1()")
    assert audit.verify().faults == []


def test_writers_do_not_wait_for_each_other_nor_for_the_sealer(fresh_database: Database, log: psycopg.Connection):
    with fresh_database.connect("app") as sealer, fresh_database.connect("app") as writer:
        entered(log, 1)
        sealer.execute("SELECT canbo.audit_seal_1()")  # not committed: it holds the lock of sealers
        writer.execute(ROW)
        log.execute("SET lock_timeout = '2s'")
        log.execute(ROW)
        writer.commit()
        sealer.commit()
    assert log.execute("SELECT canbo.audit_seal_1()").fetchone() == (2,)
    assert audit.verify().faults == []


def test_many_sealers_make_one_chain(fresh_database: Database, log: psycopg.Connection):
    entered(log, 60)
    links = [fresh_database.connect("app", autocommit=True) for _ in range(6)]
    done: list[int] = []

    def work(link: psycopg.Connection) -> None:
        while many := link.execute("SELECT canbo.audit_seal_1(7)").fetchone()[0]:
            done.append(many)

    threads = [threading.Thread(target=work, args=[link]) for link in links]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    for link in links:
        link.close()
    assert sum(done) == 60
    assert audit.verify().faults == []


def test_a_sealer_that_sees_an_old_state_is_refused(fresh_database: Database):
    with fresh_database.connect("app") as link:
        link.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        with pytest.raises(psycopg.errors.ActiveSqlTransaction):
            link.execute("SELECT canbo.audit_seal_1()")
