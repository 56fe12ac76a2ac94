"""Sums: a total with its parts in one sentence.

Where a word says that the parts are all there are (*namely*, *comprising*, *the rest*), a total that they miss fails.
Brackets and colons are weaker: there it fails only where the parts come near it and do not overlap.
"""

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from canbo.reports.proofreading.claims import Claim, Place, claim
from canbo.reports.proofreading.kinds.bag import alike, head
from canbo.reports.proofreading.numbers import Number
from canbo.reports.proofreading.page import Page, Sentence
from canbo.reports.proofreading.verdicts import FAILS, UNCLEAR, judge, swapped

LEADING = (
    (r"{N:total}{,}[,:;–—-]?\s*{exhaust}(?=[^\ue000]{0,60}\ue000)", True),
    (r"{N:total}{,}\(", False),
    (r"{N:total}{,}:\s(?=[^\ue000]{0,40}\ue000)", False),
    (r"{N:total}{~}\s[–—]\s(?=[^\ue000]{0,30}\ue000)", False),
    (r"(?<![+=]\s)(?<![+=]){N:total}\s*=(?=\s*\ue000+\s*\+\s*\ue000)", True),
)
LOOSE = (
    r"{N:total}{~}[,;(–—]\s*(?=\ue000+\s+{ofthem})",
    r"{N:total}{,}[,:;(–—-]?\s*{ofwhich}",
    r"{N:total}{~};\s",
    r"^\W*{base}\s+(?:{filler}\s+){0,4}{N:total}",
)
TRAILING = (
    r"[,:;(–—=]\s*(?:{,}\s)?{sumverb}\s*:?\s*(?:{filler}\s+){0,3}{N:total}",
    r"\ue000+\s*\+\s*\ue000+\s*=\s*{N:total}(?!\s*\+)",
    r"[,:;(–—=]\s*(?:{sumverb}\s+|{share}\s+)?{N:total}\s+(?:{~}\s)?{inall}",
    r"^\W*{with}\s{,}{N:first}{,}{N:last}{,}\s{sumverb}\s*:?\s*(?:{filler}\s+){0,3}{N:total}",
)
FEW, MARK = 9, 30
TOLD, BESIDES = ("sex", "age", "origin"), ("child", "place")
"""Marks that do not exclude each other: one part with one of the first, or two with two of the others, overlap."""


@dataclass(frozen=True)
class Sum:
    """A total and the counts that may be its parts; `firm` where a word says that they are all."""

    total: Number
    parts: list[Number]
    firm: bool
    loose: bool = False
    equation: bool = False


def sums(page: Page) -> Iterator[Claim]:
    """Every total with two and more parts in its sentence, each total once."""
    for sentence in page.sentences:
        seen: set[int] = set()
        for found in _candidates(sentence):
            if found.total.end in seen or sentence.start + found.total.end in page.judged:
                continue
            made = _judged(page, Place(sentence, found.total), sentence, found)
            if made:
                seen.add(found.total.end)
                yield made
    yield from _across(page)


def _across(page: Page) -> Iterator[Claim]:
    """*There were 96 letters. They are divided into 41 …*: the total is the last count of the sentence before."""
    for before, sentence in itertools.pairwise(page.sentences):
        match = next(sentence.matches(r"^[^\ue000\ue001]*?{exhaust}"), None)
        some = next(sentence.matches(r"^\W*{ofwhich}"), None)
        totals = [one for one in before.all() if not one.word]
        if (match or some) and totals and not page.closed(sentence):
            total = max(totals, key=lambda one: one.value)
            rest = bool(some) and sentence.says("rest")
            loose = bool(some) and not match and not rest
            found = Sum(total, _parts(sentence, (match or some).end(), len(sentence.shadow)), rest, loose)
            if not page.closed(before):
                made = _judged(page, Place(before, total), sentence, found)
                yield from [made] if made else []


