"""The stretches between two points of one measure: which versions weigh what at their two ends, in one statement."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, DateField, Func, Q, QuerySet, Sum
from django.db.models.expressions import RawSQL
from psycopg.types.range import DateRange, TimestamptzRange

from canbo.registry.facts import Fact, Identity
from canbo.reports.bridge.cover import Cover, dated, fixed
from canbo.reports.indicator import FLOW, Measure
from canbo.reports.question import Question

DAYS, KNOWLEDGE = "days", "knowledge"
"""What passes in a step: the days, or what the register knows."""


class Stretch(NamedTuple):
    """A version between two points: its edges on the step's axis with their acts, and what it weighs at them.

    `before` and `after` say whether its unit counts at its first and at its last moment within the step.
    """

    pk: int
    unit: int
    subject: tuple
    key: int | None
    ending: str
    low: Any
    high: Any
    opened: int | None
    closed: int | None
    day: dt.date | None
    before: bool
    after: bool
    first: int
    last: int


@dataclass(frozen=True)
class Step:
    """From one point to another on one axis: either both know the same, or both ask of the same days."""

    measure: Measure
    axis: str
    first: Question
    second: Question

    @property
    def flow(self) -> bool:
        """Is the figure about a period?"""
        return self.measure.kind == FLOW

    def covers(self) -> tuple[Cover, Cover]:
        """Who counts at the first point, and at the second."""
        if self.axis == DAYS and not self.flow:
            return (dated(self.second),) * 2
        cover = fixed if self.flow else dated
        one = cover(self.first)
        same = self.first.known == self.second.known and self.first.scope.roots == self.second.scope.roots
        return one, one if same else cover(self.second)


def subject(model: type[Fact]) -> tuple[str, ...]:
    """The columns that say about whom a fact is: one act that ends and begins facts of the same subject continues."""
    named = [
        f.attname
        for f in model._meta.concrete_fields
        if f.related_model and issubclass(f.related_model, Identity) and f.name != "unit" and not f.null
    ]
    return tuple(named or ["unit_id"])


def stretches(step: Step, covers: tuple[Cover, Cover]) -> Iterator[Stretch]:
    """All stretches that weigh something at one of their ends and are not the same at both points."""
    said: dict[str, Any] = {"low": _bound(step.first, step), "high": _bound(step.second, step)}
    said |= {"day": step.first.on, "known": step.second.known}
    for name, cover in zip("ab", covers, strict=True):
        said |= {f"units_{name}": list(cover.days), f"days_{name}": list(cover.days.values())}
    eyes = [_eyes(step, question) for question in (step.first, step.second)]
    with connection.cursor() as cursor:
        cursor.execute(_statement(step, eyes, said), said)
        for pk, unit, ending, low, high, opened, closed, *rest in cursor:
            day, before, after, first, last, key, *about = rest
            yield Stretch(
                pk, unit, tuple(about), key, ending, low, high, opened, closed, day, before, after, first, last
            )


def _bound(question: Question, step: Step) -> Any:
    return question.on if step.axis == DAYS else question.known


def _eyes(step: Step, question: Question) -> QuerySet:
    """What each version of the step weighs, as this question asks; the scope is left to the cover."""
    measure, first, second = step.measure, step.first, step.second
    rows = measure.model.objects.annotate(**measure.relations(question))
    if step.axis == DAYS:
        rows = rows.known(second.known)
        if not step.flow:
            rows = rows.filter(valid__overlap=DateRange(first.on, second.on, "[]"))
    else:
        rows = rows.filter(recorded__overlap=TimestamptzRange(first.known, second.known, "[]"))
        if not step.flow:
            rows = rows.filter(valid__contains=first.on)
    if step.flow:
        rows = rows.annotate(event=Func("valid", function=measure.at, output_field=DateField()))
        rows = rows.filter(event__range=(question.start, question.on))
    if measure.condition:
        rows = rows.filter(measure.condition(question))
    rows = rows.filter(unit__in=RawSQL("SELECT unit FROM cover_a UNION ALL SELECT unit FROM cover_b", ()))
    total = Sum(measure.summing) if measure.summing else Count("pk")
    return rows.filter(measure.asked(question)).order_by().values("id").annotate(total=total)


_UNMOVED = {DAYS: "a.days @> daterange(%(low)s, %(high)s, '[]')", KNOWLEDGE: "a.days IS NOT DISTINCT FROM b.days"}
_AXIS = {
    DAYS: ("lower(f.valid)", "upper(f.valid)", "f.opened_by_id", "f.closed_by_id", "f.valid"),
    KNOWLEDGE: ("lower(f.recorded)", "upper(f.recorded)", "f.asserted_by_id", "f.retracted_by_id", "f.recorded"),
}
_STATEMENT = """
WITH cover_a AS MATERIALIZED (SELECT * FROM unnest(%(units_a)s::bigint[], %(days_a)s::text[]::datemultirange[])
                              AS c (unit, days)),
cover_b AS MATERIALIZED (SELECT * FROM unnest(%(units_b)s::bigint[], %(days_b)s::text[]::datemultirange[])
                         AS c (unit, days)),
