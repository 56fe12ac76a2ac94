"""The SQL of the ledger: drawing keys, reading what acts need, writing what a decision made of it. Set-based."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any

from django.apps import apps
from django.db import connections, models
from django.db.models import Exists, F, Func, OuterRef, Q, Value
from psycopg.types.range import DateRange, TimestamptzRange

from canbo.kernel import audit
from canbo.kernel.refusal import Refused
from canbo.registry.book import ActLine, Book, Version
from canbo.registry.facts import Act, Annulment, Decision, Fact, Identity, Person, Unit, content

STAGED_FROM = 200
"""From this many rows on, COPY into a staging table beats one statement that spells them out."""
_BOOLEAN = models.BooleanField()


def fact_kinds() -> list[type[Fact]]:
    """Every kind of fact that is registered, in a stable order."""
    return sorted((m for m in apps.get_models() if issubclass(m, Fact)), key=lambda m: m._meta.label)


def latest(cursor: Any) -> dt.datetime | None:
    """The instant of the last applied decision, or None in an empty register."""
    cursor.execute("SELECT max(applied_at) FROM registry_decision")
    return cursor.fetchone()[0]


def draw(cursor: Any, model: type[models.Model], count: int) -> list[int]:
    """That many fresh keys of a table."""
    if not count:
        return []
    cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [model._meta.db_table])
    (sequence,) = cursor.fetchone()
    cursor.execute("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [sequence, count])
    return [key for (key,) in cursor.fetchall()]


def open_book(cursor: Any, entries: Sequence[Any], using: str, staged: Any = None) -> Book:
    """Read the identities and current facts that these acts name: one query a kind, however many acts.

    What the same decision has `staged` so far (`staging.Tables`) counts as if it were on file.
    """
    codes: dict[type[Identity], set[str]] = defaultdict(set)
    fresh: dict[type[Identity], int] = defaultdict(int)
    for action, terms in _by_action(entries):
        for name, model in action.references.items():
            codes[model].update(_values(terms, name))
        for model in action.introduces:
            fresh[model] += len(terms)
    ids: dict[type[Identity], dict[str, int]] = {}
    free: dict[type[Identity], dict[str, int]] = {}
    annulled = Exists(Annulment.objects.filter(decision=OuterRef("introduced_by__decision")))
    for model, wanted in codes.items():
        ids[model], free[model] = {}, {}
        named = model.objects.using(using).filter(among("code", wanted)).values_list("code", "pk", annulled)
        for code, key, is_free in named:
            (free if is_free else ids)[model][code] = key
        for code, key in staged.keys(model, wanted).items() if staged else ():
            ids[model][code] = key
            free[model].pop(code, None)
        if model is Person:
            now = numbers_now(ids[model].values(), using)
            ids[model] = {code: now[key] for code, key in ids[model].items()}
    book = Book(ids, {model: draw(cursor, model, count) for model, count in fresh.items()}, free)
    loaded: dict[tuple[type[Fact], int], Version] = {}
    for (model, name), values in _wanted(entries, ids).items():
        book.index(model, name, _current(model, name, values, loaded, using, staged))
    return book


def numbers_now(people: Iterable[int], using: str = "default") -> dict[int, int]:
    """To whom numbers lead: to the people themselves, unless their records were merged into those of others."""
    some = list(people)
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT former, person FROM canbo.led_1(%s::bigint[])", [some])
        led = dict(cursor.fetchall())
    return {key: led.get(key, key) for key in some}


def number_now(person: int) -> int:
    """To whom one number leads."""
    return numbers_now([person])[person]


def refuse_left_behind(cursor: Any, acts: Sequence[int]) -> None:
    """Refuse a decision that leaves facts behind under a number which leads elsewhere, or somebody's sign-in."""
    cursor.execute("SELECT person, signs_in FROM canbo.left_behind_1(%s::bigint[])", [list(acts)])
    for person, signs_in in cursor.fetchall():
        code = Person.objects.using(cursor.db.alias).get(pk=person).code
        if signs_in:
            raise Refused(
                "signs_in",
                "somebody signs in as %(person)s: keep that number, or end its account first",
                person=code,
            )
        raise Refused(
            "beyond_reach",
            "more of %(person)s is on file than you may see; it takes somebody who reaches all of it",
            person=code,
        )


