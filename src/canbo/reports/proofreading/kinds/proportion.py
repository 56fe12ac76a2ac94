"""Shares of two counts in any order of words: a part of a whole, a change, or what was reached of a plan.

The words of the clause announce which of the three; the counts before it (or behind a colon, or of the sentence before)
take the roles. Any assignment that fits is reported; an error only where two counts are left and none fits.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from canbo.reports.proofreading.claims import Claim, Place, claim
from canbo.reports.proofreading.kinds.bag import (
    FACTOR,
    Clause,
    alike,
    before_of,
    clause_of,
    counted,
    dated,
    head,
    joined,
    missed,
    money,
)
from canbo.reports.proofreading.numbers import Number
from canbo.reports.proofreading.page import Page, Sentence
from canbo.reports.proofreading.verdicts import FAILS, GOOD, judge
from canbo.reports.proofreading.wholes import stems

PLANNED = ("target", "goal_before", "plans", "hoped")
REACHED = ("exceed", "short", "fulfilled", "target", "hoped")
PAIRED = ("pairing", "before", "compare", "versus")
LAST, FEW = 4, 6
"""So many counts before a share are tried with each other; so many words may name a rate."""


@dataclass(frozen=True)
class Relation:
    """What a clause announces: the kind of claim, the counts that may play the roles, whether it must be so."""

    name: str
    pool: list[Place]
    sure: bool
    rises: bool = False
    falls: bool = False


def plans(page: Page) -> Iterator[Claim]:
    """Every share of a plan whose words leave no other relation: before anything else reads it as a part."""
    for sentence in page.sentences:
        for share in page.open_shares(sentence):
            clause = clause_of(sentence, share)
            found = _relation(page, clause)
            if found and found.name == "target" and found.sure and (made := _judged(page, clause, found)):
                yield made


def proportions(page: Page) -> Iterator[Claim]:
    """Every share that no other kind has judged and whose words announce a relation of two counts."""
    for sentence in page.sentences:
        for share in page.open_shares(sentence):
            clause = clause_of(sentence, share)
            if (found := _relation(page, clause)) and (made := _judged(page, clause, found)):
                yield made


def _relation(page: Page, clause: Clause) -> Relation | None:
    sentence, before = clause.sentence, before_of(page, clause.sentence)
    around = [one for one in (sentence, before) if one]
    pool, announced = _pool(clause, before)
    if len(pool) < 2 or clause.tail_begins("ofthem", "bearing"):
        return None
    planned = any(one.says(cue) for one in around for cue in PLANNED)
    if planned and (clause.cued("exceed", "short", "fulfilled") or clause.says("target", "hoped")):
        sure = announced or clause.concludes(*REACHED) or clause.says("target")
        return Relation("target", pool, sure or clause.cued("fulfilled"))
    amount = clause_of(sentence, pool[-1].number)
    moved = sentence.says_before(amount.begin, amount.number.start, "up", "down")
    if clause.rises or clause.falls or moved:
        pool = pool[:-1] if moved and not (clause.rises or clause.falls) else pool
        words = _moved(clause, amount)
        if sentence.says_before(0, pool[-1].number.start if pool else 0, "rest", "besides"):
            return None
        return (
            Relation("change", pool, clause.concludes("up", "down") or clause.tail_ends("to"), *words)
            if paired(around) and len(pool) > 1
            else None
        )
    if clause.says("exceed", "short", "average") or _changing(sentence, around):
        return None
    if len(pool) == 2 and joined(*pool):
        return None
    own = clause.adds(*map(head, pool)) and not _of_each_other(clause, pool)
    sure = (announced or clause.concludes()) and not own
    return Relation("share", pool, (sure or announced) and _ended(clause, pool))


def _of_each_other(clause: Clause, pool: list[Place]) -> bool:
    """Whether the two counts are said to be n of m, and the clause tells of nobody else."""
    one, two = pool[0], pool[-1]
    if len(pool) != 2 or one.sentence is not two.sentence or len(clause.lead.split()) > FEW:
        return False
    joined = one.sentence.says("of", one.number.end, two.number.start)
    joined = joined or one.sentence.says("base", max(0, one.number.start - 24), one.number.start)
    return joined and not clause.says("sex", "age", "origin", "people", "child", "partof")


def _changing(sentence: Sentence, around: list[Sentence]) -> bool:
    """Whether a sentence tells a change, so that a share in it is hardly one of its counts."""
    return paired(around) and sentence.says_before(0, len(sentence.shadow), "up", "down")


def _moved(clause: Clause, amount: Clause) -> tuple[bool, bool]:
    """Whether the words say that something rose, and that it fell."""
    said = clause if clause.rises or clause.falls else amount
    return said.rises, said.falls


def paired(around: list[Sentence]) -> bool:
    """Whether the words set two times or two states side by side."""
    said = any(one.says(cue) for one in around for cue in PAIRED)
    moved = any(one.says("from") and one.says("to") for one in around)
    return said or moved or sum(map(dated, around)) > 1


def _pool(clause: Clause, before: Sentence | None) -> tuple[list[Place], bool]:
    """The counts that may play a role, and whether they stand announced behind the share."""
    sentence, share = clause.sentence, clause.number
    here = counted(sentence)
    left = [one for one in here if one.number.end <= share.start]
    right = [one for one in here if one.number.start >= share.end]
    if not left and len(right) > 1:
        between = sentence.shadow[share.end : right[0].number.start]
        reason = ":" in between or sentence.says("because", share.end, right[0].number.start)
        return (right, True) if reason and sentence.all("\ue001") == [share] else ([], False)
    apart = right and ";" in sentence.shadow[share.end : right[0].number.start]
    if (
        right
        and not apart
        and (clause.says("target", "compare", "versus", "exceed", "short") or clause.tail_ends("to"))
    ):
        left = left + right[:1]
    if len(left) < 2 and before:
        left = [*counted(before), *left]
    return _without_difference(left), False


def _without_difference(pool: list[Place]) -> list[Place]:
    if len(pool) == 3:
        for one in pool:
            two = [other for other in pool if other is not one]
            if abs(two[0].number.value - two[1].number.value) == one.number.value:
                return two
    return pool


def _ended(clause: Clause, pool: list[Place]) -> bool:
    """Whether nothing behind a share names another whole than one of the counts."""
    if not clause.tail or clause.tail_begins("allof"):
        return True
    if not clause.tail_begins("partof", "firm_of"):
        return bool(re.fullmatch(r"\W*", clause.tail)) or clause.sign == "" or clause.begin == 0
    named = stems(clause.sentence, clause.tail)
    whole = max(pool, key=lambda one: one.number.value)
    return bool(named & head(whole)) or not named or not any(map(head, pool))


def _values(found: Relation, clause: Clause, one: Number, two: Number) -> list[Fraction]:
    low, high = sorted((one.value, two.value))
    share = clause.number.value
    if found.name == "share":
        return [low / high]
    if found.name == "change":
        return [(high - low) / low] * found.rises + [(high - low) / high] * found.falls
    exceeds, lacks = clause.says("exceed", "up"), clause.says("short", "down")
    beyond = [high / low - 1] if exceeds and share < Fraction(3, 5) else []
    beneath = [1 - low / high] if lacks and share < Fraction(3, 5) else []
    return beyond + beneath or [high / low if share > 1 else low / high]


def _judged(page: Page, clause: Clause, found: Relation) -> Claim | None:
    share, kind = clause.number, {"change": "growth"}.get(found.name, found.name)
    kind = "reduction" if kind == "growth" and not found.rises else kind
    pool = found.pool[-LAST:]
    planned = found.name == "target" and clause.says("target")
    likely = found.sure and (planned or (found.name == "share" and not clause.tail))
    pairs = [pair for pair in itertools.combinations(pool, 2) if likely or alike(*pair)]
    pairs.sort(key=lambda pair: (pair[1] is not pool[-1], pair[0] is not pool[0]))
    for one, two in pairs:
        for value in _values(found, clause, one.number, two.number):
            if (
                verdict := judge(share, value, one.number, two.number)
            ) in GOOD and one.number.value != two.number.value:
                return _made(page, clause, kind, value, verdict, one, two)
    alone = clause.begin == 0 and clause.sentence.all("\ue001") == [share]
    told = alone or any(one.sentence is clause.sentence for one in found.pool)
    if len(found.pool) != 2 or not pairs or not found.sure or share.hedge or not told:
        return None
    one, two = found.pool
    value = _values(found, clause, one.number, two.number)[0]
    verdict = judge(share, value, one.number, two.number)
    near = missed(share, value, FACTOR if alike(one, two) else 2) and money(one) == money(two)
    if verdict != FAILS or (near and not _otherwise(found, share, one.number, two.number)):
        return _made(page, clause, kind, value, verdict, one, two)
    return None


def _otherwise(found: Relation, share: Number, one: Number, two: Number) -> bool:
    """Whether the two counts give the share in another way than the words announce: then nothing is certain."""
    low, high = sorted((one.value, two.value))
    values = [low / high, high / low]
    values += [1 - low / high, high / low - 1] if found.name != "change" else []
    return any(judge(share, value) in GOOD for value in values)


def _made(page: Page, clause: Clause, kind: str, value: Fraction, verdict: str, *pair: Place) -> Claim:
    here = [one for one in pair if one.sentence is clause.sentence]
    kind = "share_of_total" if kind == "share" and len(here) < 2 else kind
    return claim(page, kind, Place(clause.sentence, clause.number), value, verdict, *(here or []))
