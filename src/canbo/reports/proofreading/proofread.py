"""Reads a text, asks every kind of claim in turn, and reports what was found in reading order."""

from canbo.reports.proofreading.claims import Claim
from canbo.reports.proofreading.kinds import (
    average,
    change,
    divided,
    each,
    entire,
    part,
    partition,
    proportion,
    repeat,
    respective,
    result,
    share,
    sums,
    target,
)
from canbo.reports.proofreading.language import detect
from canbo.reports.proofreading.page import Page, read

KINDS = (
    change.changes,
    target.targets,
    proportion.plans,
    average.averages,
    each.averages_each,
    partition.partitions,
    sums.sums,
    divided.divided,
    part.parts,
    respective.respective,
    entire.entire,
    share.shares,
    proportion.proportions,
    result.results,
    repeat.repeats,
)
"""In this order: a number that one kind has judged is no other kind's claim."""


def proofread(text: str, lang: str | None = None) -> list[Claim]:
    """Every checkable claim of a text, in reading order; the language is detected unless it is said."""
    page = read(text, lang or detect(text))
    found = [claim for kind in KINDS for claim in kind(page)]
    return sorted(found, key=lambda claim: (claim.span, claim.kind))


def page_of(text: str, lang: str | None = None) -> Page:
    """The text as the kinds see it; for tests and for looking at what was read."""
    return read(text, lang or detect(text))
