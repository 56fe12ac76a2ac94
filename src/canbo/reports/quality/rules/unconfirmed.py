"""Whose particulars nobody has entered or corrected for long."""

from django.db.models import DateTimeField, F, Func, Q
from django.db.models.lookups import LessThan
from django.utils.translation import gettext_lazy as _
from pydantic import PositiveInt

from canbo.registry.facts import Fact
from canbo.registry.people.models import Particulars
from canbo.reports.quality.asked import Asked, later
from canbo.reports.quality.rule import NOTE, Terms, rule


class Months(Terms):
    """After so many months it is time to ask again."""

    months: PositiveInt


def _old(model: type[Fact], asked: Asked, terms: Months) -> Q:
    """By the instant from which the register knows what it says."""
    learnt = Func(F("recorded"), function="lower", output_field=DateTimeField())
    return Q(LessThan(later(learnt, terms.months, "months"), asked.on))


rule(
    "unconfirmed",
    "stale",
    NOTE,
    _("Particulars not confirmed for long"),
    mends=("particulars.correct",),
    models=(Particulars,),
    condition=_old,
    terms=Months,
)
