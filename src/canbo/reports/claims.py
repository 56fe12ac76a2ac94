"""Published figures as claims attached to a document, and the verdict on each. Only verdicts read them.

A claim keeps the digits as they were printed. Numbers are compared exactly: a share of 811 in 800 is 1.01375, an
exact tie that rounds half up to 1.0138.
"""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

from django.db import models

from canbo.registry.documents.models import Document
from canbo.registry.facts import Fact, Unit
from canbo.reports.rounding import half_up

EXACT, ABOUT, NEARLY, OVER = "exact", "about", "nearly", "over"
RELATIONS = ((EXACT, "exactly"), (ABOUT, "about"), (NEARLY, "nearly"), (OVER, "over"))
NEAR = Fraction(1, 20)
"""How far "about" and "nearly" reach: 5 % (a convention of ours, printed with the verdicts)."""

HOLDS, ROUNDS, CUT, FAILS = "holds", "rounds", "cut", "fails"


class Claim(Fact):
    """A document claims a figure of a unit (`unit`), as printed; valid from the day the claim is about."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="claims")
    figure = models.CharField(max_length=120)
    printed = models.CharField(max_length=40)
    relation = models.CharField(max_length=10, choices=RELATIONS, default=EXACT)

    class Meta(Fact.Meta):
        verbose_name = "published figure"


def claims(unit: Unit, on: dt.date, known: dt.datetime) -> dict[str, Claim]:
    """What was published about a unit as of exactly that day, by figure."""
    found = Claim.objects.known(known).filter(unit=unit, valid__startswith=on).order_by("pk")
    return {claim.figure: claim for claim in found}


def verdict(claim: Claim, value: int | Fraction | None) -> str:
    """Does what was printed agree with what is counted?"""
    printed = Fraction(Decimal(claim.printed))
    if value is None:
        return FAILS
    if claim.relation == OVER:
        return HOLDS if value > printed else FAILS
    if claim.relation == NEARLY:
        return HOLDS if printed * (1 - NEAR) <= value <= printed else FAILS
    if claim.relation == ABOUT:
        return HOLDS if abs(value - printed) <= printed * NEAR else FAILS
    return _exact(Fraction(value), printed, digits(claim.printed))


def digits(printed: str) -> int:
    """How many decimals were printed."""
    return len(printed.partition(".")[2])


def _exact(value: Fraction, printed: Fraction, places: int) -> str:
    if value == printed:
        return HOLDS
    if half_up(value, places) == printed:
        return ROUNDS
    scale = 10**places
    return CUT if Fraction(int(value * scale), scale) == printed else FAILS
