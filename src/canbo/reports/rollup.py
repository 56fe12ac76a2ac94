"""Roll-ups: many indicators of many units on a day, from one scan of each kind of fact.

The scan counts by unit and, for what happened in the period, by stretch of days in which no unit moved, since flows
count with the tree of the event's day. The counts are then added up along the closure, once for each unit asked
about. Every figure equals what its indicator answers alone: conditions come from the same declarations.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from django.db import connection
from django.db.models import Case, Count, DateField, Func, QuerySet, Sum, Value, When, lookups
from psycopg.types.range import DateRange

from canbo.kernel.refusal import Mistake, Refused
from canbo.registry.facts import Unit
from canbo.registry.organisations.models import Organisation
from canbo.registry.places.models import Place
from canbo.registry.tree import Closure, Placement, Scope, Service
from canbo.reports.indicator import FLOW, INDICATORS, Composite, Measure, Part
from canbo.reports.question import Question, ask

Asked = tuple[str, Mapping[str, Any]]
"""An indicator and its conditions."""
Figure = int | Fraction | None

FEW = 2_000
"""Up to so many units beneath those asked about, only their facts are read; more are cheaper by a whole scan."""
STRETCHES = 12
"""Up to so many stretches without a move within the period are grouped as such; else each day by itself."""


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
    for scan in _scans(leaves.values()):
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
    def when(self) -> str:
        """Which of a row's days count: none of its own for stocks, else its first day or the day after its last."""
        return {"lower": "began", "upper": "ended"}[self.measure.at] if self.measure.kind == FLOW else ""

    def total(self) -> Count | Sum:
        """What the scan computes for it among the rows of its kind."""
        condition = self.measure._asked(self.question)
        if self.measure.condition:
            condition &= self.measure.condition(self.question)
        if self.measure.summing:
            return Sum(self.measure.summing, filter=condition or None)
        return Count(Value(1), filter=condition or None)

    def rows(self) -> QuerySet:
        """The facts of its kind as known then, with the relations that its condition may use."""
        return self.measure.model.objects.known(self.question.known).annotate(**self.measure._relations(self.question))

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


_CURRENT = """SELECT ancestor_id, descendant_id, valid FROM registry_closure
    WHERE ancestor_id = ANY (%(roots)s::bigint[])"""
_WALKED = """SELECT DISTINCT root, root, daterange(NULL, NULL) FROM unnest(%(roots)s::bigint[]) AS root
    UNION
    SELECT d.root, p.unit_id, d.valid * p.valid FROM down d
    JOIN registry_placement p ON p.parent_id = d.unit AND p.valid && d.valid AND p.recorded @> %(known)s"""
_ADD_UP = """
WITH RECURSIVE down (root, unit, valid) AS ({down}),
cover AS (
    SELECT a.asked, d.unit, range_agg(d.valid) AS days, range_agg(d.valid) @> %(on)s::date AS now
    FROM unnest(%(asked)s::int[], %(roots)s::bigint[]) AS a (asked, root) JOIN down d ON d.root = a.root
    WHERE d.valid && daterange(%(start)s, %(on)s, '[]')
    GROUP BY a.asked, d.unit),
counted AS ({scan})
SELECT cover.asked, {sums} FROM cover JOIN counted ON counted.unit = cover.unit GROUP BY cover.asked
"""


@dataclass
class _Tree:
    """The units asked about with their roots, and what lies beneath them on which days."""

    roots: dict[str, list[int]]
    question: Question

    def __post_init__(self) -> None:
        keys = [root for roots in self.roots.values() for root in roots]
        self.current = Scope(tuple(keys), self.question.known)._current
        beneath = Closure.objects.filter(ancestor__in=keys).values_list("descendant", flat=True)
        few = list(beneath[: FEW + 1]) if self.current else []
        self.few = set(few) if 0 < len(few) <= FEW else None

    def add_up(self, scan: list[_Leaf]) -> None:
        """Run one scan and give every leaf of it its figures."""
        rows, params = self._counted(scan).query.sql_with_params()
        units = list(self.roots)
        pairs = [(number, root) for number, unit in enumerate(units) for root in self.roots[unit]]
        said = {
            "asked": [number for number, _ in pairs],
            "roots": [root for _, root in pairs],
            "on": self.question.on,
            "start": self.question.start,
            "known": self.question.known,
        }
        said |= {f"p{n}": value for n, value in enumerate(params)}
        flows = any(leaf.when for leaf in scan)
        statement = _ADD_UP.format(
            down=_CURRENT if self.current else _WALKED,
            scan=rows % tuple(f"%(p{n})s" for n in range(len(params))),
            sums=", ".join(self._sum(n, leaf, flows) for n, leaf in enumerate(scan)),
        )
        with connection.cursor() as cursor:
            cursor.execute(statement, said)
            for number, *totals in cursor:
                for leaf, total in zip(scan, totals, strict=True):
                    leaf.found[units[number]] = int(total or 0)

    def _sum(self, number: int, leaf: _Leaf, flows: bool) -> str:
        """A stock counts what has not ended by the day, a flow what has its event's day within."""
        if leaf.when:
            within = f"cover.days @> counted.{leaf.when}"
        else:
            within = "cover.now AND counted.ended IS NULL" if flows else "cover.now"
        return f"sum(counted.n{number}) FILTER (WHERE {within})"

    def _counted(self, scan: list[_Leaf]) -> QuerySet:
        """The counts by unit and stretch. Facts of the period or its day are those that overlap it and the day before:

        one that has ended by the day ended within the period, and one that has not is so on the day.
        """
        question = self.question
        rows = scan[0].rows()
        totals = {f"n{number}": leaf.total() for number, leaf in enumerate(scan)}
        if self.few is not None:
            rows = rows.filter(unit__in=self.few)
        if not any(leaf.when for leaf in scan):
            return rows.filter(valid__contains=question.on).order_by().values("unit").annotate(**totals)
        within = DateRange(question.start - dt.timedelta(days=1), question.on, "[]")
        since = self._stretches()
        rows = rows.filter(valid__overlap=within).annotate(
            began=_stretch("lower", question, since), ended=_stretch("upper", question, since)
        )
        return rows.order_by().values("unit", "began", "ended").annotate(**totals)

    def _stretches(self) -> list[dt.date] | None:
        """The first days of the stretches of the period in which no unit moved, the last first; None for too many."""
        question = self.question
        period = DateRange(question.start, question.on, "[]")
        moved = Placement.objects.known(question.known).filter(valid__overlap=period).exclude(valid__contains=period)
        edges = {day for span in moved.values_list("valid", flat=True) for day in (span.lower, span.upper)}
        inside = {day for day in edges if day and question.start < day <= question.on}
        return sorted({question.start, *inside}, reverse=True) if len(inside) < STRETCHES else None


def _stretch(edge: str, question: Question, since: list[dt.date] | None) -> Case:
    """The first day of the stretch in which a row's edge lies, or that day; NULL outside the period."""
    day = Func("valid", function=edge, output_field=DateField())
    if since is None:
        inside = lookups.GreaterThanOrEqual(day, question.start) & lookups.LessThanOrEqual(day, question.on)
        return Case(When(inside, then=day))
    after = When(lookups.GreaterThan(day, question.on), then=None)
    steps = (When(lookups.GreaterThanOrEqual(day, first), then=Value(first)) for first in since)
    return Case(after, *steps, output_field=DateField())
