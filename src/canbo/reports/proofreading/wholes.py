"""Where the whole of a part may stand: in the same sentence, at the head of a list, or earlier in the text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from canbo.reports.proofreading.claims import Place
from canbo.reports.proofreading.numbers import Number
from canbo.reports.proofreading.page import Page, Sentence


@dataclass(frozen=True)
class Whole:
    """A possible whole; `firm` where the words leave no other, `goal` where it is a plan that may be exceeded."""

    place: Place
    firm: bool = False
    goal: bool = False


def wholes(page: Page, sentence: Sentence, part: Number, share: Number) -> list[Whole]:
    """All possible wholes of a part, the most certain first, each once."""
    found: list[Whole] = []
    for whole in (
        *_behind(sentence, part, share),
        *_introduced(sentence, part),
        *_divided(sentence, part),
        *_heading(page, sentence, part),
        *_earlier(page, sentence, part, share),
    ):
        same = [one for one in found if one.place == whole.place]
        if not same and whole.place.number.value >= part.value:
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
    before = [one for one in sentence.all() if one.end <= part.start and not one.word]
    for whole in reversed(before):
        between = sentence.shadow[whole.end : part.start]
        cued = sentence.says("ofwhich", whole.end, part.start) or sentence.says("exhaust", whole.end, part.start)
        first = not [one for one in before if whole.end <= one.start] or whole == before[0]
        opened = between.count("(") > between.count(")")
        yield Whole(Place(sentence, whole), firm=first and ";" not in between and (cued or opened) and whole.value >= part.value)


def _heading(page: Page, sentence: Sentence, part: Number) -> Iterator[Whole]:
    for heading, items in page.listings():
        if sentence in items:
            for number in reversed(heading.all()):
                yield Whole(Place(heading, number), firm=len(heading.all()) == 1)


def _earlier(page: Page, sentence: Sentence, part: Number, share: Number) -> Iterator[Whole]:
    """Counts of other sentences whose noun the part or the words behind its share name too, the nearest first."""
    here = page.sentences.index(sentence)
    asked = nouns(sentence, part) | nouns(sentence, share)
    refers = bool(next(sentence.matches(r"^\W*{ofwhich}"), None) or next(sentence.matches(r"^\W*{base}"), None))
    for distance, other in enumerate(reversed(page.sentences[:here])):
        for number in other.all():
            if number.word or number.places:
                continue
            alike = asked & nouns(other, number)
            if alike or (refers and distance == 0):
                yield Whole(Place(other, number))


def nouns(sentence: Sentence, number: Number) -> frozenset[str]:
    """The words that follow a number up to the next one, cut to stems, without the small words of the language."""
    rest = re.split(r"[\ue000\ue001;:()]", sentence.shadow[number.end :])[0][:60]
    stop = set(map(str, sentence.words.words("stop")))
    said = [word for word in re.findall(r"[^\W\d_]+", rest.lower())][:8]
    if sentence.words.code == "vi":
        pairs = zip(said, said[1:], strict=False)
        return frozenset(f"{one} {two}" for one, two in pairs if one not in stop and two not in stop)
    return frozenset(word[:6] for word in said[:6] if word not in stop and len(word) > 3)
