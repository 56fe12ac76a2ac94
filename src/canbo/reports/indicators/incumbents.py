"""Incumbencies on a day: who holds a post."""

from canbo.registry.service.models import Incumbency
from canbo.reports.indicator import stock

stock(
    "incumbents",
    Incumbency,
    columns={
        "title": "seat__title",
        "level": "seat__level",
        "managed_by": "seat__managed_by",
        "non_local": "seat__non_local",
    },
    by=("sex", "age_group", "minority", "title", "level", "managed_by", "unit"),
)
