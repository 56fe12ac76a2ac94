"""Incumbencies on a day of people whose origin lies outside the place that their unit serves."""

from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from canbo.registry.people.models import Particulars
from canbo.registry.service.models import Incumbency
from canbo.registry.tree import Beneath, Placement, Service
from canbo.reports.indicator import stock
from canbo.reports.question import Question


def _from_elsewhere(question: Question) -> Q:
    """Origin known, and not within the place that the unit serves, or else the unit above it."""
    served = Service.objects.asof(question.on, question.known)
    above = Placement.objects.asof(question.on, question.known).filter(unit=OuterRef(OuterRef("unit")))
    here = served.filter(unit=OuterRef("unit")).values("place")[:1]
    over = served.filter(unit__in=above.values("parent")).values("place")[:1]
    place = Coalesce(Subquery(here), Subquery(over))
    local = Beneath("who__origin", place, Value(question.on), Value(question.known))
    return Q(who__origin__isnull=False) & ~Q(local)


stock(
    "incumbents_from_elsewhere",
    Incumbency,
    condition=_from_elsewhere,
    columns={
        "title": "seat__title",
        "level": "seat__level",
        "managed_by": "seat__managed_by",
        "non_local": "seat__non_local",
    },
    rests_on={Particulars: {"person": "person"}, Service: {"unit": "unit"}},
    by=("sex", "age_group", "minority", "title", "level", "managed_by", "unit"),
)
