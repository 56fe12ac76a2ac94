"""`canbo import` killed at any moment: it is wholly there or not at all, and the same file sent again completes it."""

import contextlib
import csv
import json
import os
import random
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from canbo.kernel.cluster import Cluster
from canbo.kernel.database import Database
from canbo.kernel.refusal import Refused
from tests.resilience.runs import PATIENCE, PG_BIN, begin, canbo, empty_folder, kill_postmaster, printed

FULL = bool(os.environ.get("CANBO_TEST_FULL"))
MOMENTS = {2_000: 90, 20_000: 10} if FULL else {2_000: 2}
"""How often imports of so many rows are killed."""
STARTED = {2_000: 0.3, 20_000: 0.1}
"""The part of such an import that passes before it reads anything."""
SAMPLE = ("demo", "--no-serve", "--profile", "association", "--size", "0.02")
WRITTEN = """
SELECT count(DISTINCT p.id), count(f.id), count(DISTINCT a.id), count(DISTINCT a.decision_id), max(u.count)
FROM canbo.registry_person p LEFT JOIN canbo.registry_particulars f ON f.person_id = p.id
LEFT JOIN canbo.registry_act a ON a.id = p.introduced_by_id LEFT JOIN canbo.kernel_audit u ON u.id = a.audit_id
WHERE p.code LIKE %s
"""
ABSENT = (0, 0, 0, 0, None)


@dataclass(frozen=True)
class Blow:
    """A kill after this part of a whole import of so many rows, of the server too or of the command alone."""

    rows: int
    number: int
    after: float
    server: bool

    @property
    def code(self) -> str:
        """What the people of its file have in common."""
        return f"blow{self.rows}.{self.number}"

    def __str__(self) -> str:
        return f"{self.rows}, {self.number}: {self.after:.0%}{' with the server' if self.server else ''}"


def blows() -> list[Blow]:
    """One in each of so many equal parts of the time after the start, at random within it; the seed repeats them."""
    chance = random.Random(os.environ.get("CANBO_TEST_SEED", "0"))
    return [
        Blow(rows, n, STARTED[rows] + (1 - STARTED[rows]) * (n + chance.random()) / moments, n % 2 == 1)
        for rows, moments in MOMENTS.items()
        for n in range(moments)
    ]


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    with empty_folder() as folder:
        printed(folder, *SAMPLE)
        yield folder


@pytest.fixture(scope="module")
def seconds(data: Path) -> dict[int, float]:
    """Of a whole import of so many rows that nobody kills."""
    return {rows: took(data, rows) for rows in MOMENTS}


def took(data: Path, rows: int) -> float:
    begun = time.monotonic()
    printed(data, "import", file_of(data, f"first{rows}", rows), "--as", str(data / "people.yaml"))
    return time.monotonic() - begun


def file_of(data: Path, code: str, rows: int) -> str:
    """New people under codes of their own, and beside it the mapping."""
    columns = {name: name for name in ("person", "name", "unit", "since")}
    mapping = {"concept": "persons", "columns": columns, "prefix": {"person": f"{code}."}}
    (data / "people.yaml").write_text(json.dumps(mapping), encoding="utf-8")
    file = data / f"{code}.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        lines = csv.writer(out)
        lines.writerow(columns)
        lines.writerows((number, f"Somebody {number}", "wayside", "2024-01-02") for number in range(rows))
    return str(file)


def written(data: Path, code: str) -> tuple:
    """People, facts, acts and decisions of a file, and how many acts its audit row counts."""
    database = Database("demo_association", Cluster(data, PG_BIN))
    until = time.monotonic() + PATIENCE
    while True:
        try:
            database.ensure_server()
            with psycopg.connect(**database.dsn("owner")) as owner:
                return owner.execute(WRITTEN, [f"{code}.%"]).fetchone()
        except (psycopg.OperationalError, Refused):  # a killed server takes a moment to end, and another to recover
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


@pytest.mark.parametrize("blow", blows(), ids=str)
def test_a_killed_import_is_there_or_not_and_sent_again_completes(blow: Blow, data: Path, seconds: dict[int, float]):
    code, whole = blow.code, (blow.rows, blow.rows, blow.rows, 1, blow.rows)
    words = ("import", file_of(data, code, blow.rows), "--as", str(data / "people.yaml"), "--decision", code)
    started = begin(data, *words)
    with contextlib.suppress(subprocess.TimeoutExpired):
        started.wait(timeout=blow.after * seconds[blow.rows])
    started.kill()
    started.wait()
    if blow.server:
        kill_postmaster(data)
    assert written(data, code) in (ABSENT, whole)
    again = json.loads(printed(data, *words, "--json"))
    assert (again["rejected"], again["created"] + again["unchanged"]) == ([], blow.rows)
    assert written(data, code) == whole
    verified = canbo(data, "audit", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert verified.stdout.endswith(" 0 faults\n")
