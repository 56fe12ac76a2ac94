"""How places and what covers them are listed."""

from django.utils.translation import gettext_lazy as _

from canbo.kernel.screen import FLAG, SINCE, UNIT, WORD, Column, screen
from canbo.registry.places.models import Coverage, Place
from canbo.registry.tree import Lineage

screen(
    "places",
    Place,
    (
        Column("name", _("Name"), "name", page="unit", code="unit__code", sort=("name_key",)),
        Column("code", _("Code"), "unit__code", sort=("unit__code",)),
        Column("kind", _("Kind"), "kind", WORD, "place_kind"),
        Column("official_code", _("Official code"), "official_code", sort=("official_code",)),
        Column("since", _("Since"), "valid", SINCE, sort=("since",)),
    ),
    ("name_key",),
    search=("name_fold",),
    codes=("unit__code", "official_code"),
    opened_by="place.found",
    closed_by="place.end",
)
screen(
    "coverage",
    Coverage,
    (
        Column("place", _("Place"), "place", UNIT),
        Column("unit", _("Covered by"), "unit", UNIT),
        Column("since", _("Since"), "valid", SINCE, sort=("since",)),
    ),
    ("place__code",),
    codes=("place__code", "unit__code"),
    opened_by="place.cover",
    closed_by="place.cover-no-more",
)
screen(
    "lineages",
    Lineage,
    (
        Column("predecessor", _("Predecessor"), "predecessor", UNIT),
        Column("unit", _("Successor"), "unit", UNIT),
        Column("whole", _("As a whole"), "whole", FLAG),
        Column("on", _("On"), "valid", SINCE, sort=("since",)),
    ),
    ("-since",),
    codes=("predecessor__code", "unit__code"),
    event=True,
    opened_by="unit.descend",
)
