"""A text cut into paragraphs, list items and sentences, each sentence with its numbers and its shadow."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from canbo.reports.proofreading.language import COUNT, PERCENT, Language, language, pattern
from canbo.reports.proofreading.numbers import Number, Numbers, find

BULLET = re.compile(r"^\s*(?:[-–—•*+·▪●○]\s+|\(?\d{1,2}[.)]\s+|\(?[^\W\d_]\)\s+)")
ABBREVIATION = re.compile(
    r"(?:\b(?:Nrn?|No|Nos|Art|Abs|ca|bzw|vgl|Dr|Mr|Mrs|Ms|St|Mio|Mrd|Tel|Ziff|usw|approx|resp|inkl|incl|Sec|para"
    r"|Kap|Tab|Abb|Anl|evtl|ggf|TP|ThS|TS|Prof|Sept|Okt|Nov|Dez|Jan|Feb|Aug|vs)|\b[^\W\d_]|\b[a-z]\.\s?[a-z])\.$",
    re.IGNORECASE,
)
ITEM, ROW, CELL = "item", "row", "cell"
"""A paragraph behind a bullet or number; a short line of words, a colon and a number; a cell of a table."""
SHORT_LINE = 45
"""A line shorter than this was not wrapped by its width: the next one begins something new."""


@dataclass(frozen=True)
class Sentence:
    """A sentence: its position in the text, and what of it are numbers."""

    text: str
    start: int
    words: Language
    paragraph: int
    item: str

    @cached_property
    def numbers(self) -> Numbers:
        """The numbers, found once."""
        return find(self.text, self.words)

    @property
    def shadow(self) -> str:
        """The sentence with signs in the place of its numbers."""
        return self.numbers.shadow

    @cached_property
    def memory(self) -> dict[tuple[str, int], Any]:
        """What was asked about a number once, by the question and the number's end."""
        return {}

    def all(self, kind: str = COUNT) -> list[Number]:
        """The numbers of a kind, in order."""
        return [number for number in self.numbers.found.values() if number.kind == kind]

    def matches(self, template: str, start: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
        """Where a template of the grammar fits, overlapping ones too: each number may begin one."""
        compiled = pattern(self.words.code, template)
        stop = len(self.shadow) if end is None else end
        while match := compiled.search(self.shadow, start, stop):
            if all(match.end(name) in self.numbers.found for name in self._named(match)):
                yield match
            start = match.start() + 1

    @staticmethod
    def _named(match: re.Match[str]) -> list[str]:
        return [name for name, said in match.groupdict().items() if said and said[0] in (COUNT, PERCENT)]

    def of(self, match: re.Match[str], name: str) -> Number:
        """The number that a group of a match stands for."""
        return self.numbers.found[match.end(name)]

    def says(self, cue: str, start: int = 0, end: int | None = None) -> bool:
        """Whether a cue stands between two positions."""
        return next(self.matches("{" + cue + "}", start, end), None) is not None

    def says_before(self, start: int, end: int, *cues: str) -> bool:
        """Whether one of several cues stands between two positions."""
        return any(self.says(cue, start, end) for cue in cues)


@dataclass
class Page:
    """A text in one language; `judged` holds the ends of printed numbers that have their verdict."""

    text: str
    words: Language
    sentences: list[Sentence] = field(default_factory=list)
    judged: set[int] = field(default_factory=set)

    def open_shares(self, sentence: Sentence) -> list[Number]:
        """The shares of a sentence that no claim has judged yet."""
        return [share for share in sentence.all(PERCENT) if sentence.start + share.end not in self.judged]

    def closed(self, sentence: Sentence) -> bool:
        """Whether a sentence tells a share or a claim of its own, so that its counts are hardly meant by another."""
        end = sentence.start + len(sentence.text)
        return bool(sentence.all(PERCENT)) or any(sentence.start < one <= end for one in self.judged)

    @cached_property
    def listings(self) -> list[tuple[Sentence | None, list[Sentence]]]:
        """Each run of two and more items of one form, with the sentence before it; rows also with their first row."""
        firsts = {sentence.paragraph: sentence for sentence in reversed(self.sentences)}
        lasts = {sentence.paragraph: sentence for sentence in self.sentences}
        made: list[tuple[Sentence | None, list[Sentence]]] = []
        for number, first in firsts.items():
            if not first.item or (number - 1 in firsts and firsts[number - 1].item == first.item):
                continue
            end = number
            while end in firsts and firsts[end].item == first.item:
                end += 1
            run = [firsts[one] for one in range(number, end)]
            if first.item == CELL:
                continue
            between = self.text[run[-1].start + len(run[-1].text) : firsts[end].start] if end in firsts else ""
            if end in firsts and _totals(firsts[end]) and between.count("\n") < 2:
                run.append(firsts[end])
            if len(run) >= 2 and number - 1 in lasts:
                made.append((lasts[number - 1], run))
            elif len(run) >= 3 and first.item == ROW:
                made.append((None, run))
            if len(run) >= 3 and first.item == ROW:
                made.append((run[0], run[1:]))
        return made


def _totals(sentence: Sentence) -> bool:
    """Whether a short line after a list begins with a word for its total."""
    begins = next(sentence.matches(r"^\W*{total}"), None)
    return bool(begins) and len(sentence.text) <= SHORT_LINE and len(sentence.all()) == 1


def read(text: str, code: str) -> Page:
    """Cut a text into sentences; it is brought to composed letters (NFC) first."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    words = language(code)
    page = Page(text, words)
    for number, (start, end, item) in enumerate(paragraphs(text)):
        for left, right in _sentences(text, start, end, words):
            page.sentences.append(Sentence(text[left:right], left, words, number, item))
    return page


def paragraphs(text: str) -> list[tuple[int, int, str]]:
    """Start, end and what kind of list item it is: lines that a width has broken are put together again."""
    made: list[tuple[int, int, str]] = []
    position, before = 0, ""
    lines = re.split(r"[\n|\t]", text)
    plain = _plain_rows(lines)
    for number, line in enumerate(lines):
        start, end = position, position + len(line)
        position = end + 1
        if text[start - 1 : start] in ("|", "\t") or text[end : end + 1] in ("|", "\t"):
            made.append((start, end, CELL))
            before = ""
            continue
        if not line.strip():
            before = ""
            continue
        item = ITEM + _mark(line) if BULLET.match(line) else ROW if number in plain or _row(line) else ""
        if before and not item and _continues(before, line):
            made[-1] = (made[-1][0], end, made[-1][2])
        else:
            made.append((start, end, item))
        before = line
    return made


PLAIN = re.compile(r"\s*[^\W\d_][^\d:|]{0,50}?\s(?:[–—-]\s)?[€$£]?\d[\d.,]*(?:\s?[€$£%]|\s[^\W\d_]+\.?)?\s*")
"""Some words and one number at the end of a line; three such lines are a list."""


def _plain_rows(lines: list[str]) -> set[int]:
    """The lines of a list without colons and bullets: each some words and one number."""
    plain = [bool(PLAIN.fullmatch(line)) and len(line) <= SHORT_LINE + 15 for line in lines]
    runs: list[list[int]] = [[]]
    for number, is_plain in enumerate(plain):
        if is_plain:
            runs[-1].append(number)
        elif runs[-1]:
            runs.append([])
    return {number for run in runs if len(run) >= 3 for number in run}


def _mark(line: str) -> str:
    """What kind of bullet begins a line: a sign, or that it is a figure or a letter."""
    first = line.strip().lstrip("(")[0]
    return "1" if first.isdigit() else "a" if first.isalpha() else first


def _row(line: str) -> bool:
    """A short line of words, a colon and a number is a row of a list even without a bullet."""
    return bool(re.fullmatch(r"\s*[^:]{1,60}:\s*[€$£]?\d[^:;]{0,40}", line)) and not line.rstrip().endswith(":")


def _continues(before: str, line: str) -> bool:
    ending = before.rstrip()[-1]
    if ending in ".:;!?" and not (ending == "." and ABBREVIATION.search(before.rstrip())):
        return ending in ".?!" and len(before) >= SHORT_LINE
    return len(before) >= SHORT_LINE or line.lstrip()[0].islower()


def _sentences(text: str, start: int, end: int, words: Language) -> Iterator[tuple[int, int]]:
    left = start
    for match in re.finditer(r"[.!?…][\"”»’)]?\s+(?=[\"“„«(]?[^\W_])", text[start:end]):
        stop = start + match.start() + 1
        before, follows = text[left:stop], text[start + match.end() : end]
        if re.fullmatch(r"\s*\(?[\w.]{1,6}[.)]", before):
            continue
        first = re.match(r"\w*", follows.lstrip('"“„«('))[0]
        small, begins = first[:1].islower(), first.lower() in words.words("stop")
        if (
            small
            or ABBREVIATION.search(before)
            or (re.search(r"(?<![\d.,])\d{1,2}\.$", before[-4:]) and not begins and not _closed(before))
        ):
            continue
        yield left, start + match.end()
        left = start + match.end()
    if text[left:end].strip():
        yield left, end


def _closed(before: str) -> bool:
    """Whether one or two digits and a full stop end a sentence: not after an article, as in German ordinals."""
    return before.count("(") <= before.count(")") and not re.search(
        r"\b(?:stand|ab|seit|nach|vor|der|die|das|dem|den|des|am|vom|zum|zur|im|beim|bis|und)\s+\d{1,2}\.$",
        before,
        re.IGNORECASE,
    )
