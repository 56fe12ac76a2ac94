"""The dated trees: what lies under what, which place an organisation serves, who came from whom, and roll-ups.

A unit belongs to one tree, that of its kind (places, membership organisations, administration). The closure holds
current knowledge only and is kept by the database; a past `known` walks the placements as they were known then.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import connection, models
from django.db.models import Exists, F, Func, OuterRef, Q, Value, lookups
from psycopg.types.range import DateRange

from canbo.kernel.levels import PUBLIC
from canbo.kernel.periods import DAY
from canbo.registry.facts import Fact, Unit


def alone(name: str, *columns: str, message: str) -> ExclusionConstraint:
    """No two facts of these columns at once, as known now; rows that are not exact to the day are left to review."""
    return ExclusionConstraint(
        name=name,
        expressions=[*((column, RangeOperators.EQUAL) for column in columns), ("valid", RangeOperators.OVERLAPS)],
        condition=Q(recorded__upper_inf=True, start_precision=DAY, end_precision=DAY),
        violation_error_message=message,
    )


def _rebuild(operation: pgtrigger.Operation) -> pgtrigger.Trigger:
    """Keep the closure after a statement that placed units or retired placements."""
    return pgtrigger.Trigger(
        name=f"rebuild_on_{operation}".lower(),
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(new="new_rows"),
        func="PERFORM closure_rebuild_1((SELECT array_agg(DISTINCT unit_id) FROM new_rows)); RETURN NULL;",
    )


class Placement(Fact):
    """A unit lies under another one."""

    LEVEL = PUBLIC

    parent = models.ForeignKey(Unit, models.PROTECT, related_name="+")

    class Meta(Fact.Meta):
        verbose_name = "placement"
        constraints = [
            *Fact.Meta.constraints,
            alone("one_parent_at_a_time", "unit", message="A unit lies under one unit at a time."),
            models.CheckConstraint(
                condition=~Q(unit=models.F("parent")),
                name="not_under_itself",
                violation_error_message="A unit does not lie under itself.",
            ),
        ]
        triggers = [*Fact.Meta.triggers, _rebuild(pgtrigger.Insert), _rebuild(pgtrigger.Update)]


class Service(Fact):
    """An organisation serves a place: that is where its members and posts are counted."""

    LEVEL = PUBLIC

    place = models.ForeignKey(Unit, models.PROTECT, related_name="+")

    class Meta(Fact.Meta):
        verbose_name = "service of a place"
        constraints = [
            *Fact.Meta.constraints,
            alone("one_place_served_at_a_time", "unit", message="An organisation serves one place at a time."),
        ]


class Lineage(Fact):
    """A unit came wholly or partly from another one on a day; `unit` is the later of the two."""

    LEVEL = PUBLIC

    predecessor = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    whole = models.BooleanField(help_text="the predecessor went into this unit as a whole")

    class Meta(Fact.Meta):
        verbose_name = "lineage"
        indexes = [*Fact.Meta.indexes, models.Index(fields=["predecessor"], name="lineage_predecessor")]


class Closure(models.Model):
    """Derived: which unit lies anywhere beneath which, and when (itself always). Kept by triggers, read by roll-ups."""

    LEVEL = PUBLIC

    ancestor = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    descendant = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_constraint=False)
    depth = models.PositiveSmallIntegerField()
    valid = DateRangeField()

    class Meta:
        indexes = [models.Index(fields=["ancestor", "descendant"], name="closure_down")]


BOOLEAN = models.BooleanField()
MANY = 20_000
"""From so many units on, reading all facts once is cheaper than finding them unit by unit (docs/performance.md)."""


@dataclass(frozen=True)
class Scope:
    """The units that count for a root on any day, as the register knew at `known`."""

    roots: tuple[int, ...]
    known: dt.datetime

    @cached_property
    def current(self) -> bool:
        """Has no placement changed since `known`, so that the closure answers?"""
        with connection.cursor() as cursor:
            cursor.execute(
                """SELECT %(known)s >= (SELECT max(applied_at) FROM registry_decision)
                       OR NOT EXISTS (SELECT 1 FROM registry_placement
                                      WHERE lower(recorded) > %(known)s OR upper(recorded) > %(known)s)""",
                {"known": self.known},
            )
            return cursor.fetchone()[0]

    @cached_property
    def _ever(self) -> list[int]:
        """The units beneath the roots on any day, at most `MANY` and one."""
        beneath = Closure.objects.filter(ancestor__in=self.roots).values_list("descendant", flat=True)
        return list(beneath.distinct()[: MANY + 1])

    def covers(self, on: dt.date | None, column: str = "unit", edge: str = "lower") -> Q | Exists:
        """The condition that a row's unit lies within the scope on a day; without `on`, on the row's own first day.

        `edge` "upper" means the row's last day instead, for facts counted when they end. Up to `MANY` units are
        named in the condition, so that their facts are found by index.
        """
        if not self.current:
            return self._walked(on or edge_day(F("valid"), edge), column)
        day = on or edge_day(OuterRef("valid"), edge)
        beneath = Exists(
            Closure.objects.filter(descendant=OuterRef(column), ancestor__in=self.roots, valid__contains=day)
        )
        if len(self._ever) > MANY:
            return beneath
        if on:
            return among(column, self.units(on))
        return among(column, self._ever) & Q(beneath)

    def units(self, day: dt.date, since: dt.date | None = None) -> list[int]:
        """All units of the scope on a day, or on any day `since` another one, the roots included. They are asked for
        once: a report needs them often.
        """
        span = since or day, day
        if span not in self._asked:
            self._asked[span] = self._units(*span)
        return list(self._asked[span])

    @cached_property
    def _asked(self) -> dict[tuple[dt.date, dt.date], list[int]]:
        return {}

    def _units(self, first: dt.date, last: dt.date) -> list[int]:
        if self.current:
            rows = Closure.objects.filter(ancestor__in=self.roots, valid__overlap=DateRange(first, last, "[]"))
            return list(rows.values_list("descendant", flat=True).distinct())
        return list({unit for unit, since, until in self.walk() if _within(since, last, first, until)})

    def within(self, on: dt.date, column: str = "unit") -> Q:
        """The condition that a row's unit lies within the scope on a day, for questions that read facts of all of it.

        Unlike `covers` it names no unit: the database goes through the closure, however large the scope is.
        """
        if not self.current:
            return among(column, self.units(on))
        beneath = Closure.objects.filter(ancestor__in=self.roots, valid__contains=on)
        return Q(**{f"{column}__in": beneath.values("descendant")})

    def walk(self) -> list[tuple[int, dt.date | None, dt.date | None]]:
        """Every unit ever beneath the roots with the days, walking the placements as known then; walked once."""
        return self._paths

    @cached_property
    def _paths(self) -> list[tuple[int, dt.date | None, dt.date | None]]:
        return list({(unit, since, until) for _, unit, since, until, _ in walk(self.roots, self.known)})

    def _walked(self, day: dt.date | Func, column: str) -> Q:
        spans: dict[tuple, list[int]] = {}
        for unit, since, until in self.walk():
            spans.setdefault((since, until), []).append(unit)
        moment = Value(day, models.DateField()) if isinstance(day, dt.date) else day
        covered = Q(pk__in=[])
        for (since, until), units in spans.items():
            here = among(column, units)
            if since:
                here &= Q(lookups.GreaterThanOrEqual(moment, since))
            if until:
                here &= Q(lookups.LessThan(moment, until))
            covered |= here
        return covered


def among(column: str, keys: Iterable[int]) -> Q:
    """The condition that a column holds one of these keys: one literal however many; `in` binds each by itself."""
    literal = Value("{" + ",".join(map(str, keys)) + "}")
    return Q(
        Func(F(column), literal, template="(%(expressions)s::bigint[]))", arg_joiner=" = ANY (", output_field=BOOLEAN)
    )


def edge_day(valid: F, edge: str) -> Func:
    """The day whose tree counts for what begins ("lower") or ends ("upper"): the first or the last of a period."""
    template = "lower(%(expressions)s)" if edge == "lower" else "(upper(%(expressions)s) - 1)"
    return Func(valid, template=template, output_field=models.DateField())


def _within(since: dt.date | None, last: dt.date, first: dt.date, until: dt.date | None) -> bool:
    return (since is None or since <= last) and (until is None or first < until)


def walk(roots: Iterable[int], known: dt.datetime) -> list[tuple[int, int, dt.date | None, dt.date | None, int]]:
    """Every unit ever beneath each root with the days and the depth, walking the placements as known then."""
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH RECURSIVE down (root, unit, valid, depth) AS (
                   SELECT root, root, daterange(NULL, NULL), 0 FROM unnest(%(roots)s::bigint[]) AS root
                   UNION
                   SELECT d.root, p.unit_id, d.valid * p.valid, d.depth + 1 FROM down d
                   JOIN registry_placement p ON p.parent_id = d.unit AND p.valid && d.valid
                        AND p.recorded @> %(known)s)
               SELECT root, unit, lower(valid), upper(valid), depth FROM down""",
            {"roots": list(roots), "known": known},
        )
        return cursor.fetchall()


