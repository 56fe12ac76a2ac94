"""Nominations in a period of people who were in a succession plan that day."""

from django.db.models import DateField, Exists, Func, OuterRef, Q

from canbo.registry.planning.models import PlanEntry
from canbo.registry.service.models import Nomination
from canbo.reports.indicator import flow
from canbo.reports.question import Question


def _planned(question: Question) -> Q:
    day = Func(OuterRef("valid"), function="lower", output_field=DateField())
    return Q(Exists(PlanEntry.objects.asof(day, question.known).filter(person=OuterRef("person"))))


flow(
    "nominations_planned",
    Nomination,
    condition=_planned,
    rests_on={PlanEntry: {"person": "person"}},
    by=("sex", "age_group", "minority", "office"),
)
