"""Breakdowns: by what a figure can be grouped. Every grouping has an unknown group, which is part of the total."""

from django.db.models import (
    Case,
    CharField,
    DateField,
    Expression,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
    lookups,
)
from django.db.models.functions import ExtractYear

from canbo.kernel.profile import profile
from canbo.registry.facts import Unit
from canbo.registry.tree import Closure, Placement, walk
from canbo.reports.question import Question

UNKNOWN = "unknown"


class _Years(Func):
    """Completed years between two days."""

    template = "extract(year FROM age(%(expressions)s))::int"
    output_field = IntegerField()


def breakdown(name: str, path: str, question: Question, *, flow: bool) -> Expression:
    """The expression that says to which group a fact belongs; NULL or empty is the unknown group."""
    special = _SPECIAL.get(name)
    return special(question, flow) if special else F(path)


def _day(question: Question, flow: bool) -> Expression:
    """The day that counts for a fact: its own for flows, the question's for stocks."""
    return F("event") if flow else Value(question.on, DateField())


def _age_group(question: Question, flow: bool) -> Expression:
    """Completed years on the day that counts, in the profile's groups: `-29`, `30-39`, … `60-`."""
    years = _Years(_day(question, flow), F("who__born"))
    bounds = profile().settings["age_groups"]
    groups = [When(who__born=None, then=None)]
    lower = ""
    for bound in bounds:
        groups.append(When(lookups.LessThan(years, bound), then=Value(f"{lower}-{bound - 1}")))
        lower = str(bound)
    return Case(*groups, default=Value(f"{lower}-"), output_field=CharField(null=True))


def _sex(question: Question, flow: bool) -> Expression:
    """As recorded on the question's day."""
    return F("who__sex")


def _minority(question: Question, flow: bool) -> Expression:
    """Minority or majority, as the profile says of the recorded group; no group is ever listed."""
    return Case(
        When(who__ethnic_group__in=profile().where("ethnic_group", minority=True), then=Value("minority")),
        When(who__ethnic_group__in=profile().where("ethnic_group", minority=False), then=Value("majority")),
        default=None,
        output_field=CharField(null=True),
    )


def _unit(question: Question, flow: bool) -> Expression:
    """The unit directly beneath the one asked about, on the question's day, in which the fact lies."""
    below = Placement.objects.asof(question.on, question.known).filter(parent__in=question.scope.roots).values("unit")
    if not question.scope.current:
        return _unit_as_known(question, list(below.values_list("unit", flat=True)), flow)
    day = OuterRef("counted_on") if flow else question.on
    found = Closure.objects.filter(descendant=OuterRef("unit"), ancestor__in=below, valid__contains=day)
    return Subquery(found.order_by("depth").values("ancestor__code")[:1])


def _unit_as_known(question: Question, below: list[int], flow: bool) -> Expression:
    """The same with the tree as it was known then, which the closure does not hold."""
    codes = dict(Unit.objects.filter(pk__in=below).values_list("pk", "code"))
    spans: dict[tuple, list[int]] = {}
    for top, unit, since, until, depth in walk(below, question.known):
        spans.setdefault((depth, top, since, until), []).append(unit)
    day = F("counted_on") if flow else Value(question.on, DateField())
    found = []
    for (_, top, since, until), units in sorted(spans.items(), key=lambda span: span[0][0]):
        lies = Q(unit__in=units)
        lies &= Q(lookups.GreaterThanOrEqual(day, since)) if since else Q()
        lies &= Q(lookups.LessThan(day, until)) if until else Q()
        found.append(When(lies, then=Value(codes[top])))
    return Case(*found, default=None, output_field=CharField(null=True))


def _year(question: Question, flow: bool) -> Expression:
    """The calendar year of the event."""
    return ExtractYear("event")


_SPECIAL = {"sex": _sex, "age_group": _age_group, "minority": _minority, "unit": _unit, "event_year": _year}
