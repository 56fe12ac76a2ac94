"""The same quantity stated twice: the words around both must be the same, and no date may set them apart."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from canbo.reports.proofreading.claims import Claim, Place, claim
from canbo.reports.proofreading.kinds.bag import clause_of, head
from canbo.reports.proofreading.language import DURATION, MASK
from canbo.reports.proofreading.page import Page, Sentence
from canbo.reports.proofreading.verdicts import FAILS, HOLDS, UNCLEAR, swapped
from canbo.reports.proofreading.wholes import stems

WORDS_BEFORE, WORDS_AFTER, ENOUGH = 3, 6, 4
CLAUSE, HEADING, LARGE, SURE, SHORT = 90, 80, 1000, 100, 3
MARKS = ("sex", "age", "origin", "child", "place", "ofwhich", "rest", "up", "down")
"""How far around a count the words are compared without their order."""


@dataclass(frozen=True)
class Stated:
    """A count with the words before and after it, and the dates of its sentence."""

    place: Place
    before: tuple[str, ...]
    after: tuple[str, ...]
    dates: frozenset[str]
    around: frozenset[str]
    clause: str
    heading: str


def repeats(page: Page) -> Iterator[Claim]:
    """Each quantity that stands twice, once: holds where both agree, fails where they differ."""
    stated = [one for sentence, heading in _under(page) for one in _stated(sentence, heading)]
    done: set[int] = set()
    for number, second in enumerate(stated):
        for first in stated[:number]:
            if second.place.end in done or first.place.sentence is second.place.sentence or not _same(first, second):
                continue
            verdict = _verdict(first, second)
            if verdict and second.place.end not in page.judged:
                done.add(second.place.end)
                yield claim(page, "repeat", second.place, first.place.number.value, verdict)


def _under(page: Page) -> Iterator[tuple[Sentence, str]]:
    """Each sentence with the last short line without a full stop and a count before it."""
    heading = ""
    for sentence in page.sentences:
        said = sentence.text.strip()
        if len(said) <= HEADING and said[-1:] not in ".:;!?…" and not sentence.all() and not sentence.item:
            heading = said
        yield sentence, heading


def _stated(sentence: Sentence, heading: str) -> Iterator[Stated]:
    small = sentence.words.words("small")
    dates = frozenset(word for word in re.findall(r"[^\W_]+", _masked(sentence).lower()) if word not in small)
    for number in sentence.all():
        if number.word or number.value < 10:
            continue
        before = re.findall(
            r"[^\W_]+", re.split(r"[;()\ue000\ue001]", sentence.shadow[: number.start].rstrip("\ue000"))[-1].lower()
        )
        rest = re.split(r"[,;:.()\ue000\ue001]", sentence.shadow[number.end :])[0]
        after = re.findall(r"[^\W_]+", rest.lower())
        near = sentence.shadow[max(0, number.start - CLAUSE) : number.start] + rest[:CLAUSE]
        around = stems(sentence, re.sub(r"[\ue000-\ue003]", " ", near), all_=True)
        clause = " ".join(before)
        last, first = tuple(before[-WORDS_BEFORE:]), tuple(after[:WORDS_AFTER])
        yield Stated(Place(sentence, number), last, first, dates, around, clause, heading)


def _masked(sentence: Sentence) -> str:
    return "".join(
        letter if sign in (MASK, DURATION) else " "
        for letter, sign in zip(sentence.text, sentence.shadow, strict=False)
    )


def _same(first: Stated, second: Stated) -> bool:
    """The same words before and after, enough of them, and no two dates."""
    same = first.place.number.value == second.place.number.value
    within = first.dates <= second.dates or second.dates <= first.dates
    if first.dates and second.dates and first.dates != second.dates and not (same and within):
        return False
    after = _shared(first.after, second.after)
    before = _shared(first.before[::-1], second.before[::-1])
    both = len(first.around & second.around)
    if first.dates and second.dates and after >= 1 and both >= 2:
        return both * 2 >= min(len(first.around), len(second.around))
    if first.dates and second.dates and _of_one_day(first, second):
        return True
    if _elsewhere(first, second):
        return False
    whole = after >= min(len(first.after), len(second.after)) and after >= 1
    one, two = first.place.number.value, second.place.number.value
    enough = ENOUGH - (one != two and one >= LARGE and swapped(one, two))
    return whole and before >= 2 and before + after >= enough


def _of_one_day(first: Stated, second: Stated) -> bool:
    """Whether two sentences of one day count one thing of one subject, and no name or mark sets the two apart."""
    places = first.place, second.place
    named = first.after[:2] == second.after[:2] if first.after else False
    if min(one.number.value for one in places) < SURE or not (named or head(places[0]) & head(places[1])):
        return False
    marks = [{cue for cue in MARKS if clause_of(one.sentence, one.number).says(cue)} for one in places]
    here, there = (_neighbours(one) for one in places)
    shared = here.keys() & there.keys() - set(first.after[:2]) - set(second.after[:2])
    named = any(one and two and one != two for word in shared for one, two in zip(here[word], there[word], strict=True))
    return bool(shared) and not named and marks[0] == marks[1]


def _neighbours(place: Place) -> dict[str, tuple[str, str]]:
    """Each telling word of a sentence with the words beside it that may tell which one is meant."""
    sentence = place.sentence
    small = {str(word) for name in ("stop", "small") for word in sentence.words.words(name)}
    words = re.findall(r"[^\W\d_]+|[\ue000-\ue003.,;:()]", sentence.shadow)
    known: dict[str, tuple[str, str]] = {}
    for left, word, right in zip(["", *words], words, [*words[1:], ""], strict=False):
        if len(word) > SHORT and word.lower() not in small:
            name = right if right[:1].isupper() else ""
            which = left.lower() if left.isalpha() and left.lower() not in small else ""
            known[word.lower()] = (which, name)
    return known


def _elsewhere(first: Stated, second: Stated) -> bool:
    """Whether each sentence says before its count what the other does not: *in the north* here, *in the south* there.

    The same under two headings counts two things too.
    """
    here, there = _context(first.place), _context(second.place)
    return bool(here - there and there - here) or bool(
        first.heading and second.heading and first.heading != second.heading
    )


def _context(place: Place) -> set[str]:
    said = re.findall(r"[^\W\d_]+", place.sentence.shadow[: place.number.start].lower())
    return set(said) - {str(word) for name in ("stop", "small") for word in place.sentence.words.words(name)}


def _shared(one: tuple[str, ...], two: tuple[str, ...]) -> int:
    count = 0
    for left, right in zip(one, two, strict=False):
        if left != right:
            break
        count += 1
    return count


def _verdict(first: Stated, second: Stated) -> str:
    one, two = first.place.number, second.place.number
    if one.value == two.value:
        return HOLDS
    if one.hedge or two.hedge or one.doubtful or two.doubtful:
        return UNCLEAR if abs(one.value - two.value) * 20 > one.value else ""
    near = first.clause == second.clause and max(one.value, two.value) <= 2 * min(one.value, two.value)
    return FAILS if near or _slip(int(one.value), int(two.value)) else ""


def _slip(one: int, two: int) -> bool:
    """Whether two numbers differ as a slip of the hand does: two digits changed places, or one digit is another."""
    left, right = str(one), str(two)
    different = sum(a != b for a, b in zip(left, right, strict=False))
    if len(left) != len(right):
        return False
    return (different == 2 and sorted(left) == sorted(right)) or (different == 1 and len(left) >= 3)
