"""Who is planned for what on a day."""

import datetime as dt

from django.db.models import Count

from canbo.registry.planning.models import PlanEntry
from canbo.registry.posts.models import Post


def planned(post: Post, on: dt.date, known: dt.datetime) -> list[tuple[str, int]]:
    """How many people are planned for a post on a day, by term."""
    rows = PlanEntry.objects.asof(on, known).filter(post=post).values_list("term")
    return list(rows.annotate(number=Count("pk")).order_by("term"))