def among(path: str, values: Iterable[Any]) -> Q:
    """The condition that what lies there is one of these: one array, however many; `in` binds each by itself."""
    template = "(%(expressions)s))"
    return Q(Func(F(path), Value(list(values)), template=template, arg_joiner=" = ANY (", output_field=_BOOLEAN))


def _wanted(entries: Sequence[Any], ids: dict) -> dict[tuple[type[Fact], str], set]:
    """Which values of which columns the acts want to read, with codes translated to keys."""
    wanted: dict[tuple[type[Fact], str], set] = defaultdict(set)
    for action, terms in _by_action(entries):
        references = action.references
        for model, pairs in action.reads.items():
            for column, term in pairs:
                values = _values(terms, term)
                if term in references:
                    known = ids[references[term]]
                    values = {known[code] for code in values if code in known}
                wanted[model, column].update(values)
    return wanted


def _by_action(entries: Sequence[Any]) -> list[tuple[Any, list[Any]]]:
    """The terms of acts by their action."""
    found: dict[str, tuple[Any, list[Any]]] = {}
    for entry in entries:
        found.setdefault(entry.action.name, (entry.action, []))[1].append(entry.terms)
    return list(found.values())


def _values(terms: Iterable[Any], name: str) -> set:
    """What these terms say under a name: each by itself where it is several."""
    found = set()
    for value in map(attrgetter(name), terms):
        if isinstance(value, list | tuple | set):
            found.update(value)
        elif value is not None and value != "":
            found.add(value)
    return found


def _current(
    model: type[Fact], name: str, values: set, loaded: dict, using: str, staged: Any
) -> Iterable[Version]:
    if not values:
        return
    rows = model.objects.using(using).filter(among(name, values), recorded__upper_inf=True).values()
    for row in staged.current(model, name, values, list(rows)) if staged else rows:
        key = (model, row["id"])
        if key not in loaded:
            loaded[key] = version_of(model, row)
        yield loaded[key]


def version_of(model: type[Fact], row: dict[str, Any]) -> Version:
    """The version of a fact that a row of its table (as `values()` gives it) holds."""
    return Version(
        model=model,
        values={f.attname: row[f.attname] for f in content(model)},
        start=row["valid"].lower,
        end=row["valid"].upper,
        opened_by=row["opened_by_id"],
        closed_by=row["closed_by_id"],
        start_precision=row["start_precision"],
        end_precision=row["end_precision"],
        fact=row["fact"],
        loaded=row["id"],
        known=row["recorded"].lower,
        asserted_by=row["asserted_by_id"],
    )


class Papers:
    """The decisions that these codes name so far, which a further part of the same paper continues."""

    def __init__(self, cursor: Any, codes: set[str]) -> None:
        cursor.execute(
            """SELECT DISTINCT ON (code) code, part, symbol, signed_on FROM registry_decision
               WHERE code = ANY (%s) ORDER BY code, part DESC""",
            [list(codes)],
        )
        self.last = {code: last for code, *last in cursor.fetchall()}

    def next_part(self, paper: Any) -> int:
        """The number of this part of the paper; refused where the code names another paper already."""
        part, *before = self.last.get(paper.key, (0, paper.symbol, paper.signed_on))
        if before != [paper.symbol, paper.signed_on]:
            symbol, day = before
            raise Refused(
                "another_paper",
                "'%(decision)s' already names the decision %(symbol)s of %(day)s; give this one a code of its own",
                decision=paper.key,
                symbol=symbol,
                day=day,
            )
        self.last[paper.key] = [part + 1, *before]
        return part + 1


def write_decision(cursor: Any, paper: Any) -> Decision:
    """Insert the next part of a decision; the database gives it its instant."""
    part = Papers(cursor, {paper.key}).next_part(paper)
    cursor.execute(
        """INSERT INTO registry_decision (code, part, symbol, kind, signed_on, reason, applied_at)
           VALUES (%s, %s, %s, %s, %s, %s, NULL) RETURNING id, applied_at""",
        [paper.key, part, paper.symbol, paper.kind, paper.signed_on, paper.reason],
    )
    key, applied_at = cursor.fetchone()
    return Decision(pk=key, code=paper.key, part=part, symbol=paper.symbol, applied_at=applied_at)


