"""Entries of a succession plan on a day; a person may have several."""

from canbo.registry.planning.models import PlanEntry
from canbo.reports.indicator import stock

stock("plan_entries", PlanEntry, by=("sex", "age_group", "minority", "level", "term", "unit"))
