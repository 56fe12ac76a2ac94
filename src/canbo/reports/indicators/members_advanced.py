"""Members who entered the next stage in a period."""

from django.db.models import Q

from canbo.registry.membership.models import Entry, Membership
from canbo.reports.indicator import flow

flow(
    "members_advanced",
    Membership,
    condition=lambda question: Q(entry=Entry.STAGE),
    by=("sex", "age_group", "minority", "stage", "unit", "event_year"),
)