def _candidates(sentence: Sentence) -> Iterator[Sum]:
    for template, firm in LEADING:
        for match in sentence.matches(template):
            total = sentence.of(match, "total")
            end = _end(sentence.shadow, match.end(), template)
            firm_here = firm or (sentence.says("exhaust", match.end(), end) and not template.endswith(r"\("))
            loose = bool(re.match(r"\W*", sentence.shadow[match.end() :])) and _including(sentence, match.end(), end)
            found = _parts(sentence, match.end(), end) or _in_brackets(sentence, match.end(), end)
            rest = sentence.says("rest", match.end(), end)
            yield Sum(total, found, (firm_here or rest), loose and not (firm_here or rest), "=" in match.group())
    for template in LOOSE:
        for match in sentence.matches(template):
            rest = sentence.says("rest", match.end(), len(sentence.shadow))
            found = _parts(sentence, match.end(), len(sentence.shadow))
            yield Sum(sentence.of(match, "total"), found, rest, not rest)
    for template in TRAILING:
        for match in sentence.matches(template):
            found = _parts(sentence, 0, match.start())
            if "+" in match.group() or "last" in match.groupdict():
                found = _parts(sentence, 0, match.start("total"))
            yield Sum(sentence.of(match, "total"), found, "+" in match.group())


def _in_brackets(sentence: Sentence, start: int, end: int) -> list[Number]:
    """The parts of *rent (21,000), salaries (19,700) and travel (7,500)*: a bracket for each of them."""
    found = re.finditer(r"\(\ue000+\W?\)", sentence.shadow[start:end])
    spans = [(start + one.start(), start + one.end()) for one in found]
    alone = [one for one in sentence.all() if start <= one.start < end]
    return alone if len(alone) == len(spans) > 1 else []


def _including(sentence: Sentence, start: int, end: int) -> bool:
    """Whether the parts are introduced as some of them."""
    first = next(iter(_parts(sentence, start, end)), None)
    return bool(first) and sentence.says("ofwhich", start, first.start)


def _end(shadow: str, opened: int, template: str) -> int:
    """Where the parts end: at the closing bracket, at the next equals sign, or with the sentence."""
    if "=" in template.replace("(?=", ""):
        return shadow.find("=", opened) if "=" in shadow[opened:] else len(shadow)
    if not template.endswith(r"\("):
        return len(shadow)
    depth = 1
    for position in range(opened, len(shadow)):
        depth += {"(": 1, ")": -1}.get(shadow[position], 0)
        if not depth:
            return position
    return len(shadow)


def _parts(sentence: Sentence, start: int, end: int) -> list[Number]:
    """The counts of a stretch that may be parts: none in inner brackets, after *of which*, or behind a stroke."""
    found = []
    for number in sentence.all():
        before = sentence.shadow[start : number.start]
        if not start <= number.start < end or before.count("(") > before.count(")"):
            continue
        clause = re.split(r"[;,]", before)[-1] if found else ""
        if re.match(rf"\s*{sentence.words.cues['range']}\s*\ue000", sentence.shadow[number.end :], re.IGNORECASE):
            continue
        if re.search(rf"\ue000\s*{sentence.words.cues['range']}\s*$", before, re.IGNORECASE):
            continue
        nested = bool(found) and _nested(sentence, number, clause)
        if nested or re.search(r"/\s*$", before) or re.match(r"\s*[/×x]\s*\d", sentence.text[number.end :]):
            continue
        found.append(number)
    return found


def _nested(sentence: Sentence, number: Number, clause: str) -> bool:
    begin = number.start - len(clause)
    return sentence.says("ofwhich", begin, number.start) and not sentence.says("rest", begin, number.start)


