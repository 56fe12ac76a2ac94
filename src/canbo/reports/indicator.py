"""Indicators: a figure is the count of the facts that answer a question, and the same query shows them.

`stock` counts what is so on a day, `flow` what began (or, with `at="upper"`, ended) in a period, `share` relates two
indicators exactly. An indicator is a declaration of a few lines in `indicators/`; it names no kind: what to count of
which kind is said by the book (`where`), in the words of the profile.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from django.db.models import Count, F, FilteredRelation, Func, Q, QuerySet, Sum
from django.db.models.fields import DateField

from canbo.kernel.declare import Shelf
from canbo.kernel.levels import PERSONAL, level
from canbo.kernel.periods import months_between
from canbo.kernel.profile import profile
from canbo.kernel.refusal import Mistake
from canbo.registry.facts import Fact
from canbo.registry.tree import edge_day
from canbo.reports import totals
from canbo.reports.breakdowns import UNKNOWN, breakdown
from canbo.reports.question import Question, counts_all, require_reach

STOCK, FLOW, SHARE = "stock", "flow", "share"
ONE_DAY = dt.timedelta(days=1)
Record = dict[str, str]
Condition = Callable[[Question], Q]


@dataclass(frozen=True)
class Measure:
    """A count of facts of one kind: rows, distinct values of `counting`, or the sum of `summing`."""

    name: str
    kind: str
    model: type[Fact]
    condition: Condition | None = None
    counting: str = ""
    summing: str = ""
    at: str = "lower"
    columns: Mapping[str, str] = field(default_factory=dict)
    """Where a condition or breakdown lies when it is not a field of the fact: name → lookup path."""
    parameters: tuple[str, ...] = ()
    """Names in `where` that the condition itself reads."""
    by: tuple[str, ...] = ()
    rests_on: Mapping[type[Fact], Mapping[str, str]] = field(default_factory=dict)
    """Facts that the condition asks for: kind → which field there is which field here."""
    reads: tuple[type[Fact], ...] = ()
    """Facts that the condition asks for by way of others."""

    @property
    def level(self) -> str | None:
        """The level of what is counted, or of facts about people that decide whether it counts."""
        levels = {level(model) for model in (self.model, *self.rests_on, *self.reads)}
        return PERSONAL if PERSONAL in levels else level(self.model)

    def rows(self, question: Question) -> QuerySet:
        """The facts that answer the question, before any grouping; refused where not all of them may be read."""
        require_reach(question, self.level, self.first(question))
        return self.shown(question)

    def only_counted(self, question: Question) -> bool:
        """Are some records beyond reach, so that nothing but a total can be had, where a role says so?"""
        return not counts_all(question.scope, self.level, self.first(question), question.on)

    def shown(self, question: Question) -> QuerySet:
        """The facts that answer the question, as far as whoever asks may read them."""
        facts = self.model.objects.known(question.known).annotate(**self.relations(question))
        if self.kind == FLOW:
            edge = Func("valid", function=self.at, output_field=DateField())
            facts = facts.annotate(event=edge, counted_on=edge_day(F("valid"), self.at))
            facts = facts.filter(event__range=(question.start, question.on))
            facts = facts.filter(question.scope.covers(None, edge=self.at))
        else:
            facts = facts.filter(question.scope.covers(question.on), valid__contains=question.on)
        if self.condition:
            facts = facts.filter(self.condition(question))
        return facts.filter(self.asked(question))

    def first(self, question: Question) -> dt.date:
        """The first day whose tree counts: for what ended on the first day of a period that is the day before."""
        if self.kind != FLOW:
            return question.on
        return question.start - ONE_DAY if self.at == "upper" else question.start

    def value(self, question: Question) -> int:
        """The figure."""
        if self.only_counted(question):
            return totals.total(self.name, question)
        return self.rows(question).aggregate(value=self.total())["value"] or 0

    def base(self, question: Question) -> int | None:
        """Only shares have one."""
        return None

    def groups(self, question: Question, by: str) -> list[tuple[str, int | None]]:
        """The figure by group, the unknown last; groups of a sum or count add up to it.

        Where only totals can be had, small groups of a sensitive breakdown are withheld: None.
        """
        if by not in self.by:
            known = ", ".join(self.by) or "–"
            raise Mistake(
                "unknown_breakdown",
                "%(name)s has no breakdown “%(by)s”; it has: %(known)s",
                name=self.name,
                by=by,
                known=known,
            )
        if self.only_counted(question):
            return totals.groups(self.name, question, by)
        key = breakdown(by, self.columns.get(by, by), question, flow=self.kind == FLOW)
        rows = self.rows(question).annotate(grouped=key).values_list("grouped").annotate(total=self.total())
        found: dict[str, int] = {}
        for group, total in rows.order_by():
            name = str(group) if group not in (None, "") else UNKNOWN
            found[name] = found.get(name, 0) + (total or 0)
        unknown = found.pop(UNKNOWN, 0)
        return [*sorted(found.items()), (UNKNOWN, unknown)]

    def records(self, question: Question) -> list[Record]:
        """The records in the figure that may be read, each once, with a label that a person understands."""
        return self._listed(self.shown(question))

    def described(self, versions: list[int], question: Question) -> list[Record]:
        """The records that these versions are, each once, as a figure of the question would list them."""
        return self._listed(self.model.objects.filter(pk__in=versions).annotate(**self.relations(question)))

    def _listed(self, rows: QuerySet) -> list[Record]:
        column, kind = (self.counting, self.counting) if self.counting else ("", self.model._meta.model_name)
        key = f"{column}__code" if column else "fact"
        listed = rows.order_by(key).values_list(key, *self._label())
        listed = listed.distinct() if column else listed
        return [{"kind": kind, "key": str(found), "label": _joined(rest)} for found, *rest in listed]

    def base_records(self, question: Question) -> list[Record]:
        """Only shares have any."""
        return []

    def versions(self, question: Question) -> list[int]:
        """The keys of the exact versions behind the figure, for a frozen report."""
        return sorted(self.rows(question).values_list("pk", flat=True))

    def total(self) -> Count | Sum:
        """What the database computes of the rows."""
        if self.summing:
            return Sum(self.summing)
        return Count(self.counting or "pk", distinct=bool(self.counting))

    def relations(self, question: Question) -> dict[str, FilteredRelation]:
        """The joins that conditions and groups may use: who the person is, what the post is, on the question's day."""
        names = {f.name for f in self.model._meta.fields}
        return {
            alias: FilteredRelation(
                path,
                condition=Q(**{f"{path}__recorded__contains": question.known, f"{path}__valid__contains": question.on}),
            )
            for alias, (field_name, path) in _RELATIONS.items()
            if field_name in names
        }

    def _label(self) -> tuple[str, ...]:
        names = {f.name for f in self.model._meta.fields}
        if "person" in names:
            return ("who__name", "unit__code") if not self.counting else ("who__name",)
        return (*(n for n in ("symbol", "name", "title", "matter", "year", "amount") if n in names), "unit__code")

    def vocabulary(self, by: str) -> str:
        """The profile's vocabulary of a breakdown's or condition's codes; empty where they are no codes."""
        return getattr(_column(self.model, self.columns.get(by, by)), "vocabulary", "")

    def check(self, where: Mapping[str, Any]) -> None:
        """Raise a `Mistake` for a condition that this measure does not know."""
        for name in where:
            if name not in self.parameters:
                self._condition(name)

    def _condition(self, name: str) -> tuple[str, Any]:
        path = self.columns.get(name, name)
        column = _column(self.model, path)
        if column is None:
            raise Mistake(
                "unknown_condition",
                "%(name)s knows no condition “%(condition)s”",
                name=self.name,
                condition=name,
            )
        return path, column

    def asked(self, question: Question) -> Q:
        """The conditions of `where`: a code, a list of codes, or the attributes that the profile gives codes."""
        asked = Q()
        for name, value in question.where.items():
            if name in self.parameters:
                continue
            path, column = self._condition(name)
            if isinstance(value, Mapping):
                asked &= Q(**{f"{path}__in": profile().where(column.vocabulary, **value)})
            elif column.get_internal_type() == "ArrayField":
                asked &= Q(**{f"{path}__contains": value if isinstance(value, list) else [value]})
            else:
                asked &= Q(**{f"{path}__in": value if isinstance(value, list) else [value]})
        return asked


