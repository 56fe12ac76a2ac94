"""Nominations for elected offices in a period."""

from canbo.registry.service.models import Nomination
from canbo.reports.indicator import flow

flow("nominations", Nomination, by=("sex", "age_group", "minority", "office", "unit", "event_year"))
