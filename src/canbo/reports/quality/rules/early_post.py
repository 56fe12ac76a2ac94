"""Who holds a post since before they were employed anywhere, though they were employed then or later."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from canbo.registry.facts import Fact
from canbo.registry.service.models import Employment, Incumbency
from canbo.reports.quality.asked import Asked, begun, same
from canbo.reports.quality.rule import NOTE, Terms, rule


def _early(model: type[Fact], asked: Asked, terms: Terms) -> Q:
    """Employed at some time, and never by the last day on which the post may have been taken up."""
    employed = Employment.objects.known(asked.known).filter(**same("person"))
    by_then = Q(valid__startswith__isnull=True) | Q(valid__startswith__lte=begun(OuterRef))
    return Q(Exists(employed)) & ~Q(Exists(employed.filter(by_then)))


rule(
    "early-post",
    "contradictory",
    NOTE,
    _("Holds a post since before being employed"),
    mends=("incumbency.correct",),
    models=(Incumbency,),
    condition=_early,
    reads=(Employment,),
    ever=True,
)
