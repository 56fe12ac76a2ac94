"""Parts: *of whom 120*. A part that fits says nothing; one larger than its whole is impossible."""

from collections.abc import Iterator

from canbo.reports.proofreading.claims import Claim, Place, claim
from canbo.reports.proofreading.numbers import Number
from canbo.reports.proofreading.page import Page, Sentence
from canbo.reports.proofreading.verdicts import IMPOSSIBLE

PART = r"{N:whole}(?!\s*/){,}[,(–—:-]?\s*{ofwhich}\s+(?:{~}\s)??{N:part}(?!\s*/)"
FAR = 12
"""A part so many times its whole counts something else."""


def parts(page: Page) -> Iterator[Claim]:
    """Every single part that is larger than the count before it, where both count the same kind of thing."""
    for sentence in page.sentences:
        for match in sentence.matches(PART):
            whole, part = sentence.of(match, "whole"), sentence.of(match, "part")
            larger = any(one.value >= part.value for one in sentence.all() if one.end <= whole.start)
            hedged = whole.hedge or part.hedge or whole.doubtful or part.doubtful or part.places or whole.places
            if part.value > whole.value and not larger and not hedged and _alike(sentence, whole, part, match.end()):
                places = Place(sentence, part), Place(sentence, whole)
                yield claim(page, "part", places[0], whole.value, IMPOSSIBLE, places[1])


def _alike(sentence: Sentence, whole: Number, part: Number, end: int) -> bool:
    """People are parts of people; elsewhere the same noun, or none at all."""
    people = sentence.says("people", whole.end, part.start), sentence.says("people", part.end, min(len(sentence.shadow), part.end + 30))
    if part.value > whole.value * FAR:
        return False
    if people[0] or people[1]:
        return all(people) or (people[0] and not people[1])
    return True
