"""Goals of a term that a body has found to be met by a day."""

from django.db.models import Exists, OuterRef, Q

from canbo.registry.planning.models import Goal, GoalMet
from canbo.reports.indicator import stock
from canbo.reports.question import Question


def _met(question: Question) -> Q:
    found = GoalMet.objects.asof(question.on, question.known)
    return Q(Exists(found.filter(unit=OuterRef("unit"), term=OuterRef("term"), number=OuterRef("number"))))


stock(
    "goals_met",
    Goal,
    condition=_met,
    rests_on={GoalMet: {"unit": "unit", "term": "term", "number": "number"}},
    by=("term",),
)
