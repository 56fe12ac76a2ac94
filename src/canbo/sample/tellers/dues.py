"""Which members have paid their dues until when: a period of each payment, entered from lists; no amounts.

A block says: the `years`; the label of the people who are `paying`; the `branches` that keep lists with their
abbreviation, the `share` who pay in each, in which `months` by weight, and the `symbol` of a list. Dues are paid for
the rest of the calendar year, from its first day or from that of admission.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from canbo.registry.ledger import Paper
from canbo.sample.series import entered
from canbo.sample.story import Acts, Decided, Human, World, teller
from canbo.sample.tellers.branches import lies_under

LISTED_ON = 25
"""The day of the month on which a treasurer sends a list."""


@teller("dues")
def tell(world: World, said: Mapping[str, Any]) -> Iterator[Decided]:
    """A list for each branch and month in which somebody paid."""
    chance, months = world.chance("dues"), said["months"]
    payers = {
        branch: [human for human in world.groups[said["paying"]] if lies_under(world, human.unit, branch)]
        for branch in said["branches"]
    }
    for year in said["years"]:
        for branch, short in said["branches"].items():
            lists: dict[int, Acts] = defaultdict(list)
            for human in payers[branch]:
                if chance.random() >= said["share"][branch]:
                    continue
                (month,) = chance.choices(list(months), list(months.values()))
                day = _paid(human, year, month)
                if day:
                    lists[day.month].append(_payment(human, branch, year))
            for month, acts in sorted(lists.items()):
                day = dt.date(year, month, LISTED_ON)
                symbol = said["symbol"].format(branch=short, year=year, number=month)
                yield Decided(entered(world, day, hour=18), Paper(symbol=symbol, signed_on=day), acts)


def _paid(human: Human, year: int, month: int) -> dt.date | None:
    """The day of the list with a member's payment; who joins later pays on joining, who has gone does not pay."""
    day = dt.date(year, month, LISTED_ON)
    if human.since > day:
        day = human.since.replace(day=LISTED_ON)
    return day if day.year == year and (human.until is None or human.until > day) else None


def _payment(human: Human, branch: str, year: int) -> tuple[str, dict[str, Any]]:
    since, until = max(human.since, dt.date(year, 1, 1)), dt.date(year, 12, 31)
    return ("membership.pay-dues", {"on": since, "until": until, "person": human.code, "unit": branch})
