"""Reductions and growth: *from 130 to 45, a reduction of 85 (65.4 %)*.

Both ends must be printed. A difference is compared with the difference of the ends, a share with the difference over
the first end. Where the ends are only guessed from their order, a mismatch says nothing.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from canbo.reports.proofreading.claims import Claim, Place, claim
from canbo.reports.proofreading.kinds.bag import alike, changed, money
from canbo.reports.proofreading.language import PERCENT
from canbo.reports.proofreading.numbers import Number
from canbo.reports.proofreading.page import Page, Sentence
from canbo.reports.proofreading.verdicts import FAILS, judge
from canbo.reports.proofreading.wholes import nouns, stems

MOVED = r"(?:{up}|{down})"
LINK = r"(?:(?:{by}|{up}|{down}|{share}|{filler}|{compare}|[\s:,(=–—+−-])\s*)*"
ENDS = (
    r"{from}\s+(?:{filler}\s+){0,3}{N:old}{,}\s(?:{to})\s+(?:{filler}\s+){0,3}{N:new}",
    r"{to}\s+(?:{filler}\s+){0,2}{N:new}{~}\(?{from}\s+(?:{filler}\s+){0,3}{N:old}",
    r"{N:new}{,}" + MOVED + r"{~}{N:diff}{~}[,(]?\s*{compare}\s+{~}\(?{N:old}",
    r"{N:new}{,}" + MOVED + r"{~}{P:rate}{~}[,(]?\s*{compare}\s+{~}\(?{N:old}",
    r"{N:new}{,}{P:rate}\s+" + MOVED + r"\s+{compare}\s+{~}\(?{N:old}",
    r"{N:new}{,}{N:diff}{~}\s" + MOVED + r"{~}\s{compare}\s+{~}\(?{N:old}",
    r"{N:new}{~}\(\s*(?:{before}|\ue002+)[\s:,–-]*(?:{~}\s)?{N:old}",
    r"{N:new}{,}\s{versus}\s+{~}{N:old}(?={,},\s*(?:{~}\s)?" + MOVED + r")",
)
NOW = r"{N:new}{~}[,;:(–—]\s*(?:{~}\s)?" + MOVED + r"\s*" + LINK


@dataclass(frozen=True)
class Ends:
    """What a quantity was and became, and the stretch of the sentence that says so."""

    old: Number
    new: Number
    start: int
    end: int
    firm: bool = True


def changes(page: Page) -> Iterator[Claim]:
    """Every difference and every rate of change whose two ends are printed."""
    for place, sentence in enumerate(page.sentences):
        if not any(sentence.says(cue) for cue in ("up", "down", "parted")):
            continue
        _set_aside_moving_shares(page, sentence)
        pairs = _pairs(sentence)
        for number, ends in enumerate(pairs):
            stop = pairs[number + 1].start if number + 1 < len(pairs) else len(sentence.shadow)
            begin = pairs[number - 1].end if number else 0
            yield from _differences(page, sentence, ends, begin, stop)
            yield from _rates(page, sentence, ends, begin, stop)
        if not pairs and place and not page.closed(page.sentences[place - 1]):
            yield from _from_before(page, page.sentences[place - 1], sentence)
        if not pairs:
            yield from _from_difference(page, sentence)
            yield from _of_old(page, sentence)
            yield from _two_before(page, sentence)


def _set_aside_moving_shares(page: Page, sentence: Sentence) -> None:
    """A share that moves from one to another is not a share of a count, nor is the distance between the two."""
    for match in sentence.matches(r"{from}\s+{P:old}{,}\s{to}\s+(?:{filler}\s+)?{P:new}"):
        for share in sentence.all(PERCENT):
            if share.end >= match.start():
                page.judged.add(sentence.start + share.end)


def _pairs(sentence: Sentence) -> list[Ends]:
    found: list[Ends] = []
    for template in ENDS:
        for match in sentence.matches(template):
            old, new = sentence.of(match, "old"), sentence.of(match, "new")
            taken = any(match.start() < pair.end and pair.start < match.end() for pair in found)
            if not taken and old.value > 0 and not (old.word and new.word):
                found.append(Ends(old, new, match.start(), match.end(), firm="{versus}" not in template))
    return sorted(found, key=lambda pair: pair.start)


def _differences(page: Page, sentence: Sentence, ends: Ends, begin: int, stop: int) -> Iterator[Claim]:
    templates = (
        MOVED + r"\s*(?:(?:{by}|{filler}|{up}|{down})\s*)*{N:diff}(?!\s*/)",
        r"[(,:–—]\s*(?:{by}\s*)*{N:diff}{~}(?:{up}|{down})",
        r"[(,:–—]\s*(?:{~}\s)?{N:diff}{~}\ue001+\s+(?:{up}|{down})",
        r"(?:[(,:–—]|\s){~}[,\s]*{amount}\s+{N:diff}",
        r"\([−–+-]\s*{N:diff}",
        r"{N:diff}\s+(?:{~}\s)?(?:{up}|{down})\s+{compare}",
    )
    ends_of_pair = {ends.old.end, ends.new.end}
    seen: set[int] = set()
    for template in templates:
        for match in sentence.matches(template, begin, stop):
            diff = sentence.of(match, "diff")
            if diff.end in ends_of_pair | seen or not _near(sentence, ends, diff):
                continue
            seen.add(diff.end)
            value = abs(ends.new.value - ends.old.value)
            if diff.value != value and _listed(sentence, diff, value):
                continue
            yield from _claimed(page, sentence, diff, value, ends)


def _listed(sentence: Sentence, diff: Number, value: Fraction) -> bool:
    """Whether the difference is told in parts: *a drop of 14 members, 2 duals and 1 student*."""
    sums = itertools.accumulate(one.value for one in sentence.all() if one.start >= diff.start)
    return value in sums


def _rates(page: Page, sentence: Sentence, ends: Ends, begin: int, stop: int) -> Iterator[Claim]:
    value = abs(ends.new.value - ends.old.value) / ends.old.value
    for rate in page.open_shares(sentence):
        if not begin <= rate.start < stop or not _near(sentence, ends, rate):
            continue
        if re.match(rf"\s*{sentence.words.cues['ofthem']}", sentence.shadow[rate.end :], re.IGNORECASE):
            continue
        before = pattern_before(sentence, rate)
        if rate.start < ends.start and not re.search(r"\S", before):
            continue
        left = ends.new.value / ends.old.value
        said = value if judge(rate, left) == FAILS or judge(rate, value) != FAILS else left
        yield from _claimed(page, sentence, rate, said, ends)
        if rate.start >= ends.end:
            return


def pattern_before(sentence: Sentence, number: Number) -> str:
    """The cue of a change that stands directly before a number or its difference, empty where none does."""
    for template in (
        MOVED + r"\s*" + LINK + "{P:rate}",
        MOVED + r"\s*" + LINK + r"{N:diff}{~}[(,]\s*" + LINK + "{P:rate}",
    ):
        for match in sentence.matches(template):
            if sentence.of(match, "rate") == number:
                return match.group()
    return ""


def _near(sentence: Sentence, ends: Ends, number: Number) -> bool:
    """Whether no count but a difference stands between the ends and a number, and no other clause."""
    if number.start >= ends.end:
        between = re.sub(rf";(?=\s*{sentence.words.cues['refers']})", ",", sentence.shadow[ends.end : number.start])
        others = [one for one in sentence.all() if ends.end <= one.start < number.start]
    elif number.end <= ends.start:
        between = sentence.shadow[number.end : ends.start]
        others = [one for one in sentence.all() if number.end <= one.start and one.end <= ends.start]
    else:
        return True
    return len(others) <= 1 and ";" not in between and len(between) <= 90


def _claimed(page: Page, sentence: Sentence, printed: Number, value: Fraction, ends: Ends) -> Iterator[Claim]:
    kind = "growth" if ends.new.value > ends.old.value else "reduction"
    verdict = judge(printed, value, ends.old, ends.new)
    if verdict != FAILS or ends.firm or abs(value - printed.value) <= value / 4:
        old, new = Place(sentence, ends.old), Place(sentence, ends.new)
        yield claim(page, kind, Place(sentence, printed), value, verdict, old, new)


def _from_before(page: Page, before: Sentence, sentence: Sentence) -> Iterator[Claim]:
    """*In 2022 there were 310 lessons. In 2023 there were 372, an increase of 20 %*: one count in either sentence."""
    for template in (NOW + r"{P:moved}", NOW + r"{N:moved}(?!\s*/)"):
        for match in sentence.matches(template):
            new, moved = sentence.of(match, "new"), sentence.of(match, "moved")
            olds = [one for one in before.all() if not one.word]
            counts = [one for one in sentence.all() if not one.word and one != moved]
            if (
                len(olds) != 1
                or counts != [new]
                or money(Place(sentence, new)) != money(Place(before, olds[0]))
                or olds[0].value <= 0
                or sentence.start + moved.end in page.judged
            ):
                continue
            falls = sentence.says("down", match.end("new"), match.start("moved"))
            named = stems(sentence, re.split(r"[,;:(–—]", sentence.shadow[new.end : moved.start])[0])
            if (new.value < olds[0].value) != falls or (named and not named & nouns(before, olds[0])):
                continue
            value = abs(new.value - olds[0].value) / (olds[0].value if moved.kind == PERCENT else 1)
            verdict = judge(moved, value, new, olds[0])
            if verdict != FAILS or abs(value - moved.value) <= max(value, moved.value) / 2:
                kind = "reduction" if falls else "growth"
                yield claim(page, kind, Place(sentence, moved), value, verdict, Place(sentence, new))


def _from_difference(page: Page, sentence: Sentence) -> Iterator[Claim]:
    """*fell by 85 (65.4 %) to 45*: the first end is the difference and the last together."""
    by, new = MOVED + r"{~}(?:{by}\s+)?{N:diff}{~}", r"{to}\s+(?:{filler}\s+){0,2}{N:new}"
    before = by + r"[(,]\s*(?:{share}\s*|{by}\s*)*{P:rate}\s*\)?,?\s*{~}" + new
    behind = by + r",?\s" + new + r"{~}[(,]\s*" + LINK + "{P:rate}"
    for match in itertools.chain(sentence.matches(before), sentence.matches(behind)):
        diff, rate, new = (sentence.of(match, name) for name in ("diff", "rate", "new"))
        falls = sentence.says("down", match.start(), match.start("diff"))
        old = new.value + diff.value if falls else new.value - diff.value
        if old > 0 and sentence.start + rate.end not in page.judged:
            value = diff.value / old
            places = (Place(sentence, diff), Place(sentence, new))
            kind = "reduction" if falls else "growth"
            yield claim(page, kind, Place(sentence, rate), value, judge(rate, value, diff, new), *places)


def _of_old(page: Page, sentence: Sentence) -> Iterator[Claim]:
    """*a reduction of 85 (65.4 %) on the 130 of 2020*: the difference over the first end."""
    template = MOVED + r"{~}{N:diff}{~}[(,]\s*" + LINK + r"{P:rate}\)?\s*{compare}\s{~}\(?{N:old}"
    for match in sentence.matches(template):
        diff, rate, old = (sentence.of(match, name) for name in ("diff", "rate", "old"))
        if old.value > diff.value > 0 and sentence.start + rate.end not in page.judged:
            places, value = (Place(sentence, diff), Place(sentence, old)), diff.value / old.value
            kind = "reduction" if sentence.says("down", match.start(), match.start("diff")) else "growth"
            yield claim(page, kind, Place(sentence, rate), value, judge(rate, value, diff, old), *places)


def _two_before(page: Page, sentence: Sentence) -> Iterator[Claim]:
    """Two counts and then a change: taken for its ends where the difference or the rate comes near."""
    two = r"{N:old}{,}(?:;\s{,})?{N:new}{,}(?:[:;–—(]\s*{~})?" + MOVED + r"\s*" + LINK
    after = r"{N:old}{,}(?:;\s{,})?{N:new}{~}[,;:(–—]\s*(?:{share}[\s:,]*|{filler}\s+){0,3}"
    behind = r"\s+(?:{~}\s)?" + MOVED + r"(?!\s+{compare})"
    counts = two + r"{N:moved}(?!\s*/)", two + r"{P:moved}"
    for template in (*counts, after + "{N:moved}" + behind, after + "{P:moved}" + behind):
        for match in sentence.matches(template):
            old, new, moved = (sentence.of(match, name) for name in ("old", "new", "moved"))
            falls = sentence.says("down", match.end("new"), match.end())
            sized = changed(Place(sentence, new)) or changed(Place(sentence, old))
            sized = sized or sentence.says("besides", old.end, new.start)
            if sized or old.value <= 0 or (new.value < old.value) != falls or sentence.start + moved.end in page.judged:
                continue
            firm = (
                alike(Place(sentence, old), Place(sentence, new))
                and sentence.says("now", old.end, new.start)
                and sentence.says("before", 0, new.start)
            )
            ends = Ends(old, new, match.start(), match.end("new"), firm)
            value = abs(new.value - old.value)
            value = value / old.value if moved.kind == PERCENT else value
            yield from _claimed(page, sentence, moved, value, ends)
            yield from _rates(page, sentence, ends, 0, len(sentence.shadow))
