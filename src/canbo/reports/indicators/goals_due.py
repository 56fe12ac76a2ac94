"""Goals of a term not yet met on a day that fall due by a later one."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q

from canbo.registry.planning.models import Goal, GoalMet
from canbo.reports.indicator import stock
from canbo.reports.question import Question


def _due(question: Question) -> Q:
    found = GoalMet.objects.asof(question.on, question.known)
    met = Exists(found.filter(unit=OuterRef("unit"), term=OuterRef("term"), number=OuterRef("number")))
    return Q(due__lte=dt.date.fromisoformat(str(question.where["by"]))) & ~Q(met)


stock(
    "goals_due",
    Goal,
    condition=_due,
    parameters=("by",),
    rests_on={GoalMet: {"unit": "unit", "term": "term", "number": "number"}},
    by=("term",),
)
