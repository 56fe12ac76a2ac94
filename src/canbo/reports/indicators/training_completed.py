"""People who completed training in a period."""

from canbo.registry.standing.models import Training
from canbo.reports.indicator import flow

flow("training_completed", Training, by=("sex", "age_group", "minority", "level", "unit", "event_year"))
