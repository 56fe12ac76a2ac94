"""Members admitted for the first time in a period."""

from django.db.models import Q

from canbo.registry.membership.models import Entry, Membership
from canbo.reports.indicator import flow

flow(
    "members_admitted",
    Membership,
    condition=lambda question: Q(entry=Entry.ADMISSION),
    by=("sex", "age_group", "minority", "category", "unit", "event_year"),
)
