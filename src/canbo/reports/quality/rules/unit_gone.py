"""What is said to be in a unit that is not there on the day."""

from django.db.models import Exists, Q
from django.utils.translation import gettext_lazy as _

from canbo.registry.facts import Fact
from canbo.registry.membership.models import Membership
from canbo.registry.organisations.models import Organisation
from canbo.registry.people.models import Particulars
from canbo.registry.places.models import Place
from canbo.registry.planning.models import PlanEntry
from canbo.registry.service.models import Employment, Incumbency
from canbo.reports.quality.asked import Asked, same
from canbo.reports.quality.rule import ERROR, NOTE, Terms, rule


def _gone(model: type[Fact], asked: Asked, terms: Terms) -> Q:
    there = (kind.objects.asof(asked.on, asked.known).filter(**same("unit")) for kind in (Organisation, Place))
    return Q(*(~Exists(found) for found in there))


# A member and the holder of a post are somewhere on every day. Payroll, plans and files of a body that ended wait for a
# decision of those who took it over: worth knowing, no contradiction.
rule(
    "unit-gone",
    "contradictory",
    ERROR,
    _("In a unit that is not there that day"),
    mends=("membership.transfer", "service.relieve"),
    models=(Membership, Incumbency),
    condition=_gone,
)
rule(
    "left-behind",
    "stale",
    NOTE,
    _("Left in a unit that has ended"),
    mends=("service.reassign", "planning.remove", "person.keep-file"),
    models=(Employment, PlanEntry, Particulars),
    condition=_gone,
)
