"""Organisations on a day."""

from canbo.registry.organisations.models import Organisation
from canbo.reports.indicator import stock

stock("organisations", Organisation, by=("kind", "block", "unit"))
