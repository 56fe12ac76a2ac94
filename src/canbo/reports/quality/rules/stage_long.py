"""Who has been in a stage of membership that passes for longer than it may last."""

from collections.abc import Mapping
from typing import Any

from django.db.models import F, Q
from django.db.models.lookups import LessThan
from django.utils.translation import gettext_lazy as _
from pydantic import PositiveInt

from canbo.kernel.profile import profile
from canbo.registry.facts import Fact
from canbo.registry.membership.models import Membership
from canbo.reports.quality.asked import Asked, begun, later
from canbo.reports.quality.rule import WARNING, Terms, rule


class Passing(Terms):
    """The stages with these attributes last so many months at most."""

    stages: Mapping[str, Any]
    months: PositiveInt


def _long(model: type[Fact], asked: Asked, terms: Passing) -> Q:
    """Counted in the organisation where they are now: a transfer begins anew."""
    stages = profile().where("membership_stage", **terms.stages)
    return Q(stage__in=stages) & Q(LessThan(later(begun(F), terms.months, "months"), asked.on))


rule(
    "stage-long",
    "stale",
    WARNING,
    _("Too long in this stage"),
    mends=("membership.advance",),
    models=(Membership,),
    condition=_long,
    terms=Passing,
)
