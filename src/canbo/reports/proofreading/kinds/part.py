"""Parts: *of whom 120*. A part that fits says nothing; one larger than its whole is impossible."""

import re
from collections.abc import Iterator
from fractions import Fraction

from canbo.reports.proofreading.claims import Claim, Place, claim
from canbo.reports.proofreading.numbers import Number
from canbo.reports.proofreading.page import Page, Sentence
from canbo.reports.proofreading.verdicts import IMPOSSIBLE, swapped
from canbo.reports.proofreading.wholes import nouns, stems

PART = r"{N:whole}(?!\s*/){,}[,;(–—:-]?\s*{ofwhich}\s+(?:{~}\s)??{N:part}(?!\s*/)"
THEM = r"{N:whole}(?!\s*/){,}[,;(–—\s-]\s*{N:part}\s+(?P<them>{ofthem})"
AMONG = r"^\W*(?P<them>{firm_of})\s+(?:{filler}\s+){0,4}{N:whole}\s{~}{N:part}\s+{copula}"
FAR = 12
"""A part so many times its whole counts something else."""


def parts(page: Page) -> Iterator[Claim]:
    """Every single part that is larger than the count before it, where both count the same kind of thing."""
    for sentence in page.sentences:
        for match in (*sentence.matches(PART), *_them(sentence)):
            whole, part = sentence.of(match, "whole"), sentence.of(match, "part")
            larger = any(one.value >= part.value for one in sentence.all() if one.end <= whole.start)
            hedged = whole.hedge or part.hedge or whole.doubtful or part.doubtful or part.places or whole.places
            alike = "them" in match.groupdict() or _alike(sentence, whole, part, match.end())
            if part.value > whole.value and not larger and not hedged and alike:
                places = Place(sentence, part), Place(sentence, whole)
                yield claim(page, "part", places[0], whole.value, IMPOSSIBLE, places[1])
        yield from _of_earlier(page, sentence)


def _them(sentence: Sentence) -> Iterator[re.Match[str]]:
    """*202 apprentices; 220 of them*: only where the part is so near its whole that it must be one."""
    moved = any(sentence.says(cue) for cue in ("up", "down", "parted", "to"))
    for match in (*sentence.matches(THEM), *(() if moved else sentence.matches(AMONG))):
        part, whole = sentence.of(match, "part").value, sentence.of(match, "whole").value
        if part * 4 <= whole * 5 or swapped(part, whole):
            yield match


def _of_earlier(page: Page, sentence: Sentence) -> Iterator[Claim]:
    """*81 of the branches*, *of these, 81*: larger than every count of the same thing before."""
    here = page.sentences.index(sentence)
    for match in sentence.matches(r"{N:part}\s+{partof}\s+(?!{N:whole})"):
        part = sentence.of(match, "part")
        noun = stems(sentence, re.split(r"[,;:()\ue000\ue001]", sentence.shadow[match.end() :])[0], few=True)
        before = [Place(one, each) for one in page.sentences[: here + 1] for each in one.all()]
        earlier = [
            one for one in before if one.end < sentence.start + part.start and noun & nouns(one.sentence, one.number)
        ]
        yield from _larger(page, Place(sentence, part), earlier)
    for match in sentence.matches(r"{N:part}{,}{owned}"):
        part = sentence.of(match, "part")
        named = stems(sentence, sentence.shadow[part.end : match.end()], few=False)
        alike = [
            (one, each) for one in page.sentences[:here] for each in one.all() if len(named & nouns(one, each)) >= 3
        ]
        close = [Place(one, each) for one, each in alike if part.value * 4 <= each.value * 5]
        if close and len(close) == len(alike):
            yield from _larger(page, Place(sentence, part), close)
    if match := next(sentence.matches(r"^\W*{ofwhich},?\s+{~}{N:part}(?!\s*/)"), None):
        before = page.sentences[here - 1] if here else sentence
        earlier = [Place(before, each) for each in before.all()]
        yield from _larger(page, Place(sentence, sentence.of(match, "part")), earlier)


def _larger(page: Page, part: Place, earlier: list[Place]) -> Iterator[Claim]:
    largest = max((one.number.value for one in earlier), default=Fraction(0))
    hedged = any(one.number.hedge or one.number.doubtful or one.number.places for one in (part, *earlier))
    if 0 < largest < part.number.value <= largest * FAR and not hedged and not part.number.word:
        yield claim(page, "part", part, largest, IMPOSSIBLE)


def _alike(sentence: Sentence, whole: Number, part: Number, end: int) -> bool:
    """People are parts of people; elsewhere the same noun, or none at all."""
    people = (
        sentence.says("people", whole.end, part.start),
        sentence.says("people", part.end, min(len(sentence.shadow), part.end + 14)),
    )
    if part.value > whole.value * FAR:
        return False
    if people[0] or people[1]:
        given = bool(re.match(rf"\s+{sentence.words.cues['given']}\s", sentence.shadow[part.end :], re.IGNORECASE))
        return all(people) or (people[0] and not people[1]) or (given and part.value * 4 <= whole.value * 5)
    return True
