"""Organisations that cover a place of a kind on a day."""

from django.db.models import Exists, OuterRef, Q

from canbo.registry.organisations.models import Organisation
from canbo.registry.places.models import Coverage, Place
from canbo.reports.indicator import stock
from canbo.reports.question import Question


def _covering(question: Question) -> Q:
    places = Place.objects.asof(question.on, question.known).filter(kind=question.where["place_kind"]).values("unit")
    return Q(Exists(Coverage.objects.asof(question.on, question.known).filter(place__in=places, unit=OuterRef("unit"))))


stock(
    "organisations_covering",
    Organisation,
    condition=_covering,
    parameters=("place_kind",),
    rests_on={Coverage: {"unit": "unit"}},
    by=("kind", "block", "unit"),
)
