"""Places covered on a day by an organisation that has members."""

from django.db.models import Exists, OuterRef, Q

from canbo.registry.membership.models import Membership
from canbo.registry.places.models import Coverage, Place
from canbo.reports.indicator import stock
from canbo.reports.question import Question


def _covered(question: Question) -> Q:
    members = Membership.objects.asof(question.on, question.known).filter(unit=OuterRef("unit"))
    covering = Coverage.objects.asof(question.on, question.known).filter(Exists(members), place=OuterRef("unit"))
    return Q(Exists(covering))


stock(
    "places_with_organisation_and_members",
    Place,
    condition=_covered,
    rests_on={Coverage: {"place": "unit"}},
    reads=(Membership,),
    by=("kind", "unit"),
)
