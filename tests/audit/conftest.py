"""What tests of the audit log may ask for: a log with a few hundred sealed rows, and an attacker who may do all."""

import itertools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from canbo.kernel import audit
from canbo.kernel.database import Database

ROWS = 30


def entered(connection: psycopg.Connection, many: int = ROWS) -> None:
    """So many rows as the application writes them, each in a transaction of its own."""
    for number in range(many):
        connection.execute(
            "INSERT INTO kernel_audit (kind, actor, person, what, about, details) VALUES ('list', %s, %s, %s, %s, %s)",
            ["Trần Thị Á", number or None, f"list {number}", [number, number + 1], json.dumps({"b": 1, "aa": "Ơ,:"})],
        )


@pytest.fixture
def log(app_connection: psycopg.Connection) -> psycopg.Connection:
    """Three sealed blocks of ten rows each."""
    for _ in range(3):
        entered(app_connection, ROWS // 3)
        assert app_connection.execute("SELECT canbo.audit_seal_1()").fetchone() == (ROWS // 3,)
    return app_connection


@pytest.fixture
def attacker(fresh_database: Database, log: psycopg.Connection) -> Iterator[Callable[[str], None]]:
    """Changes whatever they like as superuser, with every trigger out of the way."""
    with fresh_database.connect("superuser", autocommit=True) as link:
        link.execute("SET search_path = canbo, public")
        link.execute("SET session_replication_role = replica")

        def does(statement: str) -> None:
            for part in filter(str.strip, statement.split(";")):
                assert link.execute(part).rowcount != 0

        yield does


@pytest.fixture
def exported(fresh_database: Database, tmp_path: Path) -> Callable[[], Path]:
    """Writes the log to a new file."""
    numbers = itertools.count(1)

    def export() -> Path:
        file = tmp_path / f"log-{next(numbers)}.jsonl"
        told: list[dict[str, Any]] = list(audit.lines())
        file.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in told), encoding="utf-8")
        return file

    return export
