"""Places covered on a day that no organisation covered when the period began."""

from django.db.models import Exists, OuterRef, Q

from canbo.registry.places.models import Coverage, Place
from canbo.reports.indicator import stock
from canbo.reports.question import Question


def _gained(question: Question) -> Q:
    now = Coverage.objects.asof(question.on, question.known).filter(place=OuterRef("unit"))
    then = Coverage.objects.asof(question.start, question.known).filter(place=OuterRef("unit"))
    return Q(Exists(now)) & ~Q(Exists(then))


stock("coverage_gained", Place, condition=_gained, rests_on={Coverage: {"place": "unit"}}, by=("kind", "unit"))
