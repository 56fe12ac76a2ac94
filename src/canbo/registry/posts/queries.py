"""What posts are on a day."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from canbo.registry.posts.models import PostRecord
from canbo.registry.versions import last_per


@dataclass(frozen=True)
class Seat:
    """A post: its code, title and unit."""

    pk: int
    code: str
    title: str
    unit: int


def named(posts: Iterable[int], on: dt.date, known: dt.datetime) -> dict[int, Seat]:
    """What each of these posts is on a day; for one that was abolished, what it was last."""
    wanted = set(posts)
    if not wanted:
        return {}
    return {
        seat.pk: seat for seat in _seats(last_per(PostRecord.objects.known(known).filter(post__in=wanted), "post", on))
    }


def seats(units: Iterable[int], on: dt.date, known: dt.datetime) -> list[Seat]:
    """The posts that these units have on a day."""
    return _seats(PostRecord.objects.asof(on, known).filter(unit__in=list(units)).order_by("post__code"))


def _seats(rows: QuerySet) -> list[Seat]:
    return [Seat(*values) for values in rows.values_list("post", "post__code", "title", "unit")]
