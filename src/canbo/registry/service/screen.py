"""How people in service are listed: who holds what, who came from where."""

from django.utils.translation import gettext_lazy as _

from canbo.kernel.screen import FLAG, SINCE, UNIT, WORD, Column, screen
from canbo.registry.people.screen import BY_NAME, CODE, NAME, NAMED, WHO
from canbo.registry.posts.screen import HELD, POST
from canbo.registry.service.models import CommitteeDuty, Employment, Incumbency, Movement, Nomination, Opinion

_UNIT = Column("unit", _("Unit"), "unit", UNIT)
_SINCE = Column("since", _("Since"), "valid", SINCE, sort=("since",))
_ON = Column("on", _("On"), "valid", SINCE, sort=("since",))

_EVENT = NAMED | {"event": True}

screen(
    "incumbencies",
    Incumbency,
    (NAME, CODE, POST, _UNIT, Column("acting", _("Acting"), "acting", FLAG), _SINCE),
    BY_NAME,
    **NAMED | {"joins": WHO | HELD},
    opened_by="service.appoint",
    closed_by="service.relieve",
)
screen(
    "employments",
    Employment,
    (NAME, CODE, _UNIT, Column("group", _("Group"), "group", WORD, "employment_group"), _SINCE),
    BY_NAME,
    **NAMED,
    opened_by="service.employ",
    closed_by="service.release",
)
screen(
    "movements",
    Movement,
    (
        NAME,
        CODE,
        Column("nature", _("Nature"), "nature", WORD, "movement_nature"),
        _ON,
        Column("origin", _("From"), "origin", UNIT),
        Column("unit", _("To"), "unit", UNIT),
        Column("managed_by", _("Managed by"), "managed_by", WORD, "managing_authority"),
    ),
    ("-since",),
    **_EVENT,
    opened_by="service.move",
)
screen(
    "nominations",
    Nomination,
    (NAME, CODE, Column("office", _("Office"), "office", WORD, "office"), _UNIT, _ON),
    ("-since",),
    **_EVENT,
    opened_by="service.nominate",
)
screen(
    "opinions",
    Opinion,
    (NAME, CODE, Column("matter", _("Matter"), "matter", WORD, "opinion_matter"), _UNIT, _ON),
    ("-since",),
    **_EVENT,
    opened_by="service.give-opinion",
)
screen(
    "committee-duties",
    CommitteeDuty,
    (NAME, CODE, _UNIT, _SINCE),
    BY_NAME,
    **_EVENT,
    opened_by="service.assign-to-committee",
)
