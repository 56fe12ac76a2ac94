"""The quality of a unit's records on a day, of the units in it, and at the ends of the quarters before."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings

from canbo.access.identity import reach
from canbo.kernel.instants import instant
from canbo.kernel.levels import PERSONAL
from canbo.registry.facts import Decision, Unit
from canbo.registry.organisations.queries import unit_of
from canbo.registry.tree import Closure, Scope, Service, scope, walk
from canbo.reports.quality.asked import Asked
from canbo.reports.quality.tally import Tally, tally
from canbo.reports.question import ask

EARLIER = 4
"""So many quarters are looked back."""
ONE_DAY = dt.timedelta(days=1)


def asked_of(code: str, on: dt.date, known: dt.datetime) -> Asked:
    """All that counts for a unit, refused where it is not there or beyond reach; without a code all within reach."""
    if not code:
        return Asked(on, known)
    question = ask(code, on, known=known)
    return Asked(on, question.known, question.scope)


def whole(found: Mapping[int, Tally], units: Iterable[int] = ()) -> Tally:
    """What there is in these units, or in all."""
    total = Tally()
    for unit in units or found:
        if unit in found:
            total.add(found[unit])
    return total


def parts(units: Iterable[int], asked: Asked, found: Mapping[int, Tally]) -> dict[int, Tally]:
    """The same of each of some units: what lies beneath it, and beneath what serves it, as its own page counts it.

    An organisation that serves a place beside it counts for both.
    """
    roots: dict[int, set[int]] = {unit: {unit} for unit in units}
    serving = Service.objects.asof(asked.on, asked.known).filter(place__in=roots)
    for place, unit in serving.values_list("place", "unit"):
        roots[place].add(unit)
    beneath = _beneath({root for some in roots.values() for root in some}, asked)
    return {
        unit: whole(found, {one for root in some for one in beneath.get(root, ())} or {unit})
        for unit, some in roots.items()
    }


def _beneath(roots: set[int], asked: Asked) -> dict[int, set[int]]:
    """What lies beneath each of these on the day, themselves included."""
    if Scope(tuple(roots), asked.known).current:
        lying = Closure.objects.filter(ancestor__in=roots, valid__contains=asked.on)
        pairs = list(lying.values_list("ancestor", "descendant"))
    else:
        walked = walk(roots, asked.known)
        pairs = [(r, u) for r, u, since, until, _ in walked if _on(asked.on, since, until)]
    found: dict[int, set[int]] = {}
    for root, unit in pairs:
        found.setdefault(root, set()).add(unit)
    return found


def _on(day: dt.date, since: dt.date | None, until: dt.date | None) -> bool:
    return (since is None or since <= day) and (until is None or day < until)


def beyond(asked: Asked) -> int:
    """Of how many of the units asked about facts about people lie beyond reach, and are not looked at."""
    near = reach(PERSONAL)
    return len(set(asked.scope.units(asked.on)).difference(near)) if asked.scope and near is not None else 0


@dataclass(frozen=True)
class Then:
    """What there was on a day before, as the register knew it at the end of that day."""

    on: dt.date
    whole: Tally


def before(code: str, on: dt.date, known: dt.datetime) -> list[Then]:
    """The ends of the last quarters, the earliest first, as far as anything was known then."""
    unit = unit_of(code) if code else None
    first = Decision.objects.order_by("applied_at").values_list("applied_at", flat=True).first()
    found = []
    for day in quarters(on):
        then = min(known, instant(day.isoformat(), settings.TIME_ZONE))
        if first and first <= then:
            found.append(Then(day, whole(tally(Asked(day, then, _scope(unit, day, then))))))
    return found[::-1]


def _scope(unit: Unit | None, on: dt.date, known: dt.datetime) -> Scope | None:
    return scope(unit, on, known) if unit else None


def quarters(on: dt.date) -> list[dt.date]:
    """The last days of the quarters before the one in which a day lies, the latest first."""
    days = []
    for _ in range(EARLIER):
        on = on.replace(month=(on.month - 1) // 3 * 3 + 1, day=1) - ONE_DAY
        days.append(on)
    return days
