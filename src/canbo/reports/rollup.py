"""Roll-ups: many indicators of many units on a day, from one scan of each kind of fact.

The scan counts by unit; the counts are then added up along the closure, once for each unit asked about. What happened
in the period counts with the tree of its day, so units that moved within the period are counted again day by day.
Every figure equals what its indicator answers alone: conditions come from the same declarations.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from django.db import connection
from django.db.models import Case, Count, DateField, Func, Q, QuerySet, Sum, Value, When, lookups
from django.db.models.expressions import RawSQL
from psycopg.types.range import DateRange

from canbo.kernel.refusal import Mistake, Refused
from canbo.registry.facts import Unit
from canbo.registry.organisations.models import Organisation
from canbo.registry.places.models import Place
from canbo.registry.tree import Closure, Scope, Service
from canbo.reports.indicator import FLOW, INDICATORS, Composite, Measure, Part
from canbo.reports.question import Question, ask, counts_all

Asked = tuple[str, Mapping[str, Any]]
"""An indicator and its conditions."""
Figure = int | Fraction | None

FEW = 2_000
"""Up to so many units beneath those asked about, only their facts are read; more are cheaper by a whole scan."""


def roll_up(
    indicators: Sequence[Asked],
    units: Sequence[str],
    on: dt.date,
    *,
    start: dt.date | None = None,
    known: dt.datetime | None = None,
) -> dict[str, list[Figure]]:
    """Figures by unit, in the order of the indicators: stocks on the day, flows from `start` (1 January) to it.

    Refused for units that are not there that day; a `Mistake` for indicators that count people once however many
    facts they have, since such counts do not add up.
    """
    if not units:
        return {}
    question = replace(ask(units[0], on, start=start, known=known), scope=None)
    tree = _Tree(_roots(list(dict.fromkeys(units)), question), question)
    columns = [(name, question.narrowed(where)) for name, where in indicators]
    leaves = {leaf.key: leaf for name, asked in columns for leaf in _leaves(name, asked)}
    read: list[_Leaf] = []
    for leaf in leaves.values():
        if tree.counts_all(leaf.measure):
            read.append(leaf)
        else:
            tree.ask_alone(leaf)
    for scan in _scans(read):
        tree.add_up(scan)
    return {unit: [_figure(name, asked, unit, leaves) for name, asked in columns] for unit in tree.roots}


@dataclass
class _Leaf:
    """One measure with its conditions; `found` holds its figure by unit once the scan has run."""

    measure: Measure
    question: Question
    found: dict[str, int] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return _key(self.measure.name, self.question)

    @property
    def edge(self) -> str:
        """Which edge of a fact is its event: "lower", "upper", or none for stocks."""
        return self.measure.at if self.measure.kind == FLOW else ""

    def total(self) -> Count | Sum:
        """What the scan computes for it among the rows of its kind."""
        condition = self.measure.asked(self.question)
        if self.measure.condition:
            condition &= self.measure.condition(self.question)
        if self.edge == "lower":
            condition &= Q(lookups.GreaterThanOrEqual(_day("lower"), self.question.start))
        if self.measure.summing:
            return Sum(self.measure.summing, filter=condition or None)
        return Count(Value(1), filter=condition or None)

    def rows(self) -> QuerySet:
        """The facts of its kind as known then, with the relations that its condition may use."""
        return self.measure.model.objects.known(self.question.known).annotate(**self.measure.relations(self.question))

    def joins(self) -> tuple[str, ...]:
        """The tables its condition joins; a join may repeat rows, so only leaves with the same ones share a scan."""
        counts = self.rows().values("unit").annotate(n=self.total()).query
        return tuple(sorted(alias for alias, uses in counts.alias_refcount.items() if uses))


def _key(name: str, question: Question) -> str:
    return f"{name} {sorted(question.where.items())}"


def _leaves(name: str, question: Question) -> Iterator[_Leaf]:
    """The measures of which an indicator is made."""
    indicator = INDICATORS.ask(name)
    if isinstance(indicator, Composite):
        for part in (*indicator.parts, *indicator.whole):
            yield from _leaves(part.indicator, part.of(question)[1])
    elif indicator.counting:
        said = f"{name} counts each {indicator.counting} once, and such counts do not add up; ask it unit by unit"
        raise Mistake("not_additive", said, indicator=name)
    else:
        yield _Leaf(indicator, question)


@dataclass(frozen=True)
class _Solved:
    """A part of a composite whose figure is known already: the part and its indicator in one."""

    figure: Figure
    sign: int

    def of(self, question: Question) -> tuple["_Solved", Question]:
        return self, question

    def value(self, question: Question) -> Figure:
        return self.figure


def _figure(name: str, question: Question, unit: str, leaves: Mapping[str, _Leaf]) -> Figure:
    """The figure of a measure from its scan, of a composite by its own arithmetic on those of its parts."""
    indicator = INDICATORS.ask(name)
    if isinstance(indicator, Measure):
        return leaves[_key(name, question)].found.get(unit, 0)

    def solved(parts: Iterable[Part]) -> tuple[Any, ...]:
        return tuple(_Solved(_figure(p.indicator, p.of(question)[1], unit, leaves), p.sign) for p in parts)

    return replace(indicator, parts=solved(indicator.parts), whole=solved(indicator.whole)).value(question)


def _scans(leaves: Iterable[_Leaf]) -> list[list[_Leaf]]:
    """Leaves that one pass over one kind of fact answers."""
    scans: dict[tuple, list[_Leaf]] = {}
    for leaf in leaves:
        scans.setdefault((leaf.measure.model, leaf.joins()), []).append(leaf)
    return list(scans.values())


def _roots(units: list[str], question: Question) -> dict[str, list[int]]:
    """For each unit itself and the organisations that serve it; refused where one is not there that day."""
    keys = dict(Unit.objects.filter(code__in=units).values_list("code", "pk"))
    there: set[int] = set()
    for kind in (Place, Organisation):
        present = kind.objects.asof(question.on, question.known).filter(unit__in=keys.values())
        there.update(present.values_list("unit_id", flat=True))
    absent = [code for code in units if keys.get(code) not in there]
    if absent:
        named = ", ".join(absent[:5]) + (" …" if len(absent) > 5 else "")
        raise Refused("not_there", f"{len(absent)} of the units do not exist on {question.on}: {named}", units=absent)
    roots = {code: [keys[code]] for code in units}
    places = {key: code for code, key in keys.items()}
    serving = Service.objects.asof(question.on, question.known).filter(place__in=places)
    for place, unit in serving.values_list("place_id", "unit_id"):
        roots[places[place]].append(unit)
    return roots


_CURRENT = "SELECT ancestor_id, descendant_id, valid FROM registry_closure"
_WALKED = """SELECT DISTINCT root, root, daterange(NULL, NULL) FROM unnest(%(roots)s::bigint[]) AS root
    UNION
    SELECT d.root, p.unit_id, d.valid * p.valid FROM down d
    JOIN registry_placement p ON p.parent_id = d.unit AND p.valid && d.valid AND p.recorded @> %(known)s"""
_ADD_UP = """
WITH RECURSIVE down (root, unit, valid) AS ({down}),
cover AS MATERIALIZED (
    SELECT a.asked, d.unit, range_agg(d.valid) AS days,
        bool_and(range_agg(d.valid) @> %(period)s) OVER (PARTITION BY d.unit) AS stayed
    FROM unnest(%(asked)s::int[], %(roots)s::bigint[]) AS a (asked, root) JOIN down d ON d.root = a.root
    WHERE d.valid && %(period)s
    GROUP BY a.asked, d.unit),
