"""People in a succession plan on a day, each once however many entries they have."""

from canbo.registry.planning.models import PlanEntry
from canbo.reports.indicator import stock

stock("planned", PlanEntry, counting="person", by=("sex", "age_group", "minority"))
