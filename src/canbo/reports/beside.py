"""What the register counts, beside what a text claims: the figure that a sentence speaks of, for one unit and day.

A figure is the same when the sentence holds nearly all the words of its label; where several do, the longest label. It
is shown beside the claim, and decides nothing: the text may speak of another unit or day.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from canbo.kernel.text import fold
from canbo.reports.book import Figure
from canbo.reports.proofreading.claims import Claim
from canbo.reports.text import label, shown

FEWEST, ENOUGH = 2, 0.75
"""A label of fewer words says too little; this part of them must stand in the sentence."""
_WORD = re.compile(r"[^\W\d_]{2,}")
_END = re.compile(r"[.;!?](?=\s)|\n\s*\n")


@dataclass(frozen=True)
class Beside:
    """A figure of the register as it stands beside a claim."""

    id: str
    label: str
    value: str


def beside(text: str, claims: Sequence[Claim], figures: Iterable[Figure], language: str) -> list[Beside | None]:
    """For each claim the figure its sentence speaks of, or None."""
    named = [(label(figure, language), figure) for figure in figures]
    wanted = [(_words(words), words, figure) for words, figure in named]
    return [_same(_words(_sentence(text, claim)), wanted, language) for claim in claims]


def _same(said: set[str], wanted: list[tuple[set[str], str, Figure]], language: str) -> Beside | None:
    fitting = [
        (len(words), name, figure)
        for words, name, figure in wanted
        if len(words) >= FEWEST and len(words & said) >= ENOUGH * len(words)
    ]
    if not fitting:
        return None
    _, name, figure = max(fitting, key=lambda found: found[0])
    return Beside(figure.line.id, name, shown(figure, language))


def _sentence(text: str, claim: Claim) -> str:
    """The sentences in which the quote stands, from the end of the one before."""
    start, end = claim.span
    before = [found.end() for found in _END.finditer(text, 0, start)]
    after = _END.search(text, end)
    return text[before[-1] if before else 0 : after.start() if after else len(text)]


def _words(text: str) -> set[str]:
    return set(_WORD.findall(fold(text)))
