"""`canbo audit` on the log of a sample: it passes untouched, travels as a file, and tells where it was touched."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from canbo.access.authority import operator
from canbo.config import sealing
from canbo.kernel import audit
from canbo.kernel.database import Database
from canbo.registry.facts import Decision, Person
from tests.acceptance.commands import canbo

pytestmark = pytest.mark.database


@pytest.fixture
def unbound(small_sample: Database) -> Iterator[psycopg.Connection]:
    """Reads and changes everything."""
    with small_sample.connect("superuser", autocommit=True) as link:
        link.execute("SET search_path = canbo, public")
        yield link


def test_the_log_of_a_sample_has_a_row_for_each_decision_and_passes(small_sample: Database, unbound):
    found = canbo("audit", "verify", "--json")
    assert (found.code, found.json["faults"], found.json["rows"]) == (0, [], 0)
    count, digest = canbo("audit", "anchor").out.split()
    assert int(count) == Decision.objects.count()
    wrong = """SELECT count(*) FROM kernel_audit u WHERE count <> (SELECT count(*) FROM registry_act a
               WHERE a.audit_id = u.id AND a.decision_id = u.decision)"""
    assert unbound.execute(wrong).fetchone() == (0,)
    found = canbo("audit", "verify", "--anchor", f"{count} {digest}")
    assert (found.code, found.out) == (0, f"{count} rows verified, 0 not sealed yet, 0 faults\n")


def test_the_log_travels_as_a_file_that_its_own_verifier_verifies(small_sample: Database, tmp_path: Path):
    said = canbo("audit", "export", tmp_path / "log.jsonl")
    assert said.code == 0
    lines = (tmp_path / "log.jsonl").read_text(encoding="utf-8").splitlines()
    own = json.loads(lines[-2])
    assert (own["kind"], own["actor"]) == ("log", operator())
    (tmp_path / "verify.py").write_text(canbo("audit", "verifier").out, encoding="utf-8")
    anchor = said.out.split("  ")[1].strip()
    command = [sys.executable, "-I", "-S", "verify.py", "log.jsonl", "--anchor", anchor]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("words", "kind", "concerned"),
    [
        (("report", "term", "--unit", "dien-bien", "--on", "2024-05-01"), "report", False),
        (("figure", "members", "--unit", "dien-bien", "--on", "2024-05-01"), "report", False),
        (("figure", "members", "--unit", "dien-bien", "--on", "2024-05-01", "--records"), "list", True),
        (
            ("bridge", "members", "--unit", "dien-bien", "--from", "2024-01-01", "--to", "2024-05-01", "--json"),
            "list",
            True,
        ),
        (("report", "term", "--unit", "dien-bien", "--on", "2024-05-01", "--format", "xlsx"), "export", True),
    ],
)
def test_what_commands_show_is_recorded(small_sample, unbound, tmp_path, words, kind: str, concerned: bool):
    out = ("--out", tmp_path / "report.xlsx") if "xlsx" in words else ()
    assert canbo(*words, *out).code in (0, 1)
    last = "SELECT kind, actor, cardinality(about), unit IS NOT NULL FROM kernel_audit ORDER BY id DESC LIMIT 1"
    found = unbound.execute(last).fetchone()
    assert found[:2] == (kind, operator())
    assert (found[2] > 0) == concerned
    assert found[3]


def test_a_file_read_by_command_is_recorded_of_its_subject(small_sample: Database, unbound: psycopg.Connection):
    code, key = Person.objects.order_by("pk").values_list("code", "pk").first()
    assert canbo("why", "person", code).code == 0
    last = "SELECT kind, about, details FROM kernel_audit ORDER BY id DESC LIMIT 1"
    assert unbound.execute(last).fetchone() == ("file", [key], {"file": key})


def test_the_server_seals_what_waits_and_survives_a_database_that_is_away(small_sample, settings):
    audit.record("report", "x", actor="a")
    settings.DATABASE = small_sample
    assert sealing.once() >= 1
    assert audit.verify().waiting == 0
    settings.DATABASE = small_sample.named("nowhere")
    assert sealing.once() == 0


def test_an_anchor_that_is_none_is_refused(small_sample: Database):
    said = canbo("audit", "verify", "--anchor", "much")
    assert (said.code, "an anchor is" in said.err) == (2, True)


def test_a_changed_row_of_the_sample_is_located_and_ends_with_1(small_sample: Database, unbound: psycopg.Connection):
    audit.seal()
    unbound.execute("SET session_replication_role = replica")
    unbound.execute(
        "UPDATE kernel_audit SET actor = 'x' WHERE id = (SELECT audit FROM kernel_sealed WHERE number = 700)"
    )
    found = canbo("audit", "verify")
    assert found.code == 1
    assert "✗ row 700 (key" in found.out
