"""People recruited in a period."""

from canbo.registry.standing.models import Recruitment
from canbo.reports.indicator import flow

flow("recruited", Recruitment, by=("sex", "age_group", "minority", "group", "method", "unit", "event_year"))
