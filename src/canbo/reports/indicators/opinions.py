"""Opinions given in a period on people for posts that others manage."""

from canbo.registry.service.models import Opinion
from canbo.reports.indicator import flow

flow("opinions", Opinion, by=("sex", "age_group", "minority", "matter", "event_year"))
