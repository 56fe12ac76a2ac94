"""Counting pictures with the report's own question, so that picture and figures are known at the same instant."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from canbo.kernel.refusal import Mistake, Refused
from canbo.reports.breakdowns import UNKNOWN
from canbo.reports.indicator import INDICATORS
from canbo.reports.pictures import AGAINST, BARS, PARTS, SHARES, STACKED, PictureLine, name_of
from canbo.reports.question import Question


@dataclass(frozen=True)
class Counted:
    """The keys of bars and segments, and a number for each pair; None where there is none to show."""

    bars: tuple[str, ...]
    segments: tuple[str, ...]
    cells: tuple[tuple[int | None, ...], ...]


def count(line: PictureLine, question: Question, values: Mapping[str, Any]) -> Counted:
    """Count a picture for a report's question; `values` are the report's figures by their id."""
    if line.kind == PARTS:
        unknown = [name for pair in line.figures.items() for name in pair if name not in values]
        if unknown:
            names = ", ".join(unknown)
            raise Mistake("bad_book", "%(of)s: there is no figure %(names)s", of=line.id, names=names)
        cells = tuple((values[part], values[whole]) for part, whole in line.figures.items())
        return Counted(tuple(line.figures), ("part", "whole"), cells)
    asked = question.narrowed(line.where)
    counting = {BARS: _bars, STACKED: _stacked, SHARES: _stacked, AGAINST: _against}[line.kind]
    return counting(line, asked)


def _groups(line: PictureLine, question: Question, by: str) -> dict[str, int | None]:
    """The groups of the indicator, None where one is withheld; the unknown one only where somebody is in it."""
    found = INDICATORS.ask(line.indicator).groups(question, by)
    return {key: total for key, total in found if total != 0 or key != UNKNOWN}


def _bars(line: PictureLine, question: Question) -> Counted:
    found = _groups(line, question, name_of(line.bars))
    return Counted(tuple(found), ("value",), tuple((total,) for total in found.values()))


def _stacked(line: PictureLine, question: Question) -> Counted:
    """One query for each code of the axis that names its codes; the other axis is its breakdown."""
    across = line.bars if isinstance(line.bars, Mapping) else line.segments
    (condition, codes), by = next(iter(across.items())), line.segments if across is line.bars else line.bars
    found = {code: _groups(line, question.narrowed({condition: code}), by) for code in codes}
    groups = _ordered({key for totals in found.values() for key in totals})

    def cell(code: str, key: str) -> int | None:
        """A group that is not told of has nobody in it, unless some are withheld."""
        return found[code].get(key, None if None in found[code].values() else 0)

    if across is line.bars:
        return Counted(codes, groups, tuple(tuple(cell(code, key) for key in groups) for code in codes))
    return Counted(groups, codes, tuple(tuple(cell(code, key) for code in codes) for key in groups))


def _ordered(keys: set[str]) -> tuple[str, ...]:
    """Groups in the order of their keys, the unknown last."""
    return tuple(sorted(keys, key=lambda key: (key == UNKNOWN, key)))


def _aim(measure: Any, own: Question) -> int | Fraction | None:
    """What a year is held against; whoever has totals without their records has none of a single year."""
    try:
        return measure.value(own) or None
    except Refused as refusal:
        if refusal.code != "beyond_reach":
            raise
        return None


def _against(line: PictureLine, question: Question) -> Counted:
    """What was counted in each year of the period, beside what it is held against."""
    found = _groups(line, question, name_of(line.bars))
    measure = INDICATORS.ask(line.against.indicator)
    cells = []
    for year in range(question.start.year, question.on.year + 1):
        first = max(question.start, question.start.replace(year=year, month=1, day=1))
        last = min(question.on, question.on.replace(year=year, month=12, day=31))
        own = replace(question.during(first, last), where={**line.against.where, "year": year})
        cells.append((str(year), found.get(str(year), 0), _aim(measure, own)))
    shown = [cell for cell in cells if cell[1] or cell[2]]
    segments = ("value", "against") if any(cell[2] for cell in shown) else ("value",)
    return Counted(tuple(c[0] for c in shown), segments, tuple(c[1 : 1 + len(segments)] for c in shown))
