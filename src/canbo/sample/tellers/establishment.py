"""Payroll quotas of a base year and of a later one, so that what was streamlined since is a rate to fit.

A block says: `units` (labels), `groups` (group → its weight in the base year), `base` and `now` (years), `allotted`
(the days of the two papers), `total` (about how many there were), `rate` (the path of the share to fit, a decimal:
the digits printed are the digits held) and `papers` by year.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from canbo.sample.series import Series, units_of
from canbo.sample.story import Decided, World, teller


@teller("establishment")
def tell(world: World, said: Mapping[str, Any]) -> Iterator[Decided]:
    """One paper a year allots the quotas of all units."""
    chance = world.chance("establishment")
    printed = str(world.targets[said["rate"]])
    base, now = fitting(said["total"], Fraction(printed), len(printed.partition(".")[2]))
    units = units_of(world, said["units"])
    keys = [(unit, group) for unit in units for group in said["groups"]]
    weights = [said["groups"][group] * chance.uniform(0.5, 2) for _, group in keys]
    shares = apportioned(base, weights)
    cut = _cut(shares, base - now, chance)
    for year, amounts in ((said["base"], shares), (said["now"], [a - b for a, b in zip(shares, cut, strict=True)])):
        day = said["allotted"][year]
        quotas = [
            ("establishment.allot", {"on": day, "unit": unit, "group": group, "year": year, "amount": amount})
            for (unit, group), amount in zip(keys, amounts, strict=True)
        ]
        yield Series(world, f"establishment-{year}", said["papers"][year], chance).decided(day, quotas)


def fitting(total: int, rate: Fraction, digits: int) -> tuple[int, int]:
    """The least base from `total` on, and the later number, whose streamlined share is the rate when printed so."""
    unit = Fraction(1, 10**digits)
    while True:
        fewer = round(total * rate)
        if rate - unit / 2 <= Fraction(fewer, total) < rate + unit / 2:
            return total, total - fewer
        total += 1


def apportioned(total: int, weights: Sequence[float]) -> list[int]:
    """A total cut by weights into whole parts that add up to it: the largest remainders are rounded up."""
    exact = [total * weight / sum(weights) for weight in weights]
    parts = [int(value) for value in exact]
    order = sorted(range(len(parts)), key=lambda i: parts[i] - exact[i])
    for index in order[: total - sum(parts)]:
        parts[index] += 1
    return parts


def _cut(shares: Sequence[int], total: int, chance: random.Random) -> list[int]:
    """Who gives up how many: roughly by size, never more than there is."""
    cut = [min(pair) for pair in zip(shares, apportioned(total, [has or 0.01 for has in shares]), strict=True)]
    for _ in range(len(shares)):
        giver, taker = chance.sample(range(len(shares)), 2) if len(shares) > 1 else (0, 0)
        if cut[giver] > 0 and cut[taker] < shares[taker]:
            cut[giver], cut[taker] = cut[giver] - 1, cut[taker] + 1
    # What rounding left over goes to whoever still has any.
    for index in sorted(range(len(shares)), key=lambda i: cut[i] - shares[i]):
        more = min(total - sum(cut), shares[index] - cut[index])
        cut[index] += max(0, more)
    return cut
