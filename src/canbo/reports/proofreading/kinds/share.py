"""Shares: n of m with a share, and shares of a total that stands elsewhere in the text.

A share belongs to the count right before it (or in brackets behind it). Its whole is looked for where the words put it;
a whole that is only likely lets a share hold, and lets it fail only where it comes near.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from canbo.reports.proofreading.claims import Claim, Place, claim
from canbo.reports.proofreading.kinds.bag import alike, before_of, clause_of, counted, head, joined, missed
from canbo.reports.proofreading.language import MASK, PERCENT
from canbo.reports.proofreading.numbers import Number
from canbo.reports.proofreading.page import Page, Sentence
from canbo.reports.proofreading.verdicts import ERRORS, GOOD, HOLDS, IMPOSSIBLE, UNCLEAR, judge, possible, swapped
from canbo.reports.proofreading.wholes import Whole, nouns, stems, wholes
from canbo.reports.rounding import half_up

NEARBY, WHOLE = 2, 2
"""So many sentences back any count may make a share right; the places of one printed without decimals."""
FAR = 12
"""A total so many sentences before lets a share hold, but not fail."""
SAID = r"(?:[,(–—=:;-]\s*(?:{share}[\s:,]*){1,4}|\s(?:{share}[\s:]+){1,4}|[(=]\s*)"
BARE = r"[,–—:;-]\s*(?=\ue001+\s*(?:$|[.,;:)–—]|{firm_of}|{base}|{partof}|{target}|{total}))"
AFTER = r"{,}(?:" + SAID + "|" + BARE + r"){P:share}"
RATIO = r"{N:part}(?:\s*/\s*|{~}\s{of}\s+(?:{filler}\s+){0,4}){N:whole}"
FORMS = (
    RATIO + AFTER,
    r"{P:share}\s*\(\s*{~}{N:part}{~}\)\s*{firm_of}\s+(?:{filler}\s+){0,4}{N:whole}",
    r"{P:share}{,}\(\s*{~}{N:part}(?:\s*/\s*|\s+{firm_of}\s+(?:{filler}\s+){0,4}){N:whole}",
    r"{N:part}(?P<noun>{~})[,;(]\s*(?P<again>{~})\s(?:{share}[\s:]+){1,4}{P:share}",
    r"{N:part}" + AFTER,
    r"{P:share}{~}[,–—]\s*(?:(?:{share}|{exhaust})[\s:,]*){0,3}{N:part}(?:\s*/\s*|{~}\s{of}\s+(?:{filler}\s+){0,4}){N:whole}",
    r"{P:share}{~}:\s+{~}{N:part}(?:\s*/\s*|\s+{firm_of}\s+(?:{filler}\s+){0,4}){N:whole}",
    r"{P:share}\s{~}{firm_of}\s+(?:{filler}\s+){0,4}{N:whole}{~}(?:\(|,\s*(?:{share}\s+|{exhaust}\s+){1,3})\s*{N:part}(?!\s*/)",
    r"{P:share}{~}\(\s*{~}{N:part}(?!\s*/)",
    r"{P:share}{~}[,:–—]\s*(?:{share}\s+|{exhaust}\s+){1,3}{N:part}",
)


@dataclass(frozen=True)
class Share:
    """A printed share, the count it belongs to, and how closely: bracketed, or after a word such as *that is*."""

    share: Number
    part: Number
    whole: Number | None
    tight: bool
    firm: bool = True


def shares(page: Page) -> Iterator[Claim]:
    """Every share that has its count, in all sentences; then ratios and bases that no count can give."""
    for sentence in page.sentences:
        for share in page.open_shares(sentence):
            if made := _theirs(page, sentence, share):
                yield made
                continue
            if _moves(sentence, share):
                continue
            if found := _attached(sentence, share):
                yield from _judged(page, sentence, found)
            elif whole := _base_alone(sentence, share):
                verdict = HOLDS if possible(share, whole=whole.value) else IMPOSSIBLE
                if verdict == IMPOSSIBLE:
                    yield claim(page, "share", Place(sentence, share), None, verdict, Place(sentence, whole))
        yield from _too_many(page, sentence)


def _theirs(page: Page, sentence: Sentence, share: Number) -> Claim | None:
    """*The cells have 720 members. Women number 310. Their share has risen to 43 %*: of the count before."""
    before = before_of(page, sentence)
    clause = clause_of(sentence, share)
    if not before or sentence.all() or len(sentence.all(PERCENT)) > 1:
        return None
    parted = before.says("ofthem") or before.says("ofwhich")
    said = sentence.says("theirs", 0, share.start) or (parted and clause.begin == 0 and clause.concludes("refers"))
    if not said and not (parted and _named_again(before, sentence)):
        return None
    told = counted(before)
    parts, larger = told[-1:], told[:-1]
    if parts and not larger:
        above = before_of(page, before)
        larger = [one.place for one in wholes(page, before, told[0].number, share)] or (counted(above) if above else [])
    if not 1 <= len(told) <= 2 or len({one.number.value for one in larger}) != 1:
        return None
    value = parts[0].number.value / larger[0].number.value
    verdict = judge(share, value, parts[0].number, larger[0].number)
    if verdict not in GOOD and not (value <= 1 and (_near(share, value) or (said and missed(share, value)))):
        return None
    return claim(page, "share_of_total", Place(sentence, share), value, verdict, parts[0])


def _named_again(before: Sentence, sentence: Sentence) -> bool:
    """Whether a word begins with the noun of the last part, as *Frauenanteil* after *61 of them Frauen*."""
    behind = re.findall(r"[^\W\d_]{5,}", before.shadow[counted(before)[-1].number.end :]) if counted(before) else []
    told = [word for word in behind if word[0].isupper()]
    return any(one.startswith(word) and one != word for word in told for one in re.findall(r"\w+", sentence.shadow))


def _near(share: Number, value: Fraction) -> bool:
    """Whether a share misses by so little that it was meant for a value that only the words suggest."""
    return missed(share, value, Fraction(3, 2))


def _moves(sentence: Sentence, share: Number) -> bool:
    """Whether the share is a change or a distance, not a part."""
    for match in sentence.matches(r"(?:{up}|{down}|{exceed}|{short})\s*(?:{by}\s*)*{P:share}"):
        if sentence.of(match, "share") == share:
            return True
    behind = r"{P:share}\s+(?:{up}|{down})", r"{amount}\s+{P:share}\s+(?:{exceed}|{short})"
    return any(sentence.of(match, "share") == share for one in behind for match in sentence.matches(one))


def _attached(sentence: Sentence, share: Number) -> Share | None:
    theirs = re.match(rf"\s*{sentence.words.cues['ofthem']}", sentence.shadow[share.end :], re.IGNORECASE)
    for template in FORMS:
        for match in sentence.matches(template):
            if sentence.of(match, "share") != share:
                continue
            part = sentence.of(match, "part")
            whole = sentence.of(match, "whole") if "whole" in match.groupdict() else None
            if theirs and whole is None and part.start < share.start:
                continue
            if _changes(sentence, part) or not _same_noun(match) or (whole is None and _is_base(sentence, part, share)):
                continue
            if whole is None and part.end < share.start and _of_part(sentence, part, share):
                continue
            ends = sorted((match.end("whole") if whole else match.end("part"), share.start))
            between = sentence.shadow[slice(*ends)]
            tight = between.rstrip()[-1:] == "(" or (between.count(",") <= 1 and len(between) < 60)
            slash = bool(whole) and "/" in sentence.shadow[part.end : whole.start]
            tight = tight and between.rstrip()[-1:] != ":"
            firm = slash or (bool(whole) and len(sentence.shadow[part.end : whole.start]) < 40)
            return Share(share, part, whole, tight, firm)
    return None


def _same_noun(match: re.Match[str]) -> bool:
    """Where words stand between a count and its share, they name what was counted once more."""
    if "again" not in match.groupdict():
        return True
    said, again = (set(re.findall(r"\w+", match[name].lower())) for name in ("noun", "again"))
    return bool(again) and again <= said


def _of_part(sentence: Sentence, part: Number, share: Number) -> bool:
    """Whether a share is one of the part itself: *90 came from women; 45 % of the women …*."""
    clause = clause_of(sentence, share)
    if ";" not in sentence.shadow[part.end : share.start]:
        return False
    named = stems(sentence, clause.tail) if clause.tail_begins("partof", "firm_of") else frozenset()
    return bool(named & nouns(sentence, part)) or (not clause.lead and clause.tail_begins("allof"))


def _is_base(sentence: Sentence, part: Number, share: Number) -> bool:
    """Whether the only count before a share is its whole: *of the 4 applicants, 30 %*."""
    alone = not [one for one in sentence.all() if one.end < share.start and one != part]
    if part.word and alone:
        return True
    begins = next(sentence.matches(r"^\W*{base}\s+(?:{filler}\s+){0,4}{N:whole}"), None)
    return alone and bool(begins) and sentence.of(begins, "whole") == part


def _changes(sentence: Sentence, part: Number) -> bool:
    """Whether a count is the size of a change."""
    for match in sentence.matches(r"(?:{up}|{down}|{exceed}|{short})\s*(?:{by}\s*|{filler}\s*)*{N:part}"):
        if sentence.of(match, "part") == part:
            return True
    return False


def _judged(page: Page, sentence: Sentence, found: Share) -> Iterator[Claim]:
    candidates = wholes(page, sentence, found.part, found.share)
    if found.whole:
        goal = found.share.value > 1 and "/" in sentence.shadow[found.part.end : found.whole.start]
        goal = goal and not sentence.says("votes", found.whole.end, min(len(sentence.shadow), found.whole.end + 20))
        candidates = [Whole(Place(sentence, found.whole), found.firm, goal), *(one for one in candidates if one.firm)]
    before = _before(page, sentence)
    single = before if len(before) == 1 and not candidates and _turned(found, before[0]) else []
    pairs = [pair for share in sentence.all(PERCENT) if (pair := _attached(sentence, share))]
    candidates += [*before, *(Whole(Place(sentence, one.whole), said=False) for one in pairs if one.whole)]
    agreed = [one for one in candidates if _agreed(sentence, found, one)]
    candidates = [
        replace(one, firm=one.firm or one in agreed) for one in candidates if one.said or one in agreed or one in single
    ]
    if any(_complete(sentence, one) for one in agreed):
        candidates = [one for one in candidates if one.place in [each.place for each in agreed]]
    candidates.sort(key=lambda one: not one.firm)
    usable = [one for one in candidates if one.place.number.value > 0 and one.place.number != found.part]
    for one in usable:
        if _verdict(found, one) not in ERRORS:
            yield _claim(page, sentence, found, one)
            return
    firm = [one for one in usable if one.firm]
    noun = head(Place(sentence, found.part))
    same = [one for one in usable if one.place.sentence is sentence or noun & head(one.place)]
    likely = [one for one in same or usable if one.distance <= FAR and _close(found, one)]
    likely = [one for one in likely if not _other(found, one, sentence)]
    if not found.whole and _elsewhere(page, sentence, found):
        return
    if firm and (found.tight or _close(found, firm[0])):
        yield _claim(page, sentence, found, firm[0])
    elif len({one.place.number.value for one in likely}) == 1 and not firm and not _compared(sentence, found.share):
        yield _claim(page, sentence, found, likely[0])
    elif not usable and _bracketed(sentence, found) and not possible(found.share, part=found.part.value):
        yield claim(page, "share", Place(sentence, found.share), None, IMPOSSIBLE, Place(sentence, found.part))
    elif likely:
        yield _claim(page, sentence, found, likely[0], UNCLEAR)


def _elsewhere(page: Page, sentence: Sentence, found: Share) -> bool:
    """Whether a share printed with decimals is right for a count of a sentence before that no words point to."""
    here = page.sentences.index(sentence)
    known = [one for other in page.sentences[max(0, here - NEARBY) : here] for one in other.all()]
    larger = [one for one in known if one.value > found.part.value and found.share.places > WHOLE]
    return any(judge(found.share, found.part.value / one.value) in GOOD for one in larger)


def _other(found: Share, whole: Whole, sentence: Sentence) -> bool:
    """Whether a count of the same sentence counts something else, or stands beside the part."""
    part, place = Place(sentence, found.part), whole.place
    if found.whole or whole.firm:
        return False
    clause = clause_of(sentence, found.share)
    if place.sentence is not sentence:
        named, there = stems(sentence, clause.tail), stems(place.sentence, place.sentence.text, all_=True)
        if clause.tail_begins("allof"):
            return bool(named) and not named & there
        told = clause.tail_begins("partof", "firm_of", "target", "ofthem")
        return bool(named) and not told and clause.concludes()
    own = not alike(place, part) or clause.adds(head(place), head(part))
    said = stems(sentence, clause.tail)
    told = clause.tail_begins("allof", "partof", "firm_of", "target", "copula") or said & (head(place) | head(part))
    return joined(place, part) or bool(clause.tail and (own or (said and not told)))


def _before(page: Page, sentence: Sentence) -> list[Whole]:
    """The counts of the sentence before, which serve only where other shares agree on one of them."""
    here = page.sentences.index(sentence)
    before = [one for one in page.sentences[max(0, here - 1) : here] if not page.closed(one)]
    return [Whole(Place(one, each), said=False, distance=1) for one in before for each in one.all() if not each.word]


def _turned(found: Share, whole: Whole) -> bool:
    """Whether a share is right, or only two of its digits changed places."""
    value, scale = found.part.value / max(whole.place.number.value, Fraction(1)), 10**found.share.places
    right = value < 1 and judge(found.share, value) in GOOD
    return right or swapped(found.share.value * scale, half_up(value, found.share.places) * scale)


def _complete(sentence: Sentence, whole: Whole) -> bool:
    """Whether the counts with a share make up the whole."""
    pairs = [pair for share in sentence.all(PERCENT) if (pair := _attached(sentence, share))]
    return sum((one.part.value for one in pairs), Fraction(0)) == whole.place.number.value


def _agreed(sentence: Sentence, found: Share, whole: Whole) -> bool:
    """Whether two more shares of the sentence fit this whole, or all its parts with a share make it up."""
    pairs = [pair for share in sentence.all(PERCENT) if (pair := _attached(sentence, share))]
    pairs = [one for one in pairs if one.whole in (None, whole.place.number)]
    others = {one.share.end: one for one in pairs if one.share != found.share}
    base = whole.place.number.value
    apart = re.match(rf"\s*{sentence.words.cues['partof']}", sentence.shadow[found.part.end :], re.IGNORECASE)
    if apart or not others or base <= 0:
        return False
    fit = [one for one in others.values() if judge(one.share, one.part.value / base) in GOOD and one.part.value < base]
    total = sum((one.part.value for one in others.values()), found.part.value)
    return len(fit) > 1 or (bool(fit) and total == base)


def _bracketed(sentence: Sentence, found: Share) -> bool:
    """Whether a share alone stands in brackets behind its count, so that it can only be a share of that count."""
    between = sentence.shadow[found.part.end : found.share.start]
    opened = re.fullmatch(r"[^(\ue000\ue001,;:]{0,40}\(\s*", between)
    closed = sentence.shadow[found.share.end :].lstrip().startswith(")")
    return bool(opened) and closed and found.share.value <= 1


def _compared(sentence: Sentence, share: Number) -> bool:
    """Whether the words behind a share name a base of another day: *5.86 % of the members at the end of 2018*."""
    behind = re.split(r"[,;.)]", sentence.shadow[share.end : share.end + 70])[0]
    return MASK in behind or bool(re.match(rf"\s*{sentence.words.cues['compare']}", behind, re.IGNORECASE))


def _close(found: Share, whole: Whole) -> bool:
    value = found.part.value / whole.place.number.value
    scale = 10**found.share.places
    if swapped(found.share.value * scale, half_up(value, found.share.places) * scale):
        return True
    return (value <= 1 or whole.goal) and abs(value - found.share.value) <= max(value, found.share.value) * Fraction(
        1, 3
    )


def _verdict(found: Share, whole: Whole) -> str:
    base = whole.place.number
    verdict = judge(found.share, found.part.value / base.value, found.part, base)
    unsure = any(one.hedge or one.doubtful for one in (found.part, base)) or found.share.doubtful
    if found.part.value > base.value and not unsure and not whole.goal:
        return IMPOSSIBLE
    return verdict


def _claim(page: Page, sentence: Sentence, found: Share, whole: Whole, verdict: str = "") -> Claim:
    kind = "target" if whole.goal else "share" if whole.place.sentence is sentence else "share_of_total"
    places = [Place(sentence, found.part)]
    if whole.place.sentence is sentence:
        places.append(whole.place)
    value = found.part.value / whole.place.number.value
    verdict = verdict or _verdict(found, whole)
    return claim(page, kind, Place(sentence, found.share), value, verdict, *places)


def _base_alone(sentence: Sentence, share: Number) -> Number | None:
    """The whole of a share that has no count: *37 % of 3 people*, *of the 3 people, 37 % …*."""
    templates = (
        r"{P:share}\s+{~}{firm_of}\s+(?:{filler}\s+){0,4}{N:whole}(?!\s*/)",
        r"^\W*(?:{~}[,:]\s*)?{base}\s+(?:{filler}\s+){0,4}{N:whole}{,}{P:share}",
    )
    for template in templates:
        for match in sentence.matches(template):
            whole, clause = sentence.of(match, "whole"), clause_of(sentence, share)
            other = whole.end < share.start and clause.tail_begins("partof")
            other = other and not stems(sentence, clause.tail) & head(Place(sentence, whole))
            if sentence.of(match, "share") == share and whole.places == 0 and not other:
                return whole
    return None


def _subject(sentence: Sentence, match: re.Match[str]) -> bool:
    """Whether n/m begins a clause and so tells who did, not what was reached; never one that may be a date."""
    part, whole = sentence.of(match, "part").value, sentence.of(match, "whole").value
    before = re.split(r"[,;:.]", sentence.shadow[: match.start()])[-1]
    begins = not before.strip() or re.fullmatch(rf".*{sentence.words.cues['there']}\s*", before, re.IGNORECASE)
    follows = re.match(r"\s[^\W\d_]", sentence.shadow[match.end() :])
    return bool(begins and follows) and "/" in match.group() and not (part <= 31 and whole <= 12)


def _too_many(page: Page, sentence: Sentence) -> Iterator[Claim]:
    """*450 of 414* and *47/45* without a share: more than all of them, unless it is a target."""
    for match in sentence.matches(r"{N:part}(?:\s*/\s*|\s+{firm_of}\s+(?:{filler}\s+){0,4}){N:whole}"):
        part, whole = sentence.of(match, "part"), sentence.of(match, "whole")
        dated = "/" in match.group() and not _subject(sentence, match)
        judged = any(match.start() < one.end for one in sentence.all("\ue001"))
        sure = not (part.hedge or whole.hedge or part.doubtful or whole.doubtful or part.word)
        goal = sentence.says("target") or sentence.says("goal_before") or sentence.says("exceed")
        if part.value > whole.value > 0 and sure and not goal and not dated and not judged:
            yield claim(page, "share", Place(sentence, part), None, IMPOSSIBLE, Place(sentence, whole))
