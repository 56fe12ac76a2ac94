"""The questions whose totals may be had without their records, each with the statement that answers it.

Set-up compiles what indicators declare, under the conditions of the profile's books and by every breakdown that it has
a word for, with places instead of unit, days and instant. So the database can count by itself: nobody hands it a
statement (`sql/total_1.sql`). Only what facts about people decide is declared; the rest is read.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connections, models
from django.db.models import BooleanField, CharField, Expression, F, Func, QuerySet, Value

from canbo.kernel.levels import OPEN, PERSONAL
from canbo.kernel.profile import Profile, profile
from canbo.kernel.refusal import Mistake
from canbo.registry.facts import Unit
from canbo.registry.tree import Scope, edge_day
from canbo.reports.book import books, pages
from canbo.reports.breakdowns import breakdown
from canbo.reports.indicator import FLOW, INDICATORS, Measure
from canbo.reports.opened import Source, sources
from canbo.reports.pictures import PARTS, PictureLine
from canbo.reports.question import Question
from canbo.reports.totals import conditions

SINCE, UNTIL = dt.date(4320, 1, 2), dt.date(4321, 3, 4)
KNOWN = dt.datetime(4322, 5, 6, 7, 8, 9, tzinfo=dt.UTC)
PLACES = {str(SINCE): "$2", str(UNTIL): "$3", KNOWN.isoformat(sep=" "): "$4"}
"""Days that no register knows, and the places that they hold in a statement."""
ALL = "*"
_LEFT = re.compile(r"432[012]-")


class Declared(models.Model):
    """A question that the database answers by itself. Written at set-up."""

    LEVEL = OPEN
    APP_MAY = "SELECT"

    indicator = models.CharField(max_length=120)
    conditions = models.JSONField(encoder=DjangoJSONEncoder)
    breakdown = models.CharField(max_length=60, blank=True)
    sensitive = models.BooleanField(help_text="small groups are withheld")
    statement = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["indicator", "conditions", "breakdown"], name="declared_once")]


class _Within(Scope):
    """The units that count as the database finds them when it is asked: `covered` and `branch` of `total_1`."""

    def covers(self, on: dt.date | None, column: str = "unit", edge: str = "lower") -> Func:
        """The condition that a row's unit lies within the scope on a day, or on the row's own first or last."""
        template = "EXISTS (SELECT FROM covered c WHERE c.unit = %(expressions)s)"
        return _lying(column, on, edge, template, " AND c.valid @> ", BooleanField())

    def branch(self, on: dt.date | None, edge: str) -> Func:
        """The code of the unit directly beneath the one asked about in which a row lies."""
        template = "(SELECT b.code FROM branch b WHERE b.unit = %(expressions)s ORDER BY b.depth LIMIT 1)"
        return _lying("unit", on, edge, template, " AND b.valid @> ", CharField(null=True))


def _lying(column: str, on: dt.date | None, edge: str, template: str, joined: str, gives: models.Field) -> Func:
    """Where a row's unit lies on a day, else on the row's own: what `template` finds of both."""
    day = Value(on) if on else edge_day(F("valid"), edge)
    return Func(F(column), day, template=template, arg_joiner=joined, output_field=gives)


ASKED = Question(Unit(pk=0), UNTIL, SINCE, KNOWN, _Within((), KNOWN))
"""The question whose unit, days and instant are left open."""


def declare(alias: str) -> None:
    """Write down the declared questions of the profile, anew."""
    counted, spoken = _counted(profile()), profile().words[profile().languages[0]]
    sensitive = set(profile().settings.get("sensitive", ()))
    asked = {(source.measure.name, conditions(source.question.where)): source for source in _asked(profile())}
    made = []
    for source in asked.values():
        measure, question = source.measure, source.question
        if measure.name not in counted or not set(measure.parameters) <= set(question.where):
            continue
        if sensitive & {name.rpartition("__")[2] for name in question.where}:
            continue  # such a total is itself a group, which may be small
        rows = measure.shown(question).using(alias).order_by()
        said = {"indicator": measure.name, "conditions": dict(question.where)}
        for by in ("", *(by for by in measure.by if f"breakdown.{by}" in spoken)):
            statement = _statement(rows.annotate(grouped=_key(measure, question, by)), measure)
            made.append(Declared(**said, breakdown=by, sensitive=by in sensitive, statement=statement))
    Declared.objects.using(alias).all().delete()
    Declared.objects.using(alias).bulk_create(made)


def _asked(of: Profile) -> Iterator[Source]:
    """What is counted, on its own and in the figures and pictures of books, down to the measures."""
    spoken = of.words[of.languages[0]]
    asked: list[tuple[str, Mapping[str, Any]]] = [(name, {}) for name in INDICATORS if f"indicator.{name}" in spoken]
    for name in books(of):
        for file in of.files(f"books/{name}"):
            for part in pages(of, name, file.stem):
                asked += [(line.indicator, line.where) for chapter in part.chapters for line in chapter.figures]
                asked += [drawn for line in part.pictures if line.kind != PARTS for drawn in _drawn(line)]
    for name, where in asked:
        yield from sources(INDICATORS.ask(name), ASKED.narrowed(where))


def _drawn(line: PictureLine) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What a picture asks: its indicator once, or for each code of the axis that names its codes."""
    yield line.indicator, line.where
    for axis in (line.bars, line.segments):
        if isinstance(axis, Mapping):
            for condition, codes in axis.items():
                yield from ((line.indicator, {**line.where, condition: code}) for code in codes)


def _key(measure: Measure, question: Question, by: str) -> Expression:
    """To which group a fact belongs; all to one where none are asked for."""
    flow = measure.kind == FLOW
    if by == "unit":
        return question.scope.branch(None if flow else question.on, measure.at)
    return breakdown(by, measure.columns.get(by, by), question, flow=flow) if by else Value("")


def _statement(rows: QuerySet, measure: Measure) -> str:
    """The statement that counts by group, with places for what is left open."""
    counted = rows.values_list("grouped").annotate(total=measure.total())
    statement = connections[rows.db].ops.compose_sql(*counted.query.get_compiler(rows.db).as_sql())
    for day, place in PLACES.items():
        statement = statement.replace(f"'{day}'", place)
    assert not _LEFT.search(statement), f"{measure.name} computes with the day itself: {statement}"
    return statement


def _counted(of: Profile) -> set[str]:
    """The measures that some role counts; a role counts what there is to count, of units whose affairs it reads."""
    countable = {name for name, one in INDICATORS.items() if isinstance(one, Measure) and one.level == PERSONAL}
    found = set()
    for role, said in of.vocabulary("mandate_role").items():
        for name in said.get("counts", ()):
            if name not in {ALL, *countable} or "internal" not in said.get("reads", ()):
                raise Mistake(
                    "bad_counts",
                    "the role “%(role)s” counts “%(name)s”: only measures of facts about people are counted, by roles "
                    "that read internal affairs",
                    role=role,
                    name=name,
                )
            found |= countable if name == ALL else {name}
    return found
