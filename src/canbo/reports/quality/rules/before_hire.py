"""Who was employed in a group since before the day on which they were recruited into it."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from canbo.registry.facts import Fact
from canbo.registry.service.models import Employment
from canbo.registry.standing.models import Recruitment
from canbo.reports.quality.asked import Asked, begun, same
from canbo.reports.quality.rule import WARNING, Terms, rule


def _early(model: type[Fact], asked: Asked, terms: Terms) -> Q:
    """Recruited within the employment, and later than it can have begun."""
    hired = Recruitment.objects.known(asked.known).filter(**same("person", "group"), valid__overlap=OuterRef("valid"))
    return Q(Exists(hired.filter(valid__startswith__gt=begun(OuterRef))))


rule(
    "before-hire",
    "contradictory",
    WARNING,
    _("Employed before being recruited"),
    mends=("employment.correct",),
    models=(Employment,),
    condition=_early,
    reads=(Recruitment,),
    ever=True,
)
