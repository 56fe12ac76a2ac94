"""Who bears the name and the birthday of somebody else on file: two records of one person, or namesakes."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from canbo.kernel.periods import DAY
from canbo.registry.facts import Fact
from canbo.registry.merging.models import Namesake
from canbo.registry.people.models import Particulars
from canbo.reports.quality.asked import Asked, same
from canbo.reports.quality.rule import NOTE, Terms, rule


def _double(model: type[Fact], asked: Asked, terms: Terms) -> Q:
    """The same name whatever its marks, and the same day (many share a year), unless they were told apart."""
    exact = Q(born__isnull=False, born_precision=DAY)
    others = Particulars.objects.asof(asked.on, asked.known).filter(exact, **same("name_fold", "born"))
    apart = Namesake.objects.known(asked.known).filter(person=OuterRef(OuterRef("person")), other=OuterRef("person"))
    return exact & Q(Exists(others.exclude(**same("person")).exclude(Exists(apart))))


rule(
    "same-person",
    "contradictory",
    NOTE,
    _("Same name and birthday as somebody else"),
    mends=("person.merge", "person.distinguish", "particulars.correct"),
    models=(Particulars,),
    condition=_double,
    ever=True,
)
