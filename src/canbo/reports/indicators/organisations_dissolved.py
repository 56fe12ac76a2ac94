"""Organisations dissolved or merged in a period."""

from canbo.registry.organisations.models import Organisation
from canbo.reports.indicator import flow

flow("organisations_dissolved", Organisation, at="upper", by=("kind", "block", "event_year"))
