"""Averages per year or month: recomputed where the period is printed; else unclear, with the periods that would fit."""

import re
from collections.abc import Iterator
from fractions import Fraction

from canbo.reports.proofreading.claims import Claim, Place, claim
from canbo.reports.proofreading.kinds.bag import counted, past
from canbo.reports.proofreading.language import DURATION
from canbo.reports.proofreading.numbers import MONTHS, Number
from canbo.reports.proofreading.page import Page, Sentence
from canbo.reports.proofreading.verdicts import FAILS, GOOD, UNCLEAR, judge

REACH, BEHIND, BEFORE = 70, 50, 25
"""How far an average may stand from its word, and its unit from the average."""
YEAR = r"\b((?:19|20)\d\d)\b"
LONGEST = 240
"""No period beyond so many months is offered."""


def averages(page: Page) -> Iterator[Claim]:
    """Every average per year, quarter or month with the total it is made of."""
    for number, sentence in enumerate(page.sentences):
        if not sentence.says("average"):
            continue
        for printed, months in _printed(sentence):
            earlier = [one for one in page.sentences[max(0, number - 1) : number] if not page.closed(one)]
            yield from _judged(page, sentence, printed, months, earlier)


def _printed(sentence: Sentence) -> Iterator[tuple[Number, int]]:
    """The averages of a sentence with the months of their unit."""
    for cue in sentence.matches("{average}"):
        after = [one for one in sentence.all() if cue.end() <= one.start <= cue.end() + REACH]
        before = [one for one in sentence.all() if one.end <= cue.start() <= one.end + REACH // 2]
        for one in (*after[:1], *before[-1:]):
            if unit := _unit(sentence, cue, one):
                yield one, unit
                return


def _unit(sentence: Sentence, cue: re.Match[str], number: Number) -> int:
    """The unit named beside the average: *a year*, *mỗi năm*, *jährlich*."""
    begin, end = min(cue.start(), number.start), max(number.end, cue.end())
    stretch = re.split(r"[;)\ue000-\ue001]", sentence.shadow[end : end + BEHIND])[0]
    stretch = sentence.shadow[max(0, begin - BEFORE) : end] + stretch
    for name, said in sentence.words.words("rates").items():
        if re.search(rf"(?:{'|'.join(said)})(?!\w)", stretch, re.IGNORECASE):
            return MONTHS[name]
    return 0


def _judged(page: Page, sentence: Sentence, printed: Number, unit: int, earlier: list[Sentence]) -> Iterator[Claim]:
    totals = [
        Place(sentence, one) for one in sentence.all() if one != printed and one.value >= printed.value and not one.word
    ]
    totals = totals or [
        Place(other, one) for other in earlier for one in other.all() if one.value >= printed.value and not one.word
    ]
    if not totals:
        return
    place = Place(sentence, printed)
    other = sentence.says("since") or any(map(counted, earlier))
    own = sentence.all(DURATION) or _years(sentence) or (totals[0].sentence is sentence and other)
    told = (sentence,) if own else (sentence, *earlier)
    spans = [span for one in told for span in _years(one)]
    periods = [Place(one, period) for one in told for period in one.all(DURATION) if not past(one, period)]
    periods = [one for one in periods if one.number.months > unit or (one.number.months == 12 and unit == 1)]
    for total in totals:
        for period in periods:
            value = total.number.value * unit / period.number.months
            if judge(printed, value, total.number) in GOOD:
                yield _made(page, place, total, value, judge(printed, value, total.number), period)
                return
    total = min(totals, key=lambda one: abs(one.start - place.start))
    if periods:
        value = total.number.value * unit / periods[0].number.months
        verdict = judge(printed, value, total.number)
        verdict = verdict if len(totals) == 1 and len({one.number.months for one in periods}) == 1 else UNCLEAR
        yield _made(page, place, total, value, verdict, periods[0])
    elif spans:
        yield from _spanned(page, place, totals, unit, spans[0])
    else:
        yield _made(page, place, total, fitting(printed, total.number, unit, sentence), UNCLEAR)


def _made(
    page: Page, printed: Place, total: Place, computed: Fraction | str | None, verdict: str, *others: Place
) -> Claim:
    places = [one for one in (total, *others) if one.sentence is printed.sentence]
    return claim(page, "average", printed, computed, verdict, *places)


def _years(sentence: Sentence) -> list[int]:
    """How many calendar years each pair of years spans that a dash or a word such as *to* joins."""
    joined = rf"{YEAR}\s*(?:[-–—/]|{sentence.words.cues['until']})\s*(?:\w+\s)?{YEAR}"
    pairs = re.findall(joined, sentence.text, re.IGNORECASE)
    return [int(last) - int(first) + 1 for first, last in pairs if int(last) > int(first)]


def _spanned(page: Page, printed: Place, totals: list[Place], unit: int, years: int) -> Iterator[Claim]:
    """Two years name a period of their number or one less; between these nothing is certain, beyond them it fails."""
    for total in totals:
        for length in (years, years - 1):
            value = total.number.value * unit / (12 * length)
            if judge(printed.number, value, total.number) in GOOD:
                yield _made(page, printed, total, value, judge(printed.number, value, total.number))
                return
    total = totals[0]
    value = total.number.value * unit / (12 * years)
    longest, shortest = value * Fraction(95, 100), total.number.value * unit / (12 * (years - 1)) * Fraction(105, 100)
    beyond = not longest <= printed.number.value <= shortest
    sure = beyond and len(totals) == 1 and not printed.number.hedge and not total.number.hedge
    yield _made(page, printed, total, value, FAILS if sure else UNCLEAR)


def fitting(printed: Number, total: Number, unit: int, sentence: Sentence) -> str | None:
    """The whole months over which the total would give the printed average, in the words of the language."""
    fits = [count for count in range(1, LONGEST) if judge(printed, total.value * unit / count) in GOOD]
    if not fits:
        return None
    words = sentence.words.words("said")
    length = str(fits[0]) if len(fits) == 1 else f"{fits[0]}–{fits[-1]}"
    return f"{length} {words['month']}"
