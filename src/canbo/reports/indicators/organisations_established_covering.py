"""Organisations established in a period that cover a place of a kind at its end."""

from django.db.models import Exists, OuterRef, Q

from canbo.registry.organisations.models import Organisation
from canbo.registry.organisations.queries import goes_on_before
from canbo.registry.places.models import Coverage, Place
from canbo.reports.indicator import flow
from canbo.reports.question import Question


def _covering(question: Question) -> Q:
    places = Place.objects.asof(question.on, question.known).filter(kind=question.where["place_kind"]).values("unit")
    covering = Coverage.objects.asof(question.on, question.known).filter(place__in=places, unit=OuterRef("unit"))
    return Q(Exists(covering)) & ~goes_on_before(question.known)


flow(
    "organisations_established_covering",
    Organisation,
    condition=_covering,
    parameters=("place_kind",),
    rests_on={Coverage: {"unit": "unit"}},
    by=("kind", "block", "unit", "event_year"),
)
