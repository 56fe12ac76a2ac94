"""The records as a stream and back, by PostgreSQL's own programs, while everybody goes on working.

What a program is told on its command line holds no password: that stands in a file which nobody else may read.
"""

import contextlib
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from typing import Any, BinaryIO

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from canbo.kernel.binaries import OLDEST, Binaries
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


_UNKNOWN, _KNOWN = b"SET transaction_timeout = 0;\n", 170_000
"""What programs from version 17 on say in the first lines, and servers before it do not know."""


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
    with _address(database, "backup") as address:
        words = ("--format=custom", f"--snapshot={seen}", f"--dbname={address}")
        with _program(database, "pg_dump", *words, stdout=subprocess.PIPE) as running:
            shutil.copyfileobj(running.stdout, out, BLOCK)


def restore(database: Database, dumped: BinaryIO) -> None:
    """Bring everything into a database without records, all of it or nothing, as records that are not ready yet.

    Comments stay out: that of the schema says that all is ready, which is for those to say who looked. The server may
    be older than the one that was dumped: pg_restore only makes SQL, and psql says it there.
    """
    with database.connect("owner") as link:
        link.execute(_EMPTY)
        unknown = _UNKNOWN if link.info.server_version < _KNOWN else b""
    taken = ("--no-owner", "--no-comments", "--file=-")
    said = ("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null", "--file=-")
    with (
        _address(database, "owner") as address,
        _program(database, "pg_restore", *taken, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as made,
        _program(database, "psql", *said, f"--dbname={address}", stdin=subprocess.PIPE) as into,
        _fed(made, dumped),
        contextlib.suppress(BrokenPipeError),  # psql says itself why it took no more
    ):
        into.stdin.write(b"BEGIN;\n" + made.stdout.read(BLOCK).replace(unknown, b"", 1))
        shutil.copyfileobj(made.stdout, into.stdin, BLOCK)
        if made.wait() == 0:
            into.stdin.write(b"COMMIT;\n")
    with database.connect("owner") as link:
        link.execute(sql.SQL("COMMENT ON SCHEMA canbo IS {}").format(sql.Literal(LOADING)))


@contextlib.contextmanager
def _fed(program: subprocess.Popen[bytes], dumped: BinaryIO) -> Iterator[None]:
    """Give a program what was dumped while the block reads what it makes of it."""

    def feed() -> None:
        with contextlib.suppress(BrokenPipeError), program.stdin:
            shutil.copyfileobj(dumped, program.stdin, BLOCK)

    feeding = threading.Thread(target=feed)
    feeding.start()
    try:
        yield
    finally:
        program.stdout.close()  # one that nobody listens to any more ends
        feeding.join()


def programs(database: Database, least: int) -> Binaries:
    """The programs that read and write the records: older ones do not understand what newer ones wrote."""
    found = Binaries.find(database.cluster.binaries if database.cluster else database.programs)
    if found.major < least:
        raise Refused(
            "old_programs",
            "The records are those of PostgreSQL %(theirs)s, and the programs in %(folder)s are of %(ours)s: let "
            "CANBO_PG_BIN name the folder of newer ones",
            theirs=least,
            folder=found.folder,
            ours=found.major,
        )
    return found


@contextlib.contextmanager
def _program(database: Database, name: str, *words: str, **pipes: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A program while it runs; it has to succeed, and ends when the block does not."""
    program = programs(database, OLDEST).folder / name
    with tempfile.TemporaryFile() as said:
        running = subprocess.Popen([program, *words], stderr=said, **pipes)
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