def _judged(page: Page, total: Place, sentence: Sentence, found: Sum) -> Claim | None:
    parts = [one for one in found.parts if one != found.total]
    if len(parts) < 2 or not found.total.value:
        return None
    exact = fitting(found.total.value, parts)
    whole = near(
        found.total.value, sum((one.value for one in parts), Fraction(0)), parts, len(str(found.total.value)) * 100
    )
    chosen = exact or (parts if whole else []) or nearest(found.total.value, parts)
    value = sum((one.value for one in chosen), Fraction(0))
    verdict = judge(found.total, value, *chosen)
    if verdict in (FAILS, UNCLEAR) and not (found.firm and _plain(parts)):
        finer = any(one.places > found.total.places for one in parts)
        if (
            found.loose
            or finer
            or not near(found.total.value, value, chosen)
            or (overlapping(sentence, parts) and not swapped(found.total.value, value))
            or _another(sentence, found.total, chosen)
            or _levels(found.total.value - value, chosen)
            or not (_plain(parts) or _spelled(sentence, found.total, parts))
        ):
            return None
    if found.equation and verdict == FAILS and abs(value - found.total.value) * 2 > found.total.value:
        return None
    places = [Place(sentence, one) for one in chosen]
    return claim(page, "sum", total, value, verdict, *places)


def _another(sentence: Sentence, total: Number, parts: list[Number]) -> bool:
    """Whether a total behind its parts counts another thing than all of them."""
    if total.start < parts[0].start or swapped(total.value, sum((one.value for one in parts), Fraction(0))):
        return False
    named = [noun for one in parts if (noun := head(Place(sentence, one)))]
    same = bool(named) and bool(frozenset.intersection(*named))
    counted = head(Place(sentence, total))
    return (
        same
        and bool(counted)
        and not any(alike(Place(sentence, total), Place(sentence, one)) for one in parts if head(Place(sentence, one)))
    )


def _levels(missed: Fraction, parts: list[Number]) -> bool:
    """Whether the parts are levels of a tree, each ten times the one before: then only its root is missed."""
    steep = all(two.value >= 10 * one.value for one, two in itertools.pairwise(parts))
    return missed == 1 and len(parts) > 2 and steep


def _plain(parts: list[Number]) -> bool:
    return sum(not one.word for one in parts) >= 2


def _spelled(sentence: Sentence, total: Number, parts: list[Number]) -> bool:
    """Whether all numbers of a sum are spelled out and none of them is *one*, which is not read."""
    return all(one.word for one in (total, *parts)) and not sentence.says("one", parts[0].start, total.start)


def fitting(total: Fraction, parts: list[Number]) -> list[Number]:
    """The parts that make up the total exactly: all, the first ones, or any choice of a few; empty where none do."""
    for size in range(len(parts), 1, -1):
        if sum(one.value for one in parts[:size]) == total:
            return parts[:size]
    if len(parts) <= FEW:
        for size in range(len(parts) - 1, 1, -1):
            for choice in itertools.combinations(parts, size):
                if sum(one.value for one in choice) == total:
                    return list(choice)
    return []


def nearest(total: Fraction, parts: list[Number]) -> list[Number]:
    """The first parts whose sum comes nearest to the total."""
    sizes = range(2, len(parts) + 1)
    return parts[: min(sizes, key=lambda size: abs(sum(one.value for one in parts[:size]) - total))]


def near(total: Fraction, value: Fraction, parts: Iterable[Number] = (), reach: int = 8) -> bool:
    """Whether a sum was meant to reach a total that it misses: by little, or by two digits that changed places."""
    missed = abs(total - value)
    if missed * reach <= total or (missed <= 2 and missed * 4 <= total):
        return True
    turned = swapped(total, value) or any(swapped(one.value, one.value + total - value) for one in parts)
    return turned and missed * 2 <= total


def overlapping(sentence: Sentence, parts: list[Number]) -> bool:
    """Whether one part is told by sex, age or origin and another is not: then they may count the same people twice."""
    ends = [one.start for one in parts[1:]] + [len(sentence.shadow)]
    spans = [(one.end, min(end, one.end + MARK)) for one, end in zip(parts, ends, strict=True)]
    return mixed([[sentence.says(cue, *span) for cue in (*TOLD, *BESIDES)] for span in spans])


def mixed(told: list[list[bool]]) -> bool:
    """Whether not all parts are told by the same marks."""
    marks = len(TOLD)
    besides = [any(mark) for mark in zip(*told, strict=True)][marks:]
    return any(one[:marks] != told[0][:marks] for one in told) or all(besides)
