"""What units lie under and serve, which no list shows: to find where a file says otherwise of units on file already.

A row says it of a unit without the day since when, so nothing is moved by it: the difference is told. A file that is
all there is on a day (`whole.py`) moves units on that day.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping

from canbo.exchange.columns import BESIDE
from canbo.exchange.lines import Line
from canbo.exchange.register import Held
from canbo.kernel.instants import today
from canbo.kernel.refusal import Refused
from canbo.registry.facts import Fact, Unit
from canbo.registry.store import among
from canbo.registry.tree import Placement, Service

UNDER = "under"
LYING: Mapping[str, tuple[type[Fact], str]] = {UNDER: (Placement, "parent"), "serves": (Service, "place")}
"""Columns beside those of a list of units: the kind of fact that says it, and what names the other unit in it."""


class Lying:
    """Under which units some lie, or which places they serve, as known now."""

    def __init__(self, name: str, units: Iterable[str]) -> None:
        model, other = LYING[name]
        self.name, self.today = name, today()
        keys = Unit.objects.filter(code__in=set(units)).values_list("pk", flat=True)
        facts = model.objects.filter(among("unit", keys), recorded__upper_inf=True)
        self._found = defaultdict(list)
        for unit, code, valid in facts.values_list("unit__code", f"{other}__code", "valid"):
            self._found[unit].append((code, valid))

    def on(self, unit: str, day: dt.date | None) -> str:
        """Where it lies on a day, or did before all days; empty for nowhere."""
        found = (code for code, valid in self._found[unit] if (valid.lower is None if day is None else day in valid))
        return next(found, "")

    def otherwise(self, line: Line, held: Held, said: str) -> Refused | None:
        """That a row says a unit lies elsewhere than it does today, and than it did when it began."""
        unit = held.says["unit"]
        there, first = self.on(unit, self.today), self.on(unit, held.valid.lower)
        if said in (there, first):
            return None
        told = {"sheet": line.sheet, "row": line.number, "unit": unit, "field": str(BESIDE[self.name])}
        return Refused(
            "lies_elsewhere",
            "%(sheet)s row %(row)s: %(unit)s, %(field)s: %(said)s in the file, %(there)s in the register; this import"
            " does not move it",
            **told,
            said=said,
            there=there or first or "–",
        )
