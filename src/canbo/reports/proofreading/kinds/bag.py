"""A sentence as a bag of quantities: which of them may belong together, and whether a clause concludes from them.

The relations in free word order rest on this: cues count wherever they stand in the clause of a number.
"""

import re
from dataclasses import dataclass
from fractions import Fraction

from canbo.reports.proofreading.claims import Place
from canbo.reports.proofreading.language import MASK
from canbo.reports.proofreading.numbers import CURRENCY, Number
from canbo.reports.proofreading.page import Page, Sentence
from canbo.reports.proofreading.traps import blank
from canbo.reports.proofreading.verdicts import swapped
from canbo.reports.proofreading.wholes import stems
from canbo.reports.rounding import half_up

BOUNDS = r"[,;:()–—=\ue000\ue001\ue003]|\s-\s"
SHORT, FACTOR, SIDE = 28, 3, 5
"""How far a number may stand behind another in one clause; how many times a slip may miss."""
CONCLUDES = (
    "concludes",
    "average",
    "share",
    "refers",
    "up",
    "down",
    "exceed",
    "short",
    "sumverb",
    "combined",
    "ofthem",
)


@dataclass(frozen=True)
class Clause:
    """A printed number with the words that lead to it and those that follow, up to the next sign or number."""

    sentence: Sentence
    number: Number
    begin: int
    end: int

    @property
    def sign(self) -> str:
        """What ends the clause before: a sign of punctuation, a number, or nothing."""
        return self.sentence.shadow[self.begin - 1 : self.begin]

    @property
    def lead(self) -> str:
        """The words before the number."""
        return self.sentence.shadow[self.begin : self.number.start].rstrip("\ue000\ue001\ue003").strip()

    @property
    def tail(self) -> str:
        """The words behind it."""
        return self.sentence.shadow[self.number.end : self.end].strip(" .!?")

    @property
    def rises(self) -> bool:
        """Whether it tells a growth, by a word or a plus."""
        return self.says("up") or self.lead == "+"

    @property
    def falls(self) -> bool:
        """Whether it tells a reduction, by a word or a minus."""
        return self.says("down") or self.lead in ("-", "−")

    def says(self, *cues: str) -> bool:
        """Whether a cue stands anywhere in the clause."""
        return any(self.sentence.says(cue, self.begin, self.end) for cue in cues)

    def tail_begins(self, *cues: str) -> bool:
        """Whether the words behind the number begin with a cue."""
        return any(_begins(self.sentence, self.tail, cue) for cue in cues)

    def tail_ends(self, cue: str) -> bool:
        """Whether the words behind the number end with a cue."""
        return _ends(self.sentence, self.tail, cue)

    def lead_ends(self, *cues: str) -> bool:
        """Whether the words before the number end with a cue."""
        return any(_ends(self.sentence, self.lead, cue) for cue in cues)

    def cued(self, *cues: str) -> bool:
        """Whether a cue stands before the number in its clause, or right behind it."""
        leads = any(self.sentence.says(cue, self.begin, self.number.start) for cue in cues)
        return leads or self.tail_begins(*cues)

    def adds(self, *known: frozenset[str]) -> bool:
        """Whether the words that lead to the number name something of their own."""
        said = self.lead
        for cue in ("share", "concludes", "refers", "filler", "copula", "combined"):
            said = re.sub(self.sentence.words.cues[cue], " ", said, flags=re.IGNORECASE)
        return bool(stems(self.sentence, said, all_=True) - frozenset().union(*known))

    def _nearby(self, *cues: str) -> bool:
        begin = max(self.begin, self.number.start - SHORT)
        return any(self.sentence.says(cue, begin, self.number.start) for cue in cues)

    def concludes(self, *cues: str) -> bool:
        """Whether the clause says something about what stands before it, and has no subject of its own."""
        if self.sign in "\ue000\ue001\ue003" and self.sign:
            return self.says(*cues) and (len(self.lead) <= SHORT or self._nearby(*cues))
        if not self.lead or self.lead in ("+", "-", "−"):
            return self.sign in ("(", ",", "–", "—", ":", "=")
        return any(_begins(self.sentence, self.lead, cue) for cue in (*CONCLUDES, *cues))


def _begins(sentence: Sentence, said: str, cue: str) -> bool:
    return bool(re.match(rf"\W*(?:{sentence.words.cues[cue]})", said, re.IGNORECASE))


def clause_of(sentence: Sentence, number: Number) -> Clause:
    """The clause of a number."""
    before = _without_words(sentence)[: number.start].rstrip("\ue000\ue001\ue003")
    begin = max((match.end() for match in re.finditer(BOUNDS, before)), default=0)
    behind = re.search(BOUNDS, sentence.shadow[number.end :])
    return Clause(sentence, number, begin, number.end + behind.start() if behind else len(sentence.shadow))


