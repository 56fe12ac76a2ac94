"""People on the payroll on a day."""

from canbo.registry.service.models import Employment
from canbo.reports.indicator import stock

stock("employed", Employment, by=("sex", "age_group", "minority", "group", "unit"))
