"""How members and their dues are listed."""

from django.utils.translation import gettext_lazy as _

from canbo.kernel.screen import SINCE, UNIT, UNTIL, WORD, Column, screen
from canbo.registry.membership.models import Dues, Membership
from canbo.registry.people.screen import BY_NAME, CODE, NAME, NAMED

screen(
    "members",
    Membership,
    (
        NAME,
        CODE,
        Column("unit", _("Organisation"), "unit", UNIT),
        Column("stage", _("Stage"), "stage", WORD, "membership_stage"),
        Column("category", _("Category"), "category", WORD, "membership_category"),
        Column("since", _("Since"), "valid", SINCE, sort=("since",)),
    ),
    BY_NAME,
    **NAMED,
    opened_by="membership.admit",
    balanced_by="membership.take-over",
    closed_by="membership.leave",
)
screen(
    "dues",
    Dues,
    (
        NAME,
        CODE,
        Column("unit", _("Organisation"), "unit", UNIT),
        Column("since", _("From"), "valid", SINCE, sort=("since",)),
        Column("until", _("To"), "valid", UNTIL),
    ),
    BY_NAME,
    **NAMED,
    opened_by="membership.pay-dues",
)
