"""Organisations established in a period."""

from canbo.registry.organisations.models import Organisation
from canbo.reports.indicator import flow

flow("organisations_established", Organisation, by=("kind", "block", "unit", "event_year"))
