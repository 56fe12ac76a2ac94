"""Members on a day."""

from canbo.registry.membership.models import Membership
from canbo.reports.indicator import stock

stock(
    "members",
    Membership,
    columns={"sex": "who__sex"},
    by=("sex", "age_group", "minority", "stage", "category", "unit"),
)
