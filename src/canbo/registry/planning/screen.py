"""How plans, targets and goals are listed."""

from django.utils.translation import gettext_lazy as _

from canbo.kernel.screen import DAY, NUMBER, SINCE, UNIT, WORD, YEAR, Column, screen
from canbo.registry.people.screen import BY_NAME, CODE, NAME, NAMED, WHO
from canbo.registry.planning.models import Goal, GoalMet, PlanEntry, Target
from canbo.registry.posts.screen import HELD, POST

_UNIT = Column("unit", _("Unit"), "unit", UNIT)
_TERM = Column("term", _("Term"), "term", sort=("term",))
_NUMBER = Column("number", _("Number"), "number", YEAR, sort=("term", "number"))

screen(
    "plan-entries",
    PlanEntry,
    (NAME, CODE, POST, _UNIT, Column("level", _("Level"), "level", WORD, "level"), _TERM),
    BY_NAME,
    **NAMED | {"joins": WHO | HELD},
    opened_by="planning.enter",
    closed_by="planning.remove",
)
screen(
    "targets",
    Target,
    (
        _UNIT,
        Column("matter", _("Matter"), "matter", WORD, "target"),
        Column("year", _("Year"), "year", YEAR, sort=("year",)),
        Column("amount", _("Number"), "amount", NUMBER, sort=("amount",)),
    ),
    ("-year",),
    codes=("unit__code",),
    opened_by="planning.set-target",
)
screen(
    "goals",
    Goal,
    (_UNIT, _TERM, _NUMBER, Column("title", _("Title"), "title"), Column("due", _("Due"), "due", DAY, sort=("due",))),
    ("term", "number"),
    codes=("unit__code",),
    opened_by="planning.set-goal",
)
screen(
    "goals-met",
    GoalMet,
    (_UNIT, _TERM, _NUMBER, Column("on", _("On"), "valid", SINCE, sort=("since",))),
    ("term", "number"),
    codes=("unit__code",),
    opened_by="planning.find-goal-met",
)
