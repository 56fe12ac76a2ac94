"""Places that an organisation covers on a day."""

from django.db.models import Exists, OuterRef, Q

from canbo.registry.places.models import Coverage, Place
from canbo.reports.indicator import stock
from canbo.reports.question import Question


def _covered(question: Question) -> Q:
    return Q(Exists(Coverage.objects.asof(question.on, question.known).filter(place=OuterRef("unit"))))


stock(
    "places_with_organisation", Place, condition=_covered, rests_on={Coverage: {"place": "unit"}}, by=("kind", "unit")
)
