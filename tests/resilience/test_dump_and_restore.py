"""A dump, made by the role for backups and restored by the owner, keeps every figure, rule and key."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from canbo.kernel.binaries import Binaries
from canbo.kernel.database import CREATE, Database
from canbo.kernel.instants import day
from canbo.kernel.profile import profile
from canbo.kernel.roles import check_application
from canbo.reports.answer import answer, catalogue
from canbo.reports.book import report
from canbo.reports.indicator import INDICATORS
from canbo.reports.question import ask
from canbo.reports.text import as_json
from tests import clones
from tests.clones import aimed

pytestmark = pytest.mark.database

WHERE = {"over": "0.5", "by": "2024-12-31", "place_kind": "village"}
"""What some indicators have to be told."""
CLOSURE = "SELECT ancestor_id, descendant_id, depth, valid FROM registry_closure ORDER BY 1, 2, 4"
SEQUENCES = "SELECT sequencename, start_value, last_value FROM pg_sequences WHERE schemaname = 'canbo' ORDER BY 1"
GRANTS = """
SELECT table_name, privilege_type, grantee FROM information_schema.table_privileges
WHERE table_schema = 'canbo' AND grantee LIKE 'canbo%' ORDER BY 1, 2, 3
"""


def run(program: str, *words: object, of: Database) -> str:
    """A program of the PostgreSQL that runs the server; it has to succeed in silence."""
    folder = Binaries.find(Path(os.environ["CANBO_PG_BIN"]) if "CANBO_PG_BIN" in os.environ else of.cluster.binaries)
    done = subprocess.run([folder.folder / program, *map(str, words)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.fixture(scope="module")
def restored(small_sample: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A new database with what the dump of the small sample holds."""
    dump = tmp_path_factory.mktemp("dump") / "canbo.dump"
    words = ("--format=custom", f"--file={dump}", f"--dbname={small_sample.address('backup')}")
    run("pg_dump", *words, of=small_sample)
    copy = small_sample.named(f"{small_sample.name}_back")
    with copy.named("postgres").connect("superuser", autocommit=True) as server:  # bare: the dump has the extension
        server.execute(copy.sql(CREATE, template=sql.Identifier("template0")))
    try:
        run("pg_restore", "--exit-on-error", "--no-owner", f"--dbname={copy.address('owner')}", dump, of=copy)
        yield copy
    finally:
        copy.drop()


def rows(database: Database, statement: str) -> list[tuple]:
    with database.connect("owner") as link:
        return link.execute(statement).fetchall()


def reports() -> list[dict[str, Any]]:
    """The report of each part of the sample."""
    told = [profile().read("sample", path.name).get("report") for path in profile().files("sample")]
    return [as_json(report(one["book"], one["unit"], one["day"]), "vi") for one in told if one]


def figures() -> list[dict[str, Any]]:
    """Every indicator on one day with its records."""
    question = ask("dien-bien", day("2024-05-01"), start=day("2021-01-01"))
    found = []
    for said in catalogue():
        needed = {name: WHERE[name] for name in getattr(INDICATORS[said["indicator"]], "parameters", ())}
        found.append(answer(said["indicator"], question.narrowed(needed), records=True))
    return found


def test_every_report_and_every_figure_is_the_same(small_sample: Database, restored: Database, django_db_blocker: Any):
    with django_db_blocker.unblock():
        before = reports(), figures()
        with aimed(restored):
            after = reports(), figures()
    assert len(before[0]) == 4
    assert sum(figure["value"] not in (0, None) for figure in before[1]) >= 20, "figures of nothing prove nothing"
    assert after == before


@pytest.mark.parametrize("what", [CLOSURE, SEQUENCES, GRANTS], ids=["closure", "sequences", "grants"])
def test_the_tree_the_keys_and_the_rights_are_the_same(small_sample: Database, restored: Database, what: str):
    before = rows(small_sample, what)
    assert before
    assert rows(restored, what) == before


def test_the_application_works_on_it_and_keys_go_on_above(restored: Database):
    insert = "INSERT INTO kernel_audit (kind, actor, what) VALUES ('freeze', 'a', 'b') RETURNING id"
    with restored.connect("app") as app:
        check_application(app)
        clones.speak(app)
        (last,) = app.execute("SELECT max(id) FROM kernel_audit").fetchone()
        assert app.execute(insert).fetchone()[0] > last > 10**13
        app.rollback()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE registry_membership SET stage = stage",
        "UPDATE registry_placement SET valid = daterange('2020-01-01', NULL)",
        "DELETE FROM registry_membership",
        "DELETE FROM registry_placement",
    ],
)
def test_the_triggers_still_refuse_edits(restored: Database, statement: str):
    with restored.connect("owner") as owner, pytest.raises(psycopg.errors.Error, match=r"never edited|Cannot delete"):
        owner.execute(statement)


def test_the_constraints_still_refuse_a_second_parent(restored: Database):
    twice = """
    INSERT INTO registry_placement (fact, unit_id, valid, start_precision, end_precision, recorded, opened_by_id,
                                    asserted_by_id, parent_id)
    SELECT -1, unit_id, valid, start_precision, end_precision, recorded, opened_by_id, asserted_by_id, parent_id
    FROM registry_placement WHERE upper_inf(recorded) LIMIT 1
    """
    with restored.connect("owner") as owner, pytest.raises(psycopg.errors.IntegrityError):
        owner.execute(twice)
