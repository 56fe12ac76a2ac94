"""Assignments of people to committees below, made in a period."""

from canbo.registry.service.models import CommitteeDuty
from canbo.reports.indicator import flow

flow("committee_duties", CommitteeDuty, by=("sex", "age_group", "minority", "unit", "event_year"))
