"""The one door through which facts are written: apply, preview and annul decisions.

`apply` asks the authority, reads what the acts need, lets their plans move it in memory, and writes under the
decision's lock in one transaction: decision, audit row, acts, retired and new versions, all known from one instant.
Plans run before the lock is taken; when another decision came between, they run again inside it, and what it changed
is refused.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from django.db import IntegrityError, ProgrammingError, connections, transaction
from pydantic import BaseModel, ConfigDict, ValidationError

from canbo.kernel.act import ACTIONS, Action, Deed, Terms, authority
from canbo.kernel.refusal import Mistake, Refused
from canbo.registry import promises, store
from canbo.registry.book import ActLine, Book, Version
from canbo.registry.facts import APPLY_LOCK, Act, Decision, Unit, content

NOT_ALLOWED = "42501"
"""What PostgreSQL says where row-level security takes no row."""


class Paper(BaseModel):
    """The paper that decides: its symbol, the day it was signed, and a code where the symbol alone is not unique."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    symbol: str
    signed_on: dt.date
    code: str = ""
    kind: Literal["ordinary", "opening"] = Decision.ORDINARY
    reason: str = ""

    @property
    def key(self) -> str:
        """The code under which the register keeps the decision."""
        return self.code or self.symbol


@dataclass
class Outcome:
    """What applying a decision did, or in a preview would do."""

    decision: int
    code: str
    part: int
    known: dt.datetime
    acts: int
    effects: list[Version] = field(default_factory=list)


@dataclass(frozen=True)
class Entry:
    """One act to apply: the action and its terms, read and checked."""

    action: Action
    terms: Terms

    @cached_property
    def told(self) -> bytes:
        """What it does, for the digest of its decision."""
        return f"{self.action.name} {self.terms.model_dump_json()}\n".encode()


def read(acts: Iterable[tuple[str, Mapping[str, Any] | Terms]]) -> list[Entry]:
    """Check the terms of acts against their declarations; a mistake names the act, the field and what is wrong."""
    entries = []
    for number, (name, terms) in enumerate(acts, 1):
        try:
            action = ACTIONS.ask(name)
        except Mistake as mistake:
            raise Mistake(mistake.code, f"act {number}: {mistake}", act=number) from mistake
        if not isinstance(terms, action.terms):
            try:
                terms = action.terms.model_validate(terms)
            except ValidationError as error:
                said = f"act {number} ({name}): {_wrong(action, error)}"
                raise Mistake("bad_terms", said, act=number) from error
        entries.append(Entry(action, terms))
    return entries


def _wrong(action: Action, error: ValidationError) -> str:
    """What is wrong with which field of the terms; a field that is not known is answered with those that are."""
    wrong = error.errors()
    said = [f"{'.'.join(map(str, e['loc'])) or 'terms'}: {e['msg']}" for e in wrong]
    if any(e["type"] == "extra_forbidden" for e in wrong):
        said.append(f"known are: {', '.join(sorted(action.terms.model_fields))}")
    return "; ".join(said)


def apply(
    *,
    by: str,
    decided_by: Paper,
    acts: Sequence[tuple[str, Mapping[str, Any] | Terms]],
    read_at: dt.datetime | None = None,
    using: str = "default",
) -> Outcome:
    """Apply all acts of a decision, or none of them; the same acts of the same decision are applied once.

    `read_at` is the instant as of which whoever decides read the register, now unless said: a fact that somebody
    changed since is not changed again unseen.
    """
    entries = read(acts)
    authority().check(by, {entry.action.name for entry in entries}, using)
    if not entries:
        raise Mistake("no_acts", "a decision without acts decides nothing")
    try:
        with transaction.atomic(using=using):
            return _apply(by, decided_by, entries, using, read_at)
    except (IntegrityError, ProgrammingError) as error:
        raise refused(error) from error


def preview(*, by: str, decided_by: Paper, acts: Sequence[tuple[str, Any]], using: str = "default") -> Outcome:
    """What `apply` would do, with every check of the database, leaving no trace."""
    entries = read(acts)
    authority().check(by, {entry.action.name for entry in entries}, using)
    try:
        with transaction.atomic(using=using):
            outcome = _apply(by, decided_by, entries, using)
            transaction.set_rollback(True, using=using)
            return outcome
    except (IntegrityError, ProgrammingError) as error:
        raise refused(error) from error


