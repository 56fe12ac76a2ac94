"""Requests with what was replied to each, as far as whoever asks may see them."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import BigIntegerField, F, Func

from canbo.kernel.instants import today
from canbo.registry.people.models import Particulars
from canbo.registry.requests.models import DECIDED, RECEIVED, Reply, Request
from canbo.registry.store import number_now
from canbo.registry.versions import last_per


@dataclass(frozen=True)
class Asked:
    """A request, its replies, and the instants at which the register knew them: those count, not the days on papers."""

    request: Request
    replies: tuple[Reply, ...]

    @property
    def decided(self) -> Reply | None:
        """The reply that grants or refuses it."""
        return next((reply for reply in self.replies if reply.outcome in DECIDED), None)

    @property
    def first(self) -> dt.datetime | None:
        """When anything was replied at all."""
        return min((reply.recorded.lower for reply in self.replies), default=None)

    @property
    def state(self) -> str:
        """Open, received, granted or refused."""
        return self.decided.outcome if self.decided else RECEIVED if self.replies else "open"


def asked(person: int | None = None) -> list[Asked]:
    """All requests that may be seen, or those of one person: the open ones first, of these the oldest."""
    found = Request.objects.select_related("person").order_by("asked_at", "pk")
    whose = Func(F("person"), function="canbo.number_now_1", output_field=BigIntegerField())
    rows = _with_replies(found if person is None else found.alias(whose=whose).filter(whose=person))
    return sorted(rows, key=lambda one: (one.decided is not None, -_since(one) if one.decided else _since(one)))


def _since(one: Asked) -> float:
    return one.request.asked_at.timestamp()


def _with_replies(requests: Iterable[Request]) -> list[Asked]:
    some = list(requests)
    known = Reply.objects.filter(request__in=[one.pk for one in some], recorded__upper_inf=True).order_by("recorded")
    replies = list(known.select_related("opened_by__decision"))
    return [Asked(one, tuple(reply for reply in replies if reply.request == one.pk)) for one in some]


def keeper(person: int) -> str:
    """The code of the unit that keeps somebody's file, or kept it last."""
    held = Particulars.objects.filter(person=number_now(person), recorded__upper_inf=True)
    return last_per(held, "person", today()).values_list("unit__code", flat=True)[0]
