"""How documents and decisions are listed: the newest first."""

import datetime as dt

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from canbo.kernel.screen import DAY, INSTANT, TEXT, UNIT, WORD, Column, screen
from canbo.registry.documents.models import Registration
from canbo.registry.facts import Decision

screen(
    "documents",
    Registration,
    (
        Column("symbol", _("Symbol"), "symbol", page="document", code="document__code", sort=("symbol_fold",)),
        Column("type", _("Type"), "type", WORD, "document_type"),
        Column("issued", _("Issued"), "issued_on", DAY, sort=("issued_on",)),
        Column("title", _("Title"), "title", sort=("title_fold",)),
        Column("body", _("Issuing body"), "body", WORD, "issuing_body"),
        Column("term", _("Term"), "term", sort=("term",)),
        Column("unit", _("Issuer"), "unit", UNIT),
    ),
    ("-issued_on",),
    search=("symbol_fold", "title_fold"),
    codes=("document__code",),
    opened_by="document.register",
    closed_by="document.end",
)


def _applied(on: dt.date, known: dt.datetime) -> QuerySet[Decision]:
    """The decisions signed by a day and known at an instant."""
    return Decision.objects.filter(applied_at__lte=known, signed_on__lte=on)


screen(
    "decisions",
    Decision,
    (
        Column("symbol", _("Symbol"), "symbol", page="decision", code="code", sort=("symbol",)),
        Column("code", _("Code"), "code", sort=("code",)),
        Column("signed", _("Signed"), "signed_on", DAY, sort=("signed_on",)),
        Column("known", _("Known since"), "applied_at", INSTANT, sort=("applied_at",)),
        Column("reason", _("Reason"), "reason", TEXT),
    ),
    ("-applied_at",),
    unit="",
    codes=("code", "symbol"),
    rows=_applied,
)
