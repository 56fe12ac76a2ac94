"""What goes on after the person's membership ended by death."""

from django.db.models import Exists, Q
from django.utils.translation import gettext_lazy as _

from canbo.registry.facts import Fact
from canbo.registry.membership.models import Membership
from canbo.registry.service.models import Employment, Incumbency
from canbo.reports.quality.asked import Asked, same
from canbo.reports.quality.rule import WARNING, Terms, rule


class Endings(Terms):
    """Which endings of a membership say that somebody died."""

    CODES = {"endings": "membership_ending"}

    endings: tuple[str, ...]


def _outlived(model: type[Fact], asked: Asked, terms: Endings) -> Q:
    """A membership of the same person ended so by the day."""
    ended = Membership.objects.known(asked.known).filter(valid__endswith__lte=asked.on, ending__in=terms.endings)
    return Q(Exists(ended.filter(**same("person"))))


rule(
    "after-death",
    "impossible",
    WARNING,
    _("Goes on after the person's death"),
    mends=("service.relieve", "service.release"),
    models=(Membership, Incumbency, Employment),
    condition=_outlived,
    terms=Endings,
    reads=(Membership,),
)
