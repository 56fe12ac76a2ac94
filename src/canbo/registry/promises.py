"""What no index can promise: that a fact lasts within those it rests on, as known after a decision.

Asked once a decision, after it is written and under its lock, of what its acts touched; the take-over loader asks it of
everything at once.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from canbo.kernel.refusal import Refused
from canbo.registry import store
from canbo.registry.facts import Fact, Within

_OUTLASTING = """
SELECT named.code FROM (
    SELECT {columns},
           range_agg(valid) FILTER (WHERE rests) AS resting, range_agg(valid) FILTER (WHERE NOT rests) AS ground
    FROM (SELECT {columns}, valid, true AS rests FROM {kind}
           WHERE upper_inf(recorded) AND start_precision = 'd' AND end_precision = 'd' {touched}
          UNION ALL SELECT {columns}, valid, false FROM {within} WHERE upper_inf(recorded) {touched}) b
    GROUP BY {columns}) f
JOIN {identity} named ON named.id = f.{column}
WHERE NOT f.resting <@ coalesce(f.ground, '{{}}')
ORDER BY named.code LIMIT 5
"""
"""Both are put side by side and summed up, not joined: right after a take-over nobody has counted the rows yet."""
_TOUCHED = """AND {column} IN (
    SELECT {column} FROM {kind} WHERE asserted_by_id = ANY (%(acts)s)
    UNION SELECT {column} FROM {within} WHERE asserted_by_id = ANY (%(acts)s)
    UNION SELECT {column} FROM {within} WHERE retracted_by_id = ANY (%(acts)s))"""


def keep(cursor: Any, written: Iterable[type[Fact]], acts: Sequence[int] | None) -> None:
    """Refuse a decision after which something outlasts what it rests on; `acts` None asks it of every fact."""
    touched = set(written)
    for kind in store.fact_kinds():
        for within in kind.LASTS_WITHIN:
            if acts is None or touched & {kind, within.model}:
                _keep(cursor, kind, within, acts)
    if acts and any(kind.EMPTIES_A_NUMBER for kind in touched):
        store.refuse_left_behind(cursor, acts)


def _keep(cursor: Any, kind: type[Fact], within: Within, acts: Sequence[int] | None) -> None:
    fields = [kind._meta.get_field(name) for name in within.columns]
    names = {
        "kind": kind._meta.db_table,
        "within": within.model._meta.db_table,
        "identity": fields[0].related_model._meta.db_table,
        "column": fields[0].column,
        "columns": ", ".join(field.column for field in fields),
    }
    touched = "" if acts is None else _TOUCHED.format(**names)
    cursor.execute(_OUTLASTING.format(**names, touched=touched), {"acts": list(acts or ())})
    if found := [code for (code,) in cursor.fetchall()]:
        raise Refused("outlasts", f"{within.message}: {', '.join(dict.fromkeys(found))}", outlasting=found)
