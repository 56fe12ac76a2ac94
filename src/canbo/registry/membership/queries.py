"""How many members there are."""

import datetime as dt

from django.db.models import Count

from canbo.registry.membership.models import Membership
from canbo.registry.tree import Scope


def stages(within: Scope, on: dt.date) -> list[tuple[str, int]]:
    """How many members of each stage are counted within a scope on a day."""
    rows = Membership.objects.asof(on, within.known).filter(within.within(on)).values_list("stage")
    return [(stage, number) for stage, number in rows.annotate(number=Count("pk")).order_by("stage")]
