"""From stretches to changes: who added or took away how much, and by which act."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from canbo.reports.bridge.cover import Cover, moved, served
from canbo.reports.bridge.stretches import DAYS, Step, Stretch, stretches, turned
from canbo.reports.question import Question

CHANGE, EXPIRY, PERIOD, SCOPE, ABOUT, LEARNT, PER_YEAR = (
    "change", "expiry", "period", "scope", "about", "learnt", "per_year"
)  # fmt: skip
"""Why a figure changed: an act of these days · an end that was fixed at the beginning · it lies in only one of two
periods · its unit came or went · what it depends on changed · the register learnt of it · the period is longer."""
ALL = (LEARNT, CHANGE, EXPIRY, PERIOD, SCOPE, ABOUT, PER_YEAR)
"""In the order in which a waterfall shows them."""


class Change(NamedTuple):
    """So much more or less, for this reason, by this act (None where no single one is named), of this stretch."""

    why: str
    act: int | None
    weight: int
    of: Stretch
    at: Any
    ended: bool = False


def changes(step: Step) -> list[list[Change]]:
    """All changes of a step, those of one act for one subject together; what cancels out is left out.

    A step backwards is the one forwards with the signs turned.
    """
    if _backwards(step):
        return [[c._replace(weight=-c.weight) for c in group] for group in changes(turned(step))]
    covers = step.covers()
    found = list(stretches(step, covers))
    read = _periods if step.flow and step.axis == DAYS else _along
    all_of_them = [change for stretch in found for change in read(step, covers, stretch) if change.weight]
    if step.measure.counting:
        return [[change] for change in _once(step, found, all_of_them)]
    return _netted(all_of_them)


def _backwards(step: Step) -> bool:
    if step.axis == DAYS:
        return step.second.on < step.first.on
    return step.second.known < step.first.known


def _along(step: Step, covers: tuple[Cover, Cover], of: Stretch) -> Iterator[Change]:
    """It begins, comes in or goes out, weighs something else, and ends: each where it happened within the step."""
    low, high = (step.first.on, step.second.on) if step.axis == DAYS else (step.first.known, step.second.known)
    began, ended = of.low is not None and of.low > low, of.high is not None and of.high <= high
    plain = CHANGE if step.axis == DAYS else LEARNT
    if began and of.before:
        yield Change(plain, of.opened, of.first, of, of.low)
    yield from _moved(step, covers, of)
    if of.after and of.first != of.last:
        yield Change(ABOUT, None, of.last - of.first, of, high)
    if ended and of.after:
        expired = plain == CHANGE and of.closed == of.opened
        yield Change(EXPIRY if expired else plain, of.closed, -of.last, of, of.high, ended=True)


def _periods(step: Step, covers: tuple[Cover, Cover], of: Stretch) -> Iterator[Change]:
    """It happened in one of two periods only, or in both and counts otherwise."""
    early, late = (_within(step, question, of) for question in (step.first, step.second))
    act = of.opened if step.measure.at == "lower" else of.closed
    ended = step.measure.at != "lower"
    if early and not late:
        yield Change(PERIOD, act, -of.first if of.before else 0, of, of.day, ended)
    elif late and not early:
        yield Change(PERIOD, act, of.last if of.after else 0, of, of.day, ended)
    else:
        yield from _moved(step, covers, of)
        yield Change(ABOUT, None, of.last - of.first if of.after else 0, of, of.day)


def _within(step: Step, question: Question, of: Stretch) -> bool:
    """Did it happen in the period? What ends is counted on the day after its last one, with the tree of that one."""
    event = of.day + dt.timedelta(days=step.measure.at == "upper")
    return question.start <= event <= question.on


def _moved(step: Step, covers: tuple[Cover, Cover], of: Stretch) -> Iterator[Change]:
    """Its unit came to count, or ceased to, by the act that placed it elsewhere or learnt that it lay elsewhere."""
    if of.before is of.after or not of.first:
        return
    day, at = of.day or step.first.on, step.second.known
    if step.axis == DAYS and step.flow:
        link, at = served(covers[1].tree, of.unit, day, (step.first.on, step.second.on), of.after), day
    elif step.axis == DAYS:
        first = max(step.first.on, of.low or dt.date.min)
        last = min(step.second.on, (of.high or dt.date.max) - dt.timedelta(days=1))
        at = covers[1].flip(of.unit, first, last, of.after)
        link = moved((covers[0].tree, at - dt.timedelta(days=1)), (covers[1].tree, at), of.unit, of.after)
    else:
        link = moved((covers[0].tree, day), (covers[1].tree, day), of.unit, of.after)
    if link is None:
        act = None
    elif step.axis == DAYS:
        act = link.opened_by if of.after else link.closed_by
    else:
        act = link.asserted_by if of.after else link.retracted_by
    yield Change(SCOPE, act, of.first if of.after else -of.first, of, at)


def _netted(found: Iterable[Change]) -> list[list[Change]]:
    """Without what cancels out: the same act, for the same subject and reason, adds as much as it takes away."""
    groups: dict[tuple, list[Change]] = defaultdict(list)
    for change in found:
        groups[change.why, change.act, change.of.subject].append(change)
    return [group for group in groups.values() if sum(change.weight for change in group)]


def _once(step: Step, found: list[Stretch], all_of_them: list[Change]) -> Iterator[Change]:
    """Of changes that concern something counted once: those by which it came to count at all, or ceased to."""
    held: dict[int, int] = defaultdict(int)
    there = _first(step)
    for stretch in found:
        held[stretch.key] += stretch.first if stretch.before and there(stretch) else 0
    steps: dict[tuple, list[Change]] = defaultdict(list)
    for change in all_of_them:
        steps[change.of.key, change.at, change.act or 0, change.why].append(change)
    for (key, *_), group in sorted(steps.items(), key=lambda item: _order(item[0], item[1])):
        had = held[key]
        held[key] += sum(change.weight for change in group)
        crossed = (held[key] > 0) - (had > 0)
        if crossed:
            of = next(change for change in group if change.weight * crossed > 0)
            yield of._replace(weight=crossed)


def _order(key: tuple, group: list[Change]) -> tuple:
    """In time; what adds comes before what takes away, so that nobody is gone and back within a day."""
    return key[0], key[1], sum(change.weight for change in group) < 0, key[2], key[3]


def _first(step: Step) -> Callable[[Stretch], bool]:
    """Was a stretch there at the first point?"""
    if step.flow and step.axis == DAYS:
        return lambda of: _within(step, step.first, of)
    low = step.first.on if step.axis == DAYS else step.first.known
    return lambda of: (of.low is None or of.low <= low) and (of.high is None or of.high > low)
