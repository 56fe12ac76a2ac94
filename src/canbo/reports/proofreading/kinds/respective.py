"""Shares told in a row for counts told in a row: *63, 81 and 36 were late, …, that is 35 %, 45 % and 20 %*.

The first share belongs to the first count and so on; a share that misses fails only where another of the row holds.
"""

import itertools
import re
from collections.abc import Iterator
from fractions import Fraction

from canbo.reports.proofreading.claims import Claim, Place, claim
from canbo.reports.proofreading.kinds.bag import before_of, counted
from canbo.reports.proofreading.page import Page, Sentence
from canbo.reports.proofreading.verdicts import ERRORS, GOOD, judge


def respective(page: Page) -> Iterator[Claim]:
    """Every row of shares with its row of counts and the one whole that serves them."""
    for sentence in page.sentences:
        shares = [Place(sentence, one) for one in page.open_shares(sentence)]
        counts = counted(sentence)
        rows = _rows(sentence, counts)
        if len(shares) < 2 or _rows(sentence, shares) != [shares] or [len(row) for row in rows] != [len(shares)]:
            continue
        if rows[0][-1].end > shares[0].start:
            continue
        before = before_of(page, sentence)
        others = [one for one in counts if one not in rows[0]] or (counted(before) if before else [])
        yield from _judged(page, shares, rows[0], others)


def _rows(sentence: Sentence, places: list[Place]) -> list[list[Place]]:
    """The runs of numbers that only a comma or a word such as *and* parts."""
    runs = [places[:1]]
    for one, two in itertools.pairwise(places):
        between = sentence.shadow[one.number.end : two.number.start]
        apart = re.fullmatch(rf"[\s,;/]*(?:{sentence.words.cues['joins']})?\s*", between, re.IGNORECASE)
        if apart and between.strip():
            runs[-1].append(two)
        else:
            runs.append([two])
    return [run for run in runs if len(run) > 1]


def _judged(page: Page, shares: list[Place], parts: list[Place], wholes: list[Place]) -> Iterator[Claim]:
    largest = max(one.number.value for one in parts)
    best: tuple[int, list[str], Place | None] = (0, [], None)
    for whole in wholes:
        base = whole.number
        verdicts = [
            judge(share.number, part.number.value / base.value, part.number, base)
            for share, part in zip(shares, parts, strict=True)
        ]
        best = max(best, (sum(one in GOOD for one in verdicts), verdicts, whole), key=lambda one: one[0])
    fit, verdicts, found = best
    if found is None or largest > found.number.value or (fit == 1 and len({one.number.value for one in wholes}) > 1):
        return
    for share, part, verdict in zip(shares, parts, verdicts, strict=True):
        if verdict in GOOD or verdict in ERRORS:
            here = [one for one in (found, part) if one.sentence is share.sentence]
            value = Fraction(part.number.value, found.number.value)
            yield claim(page, "share_of_total", share, value, verdict, *here)
