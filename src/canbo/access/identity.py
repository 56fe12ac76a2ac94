"""On whose behalf the database is asked: whoever holds the key of the transaction, or nobody.

A page runs each request as the person who is signed in; a command as the named person or system role whose key it was
given. Without a key the database shows nothing. What a transaction may see is asked of the database, never kept.
"""

import contextlib
import hashlib
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from typing import Any

from django.db import connection, connections
from django.db.backends.signals import connection_created
from psycopg.types.range import Range

NOBODY = ""
APP, WHOLE, FILE = "canbo_app", "canbo_whole", "canbo_file"
FEW = 2_000
"""So few people are found by what they are called, then asked about one by one."""
_ASSUME = """
WITH held AS MATERIALIZED (SELECT set_config('app.session', %(key)s, %(local)s))
SELECT set_config('role', CASE WHEN canbo.sees_all_1() THEN %(whole)s ELSE %(app)s END, %(local)s) FROM held
"""
"""The key first, then the lens: who may see everything is not asked unit by unit."""
_OPEN = """
WITH said AS MATERIALIZED (SELECT set_config('app.opened', %s, true)),
     may AS MATERIALIZED (SELECT canbo.opened_1() IS NOT NULL AS may FROM said)
SELECT may, CASE WHEN may AND current_setting('role') <> %s THEN set_config('role', %s, true) END FROM may
"""
"""Whose file, whether it may be opened, and the lens of it: one question instead of three."""
_process: dict[str, str] = {}
_seen: ContextVar[dict[Any, Any] | None] = ContextVar("seen", default=None)
"""What was asked of the database once for this transaction: the lens, and what lies within reach."""


def assume(key: str, *, local: bool = True, using: Any = connection) -> None:
    """Ask on behalf of whoever holds this key (64 hexadecimal digits), for the transaction or the whole connection."""
    with using.cursor() as cursor:
        cursor.execute(_ASSUME, {"key": key, "local": local, "whole": WHOLE, "app": APP})
        _seen.set({"lens": cursor.fetchone()[0]})


def look(key: str, using: Any = connection) -> None:
    """Have at hand what the holder of a key may see, before the transaction that asks: found anew after a decision."""
    with using.cursor() as cursor:
        cursor.execute("SELECT canbo.look_1(%s)", [key])


def run_as(key: str, name: str = "") -> None:
    """Let this process ask on behalf of the holder of a key, on every connection that it opens from now on."""
    _process["name"] = name
    if _process.get("key") == key:
        return
    _process["key"] = key
    connection_created.connect(_tell, dispatch_uid="canbo.access.identity")
    connections["default"].close()  # one that is open already asks on behalf of nobody


def named() -> str:
    """As whom a command is signed in; empty for a system role or nobody."""
    return _process.get("name", "")


def may_ask() -> bool:
    """Does whoever asks see anything: are they a person, or a system role that sees everything?"""
    with connection.cursor() as cursor:
        cursor.execute("SELECT self_1() IS NOT NULL OR sees_all_1()")
        return cursor.fetchone()[0]


def audits() -> bool:
    """May whoever asks read the log?"""
    with connection.cursor() as cursor:
        cursor.execute("SELECT audits_1()")
        return cursor.fetchone()[0]


def _tell(connection: Any, **_: Any) -> None:
    if connection.alias == "default" and (key := _process.get("key")):
        look(key, using=connection)
        assume(key, local=False, using=connection)


def lens() -> str:
    """Through which lens this transaction looks; nobody looks through that of the application and sees nothing."""
    return (_seen.get() or {}).get("lens", APP)


def reach(level: str = "personal") -> list[int] | None:
    """The units within reach of whoever asks; None where they may see all, so that no question need name any."""
    return None if lens() == WHOLE else _far()[level]


def _far() -> dict[str, list]:
    """The units within reach by level, and what whoever asks may count beyond them: asked together, once."""
    seen = _seen.get() if _seen.get() is not None else {}
    if "far" not in seen:
        with connection.cursor() as cursor:
            cursor.execute("SELECT canbo.reach_1('internal'), canbo.reach_1('personal'), canbo.counting_1()")
            internal, personal, counting = cursor.fetchone()
        seen["far"] = {"internal": each(internal), "personal": each(personal), "counting": counting}
    return seen["far"]


def counts(indicator: str) -> list[int]:
    """The units of which whoever asks may have totals of an indicator, also where its records are beyond reach."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT canbo.counts_1(%s)", [indicator])
        return each(cursor.fetchone()[0])


def each(ranges: Iterable[Range]) -> list[int]:
    """The units in ranges of keys, one by one."""
    return [unit for some in ranges for unit in range(some.lower, some.upper)]


def people_called(part: str) -> list[int] | None:
    """The people within reach whose name, at some time, held a folded text; None where they are more than `FEW`."""
    seen = _seen.get() if _seen.get() is not None else {}
    if ("called", part) not in seen:
        with connection.cursor() as cursor:
            cursor.execute("SELECT canbo.called_1(%s, %s)", [part, FEW])
            seen["called", part] = cursor.fetchone()[0]
    return seen["called", part]


def read_all_names() -> None:
    """Say that this transaction looks through all names: whom it may see is then found once for all of them."""
    if lens() == APP:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.names', 'all', true)")


def granted() -> set[int]:
    """The units over which whoever asks has a role today."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT unit FROM canbo.grants_1()")
        return {unit for (unit,) in cursor.fetchall()}


def sight() -> bytes:
    """A digest of all that whoever asks may see or count: two readers with the same one are shown the same."""
    if lens() == WHOLE:
        return b""
    return hashlib.sha256(repr(sorted(_far().items())).encode()).digest()


@contextlib.contextmanager
def file_of(person: int) -> Iterator[bool]:
    """Read one person's whole file, also what is so of them elsewhere, while the block runs; yields whether that is so.

    Whoever may not open it goes on seeing what lies within their reach.
    """
    before = lens()
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [str(person), WHOLE, FILE])
        may, looked = cursor.fetchone()
    yield may
    if looked and not connection.needs_rollback:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('role', %s, true)", [before])
