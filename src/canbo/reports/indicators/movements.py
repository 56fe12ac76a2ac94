"""Movements of people in service in a period: rotations, transfers, appointments …."""

from canbo.registry.service.models import Movement
from canbo.reports.indicator import flow

flow("movements", Movement, by=("sex", "age_group", "minority", "nature", "managed_by", "unit", "event_year"))
