"""Averages per thing counted: *24 courses for 576 learners, on average 24 per course*.

Both the things and what is shared out among them must be printed before the average, in its sentence, and the words
must name the things again; else nothing is said.
"""

import itertools
import re
from collections.abc import Iterator

from canbo.reports.proofreading.claims import Claim, Place, claim
from canbo.reports.proofreading.kinds.average import BEFORE, BEHIND, REACH
from canbo.reports.proofreading.numbers import Number
from canbo.reports.proofreading.page import Page, Sentence
from canbo.reports.proofreading.verdicts import FAILS, GOOD, judge, swapped
from canbo.reports.proofreading.wholes import nouns

NAMED = r"{each}\s*(?P<unit>[^\W\d_]+(?:\s[^\W\d_]+)?)"
SHORTEST, PERSON = 4, 24
"""Of longer words so many letters must agree, so that *course* is *courses* and *family* is *families*."""


def averages_each(page: Page) -> Iterator[Claim]:
    """Every average per thing whose things and total stand before it in its sentence."""
    for sentence in page.sentences:
        for cue in itertools.chain(sentence.matches("{average}"), sentence.matches(NAMED), sentence.matches("{head}")):
            after = [one for one in sentence.all() if cue.end() <= one.start <= cue.end() + REACH]
            before = [one for one in sentence.all() if one.end <= cue.start() <= one.end + BEHIND]
            for printed in (*after[:1], *before[-1:]):
                if sentence.start + printed.end not in page.judged:
                    yield from _judged(page, sentence, printed, cue)


def _judged(page: Page, sentence: Sentence, printed: Number, cue: re.Match[str]) -> Iterator[Claim]:
    begin = min(cue.start(), printed.start)
    known = [one for one in sentence.all() if one.end <= begin and ";" not in sentence.shadow[one.end : begin]]
    behind = [one for one in sentence.all() if one.start > printed.end]
    if len(behind) == 2 and not known and re.search(r"[(:]", sentence.shadow[printed.end : behind[0].start]):
        known = behind
    things = [one for one in known if one.value > 1 and _named(sentence, one, printed, cue)]
    if len(things) != 1:
        return
    shared = [one for one in known if one != things[0] and not one.word and one.value > things[0].value]
    alike = [one for one in shared if nouns(sentence, one) & nouns(sentence, printed)]
    place = Place(sentence, printed)
    for total in shared:
        value = total.value / things[0].value
        verdict = judge(printed, value, total, things[0])
        apart = abs(value - printed.value)
        near = apart * 2 <= max(value, printed.value) or swapped(printed.value, value)
        sure = near and (len(shared) == 1 or alike == [total])
        if verdict in GOOD or sure or (verdict != FAILS and len(shared) == 1):
            yield claim(page, "average", place, value, verdict, Place(sentence, total), Place(sentence, things[0]))
            return


def _named(sentence: Sentence, thing: Number, printed: Number, cue: re.Match[str]) -> bool:
    """Whether the words around an average name what a count counts: *per course* after *24 courses*."""
    start, end = max(0, min(cue.start(), printed.start) - BEFORE), max(cue.end(), printed.end) + BEHIND
    if thing.end < printed.start:
        start = max(thing.end, start)
    counted = re.findall(r"[^\W\d_]+", re.split(r"[\ue000\ue001,;:()]", sentence.shadow[thing.end :])[0].lower())[:3]
    units = [match["unit"].lower().split() for match in sentence.matches(NAMED, start, min(end, len(sentence.shadow)))]
    if sentence.says("head", cue.start(), cue.end()):
        return bool(sentence.says("people", thing.end, min(len(sentence.shadow), thing.end + PERSON)))
    return bool(counted) and any(_same(sentence, unit, counted) for unit in units)


def _same(sentence: Sentence, unit: list[str], counted: list[str]) -> bool:
    if sentence.words.code == "vi":
        second = unit[1:2] if unit[1:2] and unit[1] not in sentence.words.words("small") else []
        return unit[0] == counted[0] and (not second or second == counted[1:2])
    stem = unit[0][: max(SHORTEST, len(unit[0]) - 2)]
    return len(unit[0]) >= SHORTEST and any(stem in word for word in counted)
