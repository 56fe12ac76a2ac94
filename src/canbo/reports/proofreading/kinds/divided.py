"""Totals followed by parts that exclude each other without a word for a sum: *85 members, 49 men and 36 women*.

The opposites are data. Parts of one group of opposites never add up to more than their total; of a group that leaves
nothing over (men and women, what is so and what is not) they never add up to less.
"""

import re
from collections.abc import Iterator
from fractions import Fraction

from canbo.reports.proofreading.claims import Claim, Place, claim
from canbo.reports.proofreading.kinds.bag import before_of, counted
from canbo.reports.proofreading.kinds.sums import fitting, near
from canbo.reports.proofreading.language import alternatives
from canbo.reports.proofreading.page import Page, Sentence
from canbo.reports.proofreading.verdicts import FAILS, GOOD, judge


def divided(page: Page) -> Iterator[Claim]:
    """Every total whose parts behind it are told by opposites, each part once."""
    for sentence in page.sentences:
        counts = counted(sentence)
        before = before_of(page, sentence)
        for name, complete in (("excluding", False), ("exhausting", True)):
            for group in sentence.words.words(name):
                parts = _parts(sentence, counts, [str(one) for one in group])
                earlier = [one for one in counts if parts and one.end <= parts[0].start]
                totals = earlier or (_alone(before) if before and parts and parts[0] is counts[0] else [])
                if len(parts) > 1 and totals and (made := _judged(page, totals, parts, counts, complete)):
                    yield made


def _alone(before: Sentence) -> list[Place]:
    """The count of the sentence before, where it is the only one."""
    return counted(before) if len(counted(before)) == 1 else []


def _parts(sentence: Sentence, counts: list[Place], group: list[str]) -> list[Place]:
    """The counts each of which a different word of a group tells, when they stand side by side; else none."""
    told: dict[int, Place] = {}
    for place in counts:
        length, said = max((_told(sentence, place, word), number) for number, word in enumerate(group))
        if length and said in told:
            return []
        if length:
            told[said] = place
    parts = sorted(told.values(), key=lambda one: one.start)
    inner = [one for one in counts if parts and parts[0].start < one.start < parts[-1].start and one not in parts]
    return [] if inner else parts


def _told(sentence: Sentence, place: Place, word: str) -> int:
    """How many letters of a word stand at a count, with no sign and no other number between."""
    cut = rf"[,;:()\ue000\ue001\ue003]|\s[–—]\s|{sentence.words.cues['joins']}"
    before = re.split(cut, sentence.shadow[: place.number.start].rstrip("\ue000"), flags=re.IGNORECASE)[-1]
    behind = re.split(cut, sentence.shadow[place.number.end :], flags=re.IGNORECASE)[0]
    found = re.search(alternatives([word]), f"{before} | {behind}", re.IGNORECASE)
    return len(found.group()) if found else 0


def _judged(page: Page, totals: list[Place], parts: list[Place], counts: list[Place], complete: bool) -> Claim | None:
    value = sum((one.number.value for one in parts), Fraction(0))
    numbers = [one.number for one in parts]
    total = totals[-1]
    for one in reversed(totals):
        if one.number.value == value and one.end not in page.judged:
            return claim(page, "sum", one, value, judge(one.number, value, *numbers), *parts)
    verdict = judge(total.number, value, *numbers)
    others = [one.number for one in counts if one not in (total, *parts)]
    loose = any(fitting(one.number.value, [*numbers, *others]) for one in totals) or any(
        one.value == value for one in others
    )
    wrong = complete or value > total.number.value
    if total.end in page.judged or verdict in GOOD or verdict != FAILS or loose or not wrong:
        return None
    largest = max(one.value for one in numbers)
    if largest > total.number.value or not near(total.number.value, value, numbers, 2 if complete else 4):
        return None
    return claim(page, "sum", total, value, verdict, *parts)
