"""The audit log: one row for all that is done or read, in the same transaction; sealed later, verified by anybody.

A row is inserted unchained, so that writers never wait for each other. A sealer numbers the rows that are committed
and chains them in blocks (`sql/audit_1.sql`); who verifies needs only the exported log (`verifier.py`).
"""

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connections, transaction
from psycopg.types.json import Jsonb

from canbo.kernel.models import CITED, KINDS, Seal
from canbo.kernel.refusal import Mistake
from canbo.kernel.verifier import VERSION, Verifier

PAGE = 5000
"""Rows of the log that are read at once."""
LONGEST = 200

_INSERT = """
INSERT INTO kernel_audit (kind, actor, person, what, decision, unit, about, details, count, digest)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


def record(
    kind: str,
    what: str,
    *,
    actor: str,
    person: int | None = None,
    about: Iterable[int] = (),
    unit: int | None = None,
    decision: int | None = None,
    details: Mapping[str, Any] | None = None,
    count: int = 0,
    digest: bytes = b"",
    using: str = "default",
) -> int | None:
    """Write one row in the transaction at hand; answers its key where the register may cite it.

    `actor` is who, by name, and `person` their key where they are on file; `about` are the keys of the people
    concerned. No kind but those declared (`KINDS`).
    """
    if kind not in KINDS:
        raise RuntimeError(f"{kind!r} is no kind of audit row; declared are {', '.join(KINDS)}")
    values = [kind, actor[:LONGEST], person, what[:LONGEST], decision, unit, sorted(set(about))]
    values += [Jsonb(dict(details or {})), count, digest]
    with connections[using].cursor() as cursor:
        if kind not in CITED:
            cursor.execute(_INSERT, values)
            return None
        cursor.execute(f"{_INSERT} RETURNING id", values)
        return cursor.fetchone()[0]


def seal(using: str = "default") -> int:
    """Seal what is committed, block by block in short transactions; answers how many rows. Not within one of yours."""
    many = 0
    with connections[using].cursor() as cursor:
        while True:
            cursor.execute("SELECT canbo.audit_seal_1()")
            (sealed,) = cursor.fetchone()
            many += sealed
            if not sealed:
                return many


def seal_by(link: psycopg.Connection[Any]) -> int:
    """The same over a connection of its own, each block committed by itself."""
    many = 0
    while sealed := link.execute("SELECT canbo.audit_seal_1()").fetchone()[0]:
        link.commit()
        many += sealed
    link.commit()
    return many


def anchor(using: str = "default") -> str:
    """The number of sealed rows and the hash of the last seal, as printed on reports and exports; empty before any."""
    last = Seal.objects.using(using).order_by("-block").values_list("last", "hash").first()
    return f"{last[0]} {bytes(last[1]).hex()}" if last else ""


@dataclass(frozen=True)
class Verified:
    """What was found: how many rows are sealed, how many wait, the last seal's hash, and each fault with its place."""

    rows: int
    waiting: int
    head: str
    faults: list[str]


def verify(anchors: Iterable[str] = (), using: str = "default") -> Verified:
    """Hash the whole log again, in one snapshot; `anchors` are what printed papers say of it."""
    try:
        found = Verifier(anchors)
    except ValueError as error:
        raise Mistake("bad_anchor", "%(why)s", why=error) from error
    with _snapshot(using), connections[using].cursor() as cursor:
        for line in _lines(cursor):
            found.read(line)
        cursor.execute("SELECT * FROM canbo.audit_waiting_1()")
        waiting, forged, gone = cursor.fetchone()
    faults = found.end()
    faults += [f"row with key {key} is neither sealed nor waits for it: forged" for key in forged]
    faults += [f"row with key {key} was deleted before it was sealed" for key in gone]
    return Verified(found.rows, waiting - len(gone), found.head, faults)


def lines(using: str = "default") -> Iterator[dict[str, Any]]:
    """The sealed log as it is exported: a heading, the rows of each block, its seal. All of one snapshot."""
    with _snapshot(using), connections[using].cursor() as cursor:
        yield from _lines(cursor)


_SEALS = """
SELECT block, first, last, canbo.audit_instant_1(at), encode(previous, 'hex'), encode(hash, 'hex')
FROM kernel_seal ORDER BY block
"""
_SEAL = ("block", "first", "last", "at", "previous", "hash")
_ROW = (
    "number", "id", "at", "kind", "actor", "person", "what", "decision", "unit", "about", "details", "count", "digest",
    "leaf",
)  # fmt: skip


def _lines(cursor: Any) -> Iterator[dict[str, Any]]:
    yield {"log": "canbo audit", "version": VERSION}
    cursor.execute(_SEALS)
    seals = [dict(zip(_SEAL, seal, strict=True)) for seal in cursor.fetchall()]
    rows = _rows(cursor)
    row = next(rows, None)
    for one in seals:
        while row and row["number"] <= one["last"]:
            yield row
            row = next(rows, None)
        yield {"seal": one}
    while row:
        yield row
        row = next(rows, None)


def _rows(cursor: Any) -> Iterator[dict[str, Any]]:
    last: int | None = 0
    while last is not None:
        cursor.execute("SELECT * FROM canbo.audit_log_1(%s, %s)", [last, PAGE])
        last = None
        for row in cursor.fetchall():
            last = row[0]
            yield dict(zip(_ROW, row, strict=True))


@contextlib.contextmanager
def _snapshot(using: str) -> Iterator[None]:
    """One transaction that sees one state of the log; within another one, that of it."""
    outermost = not connections[using].in_atomic_block
    with transaction.atomic(using=using):
        if outermost:
            with connections[using].cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
