"""The records as a stream and back, by PostgreSQL's own programs, while everybody goes on working.

What a program is told on its command line holds no password: that stands in a file which nobody else may read.
"""

import contextlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from typing import Any, BinaryIO

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from canbo.kernel.binaries import Binaries
from canbo.kernel.database import Database, Role
from canbo.kernel.refusal import Refused
from canbo.kernel.roles import LOADING

BLOCK = 2**20
_TABLES = """
SELECT relname::text FROM pg_class
WHERE relnamespace = to_regnamespace('canbo') AND relkind = 'r' ORDER BY relname
"""

_EMPTY = """
DO $$ DECLARE name regprocedure; BEGIN
    DROP SCHEMA canbo CASCADE;
    FOR name IN SELECT oid FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND proowner = 'canbo_owner'::regrole
    LOOP EXECUTE format('DROP FUNCTION %s', name); END LOOP;
END $$
"""
"""A dump makes the schema itself, and what triggers call in the schema `public`: an attempt before may have left it."""


@contextlib.contextmanager
def snapshot(database: Database) -> Iterator[tuple[psycopg.Connection[Any], str]]:
    """A connection of the role for backups that sees one instant of the records, and the name of that for `dump`."""
    with database.connect("backup") as link:
        link.isolation_level, link.read_only = psycopg.IsolationLevel.REPEATABLE_READ, True
        yield link, link.execute("SELECT pg_export_snapshot()").fetchone()[0]


def tables(link: psycopg.Connection[Any]) -> dict[str, int]:
    """How many rows each table of the records has."""
    count = sql.SQL("SELECT count(*) FROM canbo.{}")
    names = [name for (name,) in link.execute(_TABLES).fetchall()]
    return {name: link.execute(count.format(sql.Identifier(name))).fetchone()[0] for name in names}


def dump(database: Database, seen: str, out: Any) -> None:
    """Write the whole database as a snapshot shows it, with its rules and rights."""
    words = ("--format=custom", f"--snapshot={seen}")
    with _program("pg_dump", database, "backup", *words, stdout=subprocess.PIPE) as running:
        shutil.copyfileobj(running.stdout, out, BLOCK)


def restore(database: Database, dumped: BinaryIO) -> None:
    """Bring everything into a database without records, all of it or nothing, as records that are not ready yet.

    Comments stay out: that of the schema says that all is ready, which is for those to say who looked.
    """
    with database.connect("owner") as link:
        link.execute(_EMPTY)
    words = ("--single-transaction", "--no-owner", "--no-comments")
    with _program("pg_restore", database, "owner", *words, stdin=subprocess.PIPE) as running:
        with contextlib.suppress(BrokenPipeError):  # the program says itself why it took no more
            shutil.copyfileobj(dumped, running.stdin, BLOCK)
        with contextlib.suppress(BrokenPipeError):
            running.stdin.close()
    with database.connect("owner") as link:
        link.execute(sql.SQL("COMMENT ON SCHEMA canbo IS {}").format(sql.Literal(LOADING)))


def programs(database: Database, role: Role) -> Binaries:
    """Those of the server's own version: older ones do not understand it, newer ones are not understood."""
    if database.cluster:
        return Binaries.find(database.cluster.binaries)
    with database.connect(role) as link:
        return Binaries.of(link.info.server_version // 10_000, database.programs)


@contextlib.contextmanager
def _program(name: str, database: Database, role: Role, *words: str, **pipes: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A program while it runs; it has to succeed, and ends when the block does not."""
    program = programs(database, role).folder / name
    with _address(database, role) as address, tempfile.TemporaryFile() as said:
        running = subprocess.Popen([program, *words, f"--dbname={address}"], stderr=said, **pipes)
        try:
            yield running
        except BaseException:
            running.kill()
            raise
        finally:
            for pipe in filter(None, (running.stdin, running.stdout)):
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
            running.wait()
        if running.returncode:
            said.seek(0)
            raise Refused(f"{name}_failed", f"{name}: {said.read().decode(errors='replace').strip()}")


@contextlib.contextmanager
def _address(database: Database, role: Role) -> Iterator[str]:
    """The connection string for a program; a password of it goes into a file for as long as the program runs."""
    dsn = database.dsn(role)
    password = dsn.pop("password", None)
    if not password:
        yield make_conninfo(**dsn)
        return
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:  # mode 600
        escaped = password.replace("\\", "\\\\").replace(":", "\\:")
        file.write(f"*:*:*:*:{escaped}\n")
        file.flush()
        yield make_conninfo(**dsn, passfile=file.name)