def _apply(
    by: str, paper: Paper, entries: list[Entry], using: str, read_at: dt.datetime | None = None
) -> Outcome:
    cursor = connections[using].cursor()
    with cursor:
        seen, digest = store.latest(cursor), digest_of(entries)
        try:
            planned = _plan(cursor, entries, using)
        except Refused:
            planned = None  # asked once more under the lock: the same decision may have been applied a moment ago
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [APPLY_LOCK])
        if store.applied(cursor, paper.key, digest):
            raise Refused("applied_before", f"{paper.key} was applied with exactly these acts", decision=paper.key)
        if planned is None or store.latest(cursor) != seen:
            planned = _plan(cursor, entries, using)
        book, acts = planned
        read_at = read_at or seen
        if any(version.known and version.known > read_at for version in book.versions):
            raise store.changed_meanwhile()
        authority().allow(by, deeds(book.versions, book, {act.pk: act.name for act in acts}), using)
        decision = store.write_decision(cursor, paper)
        said = (f"apply {paper.key}", len(acts), digest, "decision")
        audit = store.write_audit(decision, by, *said, using)
        store.write_acts(cursor, decision, audit, acts)
        store.write_identities(cursor, book)
        sheets = store.Sheets()
        effects = sheets.settle(book, decision.applied_at)
        sheets.write(cursor)
        promises.keep(cursor, sheets.rows, [act.pk for act in acts])
    return Outcome(decision.pk, decision.code, decision.part, decision.applied_at, len(acts), effects)


def deeds(
    versions: Iterable[Version], book: Book, acts: Mapping[int | None, str], founded: dict[int, set[int]] | None = None
) -> Iterator[Deed]:
    """What a decision does to whom: of a unit that it founds, the units are those that it is put beneath or after.

    `founded` keeps them from one part of a decision to the next. What gives nobody anything is said once.
    """
    founded = {} if founded is None else founded
    told = set()
    here = {columns["id"]: set() for model, columns in book.introduced if model is Unit}
    founded |= here
    for version in versions:
        said, unit, name = version.values, version.values.get("unit_id"), acts[version.touched_by]
        if version.aside:  # takes what a correction takes
            name = f"{version.model._meta.model_name}.correct"
        if (name, unit, version.model) in told:
            continue
        units = {unit} - {None}
        if unit in founded:
            above = {said[f.attname] for f in content(version.model) if f.related_model is Unit} - {unit, None}
            founded[unit] |= above
            units = set() if unit in here else above
        elif not version.model.GIVES:
            told.add((name, unit, version.model))
        gives = version.model.GIVES
        whom = {one: said.get(f"{one}_id") for one in ("person", "giver")} if gives else {}
        yield Deed(name, frozenset(units - founded.keys()), gives=gives, **whom)
    for model, columns in book.introduced:
        if model is Unit:
            above = founded[columns["id"]]
            yield Deed(acts[columns["introduced_by_id"]], frozenset(above - founded.keys()), is_root=not above)


def digest_of(entries: list[Entry]) -> bytes:
    """The digest of exactly what a decision does, for its audit row."""
    digest = hashlib.sha256()
    for entry in entries:
        digest.update(entry.told)
    return digest.digest()


def _plan(cursor: Any, entries: list[Entry], using: str) -> tuple[Book, list[ActLine]]:
    """Read what the acts need in a handful of queries, and run their plans."""
    book = store.open_book(cursor, entries, using)
    return book, run(book, entries, store.draw(cursor, Act, len(entries)))


def run(book: Book, entries: list[Entry], keys: list[int]) -> list[ActLine]:
    """Number the acts of a decision and run their plans in order; a refusal says which act it was."""
    acts = [
        ActLine(key, seq, e.action.name, e.terms.day, e.terms.reason)
        for seq, (key, e) in enumerate(zip(keys, entries, strict=True), 1)
    ]
    for act, entry in zip(acts, entries, strict=True):
        try:
            entry.action.plan(book, act, entry.terms)
        except Refused as refusal:
            code = refusal.facts.get("unknown")
            field = "".join(f", {name}" for name, value in entry.terms if code is not None and value == code)
            refusal.args = (f"act {act.seq} ({act.name}{field}): {refusal}",)
            refusal.facts["act"] = act.seq
            raise
    return acts


def refused(error: IntegrityError | ProgrammingError) -> Refused:
    """Say a broken promise of the database in words: the constraint's own message and the values concerned."""
    diagnosis = getattr(error.__cause__, "diag", None)
    if isinstance(error, ProgrammingError):
        if getattr(diagnosis, "sqlstate", "") != NOT_ALLOWED:
            raise error
        return Refused("beyond_reach", "this touches records that whoever acts may not write; nothing was done")
    name = getattr(diagnosis, "constraint_name", None) or "integrity"
    promise = store.promise(name)
    detail = getattr(diagnosis, "message_detail", None) or ""
    if not detail or detail.startswith("Failing row"):  # the whole row says nothing to people
        detail = "" if promise else getattr(diagnosis, "message_primary", None) or str(error)
    return Refused(name, f"{promise} {store.in_codes(detail)}".strip(), constraint=name)
