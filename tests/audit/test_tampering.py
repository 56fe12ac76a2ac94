"""Whoever changes the log behind its triggers is found, and where; what cannot be found is tried too."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from canbo.kernel import audit, verifier
from canbo.kernel.database import Database
from tests.audit.conftest import ROWS, entered

pytestmark = pytest.mark.database

KEY = "(SELECT audit FROM kernel_sealed WHERE number = {})"
SWAPPED = """
CREATE TEMP TABLE two AS SELECT * FROM kernel_audit WHERE id IN ({one}, {other});
UPDATE kernel_audit a SET at = t.at, actor = t.actor, person = t.person, what = t.what, about = t.about,
    details = t.details FROM two t WHERE a.id IN ({one}, {other}) AND t.id IN ({one}, {other}) AND a.id <> t.id
""".format(one=KEY.format(12), other=KEY.format(17))
EXCHANGED = """
CREATE TEMP TABLE two AS SELECT * FROM kernel_sealed WHERE number IN (12, 17);
DELETE FROM kernel_sealed WHERE number IN (12, 17);
INSERT INTO kernel_sealed SELECT 29 - number, audit, leaf FROM two
"""
FORGED = "INSERT INTO kernel_audit (at, kind, actor, what) VALUES (clock_timestamp(), 'list', 'x', 'y')"
SMUGGLED = f"""{FORGED};
INSERT INTO kernel_sealed SELECT {ROWS + 1}, max(id), audit_leaf_1(u) FROM kernel_audit u GROUP BY u.id
ORDER BY u.id DESC LIMIT 1"""
FORGERIES = {
    "changed": (f"UPDATE kernel_audit SET actor = 'other' WHERE id = {KEY.format(15)}", ["row 15 (key", "was changed"]),
    "redated": (
        f"UPDATE kernel_audit SET at = at - interval '1 microsecond' WHERE id = {KEY.format(15)}",
        ["row 15 (key", "was changed"],
    ),
    "hidden reader": (f"UPDATE kernel_audit SET about = '{{}}' WHERE id = {KEY.format(3)}", ["row 3 (key"]),
    "changed with its leaf": (
        f"""UPDATE kernel_audit SET actor = 'other' WHERE id = {KEY.format(15)};
        UPDATE kernel_sealed s SET leaf = audit_leaf_1(u) FROM kernel_audit u WHERE u.id = s.audit AND s.number = 15""",
        ["block 2 (rows 11 to 20): its seal is not that of its rows"],
    ),
    "deleted": (f"DELETE FROM kernel_audit WHERE id = {KEY.format(15)}", ["row 15 (key", "was deleted"]),
    "deleted with its number": (
        f"DELETE FROM kernel_audit WHERE id = {KEY.format(15)}; DELETE FROM kernel_sealed WHERE number = 15",
        ["row 15 is missing", "block 2 (rows 11 to 20)"],
    ),
    "swapped": (SWAPPED, ["row 12 (key", "and row 17 (key", "were swapped"]),
    "swapped with their numbers": (EXCHANGED, ["row 12 (key", "row 17 (key", "swapped", "block 2 (rows 11 to 20)"]),
    "forged": (FORGED, ["is neither sealed nor waits for it: forged"]),
    "forged with a number": (SMUGGLED, [f"rows {ROWS + 1} to {ROWS + 1} stand behind the last seal: forged"]),
    "changed seal": ("UPDATE kernel_seal SET hash = sha256('x') WHERE block = 2", [
        "block 2 (rows 11 to 20): its seal is not that of its rows",
        "block 3 (rows 21 to 30) does not follow on the seal before it",
    ]),
    "missing block": (
        "DELETE FROM kernel_seal WHERE block = 2", ["block 3 (rows 21 to 30) does not follow on the seal before it"],
    ),
}  # fmt: skip
CUT = """
DELETE FROM kernel_audit WHERE id IN (SELECT audit FROM kernel_sealed WHERE number > 20);
DELETE FROM kernel_sealed WHERE number > 20; DELETE FROM kernel_seal WHERE last > 20
"""


@pytest.mark.usefixtures("log")
def test_the_untouched_log_passes():
    found = audit.verify([audit.anchor()])
    assert (found.rows, found.waiting, found.faults) == (ROWS, 0, [])
    assert audit.anchor() == f"{ROWS} {found.head}"


def test_rows_that_wait_for_their_seal_are_counted_and_are_no_fault(log: psycopg.Connection):
    entered(log, 4)
    found = audit.verify()
    assert (found.rows, found.waiting, found.faults) == (ROWS, 4, [])


@pytest.mark.parametrize("forgery", FORGERIES)
def test_what_was_forged_is_found_and_located(attacker: Callable, forgery: str):
    statement, words = FORGERIES[forgery]
    attacker(statement)
    said = "\n".join(audit.verify().faults)
    assert [word for word in words if word not in said] == [], said


def test_only_what_was_changed_is_named(attacker: Callable):
    attacker(FORGERIES["changed"][0])
    assert len(audit.verify().faults) == 1


def test_a_cut_end_is_found_against_the_last_anchor_and_only_so(attacker: Callable):
    last = audit.anchor()
    attacker(CUT)
    assert audit.verify().faults == []
    assert audit.verify([last]).faults == ["the end was cut off: the anchor counts 30 rows, the log ends at 20"]


def test_an_end_written_anew_is_found_against_the_last_anchor(attacker: Callable, log: psycopg.Connection):
    last = audit.anchor()
    attacker(CUT)
    entered(log, 10)
    log.execute("SELECT canbo.audit_seal_1()")
    assert audit.verify().faults == []
    assert audit.verify([last]).faults == ["up to row 30 this is not the log of which the anchor was taken"]


def test_a_row_deleted_before_its_seal_is_found_while_the_queue_remembers_it(attacker: Callable, log):
    entered(log, 1)
    attacker("DELETE FROM kernel_audit WHERE id = (SELECT max(audit) FROM kernel_unsealed)")
    assert ["deleted before it was sealed" in fault for fault in audit.verify().faults] == [True]


def run(file: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The verifier alone: an isolated Python without site packages."""
    command = [sys.executable, "-I", "-S", verifier.__file__, str(file), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.usefixtures("log")
def test_a_python_without_anything_verifies_an_exported_log(exported: Callable):
    done = run(exported(), "--anchor", audit.anchor())
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{ROWS} rows in 3 blocks; 0 faults; head {audit.anchor().split()[1]}" in done.stdout


@pytest.mark.parametrize("forgery", [name for name in FORGERIES if name != "forged"])
def test_the_verifier_alone_finds_and_locates_the_same(attacker: Callable, exported: Callable, forgery: str):
    statement, words = FORGERIES[forgery]
    attacker(statement)
    done = run(exported())
    assert done.returncode == 1
    assert [word for word in words if word not in done.stdout] == [], done.stdout


@pytest.mark.usefixtures("log")
def test_a_file_edited_after_its_export_is_found(exported: Callable):
    file = exported()
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("list 7", "list 8", 1), encoding="utf-8")
    assert "✗ row 8 (key" in run(file).stdout
    file.write_text("\n".join(text.splitlines()[:-11]) + "\n", encoding="utf-8")
    assert run(file).returncode == 0
    assert "the end was cut off" in run(file, "--anchor", audit.anchor()).stdout


@pytest.mark.parametrize("said", ['{"log": "other"}\n', "no json", '{"number": 1}\n{"seal": {}}\n'])
def test_what_is_no_log_is_not_verified(tmp_path: Path, said: str):
    (tmp_path / "log").write_text(said, encoding="utf-8")
    done = run(tmp_path / "log")
    assert (done.returncode, done.stderr) == (2, "")


def test_triggers_stop_the_owner_who_slips(fresh_database: Database, log: psycopg.Connection):
    with fresh_database.connect("owner", autocommit=True) as owner:
        for table in ("kernel_audit", "kernel_sealed", "kernel_seal"):
            for statement in (f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE", f"UPDATE {table} SET {SAME[table]}"):
                with pytest.raises(psycopg.errors.CheckViolation, match="never changed or removed"):
                    owner.execute(statement)


SAME = {"kernel_audit": "what = what", "kernel_sealed": "leaf = leaf", "kernel_seal": "hash = hash"}
