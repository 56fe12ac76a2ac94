"""What a printed number says about a computed one: exactly, to the printed digits, or within what was hedged."""

from collections.abc import Iterable
from fractions import Fraction

from canbo.reports.proofreading.numbers import Number
from canbo.reports.rounding import half_up

HOLDS, ROUNDS, CUT, FAILS, IMPOSSIBLE, UNCLEAR = "holds", "rounds", "cut", "fails", "impossible", "unclear"
ERRORS = (FAILS, IMPOSSIBLE)
GOOD = (HOLDS, ROUNDS, CUT)
NEAR = Fraction(1, 20)
"""How far a hedged number reaches: 5 %, on the side that its word says."""


def judge(printed: Number, value: Fraction, *inputs: Number) -> str:
    """The verdict on a printed number; a hedge on it or on what it rests on turns a failure into *unclear*."""
    verdict = _hedged(printed, value) if printed.hedge else _exact(printed, value)
    if verdict == FAILS and any(number.hedge for number in inputs):
        return HOLDS if abs(value - printed.value) <= printed.value * NEAR else UNCLEAR
    if verdict == FAILS and any(number.doubtful for number in (printed, *inputs)):
        return UNCLEAR
    return verdict


def _hedged(printed: Number, value: Fraction) -> str:
    low, high = printed.value * (1 - NEAR), printed.value * (1 + NEAR)
    holds = {
        "nearly": low <= value < printed.value,
        "under": low <= value < printed.value,
        "over": printed.value < value <= high,
        "least": printed.value <= value <= high,
        "about": low <= value <= high,
    }
    if holds[printed.hedge]:
        return HOLDS
    return FAILS if printed.hedge == "least" and half_up(value, printed.places) < printed.value else UNCLEAR


def _exact(printed: Number, value: Fraction) -> str:
    if value == printed.value:
        return HOLDS
    if half_up(value, printed.places) == printed.value:
        return ROUNDS
    scale = 10**printed.places
    return CUT if Fraction(int(value * scale), scale) == printed.value else FAILS


def possible(share: Number, part: Fraction | None = None, whole: Fraction | None = None) -> bool:
    """Whether any whole numbers give the printed share: of this whole, or for this part."""
    if share.hedge or share.doubtful:
        return True
    if whole is not None:
        near = int(whole * share.value)
        return any(_exact(share, Fraction(count) / whole) in GOOD for count in range(max(0, near - 1), near + 3))
    if part is not None and share.value > 0:
        near = int(part / share.value)
        wholes: Iterable[int] = range(max(1, near - 2), near + 4)
        return any(_exact(share, part / count) in GOOD for count in wholes)
    return True


def swapped(one: Fraction, two: Fraction) -> bool:
    """Whether two integers differ only in two neighbouring digits that changed places."""
    left, right = str(one), str(two)
    apart = [place for place, (a, b) in enumerate(zip(left, right, strict=False)) if a != b]
    return len(left) == len(right) and len(apart) == 2 and apart[1] - apart[0] == 1 and sorted(left) == sorted(right)


def plain(value: Fraction | None) -> str | None:
    """A value for the report: integers as they are, others to six significant decimals."""
    if value is None:
        return None
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.6g}"
