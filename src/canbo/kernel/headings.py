"""The headings that nothing in Canbo may carry: fields, labels, terms of acts, custom fields, columns of files.

A heading is recognised whatever its case, marks, spaces, punctuation and numbering: "31) QUAN HỆ GIA ĐÌNH", "quan_he_
gia_dinh" and "QuanHeGiaDinh" are one. Phrases of `headings.yaml` are compared word by word, so that a heading which
only sounds like one is left alone. No Django here.
"""

import functools
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from canbo.kernel.text import asked

FILE = Path(__file__).with_name("headings.yaml")
SHORT = 5
"""Single words up to so many letters keep their marks: without them too many are alike."""
GLUED = 9
"""From so many letters on a phrase is found in a heading written without spaces; a shorter one must be all of it."""
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_BETWEEN = re.compile(r"[\W_]+")
_NUMBERING = re.compile(r"\d+[a-z]?|[a-h]|[ivxl]+|muc|item|no|nr|punkt|stt|so|cau")


@dataclass(frozen=True)
class Entry:
    """What is never recorded: its topic, the reason, and where printed forms ask for it (form → numbers of items)."""

    topic: str
    reason: str
    items: Mapping[str, tuple[str, ...]]
    anywhere: frozenset[str]
    alone: frozenset[str]
    unless: frozenset[str]

    def holds(self, words: str) -> bool:
        """Is a heading of these words one of this topic?"""
        for phrase in self.unless:
            words = f" {words} ".replace(f" {phrase} ", " ").strip()
        return (
            words in self.alone
            or any(f" {phrase} " in f" {words} " for phrase in self.anywhere)
            or (" " not in words and any(_glued(phrase, words) for phrase in self.anywhere | self.alone))
        )


def _glued(phrase: str, word: str) -> bool:
    run = phrase.replace(" ", "")
    return run == word or (len(run) >= GLUED and run in word)


def forbidden(heading: str) -> Entry | None:
    """The entry that forbids a heading, or None where it may stand."""
    words = _words(heading)
    read = {form for said in (words, _unnumbered(words)) for form in (said, asked(said))}
    return next((entry for entry in entries() if any(map(entry.holds, read))), None)


@functools.cache
def entries() -> tuple[Entry, ...]:
    """The dictionary, in the order of its file."""
    return tuple(_entry(said) for said in yaml.safe_load(FILE.read_text(encoding="utf-8")))


def _entry(said: Mapping[str, Any]) -> Entry:
    listed = {name: _phrases(said.get(name, {}).values()) for name in ("anywhere", "alone", "unless")}
    items = {form: tuple(numbers) for form, numbers in said["items"].items()}
    return Entry(said["topic"], said["reason"], items, **listed)


def _phrases(lists: Iterable[Iterable[str]]) -> frozenset[str]:
    """The phrases as they are compared: without marks, umlauts also spelt out, short words as they are written."""
    found = set()
    for phrase in (_words(phrase) for some in lists for phrase in some):
        short = len(phrase) <= SHORT and " " not in phrase
        found |= {phrase} if short else {asked(phrase), phrase.translate(UMLAUTS), asked(phrase.replace("ß", "ss"))}
    return frozenset(found)


def _words(heading: str) -> str:
    """The words of a heading in small letters: nothing invisible, humps and underscores parted."""
    whole = unicodedata.normalize("NFKC", heading)
    seen = [letter for letter in whole if unicodedata.category(letter) != "Cf"]
    parted = (f" {now}" if before.islower() and now.isupper() else now for before, now in pairwise([" ", *seen]))
    return " ".join(_BETWEEN.sub(" ", "".join(parted)).lower().split())


def _unnumbered(words: str) -> str:
    """Without the number of the item before it: "29 b", "XXXI", "mục 9"."""
    some = words.split()
    while len(some) > 1 and _NUMBERING.fullmatch(asked(some[0])):
        some.pop(0)
    return " ".join(some)
