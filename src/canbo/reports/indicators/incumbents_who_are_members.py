"""Incumbencies on a day of people who are members that day."""

from django.db.models import Exists, OuterRef, Q

from canbo.registry.membership.models import Membership
from canbo.registry.service.models import Incumbency
from canbo.reports.indicator import stock
from canbo.reports.question import Question


def _members(question: Question) -> Q:
    return Q(Exists(Membership.objects.asof(question.on, question.known).filter(person=OuterRef("person"))))


stock(
    "incumbents_who_are_members",
    Incumbency,
    condition=_members,
    columns={
        "title": "seat__title",
        "level": "seat__level",
        "managed_by": "seat__managed_by",
        "non_local": "seat__non_local",
    },
    rests_on={Membership: {"person": "person"}},
    by=("sex", "age_group", "minority", "title", "level", "managed_by", "unit"),
)
