"""Which organisations have nobody in the post by which their kind is led."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Exists, Q
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict

from canbo.kernel.profile import profile
from canbo.registry.organisations.models import Organisation
from canbo.registry.posts.models import PostRecord
from canbo.registry.service.models import Incumbency
from canbo.reports.quality.asked import Asked, same
from canbo.reports.quality.rule import WARNING, Terms, rule


class Led(BaseModel):
    """Organisations of the kinds with these attributes are led by who holds a post with one of these titles there."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kinds: Mapping[str, Any]
    titles: tuple[str, ...]


class Leaders(Terms):
    """Which kinds are led by which posts."""

    led: tuple[Led, ...]

    def codes(self) -> Iterator[tuple[str, str]]:
        """The owner and the titles."""
        yield from super().codes()
        yield from (("post_title", title) for one in self.led for title in one.titles)


def _vacant(model: type, asked: Asked, terms: Leaders) -> Q:
    """Nobody holds such a post in the unit, in full or acting."""
    found = Q(pk__in=())
    held, posts = Incumbency.objects.asof(asked.on, asked.known), PostRecord.objects.asof(asked.on, asked.known)
    for one in terms.led:
        leading = held.filter(**same("unit"), post__in=posts.filter(title__in=one.titles).values("post"))
        found |= Q(kind__in=profile().where("organisation_kind", **one.kinds)) & ~Exists(leading)
    return found


rule(
    "leaderless",
    "missing",
    WARNING,
    _("Nobody in the leading post"),
    mends=("service.appoint",),
    models=(Organisation,),
    condition=_vacant,
    terms=Leaders,
    reads=(Incumbency,),
)
