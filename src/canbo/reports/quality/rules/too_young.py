"""What began before the person was old enough for it, or born."""

from collections.abc import Mapping

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from pydantic import NonNegativeInt

from canbo.registry.facts import Fact
from canbo.registry.membership.models import Membership
from canbo.registry.people.models import Particulars
from canbo.registry.service.models import Employment, Incumbency
from canbo.reports.quality.asked import Asked, begun, later, same
from canbo.reports.quality.rule import WARNING, Terms, rule


class Ages(Terms):
    """From which age on, in completed years, somebody can be what a kind of fact says; of others 0."""

    years: Mapping[str, NonNegativeInt] = {}


def _early(model: type[Fact], asked: Asked, terms: Ages) -> Q:
    """Even if it began as late as its date allows, and they were born as early as theirs does."""
    years = terms.years.get(model._meta.model_name, 0)
    born = Particulars.objects.asof(asked.on, asked.known).filter(**same("person"))
    return Q(
        Exists(
            born.filter(born__isnull=False).alias(old=later(F("born"), years, "years")).filter(old__gt=begun(OuterRef))
        )
    )


rule(
    "too-young",
    "impossible",
    WARNING,
    _("Began before the person was old enough"),
    mends=("particulars.correct",),
    models=(Membership, Incumbency, Employment),
    condition=_early,
    terms=Ages,
    reads=(Particulars,),
)
