"""The take-over loader: many decisions at once, each known since an instant of its own that lies in the past.

For the first day of a department and for samples, never for daily work: it needs the owner's connection, since the
database lets nobody else choose an instant, and the instants must ascend and come after any decision applied.
It runs the same plans as `ledger.apply`, in the same order, and writes the same rows, one statement a table.
"""

import contextlib
import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connections, transaction

from canbo.kernel.act import authority
from canbo.kernel.models import Audit
from canbo.kernel.refusal import Refused
from canbo.registry import promises, store
from canbo.registry.book import ActLine
from canbo.registry.facts import APPLY_LOCK, Act, Decision
from canbo.registry.ledger import Entry, Paper, digest_of, read, refused, run


@dataclass(frozen=True)
class Taken:
    """A decision to take over: the instant since which it is to be known, its paper and its acts."""

    known: dt.datetime
    paper: Paper
    acts: Sequence[tuple[str, Any]]


def take_over(decisions: Sequence[Taken], *, by: str, using: str = "owner") -> int:
    """Apply decisions in the order given, all or none; answers how many facts they wrote."""
    entries = [read(decision.acts) for decision in decisions]
    authority().check(by, {entry.action.name for acts in entries for entry in acts}, using)
    try:
        with transaction.atomic(using=using), connections[using].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [APPLY_LOCK])
            return _write(cursor, decisions, entries, by, using)
    except IntegrityError as error:
        raise refused(error) from error


def _write(cursor: Any, decisions: Sequence[Taken], entries: list[list[Entry]], by: str, using: str) -> int:
    book = store.open_book(cursor, [entry for acts in entries for entry in acts], using)
    keys = iter(store.draw(cursor, Act, sum(map(len, entries))))
    sheets = store.Sheets()
    papers, audits, acts = [], [], []
    known = store.Papers(cursor, {decision.paper.key for decision in decisions})
    numbers = zip(store.draw(cursor, Decision, len(decisions)), store.draw(cursor, Audit, len(decisions)), strict=True)
    for decision, said, (number, audit) in zip(decisions, entries, numbers, strict=True):
        done = _run(book, decision, said, [next(keys) for _ in said])
        paper = decision.paper
        said_by = (paper.key, known.next_part(paper), paper.symbol, paper.kind, paper.signed_on, paper.reason)
        papers.append((number, *said_by, decision.known))
        audits.append((audit, "decision", number, by, f"take over {paper.key}"[:200], len(said), digest_of(said)))
        acts += [(a.pk, number, a.seq, a.name, a.on, a.reason, audit) for a in done]
        sheets.settle(book, decision.known)
    columns = ("id", "code", "part", "symbol", "kind", "signed_on", "reason", "applied_at")
    store.insert(cursor, Decision, columns, papers)
    store.insert(cursor, Audit, ("id", "kind", "decision", "actor", "what", "count", "digest"), audits)
    store.insert(cursor, Act, ("id", "decision_id", "seq", "name", "on", "reason", "audit_id"), acts)
    store.write_identities(cursor, book)
    sheets.write(cursor)
    promises.keep(cursor, (), None)
    return sum(map(len, sheets.rows.values()))


def _run(book: Any, decision: Taken, said: list[Entry], keys: list[int]) -> list[ActLine]:
    try:
        return run(book, said, keys)
    except Refused as refusal:
        refusal.args = (f"{decision.paper.key}, {refusal}",)
        raise


_KEYS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), contype = 'f'
FROM pg_constraint WHERE conrelid = ANY (%(tables)s::regclass[]) AND contype IN ('f', 'u', 'x')
"""
_INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
WHERE i.indrelid = ANY (%(tables)s::regclass[]) AND NOT i.indisprimary
      AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('u', 'x'))
"""


@contextlib.contextmanager
def bare(cursor: Any, tables: tuple[str, ...]) -> Iterator[None]:
    """Work on tables without indexes, exclusions and foreign keys; all are made again, and thereby proved, at the end.

    The foreign keys of other tables that need a unique key of these stay, as does every primary key.
    """
    cursor.execute(_KEYS, {"tables": list(tables)})
    keys = sorted(cursor.fetchall(), key=lambda key: key[3])
    cursor.execute(_INDEXES, {"tables": list(tables)})
    indexes = cursor.fetchall()
    for table, name, _, _ in keys:
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for name, _ in indexes:
        cursor.execute(f"DROP INDEX {name}")
    yield
    for _, definition in indexes:
        cursor.execute(definition)
    for table, name, definition, _ in keys:
        cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
