"""Partitions: a heading with the total, and list items with the parts; or rows with the total in the last."""

from collections.abc import Iterator
from fractions import Fraction

from canbo.reports.proofreading.claims import Claim, Place, claim
from canbo.reports.proofreading.kinds.sums import BESIDES, TOLD, fitting, mixed, near
from canbo.reports.proofreading.numbers import Number
from canbo.reports.proofreading.page import ROW, Page, Sentence
from canbo.reports.proofreading.verdicts import FAILS, HOLDS, UNCLEAR, judge
from canbo.reports.proofreading.wholes import nouns

LISTED = 6
"""A list misses its total by no more than one in so many."""


def partitions(page: Page) -> Iterator[Claim]:
    """Every list whose items all carry a count, with the total at its head or in its last row."""
    for heading, items in page.listings:
        rows, last = items, None
        if items[-1].all() and (_told(items[-1]) or next(items[-1].matches(r"^\W*{wholly}"), None)):
            rows, last = items[:-1], Place(items[-1], items[-1].all()[0])
        parts = [Place(row, row.all()[0]) for row in rows if row.all()]
        if len(parts) < 2 or len(parts) < len(rows):
            continue
        if last and last.end not in page.judged and not (heading and heading.item == ROW == items[0].item):
            told = _told(items[-1])
            if told or bool(nouns(last.sentence, last.number)) == bool(nouns(parts[0].sentence, parts[0].number)):
                yield from _summed(page, last, parts, told)
        if heading:
            yield from _headed(page, heading, parts, items[0].item)


def _told(row: Sentence) -> bool:
    """Whether a row begins with a word for its total, or ends with one before its number."""
    return bool(next(row.matches(r"^\W*{total}|^\W*{combined}\W*\ue000|\s{total}\W*\ue000"), None))


def _summed(page: Page, last: Place, parts: list[Place], told: bool) -> Iterator[Claim]:
    """The total in the last row: of all rows before, or of all but the first, which may be a heading."""
    without = parts[1:]
    if len(without) > 1 and sum(one.number.value for one in without) == last.number.value:
        parts = without
    if made := _judged(page, last, parts, firm=told, told=told):
        yield made


def _headed(page: Page, heading: Sentence, parts: list[Place], item: str) -> Iterator[Claim]:
    totals = [one for one in heading.all() if not one.word]
    if not totals:
        return
    loose = heading.says("ofwhich", totals[-1].end) and not heading.says("exhaust", totals[-1].end)
    for total in totals:
        if sum((one.number.value for one in parts), Fraction(0)) == total.value:
            yield claim(page, "partition", Place(heading, total), total.value, HOLDS, *parts)
            return
    if heading.item == ROW == item or heading.text.rstrip().endswith("."):
        return
    firm = heading.says("exhaust") or (len(totals) == 1 and heading.says("total"))
    ending = heading.text.rstrip().endswith(":")
    if not loose and (ending or firm or len(totals) == 1):
        made = _judged(page, Place(heading, totals[-1]), parts, firm=firm and len(totals) == 1)
        if made:
            yield made


def _inner(parts: list[Place]) -> bool:
    """Whether a row is told as a part of the one before it."""
    return any(part.sentence.says("ofwhich") for part in parts)


def _judged(page: Page, total: Place, parts: list[Place], firm: bool, told: bool = False) -> Claim | None:
    value = sum((one.number.value for one in parts), Fraction(0))
    verdict = judge(total.number, value, *(one.number for one in parts))
    numbers: list[Number] = [one.number for one in parts]
    if verdict in (FAILS, UNCLEAR):
        overlap = not told and mixed([[part.sentence.says(cue) for cue in (*TOLD, *BESIDES)] for part in parts])
        subset = fitting(total.number.value, numbers)
        if (
            (subset and not (told and len(subset) == len(parts) - 1 and not _inner(parts)))
            or overlap
            or not (near(total.number.value, value, numbers, LISTED) or (firm and 2 * value > total.number.value))
        ):
            return None
    return claim(page, "partition", total, value, verdict, *parts)
