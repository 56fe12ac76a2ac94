"""The words of a language as data (`words/<code>.yaml`): number formats, cues, and the traps whose numbers are none."""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from canbo.kernel.refusal import Mistake

FOLDER = Path(__file__).parent / "words"
CODES = ("vi", "en", "de")
QUALIFIERS = ("nearly", "over", "about", "under", "least")
"""How an author may hedge a number; each is a list of words in the data."""
COUNT, PERCENT, MASK, DURATION = "\ue000", "\ue001", "\ue002", "\ue003"
"""What stands for a number in the shadow of a sentence, from its first to its last character."""


@dataclass(frozen=True)
class Language:
    """One language: the data of its file, and each list of cues as one regular expression."""

    code: str
    data: Mapping[str, Any]
    cues: Mapping[str, str]
    traps: tuple[re.Pattern[str], ...]

    def words(self, name: str) -> Any:
        """A table of the language, as written in its file."""
        return self.data[name]


def phrase(said: str) -> str:
    """A cue of the data as a pattern: whole words, any blank between them."""
    pattern = re.sub(r"(?<!\\) ", r"\\s+", said)
    before = r"(?<!\w)" if re.match(r"[\w(\[]|\\w", pattern) else ""
    after = "" if re.search(r"[=~≈/,+−:≥-]$", pattern) else r"(?!\w)"
    return before + pattern + after


def alternatives(said: list[str]) -> str:
    """All cues of a list as one group, the longest first."""
    ordered = sorted((str(one) for one in said), key=len, reverse=True)
    return "(?:" + "|".join(phrase(one) for one in ordered) + ")" if ordered else r"(?!)"


@functools.cache
def language(code: str) -> Language:
    """The language of that code; another code is a mistake that names the three."""
    if code not in CODES:
        known = ", ".join(CODES)
        raise Mistake("unknown_language", "texts are read in %(known)s, not “%(said)s”", known=known, said=code)
    data = yaml.safe_load((FOLDER / f"{code}.yaml").read_text(encoding="utf-8"))
    cues = {name: alternatives(said) for name, said in data.items() if isinstance(said, list)}
    traps = tuple(re.compile(trap, re.IGNORECASE) for trap in data["traps"])
    return Language(code, data, cues, traps)


@functools.cache
def pattern(code: str, template: str) -> re.Pattern[str]:
    """A template as a pattern over the shadow of a sentence.

    `{N:name}` a count, `{P:name}` a share, `{name}` a cue, `{~}` some words without a number or punctuation, `{,}` the
    same with commas.
    """
    gap = f"[^{COUNT}{PERCENT},;:()]"
    wide = f"[^{COUNT}{PERCENT};:()]"

    def fill(match: re.Match[str]) -> str:
        said = match.group(1)
        if said[:2] in ("N:", "P:"):
            sign = COUNT if said[0] == "N" else PERCENT
            return f"(?<!{sign})(?P<{said[2:]}>{sign}+)(?!{sign})"
        return {"~": f"{gap}{{0,70}}?", ",": f"{wide}{{0,110}}?"}.get(said) or language(code).cues[said]

    return re.compile(re.sub(r"\{([A-Za-z_~,:]+)\}", fill, template), re.IGNORECASE)


def detect(text: str) -> str:
    """The language a text is most likely in: by its frequent words, and by the letters only Vietnamese has."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    frequent = {
        code: {one for said in language(code).words("common") for one in str(said).lower().split()} for code in CODES
    }
    scores = {code: sum(word in frequent[code] for word in words) for code in CODES}
    scores["vi"] += sum(any(letter in VIETNAMESE for letter in word) for word in words)
    scores["de"] += sum(any(letter in "äöüß" for letter in word) for word in words)
    return max(CODES, key=lambda code: (scores[code], code == "en"))


VIETNAMESE = frozenset(chr(point) for point in (*range(0x1EA0, 0x1EFA), 0x103, 0x111, 0x129, 0x169, 0x1A1, 0x1B0))
