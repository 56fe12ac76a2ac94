"""What the database says, in the terms of the naive replay: facts by (entry, number), dates and codes."""

import datetime as dt
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import QuerySet

from canbo.kernel.models import Audit
from canbo.registry.facts import Act, Decision, Unit
from canbo.registry.tree import Closure
from tests.generative.replay import Span, World

COLUMNS = {
    "Membership": ("person__code", "unit__code", "stage", "entry", "ending", "category"),
    "Placement": ("unit__code", "parent__code"),
    "Organisation": ("unit__code", "kind", "name"),
    "Place": ("unit__code", "kind", "name"),
    "Service": ("unit__code", "place__code"),
    "Lineage": ("unit__code", "predecessor__code", "whole"),
    "Particulars": ("person__code", "unit__code", "name"),
    "PostRecord": ("post__code", "unit__code", "title", "seats"),
    "Incumbency": ("person__code", "post__code", "unit__code", "acting"),
}
MODELS = {kind: apps.get_model("registry", kind) for kind in COLUMNS}
BOOKKEEPING = """
    SELECT 'decision without its one audit row', d.code FROM registry_decision d
      JOIN registry_act a ON a.decision_id = d.id LEFT JOIN kernel_audit u ON u.id = a.audit_id
      GROUP BY d.id HAVING count(DISTINCT u.id) <> 1 OR max(u.count) <> count(*) OR max(u.at) <> d.applied_at
         OR max(a.seq) <> count(*)
    UNION ALL SELECT 'decision without acts', d.code FROM registry_decision d
      WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.decision_id = d.id)
    UNION ALL SELECT 'audit row of nothing', u.what FROM kernel_audit u
      WHERE NOT EXISTS (SELECT 1 FROM registry_act a WHERE a.audit_id = u.id)
    UNION ALL SELECT 'annulment by something else', d.code FROM registry_annulment n
      JOIN registry_decision d ON d.id = n.by_decision_id WHERE d.kind <> 'annulment'"""
PROMISES = """
    SELECT 'known twice', v.fact FROM {table} v JOIN {table} o
      ON o.fact = v.fact AND o.id <> v.id AND o.recorded && v.recorded
    UNION ALL SELECT 'gap in what was known', fact FROM {table}
      GROUP BY fact HAVING range_agg(recorded) <> tstzmultirange(range_merge(range_agg(recorded)))
    UNION ALL SELECT 'not the instant of its acts', v.fact FROM {table} v
      JOIN registry_act a ON a.id = v.asserted_by_id JOIN registry_decision d ON d.id = a.decision_id
      LEFT JOIN registry_act r ON r.id = v.retracted_by_id LEFT JOIN registry_decision e ON e.id = r.decision_id
      WHERE lower(v.recorded) <> d.applied_at OR upper(v.recorded) IS DISTINCT FROM e.applied_at
    UNION ALL SELECT 'opened or closed by nothing known', v.fact FROM {table} v
      LEFT JOIN registry_act o ON o.id = v.opened_by_id LEFT JOIN registry_decision d ON d.id = o.decision_id
      LEFT JOIN registry_act c ON c.id = v.closed_by_id LEFT JOIN registry_decision e ON e.id = c.decision_id
      WHERE d.applied_at IS NULL OR d.applied_at > lower(v.recorded) OR e.applied_at > lower(v.recorded)
         OR (v.closed_by_id IS NULL) <> upper_inf(v.valid)"""


class Records:
    """Reads the register for one example; `keys` names each fact as the replay does."""

    def __init__(self) -> None:
        self.keys: dict[tuple[str, int], tuple[int, int]] = {}
        self.decisions: list[int] = []

    def note(self, outcome: Any) -> None:
        """A decision was applied: give its new facts their names, in the order in which they were opened."""
        entry = len(self.decisions)
        self.decisions.append(outcome.decision)
        fresh = [v for v in outcome.effects if (v.model.__name__, v.fact) not in self.keys]
        for number, version in enumerate(fresh, 1):
            self.keys[version.model.__name__, version.fact] = (entry, number)

    def fact(self, kind: str, key: tuple[int, int]) -> int:
        """The key by which an act names a fact."""
        return next(fact for (name, fact), known in self.keys.items() if name == kind and known == key)

    def world(self, known: dt.datetime) -> World:
        """All facts known at an instant."""
        acts = self.acts()
        return {
            key: span
            for kind, model in MODELS.items()
            for key, span in self.spans(kind, model.objects.known(known), acts)
        }

    def acts(self) -> dict[int, tuple[int, int]]:
        numbers = {decision: entry for entry, decision in enumerate(self.decisions)}
        rows = Act.objects.values_list("pk", "decision_id", "seq")
        return {pk: (numbers[decision], seq) for pk, decision, seq in rows}

    def spans(self, kind: str, rows: QuerySet, acts: dict) -> list[tuple[tuple, Span]]:
        shared = ("fact", "valid", "start_precision", "end_precision", "opened_by_id", "closed_by_id")
        found = []
        for fact, valid, first, last, opened, closed, *said in rows.values_list(*shared, *COLUMNS[kind]):
            content = dict(zip((c.removesuffix("__code") for c in COLUMNS[kind]), said, strict=True))
            ended = acts[closed] if closed else None
            span = Span(kind, content, valid.lower, acts[opened], valid.upper, ended, first + last)
            found.append((self.keys[kind, fact], span))
        return found

    def asof(self, day: dt.date, known: dt.datetime) -> World:
        """The facts of a day as known at an instant, asked as a page asks them."""
        acts = self.acts()
        return {
            key: span
            for kind, model in MODELS.items()
            for key, span in self.spans(kind, model.objects.asof(day, known), acts)
        }


def broken_promises() -> list[tuple[str, Any]]:
    """What must never be found in any register, whatever was decided."""
    kinds = [PROMISES.format(table=model._meta.db_table) for model in MODELS.values()]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([*(f"SELECT * FROM ({k}) AS x" for k in kinds)]))
        found = cursor.fetchall()
        cursor.execute(BOOKKEEPING)
        found += cursor.fetchall()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    return found


def trace() -> list[tuple]:
    """Everything that a refused act or a preview could leave behind: how many rows, and how many of them current."""
    tables = [
        f"SELECT '{m._meta.db_table}', count(*), max(id) FROM {m._meta.db_table}" for m in (Decision, Act, Audit, Unit)
    ]
    tables += [
        f"SELECT '{m._meta.db_table}', count(*), count(*) FILTER (WHERE upper_inf(recorded)) FROM {m._meta.db_table}"
        for m in MODELS.values()
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(tables))
        return sorted(cursor.fetchall())


def closure() -> list[tuple]:
    """The closure as the database keeps it: ancestor, descendant, depth, days."""
    columns = ("ancestor__code", "descendant__code", "depth", "valid")
    return sorted(Closure.objects.values_list(*columns), key=str)


def recomputed_closure() -> list[tuple]:
    """The closure built anew from all placements; the kept one stays as it is."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT closure_rebuild_1((SELECT array_agg(id) FROM registry_unit))")
        found = closure()
        transaction.set_rollback(True)
    return found
