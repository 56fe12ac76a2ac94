"""Results of votes of confidence in a period."""

from canbo.registry.standing.models import Confidence
from canbo.reports.indicator import flow

flow("confidence_votes", Confidence, by=("sex", "age_group", "minority", "unit", "event_year"))