def _without_words(sentence: Sentence) -> str:
    """The shadow without the numbers that are spelled out: they end no clause."""
    shadow = sentence.shadow
    for number in sentence.all():
        shadow = blank(shadow, number.start, number.end, MASK) if number.word else shadow
    return shadow


def counted(sentence: Sentence) -> list[Place]:
    """The counts of a sentence that may take part in a relation."""
    return [Place(sentence, one) for one in sentence.all() if not one.word and one.value > 0]


def before_of(page: Page, sentence: Sentence) -> Sentence | None:
    """The sentence before in the same paragraph or the one right above, unless it is closed."""
    here = page.sentences.index(sentence)
    before = page.sentences[here - 1] if here else None
    near = before and before.paragraph + 1 >= sentence.paragraph and not before.item
    return before if near and not page.closed(before) else None


def money(place: Place) -> bool:
    """Whether a currency stands at a number."""
    around = place.sentence.text[max(0, place.number.start - 2) : place.number.end + 2]
    return any(sign in around for sign in CURRENCY)


def head(place: Place) -> frozenset[str]:
    """The noun right behind a count; empty where none stands there."""
    sentence = place.sentence
    said = re.split(r"[,;:()–—.\ue000\ue001\ue002\ue003]", sentence.shadow[place.number.end :])[0]
    rates = "|".join(one for each in sentence.words.words("rates").values() for one in each)
    if _begins(sentence, said, "verbs") or re.match(rf"\W*(?:{rates}|{sentence.words.cues['combined']})", said, re.I):
        return frozenset()
    words = re.findall(r"[^\W\d_]+", said)[:3]
    if sentence.words.code == "de":
        words = [word for word in words if word[0].isupper()]
    return frozenset(stems(sentence, " ".join(words)))


def alike(one: Place, two: Place) -> bool:
    """Whether two counts may count the same kind of thing: the same noun, both people, or no noun at one of them."""
    if money(one) != money(two):
        return False
    left, right = head(one), head(two)
    if money(one) or not left or not right or left & right or _compound(one, two):
        return True
    return _people(one) and _people(two)


def _compound(one: Place, two: Place) -> bool:
    """Whether the noun of one count ends with that of the other, as *Parteikomitees* does with *Komitees*."""
    if one.sentence.words.code != "de":
        return False
    nouns = [re.findall(r"\b[A-ZÄÖÜ]\w{4,}", place.sentence.shadow[place.number.end :])[:1] for place in (one, two)]
    return all(nouns) and (nouns[0][0].endswith(nouns[1][0].lower()) or nouns[1][0].endswith(nouns[0][0].lower()))


def joined(one: Place, two: Place) -> bool:
    """Whether two counts are told side by side: *90 delegates and 35 guests*."""
    if one.sentence is not two.sentence or not head(two):
        return False
    between = one.sentence.shadow[one.number.end : two.number.start]
    return _ends(one.sentence, between, "joins") and len(between.split()) <= SIDE


def _ends(sentence: Sentence, said: str, cue: str) -> bool:
    return bool(re.search(rf"{sentence.words.cues[cue]}\W*$", said, re.IGNORECASE))


def changed(place: Place) -> bool:
    """Whether a count is itself the size of a change: *fell by 40*."""
    clause = clause_of(place.sentence, place.number)
    moved = place.sentence.says_before(clause.begin, place.number.start, "up", "down")
    by = place.sentence.says("by", clause.begin, place.number.start)
    return moved and (by or any(_ends(place.sentence, clause.lead, cue) for cue in ("up", "down")))


def past(sentence: Sentence, period: Number) -> bool:
    """Whether a period only says how long ago something was."""
    behind = _begins(sentence, sentence.shadow[period.end :].lstrip("\ue003").split(" ", 2)[-1], "ago")
    behind = behind or sentence.says("ago", period.end, min(len(sentence.shadow), period.end + 14))
    return behind or _ends(sentence, sentence.shadow[: period.start].rstrip("\ue003"), "ago")


def _people(place: Place) -> bool:
    end = place.number.end
    return place.sentence.says("people", end, min(len(place.sentence.shadow), end + 24))


def dated(sentence: Sentence) -> int:
    """How many dates and years a sentence names."""
    return len(re.findall(f"{MASK}+", sentence.shadow))


def missed(printed: Number, value: Fraction, factor: Fraction | int = FACTOR) -> bool:
    """Whether a printed number was meant for a value that it misses."""
    scale = 10**printed.places
    if swapped(printed.value * scale, half_up(value, printed.places) * scale):
        return True
    low, high = sorted((printed.value, value))
    return 0 < high <= low * factor
