"""How findings about units and people are listed."""

from django.utils.translation import gettext_lazy as _

from canbo.kernel.screen import NUMBER, SINCE, UNIT, WORD, YEAR, Column, screen
from canbo.registry.people.screen import BY_NAME, CODE, NAME, NAMED
from canbo.registry.standing.models import Classification, Confidence, Duty, Fulfilment, Recruitment, Training

_UNIT = Column("unit", _("Unit"), "unit", UNIT)
_ON = Column("on", _("On"), "valid", SINCE, sort=("since",))

_EVENT = NAMED | {"event": True}

screen(
    "classifications",
    Classification,
    (
        _UNIT,
        NAME,
        Column("year", _("Year"), "year", YEAR, sort=("year",)),
        Column("grade", _("Grade"), "grade", WORD, "grade"),
    ),
    ("-year",),
    **NAMED | {"codes": ("person__code", "unit__code")},
    opened_by="standing.classify",
)
screen(
    "confidence",
    Confidence,
    (
        NAME,
        CODE,
        _UNIT,
        _ON,
        Column("collected", _("Collected"), "collected", NUMBER, sort=("collected",)),
        Column("high", _("High"), "high", NUMBER, sort=("high",)),
        Column("middle", _("Middle"), "middle", NUMBER, sort=("middle",)),
        Column("low", _("Low"), "low", NUMBER, sort=("low",)),
    ),
    BY_NAME,
    **_EVENT,
    opened_by="standing.record-confidence",
)
screen(
    "duties",
    Duty,
    (_UNIT, Column("matter", _("Matter"), "matter", WORD, "duty"), _ON),
    ("-since",),
    codes=("unit__code",),
    opened_by="standing.oblige",
    closed_by="standing.release-from-duty",
)
screen(
    "fulfilments",
    Fulfilment,
    (_UNIT, Column("matter", _("Matter"), "matter", WORD, "duty"), _ON),
    ("-since",),
    codes=("unit__code",),
    opened_by="standing.fulfil",
)
screen(
    "training",
    Training,
    (NAME, CODE, _UNIT, Column("level", _("Level"), "level", WORD, "training_level"), _ON),
    BY_NAME,
    **NAMED,
    opened_by="standing.complete-training",
)
screen(
    "recruitment",
    Recruitment,
    (
        NAME,
        CODE,
        _UNIT,
        Column("group", _("Group"), "group", WORD, "employment_group"),
        Column("method", _("Method"), "method", WORD, "recruitment_method"),
        _ON,
    ),
    ("-since",),
    **_EVENT,
    opened_by="standing.recruit",
)
