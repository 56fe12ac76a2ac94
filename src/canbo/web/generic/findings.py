"""Lists as queues: narrowed to the records with which a rule of data quality finds fault."""

from django.db.models import QuerySet

from canbo.kernel.screen import Screen
from canbo.registry.facts import Unit
from canbo.registry.tree import scope
from canbo.reports.quality.asked import Asked
from canbo.reports.quality.rule import ask
from canbo.web.asof import AsOf


def of(screen: Screen, name: str, unit: Unit | None, asof: AsOf) -> QuerySet:
    """What the rule finds fault with; lists narrow to their unit anyway, this too so that nobody waits for the rest."""
    within = scope(unit, asof.on, asof.known) if unit else None
    return ask(name, screen.model).rows(screen.model, Asked(asof.on, asof.known, within))
