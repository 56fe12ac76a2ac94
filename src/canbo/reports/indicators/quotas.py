"""Payroll quotas of a year, added up."""

from canbo.registry.establishment.models import Quota
from canbo.reports.indicator import stock

stock("quotas", Quota, summing="amount", by=("group", "unit"))
