"""Whose date of birth nobody wrote down."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from canbo.registry.people.models import Particulars
from canbo.reports.quality.rule import WARNING, rule

rule(
    "birthday",
    "missing",
    WARNING,
    _("Date of birth missing"),
    mends=("particulars.correct",),
    models=(Particulars,),
    condition=lambda model, asked, terms: Q(born=None),
)
