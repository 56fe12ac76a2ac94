"""Units that have a duty on a day."""

from canbo.registry.standing.models import Duty
from canbo.reports.indicator import stock

stock("duties", Duty, by=("matter", "unit"))
