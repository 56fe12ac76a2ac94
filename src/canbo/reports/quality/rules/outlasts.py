"""What lasts while that is not there in which it is: a post is held that does not exist, or not in that unit."""

from django.db.models import Exists, Q
from django.utils.translation import gettext_lazy as _

from canbo.registry.facts import Fact
from canbo.registry.service.models import Incumbency
from canbo.reports.quality.asked import Asked, same
from canbo.reports.quality.rule import ERROR, Terms, rule


def _without(model: type[Fact], asked: Asked, terms: Terms) -> Q:
    """Decisions are refused that would make it so, as far as days are exact."""
    found = Q()
    for within in model.LASTS_WITHIN:
        found |= ~Exists(within.model.objects.asof(asked.on, asked.known).filter(**same(*within.columns)))
    return found


rule(
    "outlasts",
    "contradictory",
    ERROR,
    _("Holds a post that is not there that day"),
    mends=("incumbency.correct",),
    models=(Incumbency,),
    condition=_without,
)