class Beneath(Func):
    """That a unit lies beneath another one, or is it, on a day as known then: `Beneath(unit, other, day, known)`."""

    arity = 4
    output_field = models.BooleanField()

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, tuple]:
        """Walk up the placements: few steps, and none of what is known now."""
        compiled = (compiler.compile(expression) for expression in self.get_source_expressions())
        (unit, below), (other, over), (day, when), (known, then) = compiled
        walked = f"""EXISTS (
            WITH RECURSIVE up (unit) AS (
                SELECT ({unit})::bigint
                UNION
                SELECT p.parent_id FROM up JOIN registry_placement p ON p.unit_id = up.unit
                    AND p.valid @> ({day})::date AND p.recorded @> ({known})::timestamptz)
            SELECT 1 FROM up WHERE up.unit = ({other}))"""
        return walked, (*below, *when, *then, *over)


def above(unit: Unit, on: dt.date, known: dt.datetime) -> list[int]:
    """The units under which a unit lies on a day, the highest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH RECURSIVE up (unit, height) AS (
                   SELECT %(unit)s::bigint, 0
                   UNION ALL
                   SELECT p.parent_id, up.height + 1 FROM up
                   JOIN registry_placement p ON p.unit_id = up.unit AND p.valid @> %(on)s::date
                        AND p.recorded @> %(known)s AND up.height < 50)
               SELECT unit FROM up WHERE height > 0 ORDER BY height DESC""",
            {"unit": unit.pk, "on": on, "known": known},
        )
        return [key for (key,) in cursor.fetchall()]


def scope(unit: Unit, on: dt.date, known: dt.datetime) -> Scope:
    """What counts for a unit on a day: itself and the organisations that serve it, with all beneath them."""
    serving = Service.objects.asof(on, known).filter(place=unit).values_list("unit", flat=True)
    return Scope((unit.pk, *sorted(serving)), known)
