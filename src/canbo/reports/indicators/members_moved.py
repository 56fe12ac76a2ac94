"""Members who changed their organisation in a period."""

from django.db.models import Q

from canbo.registry.membership.models import Entry, Membership
from canbo.reports.indicator import flow

flow(
    "members_moved",
    Membership,
    condition=lambda question: Q(entry=Entry.TRANSFER),
    by=("sex", "age_group", "minority", "unit", "event_year"),
)