moved AS MATERIALIZED (SELECT unit FROM cover_a a FULL JOIN cover_b b USING (unit) WHERE NOT ({unmoved})),
{eyes},
weighed AS (
    SELECT f.*, coalesce(one.total, 0) AS w1, coalesce({two}.total, 0) AS w2, {span} @> %(low)s AS early,
           coalesce(a.days @> {day_a}, false) AS in_a, coalesce(b.days @> {day_b}, false) AS in_b
    FROM {weighed} JOIN {table} f USING (id)
    LEFT JOIN cover_a a ON a.unit = f.unit_id LEFT JOIN cover_b b ON b.unit = f.unit_id
    WHERE a.days @> {day_a} OR b.days @> {day_b}),
judged AS (SELECT f.*, {gone} AS gone FROM weighed f),
ends AS (
    SELECT f.*, {first} AS w_first, {last} AS w_last, {before} AS before, {after} AS after FROM judged f)
SELECT id, unit_id, {ending}, {low}, {high}, {opened}, {closed}, {day}, before, after, w_first, w_last, {columns}
FROM ends f WHERE ((before AND w_first <> 0) OR (after AND w_last <> 0)) {changed} ORDER BY id
"""
_GONE = """(bool_or({span} @> %(low)s) OVER (PARTITION BY {subject})
            AND NOT bool_or({span} @> %(high)s) OVER (PARTITION BY {subject}))"""
_SAME = """AND NOT ({span} @> %(low)s AND {span} @> %(high)s AND before = after AND w_first = w_last)"""


def _statement(step: Step, eyes: list[QuerySet], said: dict[str, Any]) -> str:
    """The SQL of a step. Where both questions weigh everything alike, nothing else is asked of the subjects."""
    measure, table = step.measure, step.measure.model._meta.db_table
    low, high, opened, closed, span = _AXIS[step.axis]
    # Of two periods each weighs its own; along an axis what was there first is weighed first, all else second.
    along = not (step.flow and step.axis == DAYS)
    alike = _plain(eyes[0]) == _plain(eyes[1])
    names = ("one",) if alike else ("one", "two")
    if alike and not measure.counting and along:
        eyes = [_passing(step, eyes[0])]
    ctes = ", ".join(f"{n} AS MATERIALIZED ({_sql(rows, said)})" for n, rows in zip(names, eyes, strict=False))
    about = ("fact",) if step.axis == KNOWLEDGE else subject(measure.model)
    edge = "lower(f.valid)" if measure.at == "lower" else "upper(f.valid) - 1"
    passing = step.axis == DAYS and not step.flow
    fixed_day = edge if step.flow else "%(day)s"
    judge, gone = "CASE WHEN {} THEN {} ELSE {} END", _GONE.format(span=span, subject=", ".join(about))
    known = step.axis == KNOWLEDGE
    return _STATEMENT.format(
        eyes=ctes,
        unmoved=_UNMOVED[step.axis],
        two=names[-1],
        weighed="one" if alike else "one FULL JOIN two USING (id)",
        table=table,
        span=span,
        day_a=f"greatest({low}, %(low)s)" if passing else fixed_day,
        day_b=f"least({high} - 1, %(high)s)" if passing else fixed_day,
        gone=gone if along and not (alike and passing) else "false",
        first=judge.format("early OR gone", "w1", "w2") if along else "w1",
        last=judge.format("gone", "w1", "w2") if along else "w2",
        before=judge.format("early OR gone", "in_a", "in_b") if known else "in_a",
        after=judge.format("gone", "in_a", "in_b") if known else "in_b",
        low=low,
        high=high,
        opened=opened,
        closed=closed,
        day=edge if step.flow else "NULL",
        ending=measure.model.SAYS_HOW_IT_ENDED[0] if measure.model.SAYS_HOW_IT_ENDED else "''",
        changed="" if measure.counting or not along else _SAME.format(span=span),
        columns=", ".join([f"{measure.counting}_id" if measure.counting else "NULL", *subject(measure.model)]),
    )


def _passing(step: Step, rows: QuerySet) -> QuerySet:
    """Without what is there at both points, in units that did not move."""
    name = "valid" if step.axis == DAYS else "recorded"
    low, high = _bound(step.first, step), _bound(step.second, step)
    both = Q(**{f"{name}__contains": low}) & Q(**{f"{name}__contains": high})
    return rows.filter(~both | Q(unit__in=RawSQL("SELECT unit FROM moved", ())))


def _plain(rows: QuerySet) -> tuple:
    sql, values = rows.query.sql_with_params()
    return sql, tuple(map(str, values))


def _sql(rows: QuerySet, said: dict[str, Any]) -> str:
    """A queryset as text, its values added to `said` under names of their own."""
    sql, values = rows.query.sql_with_params()
    names = [f"v{len(said) + number}" for number in range(len(values))]
    said.update(zip(names, values, strict=True))
    return sql % tuple(f"%({name})s" for name in names)


def turned(step: Step) -> Step:
    """The same step from the other end."""
    return replace(step, first=step.second, second=step.first)
