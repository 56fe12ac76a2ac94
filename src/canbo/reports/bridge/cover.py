"""Which units count on which days, and by which act one came to count or ceased to."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from django.db import connection
from django.db.models import DateField, Func, QuerySet

from canbo.registry.facts import Fact, Unit
from canbo.registry.tree import Placement, Scope, Service
from canbo.reports.question import Question

Span = tuple[dt.date | None, dt.date | None]
ALWAYS: Span = (None, None)

_CURRENT = """SELECT c.descendant_id, range_agg(c.valid * r.span)::text
    FROM unnest(%(roots)s::bigint[], %(spans)s::text[]::daterange[]) AS r (root, span)
    JOIN registry_closure c ON c.ancestor_id = r.root AND c.valid && r.span GROUP BY 1"""
_WALKED = """WITH RECURSIVE down (unit, valid) AS (
        SELECT root, span FROM unnest(%(roots)s::bigint[], %(spans)s::text[]::daterange[]) AS r (root, span)
        UNION
        SELECT p.unit_id, d.valid * p.valid FROM down d
        JOIN registry_placement p ON p.parent_id = d.unit AND p.valid && d.valid AND p.recorded @> %(known)s)
    SELECT unit, range_agg(valid)::text FROM down GROUP BY 1"""


@dataclass(frozen=True)
class Cover:
    """The units that count for a question with the days on which they do, as known at its instant."""

    unit: Unit
    known: dt.datetime
    days: Mapping[int, str]
    """For each unit its days, as PostgreSQL writes a set of periods."""

    def inside(self, unit: int, day: dt.date) -> bool:
        """Does a unit count on a day?"""
        return any(_within(low, day, high) for low, high in self._spans(unit))

    def flip(self, unit: int, first: dt.date, last: dt.date, inside: bool) -> dt.date:
        """The day, after `first` and up to `last`, on which a unit became what it is on the last: in, or out."""
        edges = {edge for span in self._spans(unit) for edge in span if edge and first < edge <= last}
        day = dt.timedelta(days=1)
        return max(e for e in edges if self.inside(unit, e) is inside and self.inside(unit, e - day) is not inside)

    def _spans(self, unit: int) -> list[Span]:
        text = self.days.get(unit, "{}").strip("{}")
        pairs = [part.strip("[)(").split(",") for part in text.replace("),", ")|").split("|") if part]
        return [tuple(dt.date.fromisoformat(edge) if edge else None for edge in pair) for pair in pairs]

    @cached_property
    def tree(self) -> "Tree":
        """What lay under what, as known at the instant."""
        return Tree(self.unit.pk, self.known)


class Link(NamedTuple):
    """That a unit lies under another one, or serves a place, with the acts of one version of that fact."""

    to: int
    low: dt.date | None
    high: dt.date | None
    opened_by: int
    closed_by: int | None
    asserted_by: int
    retracted_by: int | None


class Tree:
    """All placements, and the services of one place, as known at an instant."""

    def __init__(self, unit: int, known: dt.datetime) -> None:
        self._links: dict[int, list[Link]] = defaultdict(list)
        for lower, to, *rest in _links(Placement, "parent", known):
            self._links[lower].append(Link(to, *rest))
        for lower, to, *rest in _links(Service, "place", known):
            if to == unit:
                self._links[-lower].append(Link(to, *rest))

    def up(self, unit: int, day: dt.date) -> Iterator[int]:
        """A unit and all above it on a day, nearest first."""
        seen: set[int] = set()
        while unit not in seen:
            seen.add(unit)
            yield unit
            placed = self.link(unit, day)
            if placed is None:
                return
            unit = placed.to

    def link(self, unit: int, day: dt.date) -> Link | None:
        """The placement of a unit on a day; of the negative key its service of the place."""
        return next((at for at in self._links[unit] if _within(at.low, day, at.high)), None)


def _links(model: type[Fact], to: str, known: dt.datetime) -> QuerySet:
    edges = (Func("valid", function=edge, output_field=DateField()) for edge in ("lower", "upper"))
    acts = ("opened_by", "closed_by", "asserted_by", "retracted_by")
    return model.objects.known(known).values_list("unit", to, *edges, *acts)


def _within(low: dt.date | None, day: dt.date, high: dt.date | None) -> bool:
    return (low is None or low <= day) and (high is None or day < high)


def moved(past: tuple[Tree, dt.date], present: tuple[Tree, dt.date], unit: int, came: bool) -> Link | None:
    """The nearest link of a unit's way up, where it counts, that is another one where it does not."""
    (tree, day), (other, then) = (present, past) if came else (past, present)
    for above in tree.up(unit, day):
        for key in (-above, above):
            link, found = tree.link(key, day), other.link(key, then)
            if link and (found is None or found.to != link.to):
                return link
    return None


def served(tree: Tree, unit: int, day: dt.date, points: tuple[dt.date, dt.date], came: bool) -> Link | None:
    """The service of a flow's unit, or of one above it that day, that there is at one of two points only."""
    there, absent = points[::-1] if came else points
    for above in tree.up(unit, day):
        link = tree.link(-above, there)
        if link and tree.link(-above, absent) is None:
            return link
    return None


def dated(question: Question) -> Cover:
    """The cover of a stock: an organisation counts for a place on the days on which it serves it."""
    serving = Service.objects.known(question.known).filter(place=question.unit).values_list("unit", "valid")
    roots = [(question.unit.pk, ALWAYS), *((unit, (valid.lower, valid.upper)) for unit, valid in serving)]
    return _cover(question, roots)


def fixed(question: Question) -> Cover:
    """The cover of a flow: the organisations that serve the place on the last day count on all days of the period."""
    return _cover(question, [(root, ALWAYS) for root in question.scope.roots])


def _cover(question: Question, roots: list[tuple[int, Span]]) -> Cover:
    current = Scope(tuple(root for root, _ in roots), question.known).current
    said = {
        "roots": [root for root, _ in roots],
        "spans": [f"[{low or ''},{high or ''})" for _, (low, high) in roots],
        "known": question.known,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CURRENT if current else _WALKED, said)
        return Cover(question.unit, question.known, dict(cursor.fetchall()))
