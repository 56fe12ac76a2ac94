"""A decision of any size: its acts are planned as they come and staged in temporary tables, then written at once.

What `ledger.apply` holds in memory lies in tables that nobody else sees, where the plans of later acts find it, and is
written by `INSERT … SELECT` as whoever acts, policies, triggers and constraints on. All is planned and staged before
the lock of the register is taken. When another decision came between, what was staged may rest on what is no longer
so: `Overtaken` is raised, and whoever brings the acts brings them all again, this time under the lock.
"""

import hashlib
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from typing import Any

from django.db import connections
from psycopg.types.range import TimestamptzRange

from canbo.kernel.act import authority
from canbo.kernel.refusal import Refused
from canbo.registry import promises, store
from canbo.registry.book import ActLine, Book, Version
from canbo.registry.facts import APPLY_LOCK, Act, Decision, Fact, Identity, content
from canbo.registry.ledger import Entry, Paper, deeds

_SHARED = (
    "id", "fact", "valid", "start_precision", "end_precision", "opened_by_id", "closed_by_id", "asserted_by_id",
)  # fmt: skip
_ACT = ("id", "seq", "name", "on", "reason")
NOT_YET = TimestamptzRange(None, None)


class Overtaken(Exception):
    """Another decision was applied while this one was planned."""


class Staging:
    """One decision to be, within the transaction at hand; `alone` takes the lock of the register first."""

    def __init__(self, by: str, *, using: str = "default", alone: bool = False) -> None:
        self.by, self.using = by, using
        self.cursor = connections[using].cursor()
        if alone:
            self._lock()
        self.seen = store.latest(self.cursor)
        self.tables = Tables(self.cursor)
        self.digest = hashlib.sha256()
        self.count = 0
        self.names: set[str] = set()
        self.founded: dict[int, set[int]] = {}
        self.beyond: Refused | None = None

    def add(self, entries: Sequence[Entry], together: Sequence[Hashable] = ()) -> dict[int, Refused]:
        """Plan acts after those that came before, and stage them but for those refused: answers these by their place.

        They are planned in order, again without those that were refused; those `together` are staged or refused as one.
        """
        self._check({entry.action.name for entry in entries})
        found: dict[int, Refused] = {}
        keys = store.draw(self.cursor, Act, len(entries))
        self.tables.again.clear()
        while True:
            left = [(at, entry) for at, entry in enumerate(entries) if at not in found]
            book = store.open_book(self.cursor, [entry for _, entry in left], self.using, self.tables)
            acts, new = self._plan(book, left, keys)
            found |= new
            if not new:
                break
            if together:
                why = {together[at]: refusal for at, refusal in reversed(new.items())}
                found |= {at: why[one] for at, one in enumerate(together) if one in why and at not in found}
        self._stage(book, acts, [entry for _, entry in left])
        return found

    def _plan(
        self, book: Book, left: Sequence[tuple[int, Entry]], keys: Sequence[int]
    ) -> tuple[list[ActLine], dict[int, Refused]]:
        acts, refused = [], {}
        for seq, (at, entry) in enumerate(left, self.count + 1):
            terms = entry.terms
            act = ActLine(keys[at], seq, entry.action.name, terms.day, terms.reason)
            try:
                entry.action.plan(book, act, terms)
            except Refused as refusal:
                refused[at] = refusal
            acts.append(act)
        return acts, refused

    def _check(self, names: set[str]) -> None:
        if names - self.names:
            authority().check(self.by, names, self.using)
            self.names |= names

    def _stage(self, book: Book, acts: Sequence[ActLine], entries: Iterable[Entry]) -> None:
        if any(version.aside for version in book.versions):
            raise RuntimeError("what sets facts aside is applied by itself, not staged with others")
        try:
            done = deeds(book.versions, book, {act.pk: act.name for act in acts}, self.founded)
            authority().allow(self.by, done, self.using)
        except Refused as refusal:  # said once all that is wrong with the rows was said
            self.beyond = self.beyond or refusal
        for entry in entries:
            self.digest.update(entry.told)
        self.count += len(acts)
        self.tables.add_acts(acts)
        self.tables.add_identities(book)
        self.tables.settle(book)

    def write(self, paper: Paper) -> Decision:
        """Write the decision with all that was staged for it, known from one instant."""
        if self.beyond:
            raise self.beyond
        self._lock()
        digest = self.digest.digest()
        if store.applied(self.cursor, paper.key, digest):
            raise Refused("applied_before", f"{paper.key} was applied with exactly these acts", decision=paper.key)
        if store.latest(self.cursor) != self.seen:
            raise Overtaken
        decision = store.write_decision(self.cursor, paper)
        said = (f"apply {paper.key}", self.count, digest, "decision")
        audit = store.write_audit(decision, self.by, *said, self.using)
        acts = self.tables.write(decision, audit)
        promises.keep(self.cursor, self.tables.facts, acts)
        self.tables.drop()
        return decision

    def _lock(self) -> None:
        self.cursor.execute("SELECT pg_advisory_xact_lock(%s)", [APPLY_LOCK])