_RELATIONS = {"who": ("person", "person__particulars"), "seat": ("post", "post__records")}


def _column(model: type[Fact], path: str) -> Any:
    """The field at the end of a lookup path, through the relations every measure may use; None if there is none."""
    head, _, rest = path.partition("__")
    if head in _RELATIONS and rest:
        field_name, relation = _RELATIONS[head]
        target = model._meta.get_field(field_name).related_model
        return _column(target._meta.get_field(relation.split("__")[1]).related_model, rest)
    return next((f for f in model._meta.fields if f.name == path), None)


def relation(model: type[Fact], path: str) -> tuple[type[Fact], Mapping[str, str]] | None:
    """The kind of fact that a lookup path such as `who__sex` reads, and which field there is which field here."""
    head, _, rest = path.partition("__")
    if head not in _RELATIONS or not rest:
        return None
    name, along = _RELATIONS[head]
    target = model._meta.get_field(name).related_model._meta.get_field(along.split("__")[1])
    return target.related_model, {target.field.name: name}


def _joined(parts: Any) -> str:
    return " · ".join(str(part) for part in parts if part not in (None, ""))


@dataclass(frozen=True)
class Part:
    """An indicator as a sum or a share uses it: with conditions of its own, and those of the whole that it knows.

    `renamed` maps a condition of the whole to its name here (None: not for this part); `sign` −1 takes it away.
    """

    indicator: str
    where: Mapping[str, Any] = field(default_factory=dict)
    renamed: Mapping[str, str | None] = field(default_factory=dict)
    sign: int = 1

    def of(self, question: Question) -> tuple[Any, Question]:
        """The indicator and the question it is asked."""
        return INDICATORS.ask(self.indicator), replace(question, where=self.conditions(question.where))

    def conditions(self, where: Mapping[str, Any]) -> dict[str, Any]:
        """The conditions of the whole as this part knows them, and its own."""
        asked = {self.renamed.get(name, name): value for name, value in where.items()}
        asked.pop(None, None)
        return {**asked, **self.where}


