"""Memberships that ended in a period for good, by how they ended."""

from django.db.models import Q

from canbo.registry.membership.models import Membership
from canbo.reports.indicator import flow

flow(
    "members_left",
    Membership,
    condition=lambda question: ~Q(ending=""),
    at="upper",
    by=("sex", "age_group", "minority", "ending", "unit", "event_year"),
)
