"""The numbers that units were asked to reach in a year, added up."""

from canbo.registry.planning.models import Target
from canbo.reports.indicator import stock

stock("targets", Target, summing="amount", by=("matter", "unit"))
