"""Two at once where there can be one: what the database cannot refuse, since a date is not exact to the day."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from canbo.kernel.periods import DAY
from canbo.registry.facts import Fact
from canbo.registry.membership.models import Membership
from canbo.registry.merging.queries import alone
from canbo.registry.organisations.models import Organisation
from canbo.registry.people.models import Particulars
from canbo.registry.posts.models import PostRecord
from canbo.registry.service.models import Employment, Incumbency
from canbo.reports.quality.asked import Asked, same
from canbo.reports.quality.rule import ERROR, Terms, name, rule

KINDS = (Membership, Employment, Incumbency, Particulars, Organisation, PostRecord)
EXACT = Q(start_precision=DAY, end_precision=DAY)


def _overlaps(model: type[Fact], asked: Asked, terms: Terms) -> Q:
    """The one that is not exact is to be mended; of two exact ones the database refused the second."""
    found = Q(pk__in=())
    for names in alone(model):
        others = model.objects.known(asked.known).filter(**same(*names), valid__overlap=OuterRef("valid"))
        found |= Q(Exists(others.exclude(fact=OuterRef("fact"))))
    return ~EXACT & found


rule(
    "twice",
    "contradictory",
    ERROR,
    _("Overlaps another one, where there can be one at a time"),
    mends=tuple(f"{name(model)}.correct" for model in KINDS),
    models=KINDS,
    condition=_overlaps,
    ever=True,
)
