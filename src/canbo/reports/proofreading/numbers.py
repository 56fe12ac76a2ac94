"""Finds the numbers of a sentence and sorts them: counts, shares, and periods of months or years.

The result is a *shadow*: the sentence with every number replaced, sign for sign, by what it is, so that a grammar can
be written over words and signs while positions stay those of the text. What `traps` sets aside is no number here.
"""

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from canbo.reports.proofreading.language import COUNT, DURATION, MASK, PERCENT, QUALIFIERS, Language, alternatives
from canbo.reports.proofreading.traps import blank, without_traps

SPACES = "\u00a0\u202f\u2009 "
CURRENCY = "€$£₫"
MONTHS = {"year": 12, "quarter": 3, "month": 1}
DIGITS = re.compile(
    rf"(?<![\w.,])(?:[{CURRENCY}]\s?)?(\d{{1,3}}(?:[{SPACES}]\d{{3}})+(?:[.,]\d+)?(?![\d/]|[.,]\d)|\d+(?:[.,]\d+)*)"
)


@dataclass(frozen=True)
class Number:
    """A number of the text: its value (a share as a part of one), printed decimals, span, and how it was hedged.

    `doubtful`: the format belongs to another language, so that two values are possible. `months`: of a period.
    """

    value: Fraction
    places: int
    start: int
    end: int
    kind: str = COUNT
    hedge: str = ""
    doubtful: bool = False
    word: bool = False
    months: Fraction = Fraction(0)


@dataclass(frozen=True)
class Numbers:
    """The shadow of a sentence and its numbers by the position at which their run of signs ends."""

    shadow: str
    found: dict[int, Number]


def _value(text: str, words: Language) -> tuple[Fraction, int, bool] | None:
    """Value, decimals and whether the format leaves a doubt; None where it is no number."""
    point = re.escape(words.words("point"))
    group = re.escape("".join(words.words("thousands")))
    grouped = re.fullmatch(rf"\d{{1,3}}(?:[{group}{SPACES}]\d{{3}})+(?:{point}(\d+))?", text)
    plain = re.fullmatch(rf"\d+(?:{point}(\d+))?", text)
    if found := grouped or plain:
        decimals = found.group(1) or ""
        value = Fraction(int(re.sub(r"\D", "", text)), 10 ** len(decimals))
        return value, len(decimals), bool(plain) and len(decimals) == 3
    if foreign := re.fullmatch(r"(\d+)[.,](\d{1,2}|\d{4,})", text):
        return Fraction(int("".join(foreign.groups())), 10 ** len(foreign.group(2))), len(foreign.group(2)), True
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", text):
        return Fraction(int(re.sub(r"\D", "", text))), 0, True
    return None


def _hedge(shadow: str, start: int, words: Language) -> tuple[str, int]:
    """How the words before a number hedge it, and where they begin."""
    before = shadow[:start]
    found = ((re.search(rf"{words.cues[name]}\s*$", before, re.IGNORECASE), name) for name in QUALIFIERS)
    hedges = [
        (said.start(), name)
        for said, name in found
        if said and not (name == "over" and _governed(before[: said.start()], words))
    ]
    begin, name = min(hedges, default=(start, ""), key=lambda one: one[0])
    return name, begin


def _governed(before: str, words: Language) -> bool:
    """Whether a word for *over* is rather the *of* of n of m, or belongs to a verb, as in *verfügt über*."""
    clause = re.split(r"[,;.:()]", before)[-1]
    if re.search(words.cues["governs"], clause, re.IGNORECASE):
        return True
    return words.code == "vi" and bool(re.search(rf"[\d{COUNT}][^,.;:()]{{0,25}}$", before))


def _period(after: str, words: Language) -> int:
    """The months of the unit of time that follows, 0 where none does."""
    for name, months in MONTHS.items():
        if re.match(rf"[\s-]{alternatives(words.words('units')[name])}", after, re.IGNORECASE):
            return months
    return 0


def find(text: str, words: Language) -> Numbers:
    """All numbers of a sentence with their shadow."""
    shadow = without_traps(text, words)
    found: dict[int, Number] = {}
    for match in list(DIGITS.finditer(shadow)):
        number = _read(match, shadow, words)
        if number is None:
            shadow = blank(shadow, *match.span(1), MASK)
            continue
        shadow = _note(number, match.start(), shadow, found, words)
    spelled = re.compile(rf"(?<![\w-]){alternatives(list(words.words('numbers')))}(?![\w-])", re.IGNORECASE)
    for match in list(spelled.finditer(shadow)):
        value = Fraction(words.words("numbers")[match.group().lower()])
        unit = _period(shadow[match.end() :], words)
        number = Number(value, 0, *match.span(), DURATION if unit else COUNT, word=True, months=value * unit)
        shadow = _note(number, match.start(), shadow, found, words)
    return Numbers(shadow, dict(sorted(found.items())))


def _read(match: re.Match[str], shadow: str, words: Language) -> Number | None:
    after = shadow[match.end() :]
    read = _value(match.group(1), words)
    if read is None or re.match(rf"\s?{words.cues['points']}", after, re.IGNORECASE) or re.match(r"[^\W\d_]", after):
        return None
    value, places, doubtful = read
    number = Number(value, places, match.start(1), match.end(), doubtful=doubtful)
    if sign := re.match(rf"\s?{words.cues['percent']}", after, re.IGNORECASE):
        certain = not (doubtful and places == 3) and value < 1000
        return replace(
            number,
            value=value / 100,
            places=places + 2,
            end=match.end() + sign.end(),
            kind=PERCENT,
            doubtful=not certain,
        )
    if unit := _period(after, words):
        return replace(number, kind=DURATION, months=value * unit)
    if money := re.match(rf"\s?[{CURRENCY}]", after):
        return replace(number, end=match.end() + money.end())
    return number


def _note(number: Number, start: int, shadow: str, found: dict[int, Number], words: Language) -> str:
    hedge, begin = _hedge(shadow, start, words)
    found[number.end] = replace(number, hedge=hedge)
    return blank(shadow, begin, number.end, number.kind)
