"""Counts that follow from others in any order of words: a difference of two, an average over a period, a sum."""

import re
from collections.abc import Iterator
from fractions import Fraction

from canbo.reports.proofreading.claims import Claim, Place, claim
from canbo.reports.proofreading.kinds.bag import (
    Clause,
    alike,
    before_of,
    changed,
    clause_of,
    counted,
    missed,
    money,
    past,
)
from canbo.reports.proofreading.kinds.proportion import PAIRED, paired
from canbo.reports.proofreading.kinds.sums import near, overlapping
from canbo.reports.proofreading.language import DURATION, MASK
from canbo.reports.proofreading.numbers import MONTHS
from canbo.reports.proofreading.page import Page, Sentence
from canbo.reports.proofreading.verdicts import FAILS, GOOD, judge, swapped

APART = ("differs",)
"""Words for how far two counts are apart that stand side by side."""
MANY, FEW = 6, 2
"""More counts than these before a sum make it uncertain which are its parts."""


def results(page: Page) -> Iterator[Claim]:
    """Every count that its clause announces as the result of others, where no other kind has judged it."""
    for sentence in page.sentences:
        for place in (Place(sentence, one) for one in sentence.all() if one.value > 0):
            if place.end in page.judged or place.number.hedge:
                continue
            clause = clause_of(sentence, place.number)
            for made in (_difference,) if place.number.word else (_average, _difference, _sum):
                if found := made(page, clause, place):
                    yield found
                    break


def _difference(page: Page, clause: Clause, place: Place) -> Claim | None:
    """*used to cost 8,000 and now costs 6,800 – a saving of 1,200*."""
    sentence, before = clause.sentence, before_of(page, clause.sentence)
    if clause.lead_ends("to", "from"):
        return None
    behind = len(clause.tail.split()) <= FEW and not clause.says("copula")
    leads = sentence.says_before(clause.begin, place.number.start, "up", "down", *APART)
    if not leads and not clause.tail_begins("up", "down", "differs") and not (behind and clause.says("up", "down")):
        return None
    pool = [one for one in counted(sentence) if one != place]
    pool = [*counted(before), *pool] if len(pool) < 2 and before else pool
    if len(pool) != 2 or not alike(*pool) or not all(alike(place, one) for one in pool):
        return None
    around = list({one.sentence.start: one.sentence for one in pool}.values())
    moved = sentence.says("from") and sentence.says("to")
    later = [one for one in pool if one.start > place.end]
    apart = later and ";" in sentence.shadow[place.number.end : later[0].number.start]
    sized = any(changed(one) for one in pool)
    told = paired(around) or clause.cued(*APART)
    if not told or apart or (sized and not moved) or (place.number.word and not clause.concludes()):
        return None
    value = abs(pool[0].number.value - pool[1].number.value)
    verdict = judge(place.number, value, *(one.number for one in pool))
    low, middle, high = sorted(one.number.value for one in (place, *pool))
    if verdict == FAILS and low + middle == high:
        return None
    beside = (
        sentence.says_before(*where, *PAIRED) for where in ((0, clause.begin), (clause.end, len(sentence.shadow)))
    )
    elsewhere = clause.says("compare") and not moved and not any(beside)
    ahead = all(one.start > place.end for one in pool) and sentence.shadow[clause.end : clause.end + 1] == ":"
    sure = (moved or ahead or clause.concludes("up", "down", *APART)) and not elsewhere
    sure = sure and missed(place.number, value) and not sentence.all("\ue001")
    kind = "growth" if clause.says("up", "exceed") else "reduction"
    return _made(page, kind, place, value, verdict, pool) if verdict in GOOD or (sure and value) else None


def _average(page: Page, clause: Clause, place: Place) -> Claim | None:
    """*mended 1,680 items in 28 months, 60 every month*."""
    sentence, before = clause.sentence, before_of(page, clause.sentence)
    unit = _unit(clause)
    earlier = [one for one in counted(sentence) if one.end <= place.start]
    periods = sentence.all(DURATION)
    if not earlier and before:
        earlier = counted(before)
    periods = [one for one in periods if not past(sentence, one)]
    if not periods and before:
        periods = [one for one in before.all(DURATION) if not past(before, one)]
    periods = [one for one in periods if one.months > unit]
    totals = [one for one in earlier if one.number.value > place.number.value]
    likely = len(totals) == 1 and clause.concludes() and money(totals[0]) == money(place)
    totals = [one for one in totals if likely or alike(one, place)]
    if not unit or not totals or not periods:
        return None
    for total in totals:
        for period in periods:
            value = total.number.value * unit / period.months
            if (verdict := judge(place.number, value, total.number)) in GOOD:
                return _made(page, "average", place, value, verdict, [total])
    if len(earlier) != 1 or len({one.months for one in periods}) != 1:
        return None
    value = totals[0].number.value * unit / periods[0].months
    rated = any(re.match(rf"\W*(?:\w+\s)?(?:{'|'.join(said)})(?!\w)", clause.lead, re.I) for said in _rates(sentence))
    rated = rated and MASK not in clause.lead
    if (clause.concludes() or rated) and missed(place.number, value):
        return _made(page, "average", place, value, judge(place.number, value, totals[0].number), [totals[0]])
    return None


def _rates(sentence: Sentence) -> list[list[str]]:
    return list(sentence.words.words("rates").values())


def _unit(clause: Clause) -> int:
    """The months of the unit that stands in the clause of a count: *a month*, *im Jahr*."""
    said = f"{clause.lead} | {clause.tail}" if clause.tail or clause.lead else ""
    ago = clause.sentence.words.cues["ago"]
    for name, words in clause.sentence.words.words("rates").items():
        if re.search(rf"(?:{'|'.join(words)})(?!\w)(?!\s*(?:{MASK}|{ago}))", said, re.IGNORECASE):
            return MONTHS[name]
    return 0


def _sum(page: Page, clause: Clause, place: Place) -> Claim | None:
    """*310 on Friday, 455 on Saturday; that makes 765*."""
    sentence = clause.sentence
    parts = [one for one in counted(sentence) if one.end <= place.start]
    if not 2 <= len(parts) <= MANY or sentence.all("\ue001"):
        return None
    added = sentence.says("adding", 0, parts[0].number.start) and place == counted(sentence)[-1]
    if not added and not clause.says("combined", "sumverb"):
        return None
    value = sum((one.number.value for one in parts), Fraction(0))
    turned = swapped(place.number.value, value)
    if clause.says("up", "down", "average") or not (turned or all(alike(one, place) for one in parts)):
        return None
    numbers = [one.number for one in parts]
    verdict = judge(place.number, value, *numbers)
    told = added or clause.concludes() or clause.tail_begins("combined", "inall")
    sure = (
        (told or turned) and near(place.number.value, value, numbers) and (turned or not overlapping(sentence, numbers))
    )
    return _made(page, "sum", place, value, verdict, parts) if verdict in GOOD or (sure and verdict == FAILS) else None


def _made(page: Page, kind: str, place: Place, value: Fraction, verdict: str, pool: list[Place]) -> Claim:
    return claim(page, kind, place, value, verdict, *(one for one in pool if one.sentence is place.sentence))
