"""How mandates, delegations and decentralisation are listed: who may act for which unit, and who decides what."""

from django.utils.translation import gettext_lazy as _

from canbo.kernel.screen import SINCE, UNIT, UNTIL, WORD, Column, screen
from canbo.registry.mandates.models import Decentralisation, Delegation, Mandate
from canbo.registry.people.screen import BY_NAME, CODE, NAME, NAMED, WHO

_UNIT = Column("unit", _("Unit"), "unit", UNIT)
_ROLE = Column("role", _("Role"), "role", WORD, "mandate_role")
_SINCE = Column("since", _("Since"), "valid", SINCE, sort=("since",))

screen(
    "mandates",
    Mandate,
    (NAME, CODE, _ROLE, _UNIT, _SINCE),
    BY_NAME,
    **NAMED,
    opened_by="mandate.give",
    closed_by="mandate.end",
)
screen(
    "delegations",
    Delegation,
    (
        NAME,
        CODE,
        _ROLE,
        _UNIT,
        Column(
            "giver",
            _("On behalf of"),
            "giving__name",
            page="person",
            code="giving__person__code",
            sort=("giving__name_key", "giver"),
        ),
        _SINCE,
        Column("until", _("Until"), "valid", UNTIL),
    ),
    BY_NAME,
    **NAMED | {"joins": WHO | {"giving": "giver__particulars"}},
    opened_by="mandate.delegate",
    closed_by="mandate.take-back",
)
screen(
    "decentralisations",
    Decentralisation,
    (
        Column("matter", _("Matter"), "matter", WORD, "decided_matter"),
        Column("unit", _("Decided by"), "unit", UNIT),
        Column("over", _("Over"), "over", UNIT),
        _SINCE,
    ),
    ("matter", "over__code"),
    codes=("unit__code", "over__code"),
    opened_by="mandate.decentralise",
    closed_by="mandate.centralise",
)
