"""Lists as queues: narrowed to the records with which a rule of data quality finds fault."""

from django.db.models import QuerySet

from canbo.kernel.refusal import Mistake
from canbo.kernel.screen import Screen
from canbo.registry.facts import Unit
from canbo.registry.tree import scope
from canbo.reports.quality.asked import Asked
from canbo.reports.quality.rule import RULES, rules
from canbo.web.asof import AsOf


def check(screen: Screen, name: str) -> None:
    """Raise a `Mistake` for a rule that the profile does not have or that is not about what is listed."""
    some = [rule.name for rule in rules() if screen.model in rule.models]
    if name not in some:
        known = ", ".join(some) or "–"
        raise Mistake(
            "unknown_rule",
            "this list has no rule of data quality “%(name)s”; known are: %(known)s",
            name=name[:40],
            known=known,
        )


def of(screen: Screen, name: str, unit: Unit | None, asof: AsOf) -> QuerySet:
    """What the rule finds fault with, in a unit or everywhere."""
    within = scope(unit, asof.on, asof.known) if unit else None
    return RULES[name].rows(screen.model, Asked(asof.on, asof.known, within))