class Tables:
    """The temporary tables of a decision: its acts, the identities that it introduces, the versions that it writes.

    A version says which one on file it `replaces`. Touched again it is staged again: of a fact there is one at most.
    """

    def __init__(self, cursor: Any) -> None:
        self.cursor = cursor
        self.columns: dict[type, tuple[str, ...]] = {}
        self.identities: list[type[Identity]] = []
        self.facts: list[type[Fact]] = []
        self.rows: dict[type, int] = defaultdict(int)
        self.counted: dict[type, int] = defaultdict(int)
        self.replacing: dict[type, int] = defaultdict(int)
        self.indexed: set[tuple[type, str]] = set()
        self.again: dict[type[Fact], dict[int, int | None]] = defaultdict(dict)
        """Staged versions that were read again, with what they replace."""

    def add_acts(self, acts: Sequence[ActLine]) -> None:
        """Stage acts."""
        self._open(Act, _ACT)
        self._copy(Act, [(act.pk, act.seq, act.name, act.on, act.reason) for act in acts])

    def add_identities(self, book: Book) -> None:
        """Stage identities; those on file already, whose introduction is void, are introduced again."""
        rows: dict[type[Identity], list[tuple]] = defaultdict(list)
        for again, some in ((False, book.introduced), (True, book.again)):
            for model, columns in some:
                if model not in self.columns:
                    self._open(model, (*columns, "again"), f"{_named(columns)}, false AS again")
                    self._index(model, "code")
                    self.identities.append(model)
                rows[model].append((*columns.values(), again))
        for model, values in rows.items():
            self._copy(model, values)

    def settle(self, book: Book) -> None:
        """Stage what the acts made of the facts that they touched."""
        made: dict[type[Fact], list[Version]] = defaultdict(list)
        for version in book.versions:
            made[version.model].append(version)
        for model, versions in made.items():
            self._settle(model, versions)

    def _settle(self, model: type[Fact], versions: list[Version]) -> None:
        if model not in self.columns:
            columns = (*_SHARED, *(field.attname for field in content(model)))
            self._open(model, (*columns, "replaces"), f"{_named(columns)}, id AS replaces")
            self.facts.append(model)
        before, names = self.again.pop(model, {}), [field.attname for field in content(model)]
        keys = iter(store.draw(self.cursor, model, sum(version.loaded not in before for version in versions)))
        over, rows = [], []
        for v in versions:
            staged = v.loaded is not None and v.loaded in before
            key, replaces = (v.loaded, before[v.loaded]) if staged else (next(keys), v.loaded)
            if staged:
                over.append(key)
            valid = f"[{v.start or ''},{v.end or ''})"
            shared = (key, v.fact or key, valid, v.start_precision, v.end_precision, v.opened_by, v.closed_by)
            rows.append((*shared, v.touched_by, *[v.values[name] for name in names], replaces))
            self.replacing[model] += replaces is not None and not staged
        if over:
            self.cursor.execute(f"DELETE FROM {_staged(model)} WHERE id = ANY (%s)", [over])
        self._copy(model, rows)

    def keys(self, model: type[Identity], codes: set[str]) -> dict[str, int]:
        """The keys of the identities staged under these codes."""
        if model not in self.columns:
            return {}
        self._count(model)
        self.cursor.execute(f"SELECT code, id FROM {_staged(model)} WHERE code = ANY (%s)", [list(codes)])
        return dict(self.cursor.fetchall())

    def current(self, model: type[Fact], name: str, values: set, rows: list[dict]) -> list[dict]:
        """Of the rows on file those that nothing staged replaces, and the staged ones with these values."""
        if model not in self.columns:
            return rows
        if self.replacing[model]:
            self._index(model, "replaces")
            found = f"SELECT replaces FROM {_staged(model)} WHERE replaces = ANY (%s)"
            self.cursor.execute(found, [[row["id"] for row in rows]])
            gone = {key for (key,) in self.cursor.fetchall()}
            rows = [row for row in rows if row["id"] not in gone]
        column = model._meta.get_field(name).column
        self._index(model, column)
        self._count(model)
        columns = self.columns[model]
        asked = f'SELECT {_named(columns)} FROM {_staged(model)} WHERE "{column}" = ANY (%s)'
        self.cursor.execute(asked, [list(values)])
        staged = [dict(zip(columns, row, strict=True)) for row in self.cursor.fetchall()]
        self.again[model] |= {row["id"]: row["replaces"] for row in staged}
        return [*rows, *({**row, "recorded": NOT_YET} for row in staged)]

    def write(self, decision: Decision, audit: int) -> list[int]:
        """Write it all under a decision and its audit row; answers the keys of the acts."""
        acts = f"SELECT id, seq, name, \"on\", reason, %s, %s FROM {_staged(Act)} ORDER BY seq"
        named = _named((*_ACT, "decision_id", "audit_id"))
        self.cursor.execute(f"INSERT INTO {Act._meta.db_table} ({named}) {acts}", [decision.pk, audit])
        for model in self.identities:
            self._write_identities(model)
        for model in self.facts:
            self._write_facts(model, decision.applied_at)
        self.cursor.execute(f"SELECT id FROM {_staged(Act)}")
        return [key for (key,) in self.cursor.fetchall()]

    def _write_identities(self, model: type[Identity]) -> None:
        table, columns = model._meta.db_table, self.columns[model][:-1]
        named = _named(columns)
        self.cursor.execute(f"INSERT INTO {table} ({named}) SELECT {named} FROM {_staged(model)} WHERE NOT again")
        said = ", ".join(f'"{name}" = s."{name}"' for name in columns if name not in ("id", "code"))
        self.cursor.execute(f"UPDATE {table} t SET {said} FROM {_staged(model)} s WHERE s.again AND s.id = t.id")

    def _write_facts(self, model: type[Fact], instant: Any) -> None:
        table, named = model._meta.db_table, _named(self.columns[model][:-1])
        if self.replacing[model]:
            self.cursor.execute(f"ANALYZE {_staged(model)}")
            self.cursor.execute(
                f"""UPDATE {table} t SET recorded = tstzrange(lower(t.recorded), %s), retracted_by_id = s.asserted_by_id
                    FROM {_staged(model)} s WHERE t.id = s.replaces AND upper_inf(t.recorded)""",
                [instant],
            )
            if self.cursor.rowcount != self.replacing[model]:
                raise store.changed_meanwhile()
        self.cursor.execute(
            f"INSERT INTO {table} ({named}, recorded) SELECT {named}, tstzrange(%s, NULL) FROM {_staged(model)}",
            [instant],
        )

    def units(self) -> set[int]:
        """The units that the staged facts are of."""
        found: set[int] = set()
        for model in self.facts:
            self.cursor.execute(f"SELECT DISTINCT unit_id FROM {_staged(model)}")
            found |= {unit for (unit,) in self.cursor.fetchall()}
        return found

    def drop(self) -> None:
        """Leave no table behind for another decision of the same transaction."""
        self.cursor.execute(f"DROP TABLE {', '.join(map(_staged, self.columns))}")

    def _open(self, model: type, columns: tuple[str, ...], chosen: str = "") -> None:
        if model not in self.columns:
            self.columns[model] = columns
            shape = f"SELECT {chosen or _named(columns)} FROM {model._meta.db_table} WITH NO DATA"
            self.cursor.execute(f"CREATE TEMP TABLE {_staged(model)} ON COMMIT DROP AS {shape}")

    def _copy(self, model: type, rows: Sequence[Sequence[Any]]) -> None:
        self.rows[model] += len(rows)
        with self.cursor.copy(f"COPY {_staged(model)} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def _index(self, model: type, column: str) -> None:
        if (model, column) not in self.indexed:
            self.indexed.add((model, column))
            self.cursor.execute(f'CREATE INDEX ON {_staged(model)} ("{column}")')

    def _count(self, model: type) -> None:
        """Tell the planner how much there is, whenever that has doubled: nobody else counts a temporary table."""
        if self.rows[model] > 2 * self.counted[model]:
            self.counted[model] = self.rows[model]
            self.cursor.execute(f"ANALYZE {_staged(model)}")


def _staged(model: type) -> str:
    return f"staged_{model._meta.db_table}"


def _named(columns: Iterable[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)