@dataclass(frozen=True)
class Composite:
    """A figure made of others: their sum (no base), or the exact share of `parts` in `whole`."""

    name: str
    kind: str
    parts: tuple[Part, ...]
    whole: tuple[Part, ...] = ()
    per_year: bool = False
    by: tuple[str, ...] = ()

    def numerator(self, question: Question) -> int:
        """The sum of the parts."""
        return _sum(self.parts, question)

    def base(self, question: Question) -> int | None:
        """What the share relates to; None for a sum."""
        return _sum(self.whole, question) if self.whole else None

    def value(self, question: Question) -> int | Fraction | None:
        """The sum, or the exact share; None when it would be a share of nobody."""
        value: int | Fraction = self.numerator(question)
        if self.per_year:
            value = Fraction(value * 12, months_between(question.start, question.on) or 1)
        if not self.whole:
            return value
        base = self.base(question)
        return Fraction(value) / base if base else None

    def check(self, where: Mapping[str, Any]) -> None:
        """Raise a `Mistake` for a condition that a part does not know."""
        for part in (*self.parts, *self.whole):
            INDICATORS.ask(part.indicator).check(part.conditions(where))

    def groups(self, question: Question, by: str) -> list[tuple[str, Any]]:
        """Composites are broken down through their parts."""
        raise Mistake(
            "unknown_breakdown", "%(name)s has no breakdown “%(by)s”; ask one of its parts", name=self.name, by=by
        )

    def records(self, question: Question) -> list[Record]:
        """The records of the parts."""
        return list(_chain(self.parts, question))

    def base_records(self, question: Question) -> list[Record]:
        """The records of the whole."""
        return list(_chain(self.whole, question))

    def versions(self, question: Question) -> list[int]:
        """The versions behind parts and whole."""
        keys: set[int] = set()
        for part in (*self.parts, *self.whole):
            measure, asked = part.of(question)
            keys.update(measure.versions(asked))
        return sorted(keys)


def _sum(parts: tuple[Part, ...], question: Question) -> int:
    total = 0
    for part in parts:
        measure, asked = part.of(question)
        total += part.sign * measure.value(asked)
    return total


def _chain(parts: tuple[Part, ...], question: Question) -> Iterator[Record]:
    for part in parts:
        measure, asked = part.of(question)
        yield from measure.records(asked)


Indicator = Measure | Composite
INDICATORS: Shelf[Any] = Shelf("indicator")


def stock(name: str, model: type[Fact], **options: Any) -> None:
    """Declare a count of what is so on a day."""
    INDICATORS.add(name, Measure(name, STOCK, model, **options))


def flow(name: str, model: type[Fact], **options: Any) -> None:
    """Declare a count of what began, or ended (`at="upper"`), in a period."""
    INDICATORS.add(name, Measure(name, FLOW, model, **options))


def total(name: str, kind: str, *parts: Part) -> None:
    """Declare a sum of indicators."""
    INDICATORS.add(name, Composite(name, kind, parts))


def share(name: str, *parts: Part, of: tuple[Part, ...] = (), per_year: bool = False) -> None:
    """Declare the share of some indicators in others, or a count per year of the period."""
    INDICATORS.add(name, Composite(name, SHARE, parts, of, per_year))
