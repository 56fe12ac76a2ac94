"""A question that a figure answers: about which unit, on which day, over which period, and as known when."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Max

from canbo.access.identity import reach
from canbo.kernel.levels import INTERNAL, PERSONAL
from canbo.kernel.refusal import Mistake, Refused
from canbo.registry.facts import Decision, Unit
from canbo.registry.organisations.models import Organisation
from canbo.registry.organisations.queries import unit_of
from canbo.registry.places.models import Place
from canbo.registry.tree import Lineage, Scope, scope


@dataclass(frozen=True)
class Question:
    """What is asked: `start` to `on` (both included) for flows, `on` alone for stocks, as known at `known`."""

    unit: Unit
    on: dt.date
    start: dt.date
    known: dt.datetime
    scope: Scope
    where: Mapping[str, Any] = field(default_factory=dict)

    def narrowed(self, where: Mapping[str, Any] | None) -> "Question":
        """The same question with further conditions."""
        return replace(self, where={**self.where, **where}) if where else self

    def during(self, start: dt.date | None, on: dt.date | None) -> "Question":
        """The same question about another period; the scope is that of the new day."""
        if on is None or on == self.on:
            return replace(self, start=start or self.start)
        return replace(self, start=start or self.start, on=on, scope=scope(self.unit, on, self.known))


def latest_known() -> dt.datetime:
    """The instant of the last decision; a register without any knows nothing to report on."""
    last = Decision.objects.aggregate(last=Max("applied_at"))["last"]
    if last is None:
        raise Mistake("empty_register", "the register holds no decision yet")
    return last


def ask(
    unit: str,
    on: dt.date,
    *,
    start: dt.date | None = None,
    known: dt.datetime | None = None,
    where: Mapping[str, Any] | None = None,
) -> Question:
    """Put a question about the unit with this code; a unit that is not there on that day is a refusal with a hint."""
    named = unit_of(unit)
    last = latest_known()
    known = last if known is None or known > last else known
    _refuse_before_records(known)
    _refuse_absent(named, on, known)
    units = reach(INTERNAL)
    if units is not None and named.pk not in units:
        raise beyond_reach(named)
    if start and start > on:
        raise Mistake("period", "the period begins on %(start)s, after its last day %(on)s", start=start, on=on)
    return Question(named, on, start or on.replace(month=1, day=1), known, scope(named, on, known), where or {})


def _refuse_before_records(known: dt.datetime) -> None:
    first = Decision.objects.order_by("applied_at").values_list("applied_at", flat=True).first()
    if known < first:
        raise Mistake(
            "before_records",
            "at %(known)s nothing was recorded yet; the first is of %(first)s",
            known=known.isoformat(),
            first=first.isoformat(),
        )


def counts_all(within: Scope, has: str | None, since: dt.date, on: dt.date) -> bool:
    """Is all within reach that counts from one day to another? Some of it may lie elsewhere today."""
    units = reach(has) if has in (INTERNAL, PERSONAL) else None
    return units is None or set(units).issuperset(within.units(on, since))


def require_reach(question: Question, has: str | None, since: dt.date) -> None:
    """Refuse figures of which not every record of that level may be read: the database would count fewer."""
    if not counts_all(question.scope, has, since, question.on):
        raise beyond_reach(question.unit)


def beyond_reach(unit: Unit) -> Refused:
    """The refusal of figures that would be counted short."""
    return Refused("beyond_reach", "the figures of %(unit)s are not within your reach", unit=unit.code)


def _refuse_absent(unit: Unit, on: dt.date, known: dt.datetime) -> None:
    """A unit exists while it is a place or an organisation; one that ended names its successors."""
    spans = [
        valid
        for model in (Place, Organisation)
        for valid in model.objects.known(known).filter(unit=unit).values_list("valid", flat=True)
    ]
    if any(on in valid for valid in spans):
        return
    ended = [valid.upper for valid in spans if valid.upper and valid.upper <= on]
    if not ended:
        raise Refused("not_there_yet", "%(unit)s does not exist on %(on)s", unit=unit.code, on=on)
    successors = Lineage.objects.asof(on, known).filter(predecessor=unit).values_list("unit__code", flat=True)
    last, names = max(ended), ", ".join(sorted(successors))
    if names:
        raise Refused("ended", "%(unit)s ended on %(on)s; successor %(names)s", unit=unit.code, on=last, names=names)
    raise Refused("ended", "%(unit)s ended on %(on)s", unit=unit.code, on=last)
