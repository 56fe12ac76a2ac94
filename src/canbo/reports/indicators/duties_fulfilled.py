"""Duties that units have fulfilled by a day."""

from canbo.registry.standing.models import Fulfilment
from canbo.reports.indicator import stock

stock("duties_fulfilled", Fulfilment, by=("matter", "unit"))
