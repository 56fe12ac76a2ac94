"""Rounding as reports print: half up, in fractions, for verdicts on published figures and on sentences alike."""

from fractions import Fraction


def half_up(value: Fraction, places: int) -> Fraction:
    """Rounded to so many decimals, a half away from zero, without ever passing through a float."""
    scale = 10**places
    whole, half = divmod(abs(value) * scale * 2, 2)
    rounded = Fraction(whole + (half >= 1), scale)
    return rounded if value >= 0 else -rounded
