"""What rests on a decision whose document is not in the register."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from canbo.registry.documents.models import Document
from canbo.registry.facts import Decision, Fact
from canbo.registry.membership.models import Membership
from canbo.registry.organisations.models import Organisation
from canbo.registry.service.models import Employment, Incumbency
from canbo.reports.quality.asked import Asked
from canbo.reports.quality.rule import NOTE, Terms, rule


def _unfounded(model: type[Fact], asked: Asked, terms: Terms) -> Q:
    """The opening balance needs no paper: it says that there is none."""
    papers = Document.objects.filter(registrations__recorded__contains=asked.known)
    ordinary = Q(opened_by__decision__kind=Decision.ORDINARY)
    return ordinary & ~Exists(papers.filter(decision_code=OuterRef("opened_by__decision__code")))


rule(
    "source-missing",
    "undocumented",
    NOTE,
    _("Source missing: no document of the decision"),
    mends=("document.register",),
    models=(Membership, Incumbency, Employment, Organisation),
    condition=_unfounded,
)
