"""Goals set for a term."""

from canbo.registry.planning.models import Goal
from canbo.reports.indicator import stock

stock("goals", Goal, by=("term",))