def write_audit(decision: Decision, by: str, what: str, count: int, digest: bytes, kind: str, using: str) -> int:
    """Insert the one audit row of a decision; answers its key."""
    said = {"decision": decision.pk, "count": count, "digest": digest}
    return audit.record(kind, what, actor=by, using=using, **said)


def write_acts(cursor: Any, decision: Decision, audit_row: int, acts: Sequence[ActLine]) -> None:
    """Insert the acts of a decision."""
    rows = [(a.pk, decision.pk, a.seq, a.name, a.on, a.reason, audit_row) for a in acts]
    insert(cursor, Act, ("id", "decision_id", "seq", "name", "on", "reason", "audit_id"), rows)


def write_annulment(cursor: Any, decisions: Sequence[int], by_decision: int) -> None:
    """Insert that decisions are void."""
    insert(cursor, Annulment, ("decision_id", "by_decision_id"), [(key, by_decision) for key in decisions])


def write_identities(cursor: Any, book: Book) -> None:
    """Insert the identities that the acts introduced; those whose first introduction is void cite the new act."""
    rows: dict[type[Identity], list[dict[str, Any]]] = defaultdict(list)
    for model, columns in book.introduced:
        rows[model].append(columns)
    for model, values in rows.items():
        insert(cursor, model, tuple(values[0]), [tuple(columns.values()) for columns in values])
    for model, columns in book.again:
        said = {name: value for name, value in columns.items() if name not in ("id", "code")}
        named = ", ".join(f'"{name}" = %s' for name in said)
        cursor.execute(f"UPDATE {model._meta.db_table} SET {named} WHERE id = %s", [*said.values(), columns["id"]])


class Sheets:
    """The rows that decisions write, table by table, with what they retire.

    What a later decision of the same batch retires is retired on the sheet already: it is written as history.
    """

    def __init__(self) -> None:
        self.rows: dict[type[Fact], list[tuple[Version, list]]] = defaultdict(list)
        self.retired: dict[type[Fact], list[tuple[int, int, dt.datetime]]] = defaultdict(list)

    def settle(self, book: Book, instant: dt.datetime) -> list[Version]:
        """Put down what one decision made of the facts it touched, known from `instant`."""
        touched, book.versions = book.versions, []
        for v in touched:
            if v.row is not None:
                v.row[_RECORDED] = TimestamptzRange(v.row[_RECORDED].lower, instant)
                v.row[_RETRACTED] = v.touched_by
            elif v.loaded is not None:
                self.retired[v.model].append((v.loaded, v.touched_by, instant))
            if v.aside:
                continue
            v.row = _row(v, instant)
            v.asserted_by, v.touched_by = v.touched_by, None
            self.rows[v.model].append((v, v.row))
        return touched

    def write(self, cursor: Any) -> None:
        """Retire and insert, one statement a table."""
        for model in [*self.rows, *(self.retired.keys() - self.rows.keys())]:
            rows = self.rows[model]
            retire(cursor, model, self.retired[model])
            for key, (version, row) in zip(draw(cursor, model, len(rows)), rows, strict=True):
                version.fact = version.fact or key
                row[_ID], row[_FACT] = key, version.fact
            insert(cursor, model, (*_SHARED_COLUMNS, *(f.attname for f in content(model))), [row for _, row in rows])


_SHARED_COLUMNS = (
    "id", "fact", "recorded", "retracted_by_id", "valid", "start_precision", "end_precision",
    "opened_by_id", "closed_by_id", "asserted_by_id",
)  # fmt: skip
_ID, _FACT, _RECORDED, _RETRACTED = range(4)


def _row(v: Version, instant: dt.datetime) -> list[Any]:
    """A row of the shared columns and the content; its keys are drawn when it is written."""
    shared = [None, None, TimestamptzRange(instant, None), None, DateRange(v.start, v.end)]
    shared += [v.start_precision, v.end_precision, v.opened_by, v.closed_by, v.touched_by]
    return shared + [v.values[f.attname] for f in content(v.model)]


