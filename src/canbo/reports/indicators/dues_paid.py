"""Members whose dues are paid on a day."""

from django.db.models import Exists, OuterRef, Q

from canbo.registry.membership.models import Dues, Membership
from canbo.reports.indicator import stock
from canbo.reports.question import Question


def _paid(question: Question) -> Q:
    return Q(Exists(Dues.objects.asof(question.on, question.known).filter(person=OuterRef("person"))))


stock(
    "dues_paid",
    Membership,
    condition=_paid,
    rests_on={Dues: {"person": "person"}},
    by=("sex", "age_group", "stage", "category", "unit"),
)
