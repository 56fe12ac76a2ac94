"""How payroll quotas are listed."""

from django.utils.translation import gettext_lazy as _

from canbo.kernel.screen import NUMBER, UNIT, WORD, YEAR, Column, screen
from canbo.registry.establishment.models import Quota

screen(
    "quotas",
    Quota,
    (
        Column("unit", _("Unit"), "unit", UNIT),
        Column("year", _("Year"), "year", YEAR, sort=("year",)),
        Column("group", _("Group"), "group", WORD, "employment_group"),
        Column("amount", _("Number"), "amount", NUMBER, sort=("amount",)),
    ),
    ("-year",),
    codes=("unit__code",),
    opened_by="establishment.allot",
)
