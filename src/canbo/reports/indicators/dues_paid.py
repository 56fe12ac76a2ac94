"""Members whose dues are paid on a day."""

from canbo.registry.membership.models import Dues
from canbo.reports.indicator import stock

stock("dues_paid", Dues, counting="person", by=("sex", "age_group"))
