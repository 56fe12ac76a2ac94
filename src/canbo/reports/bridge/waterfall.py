"""The bridge itself: opening value, parts by cause with their records and acts, closing value."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import product
from typing import Any

from django.db import connection

from canbo.kernel.periods import months_between
from canbo.kernel.refusal import Mistake
from canbo.registry.tree import scope
from canbo.reports.bridge.behind import acts_behind
from canbo.reports.bridge.causes import ABOUT, ALL, PER_YEAR, changes
from canbo.reports.bridge.stretches import DAYS, KNOWLEDGE, Step
from canbo.reports.indicator import INDICATORS, Composite, Measure
from canbo.reports.question import Question, require_reach

NUMERATOR, BASE = "numerator", "base"
Number = int | Fraction


@dataclass(frozen=True)
class Source:
    """Which measure a part is about, on which side of a share, with which factor, between which questions."""

    measure: Measure
    first: Question
    second: Question
    side: str = NUMERATOR
    sign: int = 1


@dataclass
class Part:
    """What one cause adds or takes away: `count` of its own, `value` of the figure; the versions and acts behind it."""

    why: str
    act: str
    ending: str
    source: Source | None
    count: int = 0
    value: Number | None = 0
    versions: list[int] = field(default_factory=list)
    acts: set[int] = field(default_factory=set)


@dataclass
class Bridge:
    """A figure at two points and what lies between: `parts` add up to the difference, exactly."""

    indicator: str
    first: Question
    second: Question
    opening: Number | None
    closing: Number | None
    parts: list[Part] = field(default_factory=list)

    @property
    def difference(self) -> Number | None:
        """By how much it changed; None where one of the points is a share of nobody."""
        return None if None in (self.opening, self.closing) else self.closing - self.opening


def bridge(name: str, first: Question, second: Question) -> Bridge:
    """What changed a figure from one point to another. The points ask about one unit under the same conditions."""
    if (first.unit, dict(first.where)) != (second.unit, dict(second.where)):
        raise Mistake("two_figures", "a bridge leads from a figure to the same figure: one unit, the same conditions")
    indicator = INDICATORS.ask(name)
    indicator.check(first.where)
    for measure, point in product(measures_of(indicator), (first, second)):
        require_reach(point, measure.level, measure.first(point))
    made = Bridge(name, first, second, indicator.value(first), indicator.value(second))
    for source in _sources(indicator, first, second):
        made.parts += _parts(source)
    if isinstance(indicator, Composite):
        _weigh(made, indicator)
    else:
        for part in made.parts:
            part.value = part.count
    made.parts.sort(key=_order)
    _prove(made)
    return made


def _order(part: Part) -> tuple:
    """As a waterfall shows them: by reason, then what adds, the largest first."""
    return ALL.index(part.why), part.count < 0, -abs(part.count), part.act, part.ending


def _sources(of: Any, first: Question, second: Question, side: str = NUMERATOR, sign: int = 1) -> Iterator[Source]:
    """The measures of which an indicator is made."""
    if isinstance(of, Measure):
        yield Source(of, first, second, side, sign)
        return
    for where, parts in ((NUMERATOR, of.parts), (BASE, of.whole)):
        for part in parts:
            inner, one = part.of(first)
            if isinstance(inner, Composite) and (inner.whole or inner.per_year):
                raise Mistake(
                    "no_bridge",
                    "%(name)s is made of the share %(share)s; ask for the bridge of that one",
                    name=of.name,
                    share=inner.name,
                )
            yield from _sources(inner, one, part.of(second)[1], where if of.whole else side, sign * part.sign)


def measures_of(of: Any) -> list[Measure]:
    """The measures of which an indicator is made, whatever is asked."""
    if isinstance(of, Measure):
        return [of]
    return [inner for part in (*of.parts, *of.whole) for inner in measures_of(INDICATORS.ask(part.indicator))]


def _parts(source: Source) -> Iterator[Part]:
    """The parts of one measure: first what the register learnt, then what happened."""
    first, second = source.first, source.second
    learnt = first
    if first.known != second.known:
        learnt = replace(first, known=second.known, scope=scope(first.unit, first.on, second.known))
        yield from _grouped(source, Step(source.measure, KNOWLEDGE, first, learnt))
    if (first.start, first.on) != (second.start, second.on):
        yield from _grouped(source, Step(source.measure, DAYS, learnt, second))


def _grouped(source: Source, step: Step) -> Iterator[Part]:
    """The changes of a step by reason, name of the act, way of ending, and direction."""
    groups = changes(step)
    names = _names({group[0].act for group in groups} - {None})
    parts: dict[tuple, Part] = {}
    for group in groups:
        head, net = group[0], sum(change.weight for change in group)
        ending = next((change.of.ending for change in group if change.ended), "")
        key = (head.why, names.get(head.act, ""), ending, net > 0)
        part = parts.setdefault(key, Part(*key[:3], source))
        part.count += source.sign * net
        part.versions += [change.of.pk for change in group]
        part.acts |= {head.act} - {None}
    for part in parts.values():
        if part.why == ABOUT:
            part.acts = acts_behind(step, part.versions)
        yield part


def _names(acts: set[int]) -> dict[int, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, name FROM registry_act WHERE id = ANY (%s)", [list(acts)])
        return dict(cursor.fetchall())


def _weigh(made: Bridge, of: Composite) -> None:
    """Give every part its exact share: parts of the base count against what was there before, the others after.

    n2·f2/b2 − n1·f1/b1 = (n2−n1)·f2/b2 − (b2−b1)·n1·f2/(b1·b2) + n1·(f2−f1)/b1, where f is one over the years.
    """
    n, f, b = of.numerator(made.first), _yearly(of, made.second), (of.base(made.first), of.base(made.second))
    if of.per_year and f != (before := _yearly(of, made.first)):
        value = None if 0 in b else n * (f - before) / (b[0] or 1)
        made.parts.append(Part(PER_YEAR, "", "", None, 0, value))
    for part in made.parts:
        if part.why == PER_YEAR:
            continue
        if 0 in b:
            part.value = None
        elif not of.whole:
            part.value = part.count * f
        elif part.source.side == NUMERATOR:
            part.value = Fraction(part.count) * f / b[1]
        else:
            part.value = -Fraction(part.count) * n * f / (b[0] * b[1])


def _yearly(of: Composite, question: Question) -> Number:
    return Fraction(12, months_between(question.start, question.on) or 1) if of.per_year else 1


def _prove(made: Bridge) -> None:
    """The parts add up to the difference, and those of each side of a share to its own; else nothing is shown."""
    indicator = INDICATORS.ask(made.indicator)
    if made.difference is not None:
        added = sum(part.value for part in made.parts)
        assert added == made.difference, f"{made.indicator}: parts {added}, difference {made.difference}"
    if isinstance(indicator, Composite):
        for side, value in ((NUMERATOR, indicator.numerator), (BASE, indicator.base)):
            added = sum(part.count for part in made.parts if part.source and part.source.side == side)
            whole = (value(made.second) or 0) - (value(made.first) or 0)
            assert added == whole, f"{made.indicator}, {side}: parts {added}, difference {whole}"
