"""Members admitted in a period by organisations that cover a place of a kind."""

from django.db.models import Exists, OuterRef, Q

from canbo.registry.membership.models import Entry, Membership
from canbo.registry.places.models import Coverage, Place
from canbo.reports.indicator import flow
from canbo.reports.question import Question


def _covering(question: Question) -> Q:
    places = (
        Place.objects.asof(question.on, question.known).filter(kind__in=[question.where["place_kind"]]).values("unit")
    )
    covering = Coverage.objects.asof(question.on, question.known).filter(place__in=places, unit=OuterRef("unit"))
    return Q(Exists(covering), entry=Entry.ADMISSION)


flow(
    "members_admitted_covering",
    Membership,
    condition=_covering,
    parameters=("place_kind",),
    rests_on={Coverage: {"unit": "unit"}},
    by=("sex", "age_group", "minority", "unit", "event_year"),
)
