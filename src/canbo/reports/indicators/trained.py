"""People who have completed training of a level on a day."""

from canbo.registry.standing.models import Training
from canbo.reports.indicator import stock

stock("trained", Training, by=("sex", "age_group", "minority", "level", "unit"))