def touched(cursor: Any, model: type[Fact], acts: list[int]) -> list[int]:
    """The facts of a kind of which these acts wrote or retired a version. One array, however many acts."""
    table = model._meta.db_table
    cursor.execute(
        f"""SELECT fact FROM {table} WHERE asserted_by_id = ANY (%(acts)s)
            UNION SELECT fact FROM {table} WHERE retracted_by_id = ANY (%(acts)s)""",
        {"acts": acts},
    )
    return [fact for (fact,) in cursor.fetchall()]


def count_touched(cursor: Any, model: type[Fact], acts: list[int]) -> int:
    """How many facts these acts touched, also beyond the sight of whoever asks."""
    cursor.execute("SELECT canbo.touched_1(%s::regclass, %s::bigint[])", [model._meta.db_table, acts])
    return cursor.fetchone()[0]


def retire(cursor: Any, model: type[Fact], retired: Sequence[tuple[int, int, dt.datetime]]) -> None:
    """End what the register knew: versions, each with the act that retires it and the instant."""
    if not retired:
        return
    cursor.execute(
        f"""UPDATE {model._meta.db_table} AS t
            SET recorded = tstzrange(lower(t.recorded), r.instant), retracted_by_id = r.act
            FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[]) AS r(id, act, instant)
            WHERE t.id = r.id AND upper_inf(t.recorded)""",
        [list(column) for column in zip(*retired, strict=True)],
    )
    if cursor.rowcount != len(retired):
        raise changed_meanwhile()


def changed_meanwhile() -> Refused:
    """Nobody overwrites what they did not see."""
    return Refused("changed_meanwhile", "somebody changed the same facts meanwhile; look again and repeat")


def applied(cursor: Any, code: str, digest: bytes) -> bool:
    """Whether a part of this decision that is in force does exactly the same."""
    cursor.execute(
        """SELECT EXISTS (SELECT FROM registry_decision d
           JOIN registry_act t ON t.decision_id = d.id AND t.seq = 1 JOIN kernel_audit a ON a.id = t.audit_id
           WHERE d.code = %s AND a.digest = %s
           AND NOT EXISTS (SELECT FROM registry_annulment n WHERE n.decision_id = d.id))""",
        [code, digest],
    )
    return cursor.fetchone()[0]


def insert(cursor: Any, model: type[models.Model], columns: Sequence[str], rows: Sequence[tuple]) -> None:
    """Insert rows; many go by COPY into a staging table first, since COPY past row-level security is refused."""
    table = model._meta.db_table
    named = ", ".join(f'"{c}"' for c in columns)
    if len(rows) < STAGED_FROM:
        if rows:  # one statement, so that what is checked per statement is checked once
            marks = f"({', '.join(['%s'] * len(columns))})"
            values = [value for row in rows for value in row]
            cursor.execute(f"INSERT INTO {table} ({named}) VALUES {', '.join([marks] * len(rows))}", values)
        return
    cursor.execute(f"CREATE TEMP TABLE staged ON COMMIT DROP AS SELECT {named} FROM {table} WITH NO DATA")
    with cursor.copy(f"COPY staged ({named}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    cursor.execute(f"INSERT INTO {table} ({named}) SELECT {named} FROM staged")
    cursor.execute("DROP TABLE staged")


def promise(constraint: str) -> str:
    """The message that a constraint of ours carries for people, or nothing."""
    for model in apps.get_models():
        for declared in model._meta.constraints:
            said = declared.violation_error_message
            if declared.name == constraint and said != declared.default_violation_error_message:
                return str(said)
    return ""


def in_codes(sentence: str) -> str:
    """What a trigger says of `unit 4711`, with the unit's code."""
    keys = {int(key) for key in re.findall(r"\bunit (\d+)", sentence)}
    codes = dict(Unit.objects.filter(pk__in=keys).values_list("pk", "code")) if keys else {}
    return re.sub(r"\bunit (\d+)", lambda found: f"unit {codes.get(int(found[1]), found[1])}", sentence)
