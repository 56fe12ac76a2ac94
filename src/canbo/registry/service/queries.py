"""Who holds which post on a day."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from canbo.registry.service.models import Incumbency


@dataclass(frozen=True)
class Holder:
    """That a person holds a post since a day, in full or acting."""

    person: int
    post: int
    acting: bool
    since: dt.date | None
    precision: str
    fact: int


def holders(posts: Iterable[int], on: dt.date, known: dt.datetime) -> dict[int, list[Holder]]:
    """The holders of each of these posts on a day; a vacant post is left out."""
    rows = Incumbency.objects.asof(on, known).filter(post__in=list(posts)).order_by("acting", "valid", "fact")
    found: dict[int, list[Holder]] = defaultdict(list)
    for person, post, acting, valid, precision, fact in rows.values_list(
        "person", "post", "acting", "valid", "start_precision", "fact"
    ):
        found[post].append(Holder(person, post, acting, valid.lower, precision, fact))
    return dict(found)
