"""Classifications of units and people that are in force on a day."""

from canbo.registry.standing.models import Classification
from canbo.reports.indicator import stock

stock("classified", Classification, by=("grade", "unit"))
