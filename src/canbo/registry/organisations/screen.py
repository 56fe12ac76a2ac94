"""How organisations are listed."""

from django.utils.translation import gettext_lazy as _

from canbo.kernel.screen import SINCE, WORD, Column, screen
from canbo.registry.organisations.models import Organisation

screen(
    "organisations",
    Organisation,
    (
        Column("name", _("Name"), "name", page="unit", code="unit__code", sort=("name_key",)),
        Column("code", _("Code"), "unit__code", sort=("unit__code",)),
        Column("kind", _("Kind"), "kind", WORD, "organisation_kind"),
        Column("block", _("Block"), "block", WORD, "block"),
        Column("since", _("Since"), "valid", SINCE, sort=("since",)),
    ),
    ("name_key",),
    search=("name_fold",),
    codes=("unit__code",),
    opened_by="organisation.establish",
    closed_by="organisation.dissolve",
)
