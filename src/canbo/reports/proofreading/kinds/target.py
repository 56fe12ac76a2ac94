"""Targets: what was done against what was planned, as a share of the plan, or as what exceeds or misses it."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from canbo.reports.proofreading.claims import Claim, Place, claim
from canbo.reports.proofreading.kinds.bag import clause_of
from canbo.reports.proofreading.numbers import Number
from canbo.reports.proofreading.page import Page, Sentence
from canbo.reports.proofreading.verdicts import FAILS, judge
from canbo.reports.proofreading.wholes import stems

GOALS = (
    r"\(\s*{~}{N:done}{~}\s{instead}\s+(?:{filler}\s+){0,3}{N:goal}(?!\s*/)",
    r"{goal_before}\s*[:=(]?\s*(?:{filler}\s+){0,3}{N:goal}(?!\s*/)",
    r"{N:goal}{~}\s{goal_after}",
    r"{plans}\s+(?:{~}\s)??{N:goal}(?!\s*/)",
)
RATIO = r"{N:done}\s*/\s*{N:goal}"
MARGINS = (
    r"(?:{exceed}|{short})\s*(?:{by}\s*)*{N:margin}(?!\s*/)",
    r"{amount}\s+{N:margin}\s+(?:{~}\s)?(?:{exceed}|{short})",
)
REACH = 60
"""How many characters a word for *exceeded* may stand from its share."""


@dataclass(frozen=True)
class Pair:
    """What was done and what was planned; `firm` where the words leave no other reading."""

    done: Place
    goal: Place
    firm: bool


def targets(page: Page) -> Iterator[Claim]:
    """Every share of a sentence that names both the plan and what was done."""
    for number, sentence in enumerate(page.sentences):
        if not sentence.says("target") and not sentence.says("goal_before"):
            if number and sentence.says("fulfilled") and (across := _across(page.sentences[number - 1], sentence)):
                yield from _judged(page, across, 0, len(sentence.shadow))
            continue
        found = [(pair, part) for part in _segments(sentence) if (pair := _pair(sentence, *part))]
        for pair, part in found:
            yield from _judged(page, Pair(Place(sentence, pair[0]), Place(sentence, pair[1]), pair[2]), *part)
        if not found and number and (across := _across(page.sentences[number - 1], sentence)):
            yield from _judged(page, across, 0, len(sentence.shadow))


def _segments(sentence: Sentence) -> Iterator[tuple[int, int]]:
    """The stretches between semicolons that hold two counts; else the whole sentence."""
    cuts = [0, *(match.end() for match in re.finditer(";", sentence.shadow)), len(sentence.shadow)]
    pieces = list(itertools.pairwise(cuts))
    full = [piece for piece in pieces if sum(piece[0] <= one.start < piece[1] for one in sentence.all()) >= 2]
    yield from full if len(full) > 1 else [(0, len(sentence.shadow))]


def _pair(sentence: Sentence, start: int, end: int) -> tuple[Number, Number, bool] | None:
    """What was done and what was planned, and whether the words leave no other reading."""
    for match in sentence.matches(RATIO, start, end):
        return sentence.of(match, "done"), sentence.of(match, "goal"), True
    counts = [one for one in sentence.all() if start <= one.start < end and not one.word]
    for template in GOALS:
        for match in sentence.matches(template, start, end):
            goal = sentence.of(match, "goal")
            others = [one for one in counts if one != goal and not _margin(sentence, one)]
            if goal not in counts or not others:
                continue
            before = [one for one in others if one.start < goal.start]
            after = [one for one in others if one.start > goal.start]
            done = before[-1] if before else after[0]
            return done, goal, len(others) == 1
    return None


def _margin(sentence: Sentence, number: Number) -> bool:
    """Whether a count is itself the distance to the plan: *exceeded by 10*."""
    found = (match for template in MARGINS for match in sentence.matches(template))
    return any(sentence.of(match, "margin") == number for match in found)


def _across(before: Sentence, sentence: Sentence) -> Pair | None:
    """*The target was 300. We made 324, 8 % above it*: one plan in the sentence before, one count in this."""
    planned = [before.of(match, "goal") for template in GOALS for match in before.matches(template)]
    done = [one for one in sentence.all() if not one.word and not _margin(sentence, one)]
    if (
        len({one.end for one in planned}) != 1
        or len(done) != 1
        or len([one for one in before.all() if not one.word]) > 1
    ):
        return None
    counted = [_counted(before, planned[0]), _counted(sentence, done[0])]
    if all(counted) and not counted[0] & counted[1] and not sentence.says("target"):
        return None
    if not before.says("target") and not before.says("goal_before") and not sentence.says("target"):
        return None
    return Pair(Place(sentence, done[0]), Place(before, planned[0]), True)


def _counted(sentence: Sentence, number: Number) -> set[str]:
    """The beginnings of the words behind a number, up to the next sign."""
    behind = re.split(r"[,;:.(–—\ue000\ue001]", sentence.shadow[number.end :])[0]
    return {word[:4] for word in stems(sentence, behind, few=True)}


def _judged(page: Page, pair: Pair, start: int, end: int) -> Iterator[Claim]:
    sentence, done, goal = pair.done.sentence, pair.done.number, pair.goal.number
    if not goal.value:
        return
    both = (pair.done, pair.goal) if pair.goal.sentence is sentence else (pair.done,)
    for share in page.open_shares(sentence):
        if (
            clause_of(sentence, share).tail_begins("ofthem")
            or not start <= share.start < end
            or not _attached(sentence, share, [one.number for one in both])
        ):
            continue
        ratio = done.value / goal.value
        value = _meant(sentence, share, ratio)
        verdict = judge(share, value, done, goal)
        apart = abs(value - share.value)
        if verdict == FAILS and not _sure(sentence, share):
            continue
        reach = 2 if value != ratio or sentence.says("target") or sentence.says("goal_before") else 5
        if verdict == FAILS and (apart > max(value, share.value) / reach or (not pair.firm and apart > Fraction(1, 4))):
            continue
        yield claim(page, "target", Place(sentence, share), value, verdict, *both)
    yield from _margins(page, pair, both, start, end)


def _sure(sentence: Sentence, share: Number) -> bool:
    """Whether a share of a sentence without a word for the plan is one of the plan: nothing else follows it."""
    if any(sentence.says(cue) for cue in ("target", "goal_before", "exceed", "short")):
        return True
    behind = sentence.shadow[share.end :]
    return bool(re.match(rf"\s*(?:$|[.,;:)]|{sentence.words.cues['fulfilled']})", behind, re.IGNORECASE))


def _margins(page: Page, pair: Pair, both: tuple[Place, ...], start: int, end: int) -> Iterator[Claim]:
    """Counts by which a plan was exceeded or missed."""
    sentence, done, goal = pair.done.sentence, pair.done.number, pair.goal.number
    value = abs(done.value - goal.value)
    for template in MARGINS:
        for match in sentence.matches(template, start, end):
            margin = sentence.of(match, "margin")
            if pair.firm and margin not in (done, goal) and margin.value < goal.value:
                yield claim(page, "target", Place(sentence, margin), value, judge(margin, value, done, goal), *both)


def _attached(sentence: Sentence, share: Number, both: list[Number]) -> bool:
    """Whether only words about the plan stand between the two counts and the share."""
    first, last = min(one.start for one in both), max(one.end for one in both)
    if share.end <= first:
        between = sentence.shadow[share.end : first]
        return len(between) <= REACH and ";" not in between
    between = sentence.shadow[last : share.start]
    others = [one for one in sentence.all() if last <= one.start < share.start and not _margin(sentence, one)]
    return share.start < last or (not others and len(between) <= 2 * REACH)


def _meant(sentence: Sentence, share: Number, ratio: Fraction) -> Fraction:
    """The ratio, what it has over one, or what it lacks, by the words around the share."""
    before = share.start - len(re.split(r"[.;:]", sentence.shadow[: share.start])[-1])
    after = min(len(sentence.shadow), share.end + REACH // 2)
    clause = re.split(r"[;)]", sentence.shadow[share.end : after])[0]
    near = (before, share.start), (share.end, share.end + len(clause))
    if share.value < Fraction(3, 5):
        if ratio > 1 and any(sentence.says("exceed", *where) for where in near):
            return ratio - 1
        if ratio < 1 and any(sentence.says("short", *where) for where in near):
            return 1 - ratio
    return ratio
