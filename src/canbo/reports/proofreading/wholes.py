"""Where the whole of a part may stand: in the same sentence, at the head of a list, or earlier in the text."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from canbo.reports.proofreading.claims import Place
from canbo.reports.proofreading.numbers import Number
from canbo.reports.proofreading.page import Page, Sentence

REMEMBERED = 80
"""How many sentences back a total is looked for."""


@dataclass(frozen=True)
class Whole:
    """A possible whole; `firm` where the words leave no other, `goal` where it is a plan that may be exceeded.

    `distance`: how many sentences before; not `said` where no word points to it.
    """

    place: Place
    firm: bool = False
    goal: bool = False
    distance: int = 0
    said: bool = True


def wholes(page: Page, sentence: Sentence, part: Number, share: Number) -> list[Whole]:
    """All possible wholes of a part, the most certain first, each once."""
    found: list[Whole] = []
    for whole in (
        *_behind(sentence, part, share),
        *_introduced(sentence, part),
        *_divided(sentence, part),
        *_following(sentence, share),
        *_heading(page, sentence, part),
        *_earlier(page, sentence, part, share),
    ):
        same = [one for one in found if one.place == whole.place]
        if not same and (whole.goal or whole.place.number.value >= part.value):
            found.append(whole)
    return found


def _behind(sentence: Sentence, part: Number, share: Number) -> Iterator[Whole]:
    """*120 (28.99 %) of the 414 moves*, *28.99 % of the 414*."""
    for match in sentence.matches(r"{P:share}\s*\)?\s*{~}{firm_of}\s+(?:{filler}\s+){0,4}{N:whole}(?!\s*/)"):
        if sentence.of(match, "share") == share and sentence.of(match, "whole") != part:
            yield Whole(Place(sentence, sentence.of(match, "whole")), firm=True)


def _introduced(sentence: Sentence, part: Number) -> Iterator[Whole]:
    """*Of the 414 moves, 120 …*: at the beginning of the sentence or of a clause."""
    begins = r"(?:^|[,;:.–—]\s+|\s)\W*{base}\s+(?:{filler}\s+){0,4}{N:whole}(?!\s*/)"
    for match in reversed(list(sentence.matches(begins))):
        if match.end("whole") <= part.start:
            begun = not re.search(r"[^\W\d_]", sentence.shadow[: match.start()]) or match.group()[0] in ",;:."
            clear = ";" not in sentence.shadow[match.end() : part.start]
            yield Whole(Place(sentence, sentence.of(match, "whole")), firm=begun and clear)


def _divided(sentence: Sentence, part: Number) -> Iterator[Whole]:
    """*414 moves, of which 120 …*, *414 (120 …)*, and any count before in the same sentence."""
    before = [one for one in sentence.all() if one.end <= part.start and not one.word and one.value >= part.value]
    divided = [one for one in before if _divides(sentence, one, part)]
    for whole in reversed(divided or [one for one in before if not _has_share(sentence, one)]):
        yield Whole(Place(sentence, whole), firm=bool(divided))


def _has_share(sentence: Sentence, number: Number) -> bool:
    """Whether a share stands behind a count before the next one: then it is itself a part."""
    behind = re.split("\ue000", sentence.shadow[number.end :])[0]
    return "\ue001" in behind


def _divides(sentence: Sentence, whole: Number, part: Number) -> bool:
    """Whether a word such as *of which*, or an open bracket, stands right behind a whole."""
    follows = min(one.start for one in sentence.all() if one.start >= whole.end)
    between, opened = sentence.shadow[whole.end : part.start], sentence.shadow[whole.end : follows]
    if re.match(rf"\s*{sentence.words.cues['ofthem']}", opened, re.IGNORECASE) and follows != part.start:
        return False
    cued = any(sentence.says(cue, whole.end, follows) for cue in ("ofwhich", "exhaust"))
    return cued or ("(" in opened and between.count("(") > between.count(")"))


def _following(sentence: Sentence, share: Number) -> Iterator[Whole]:
    """*250 delegates came, 98.4 % (254 had been invited)*: a count in the brackets behind a share."""
    for match in sentence.matches(r"{P:share}{~}\([^()\ue000\ue001]*?{N:whole}"):
        if sentence.of(match, "share") == share:
            yield Whole(Place(sentence, sentence.of(match, "whole")))


def _heading(page: Page, sentence: Sentence, part: Number) -> Iterator[Whole]:
    for heading, items in page.listings:
        if heading and sentence in items:
            for number in reversed(heading.all()):
                yield Whole(Place(heading, number), firm=len(heading.all()) == 1)


def _earlier(page: Page, sentence: Sentence, part: Number, share: Number) -> Iterator[Whole]:
    """Counts of other sentences whose noun the part or the words behind its share name too, the nearest first."""
    here = page.sentences.index(sentence)
    asked = nouns(sentence, part) | nouns(sentence, share) | _label(sentence, part)
    people = _people(sentence, part.end)
    planned = sentence.says("target", share.end, min(len(sentence.shadow), share.end + 30))
    refers = bool(next(sentence.matches(r"^\W*{ofwhich}"), None))
    for distance, other in enumerate(reversed(page.sentences[max(0, here - REMEMBERED) : here])):
        for number in other.all():
            if number.word or number.places:
                continue
            alike = asked & nouns(other, number) or (people and _people(other, number.end))
            alike = alike or (distance < 3 and nouns(sentence, share) & _label(other, number))
            goal = planned and (other.says("target") or other.says("goal_before"))
            goal = goal or (planned and distance < 3 and other.says("plans"))
            if goal if planned else alike or (refers and distance == 0):
                yield Whole(Place(other, number), goal=planned, distance=distance)


def _people(sentence: Sentence, position: int) -> bool:
    if ("people", position) not in sentence.memory:
        said = sentence.says("people", position, min(len(sentence.shadow), position + 24))
        sentence.memory["people", position] = said
    return sentence.memory["people", position]


def _label(sentence: Sentence, part: Number) -> frozenset[str]:
    """The words before a part that name it: *retired members number 3,109*."""
    before = re.split(r"[\ue000\ue001;:(),]", sentence.shadow[: part.start].rstrip("\ue000"))[-1]
    return stems(sentence, before, last=True)


def nouns(sentence: Sentence, number: Number) -> frozenset[str]:
    """The words that follow a number up to the next one, cut to stems, without the small words of the language."""
    if ("nouns", number.end) in sentence.memory:
        return sentence.memory["nouns", number.end]
    rest = re.split(r"[\ue000\ue001;:()]", sentence.shadow[number.end :])[0][:60]
    return sentence.memory.setdefault(("nouns", number.end), stems(sentence, rest))


def stems(sentence: Sentence, rest: str, last: bool = False, few: bool = False, all_: bool = False) -> frozenset[str]:
    """The telling words of a stretch: pairs of syllables in Vietnamese, beginnings of words elsewhere."""
    stop = set(map(str, sentence.words.words("stop")))
    words = re.findall(r"[^\W\d_]+", rest.lower())
    said = words if all_ else words[-10 if sentence.words.code == "vi" else -6 :] if last else words[: 2 if few else 8]
    if sentence.words.code == "vi":
        pairs = itertools.pairwise(said)
        single = {word for word in said[:1] if word not in stop and not last and not all_}
        return single | frozenset(f"{one} {two}" for one, two in pairs if one not in stop and two not in stop)
    return frozenset(word[:6] for word in said if word not in stop and len(word) > 3)
