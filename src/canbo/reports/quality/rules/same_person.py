"""Who bears the name and the birthday of somebody else on file: two records of one person, or namesakes."""

from django.db.models import Exists, Q
from django.utils.translation import gettext_lazy as _

from canbo.kernel.periods import DAY
from canbo.registry.facts import Fact
from canbo.registry.people.models import Particulars
from canbo.reports.quality.asked import Asked, same
from canbo.reports.quality.rule import NOTE, Terms, rule


def _double(model: type[Fact], asked: Asked, terms: Terms) -> Q:
    """The same name with the same marks, and the same day: a year alone is shared by too many."""
    exact = Q(born__isnull=False, born_precision=DAY)
    others = Particulars.objects.asof(asked.on, asked.known).filter(exact, **same("name_key", "born"))
    return exact & Q(Exists(others.exclude(**same("person"))))


rule(
    "same-person",
    "contradictory",
    NOTE,
    _("Same name and birthday as somebody else"),
    mends=("particulars.correct",),
    models=(Particulars,),
    condition=_double,
    ever=True,
)