moved AS MATERIALIZED (SELECT DISTINCT unit FROM cover WHERE NOT stayed),
counted AS ({counted}),
counted_daily AS ({daily})
SELECT asked, {sums} FROM cover JOIN counted c USING (unit) WHERE stayed GROUP BY asked
UNION ALL
SELECT asked, {daily_sums} FROM cover JOIN counted_daily c USING (unit) GROUP BY asked
"""
_IN_PLACE = {"": "c.ended IS NOT TRUE", "lower": "true", "upper": "c.ended"}
_DAILY = {"": "days @> %(on)s::date AND c.ended IS NULL", "lower": "days @> c.began", "upper": "days @> (c.ended - 1)"}
"""Which of the counts of a unit count for an indicator, by the edge of the fact that makes its event, if any."""


@dataclass
class _Tree:
    """The units asked about with their roots, and what lies beneath them on which days."""

    roots: dict[str, list[int]]
    question: Question

    def __post_init__(self) -> None:
        keys = [root for roots in self.roots.values() for root in roots]
        self.scope = Scope(tuple(keys), self.question.known)
        self.current = self.scope.current
        beneath = Closure.objects.filter(ancestor__in=keys).values_list("descendant", flat=True)
        few = list(beneath[: FEW + 1]) if self.current else []
        self.few = set(few) if 0 < len(few) <= FEW else None

    def counts_all(self, measure: Measure) -> bool:
        """May all records be read that the measure counts of these units?"""
        return counts_all(self.scope, measure.level, measure.first(self.question), self.question.on)

    def ask_alone(self, leaf: _Leaf) -> None:
        """Ask the measure of each unit by itself: it gives a total, where a role says so, or refuses."""
        asked = self.question
        for code in self.roots:
            own = ask(code, asked.on, start=asked.start, known=asked.known, where=leaf.question.where)
            leaf.found[code] = leaf.measure.value(own)

    def add_up(self, scan: list[_Leaf]) -> None:
        """Run one scan and give every leaf of it its figures."""
        units = list(self.roots)
        pairs = [(number, root) for number, unit in enumerate(units) for root in self.roots[unit]]
        asked = self.question
        flows = any(leaf.edge for leaf in scan)
        said = {
            "asked": [number for number, _ in pairs],
            "roots": [root for _, root in pairs],
            "on": asked.on,
            "known": asked.known,
            "period": DateRange(asked.start - dt.timedelta(days=1) if flows else asked.on, asked.on, "[]"),
        }
        statement = _ADD_UP.format(
            down=_CURRENT if self.current else _WALKED,
            counted=_bound(self._facts(scan).values("unit", "ended"), scan, said),
            daily=_bound(self._daily(scan).values("unit", "began", "ended"), scan, said),
            sums=_sums(scan, _IN_PLACE),
            daily_sums=_sums(scan, _DAILY),
        )
        with connection.cursor() as cursor:
            cursor.execute(statement, said)
            for number, *totals in cursor:
                for leaf, total in zip(scan, totals, strict=True):
                    leaf.found[units[number]] = leaf.found.get(units[number], 0) + int(total or 0)

    def _facts(self, scan: list[_Leaf]) -> QuerySet:
        """The facts of the period or its last day: those that overlap it and the day before. One that has `ended` by
        the last day ended within the period; one that has not is so on that day.
        """
        asked, rows = self.question, scan[0].rows()
        if self.few is not None:
            rows = rows.filter(unit__in=self.few)
        if not any(leaf.edge for leaf in scan):
            return rows.filter(valid__contains=asked.on).annotate(ended=Value(False))
        within = DateRange(asked.start - dt.timedelta(days=1), asked.on, "[]")
        return rows.filter(valid__overlap=within).annotate(ended=lookups.LessThanOrEqual(_day("upper"), asked.on))

    def _daily(self, scan: list[_Leaf]) -> QuerySet:
        """The facts of units that moved within the period, with the days on which they began and ended in it."""
        asked, rows = self.question, self._facts(scan).filter(unit__in=RawSQL("SELECT unit FROM moved", ()))
        begun = When(lookups.GreaterThanOrEqual(_day("lower"), asked.start), then=_day("lower"))
        gone = When(lookups.LessThanOrEqual(_day("upper"), asked.on), then=_day("upper"))
        return rows.annotate(began=Case(begun), ended=Case(gone))


def _day(edge: str) -> Func:
    return Func("valid", function=edge, output_field=DateField())


def _bound(rows: QuerySet, scan: list[_Leaf], said: dict[str, Any]) -> str:
    """The statement that counts rows for each leaf, its values added to `said` under names of their own."""
    counts = rows.order_by().annotate(**{f"n{number}": leaf.total() for number, leaf in enumerate(scan)})
    sql, values = counts.query.sql_with_params()
    names = [f"v{len(said) + number}" for number in range(len(values))]
    said.update(zip(names, values, strict=True))
    return sql % tuple(f"%({name})s" for name in names)


def _sums(scan: list[_Leaf], which: Mapping[str, str]) -> str:
    return ", ".join(f"sum(n{number}) FILTER (WHERE {which[leaf.edge]})" for number, leaf in enumerate(scan))
