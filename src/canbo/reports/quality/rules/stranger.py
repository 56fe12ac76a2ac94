"""Who leads a unit without ever having belonged to it, or to anything beneath it."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from canbo.registry.facts import Fact
from canbo.registry.membership.models import Membership
from canbo.registry.posts.models import PostRecord
from canbo.registry.service.models import Employment, Incumbency
from canbo.registry.tree import Closure
from canbo.registry.versions import begun
from canbo.reports.quality.asked import Asked, same
from canbo.reports.quality.rule import NOTE, Terms, rule


class Heads(Terms):
    """The titles of posts whose holders are expected to belong to the unit."""

    CODES = {"titles": "post_title"}

    titles: tuple[str, ...]


def _foreign(model: type[Fact], asked: Asked, terms: Heads) -> Q:
    """Neither a member nor employed there at any time by the day, wherever it lay beneath the unit at some time."""
    found = Q(post__in=PostRecord.objects.asof(asked.on, asked.known).filter(title__in=terms.titles).values("post"))
    beneath = Closure.objects.filter(descendant=OuterRef("unit"), ancestor=OuterRef(OuterRef("unit")))
    for kind in (Membership, Employment):
        belonged = begun(kind.objects.known(asked.known), asked.on).filter(**same("person"))
        found &= ~Exists(belonged.filter(Exists(beneath)))
    return found


rule(
    "stranger",
    "contradictory",
    NOTE,
    _("Leads a unit without ever having belonged to it"),
    mends=("incumbency.correct",),
    models=(Incumbency,),
    condition=_foreign,
    terms=Heads,
    reads=(Membership, Employment),
    beneath=True,
    ever=True,
)
