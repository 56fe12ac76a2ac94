"""The acts of a collection: asking units, handing in, returning for correction, accepting."""

import datetime as dt
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from django.db import IntegrityError, transaction

from canbo.kernel.act import require
from canbo.kernel.periods import months_between
from canbo.kernel.profile import profile
from canbo.kernel.refusal import Mistake, Refused
from canbo.registry.facts import Unit
from canbo.registry.tree import Placement
from canbo.reports.book import Figure, Report, asked, pages, report
from canbo.reports.collection import (
    ACCEPTED,
    ASKED,
    COUNTED,
    ENTERED,
    RETURNED,
    SUBMITTED,
    Answer,
    Collection,
    CollectionStep,
    answer,
)
from canbo.reports.freeze import FrozenReport, audited, freeze
from canbo.reports.indicator import INDICATORS, Composite

NEAR = Fraction(1, 10**9)
"""How far a share read from a file may lie from the exact one: files hold doubles."""


def ask_units(*, by: str, unit: str, book: str, on: dt.date, due: dt.date, units: Sequence[str] = ()) -> Collection:
    """Ask units for a book as of a day; those right beneath unless they are named. Only units beneath can be asked."""
    question = asked(pages(profile(), book, unit), unit, on)
    require(by, "report.collect", question.unit.pk)
    if due < on:
        raise Mistake("due_too_early", f"it is due on {due}, before the day {on} that it is about")
    beneath = question.scope.units(on)
    if units:
        named = dict(Unit.objects.filter(code__in=units).values_list("code", "pk"))
        if strange := [code for code in units if named.get(code) not in beneath or code == unit]:
            raise Refused("not_beneath", f"not beneath {unit} on {on}: {', '.join(strange)}", units=strange)
        keys = sorted(named.values())
    else:
        right = Placement.objects.asof(on, question.known).filter(parent__in=question.scope.roots)
        keys = sorted(set(right.values_list("unit", flat=True)) - set(question.scope.roots))
    if not keys:
        raise Refused("nobody_to_ask", f"no unit lies beneath {unit} on {on}")
    with transaction.atomic():
        row = audited("collection", by, f"collect {book} {unit}", len(keys), [book, unit, on, due, keys])
        made = Collection.objects.create(unit=question.unit, book=book, on=on, due=due, audit_id=row)
        CollectionStep.objects.bulk_create(
            CollectionStep(collection=made, unit_id=key, number=1, state=ASKED, audit_id=row) for key in keys
        )
    return made


def submit_counted(*, by: str, to: Collection, unit: str, explained: Mapping[str, str]) -> CollectionStep:
    """Hand in what the register counts for the unit; the report is frozen, so its gaps need words."""
    found = answer(to, unit)
    found.may(SUBMITTED)
    made = report(to.book, unit, to.on)
    with transaction.atomic():
        frozen = freeze(made, by=by, explained=dict(explained))
        return _step(by, to, found, SUBMITTED, origin=COUNTED, figures=_counted(made), frozen=frozen)


def submit_entered(*, by: str, to: Collection, unit: str, told: Mapping[str, Any], words: str = "") -> CollectionStep:
    """Hand in the file that the unit's own Canbo wrote (`canbo report … --format json`)."""
    found = answer(to, unit)
    found.may(SUBMITTED)
    wanted = {"book": to.book, "unit": unit, "on": to.on.isoformat()}
    for name, value in wanted.items():
        if told.get(name) != value:
            raise Refused("another_report", f"the file is about {name} {told.get(name)!r}; asked was {value!r}")
    told_lines = told.get("figures")
    if not isinstance(told_lines, list) or not all(isinstance(at, Mapping) and "id" in at for at in told_lines):
        raise Mistake("no_report", "the file holds no list of figures with their ids; write it with --format json")
    return _step(by, to, found, SUBMITTED, words=words, origin=ENTERED, figures=_entered(to, unit, told_lines))


def send_back(*, by: str, to: Collection, unit: str, words: str) -> CollectionStep:
    """Return an answer for correction, with words that say what is wrong."""
    if not words.strip():
        raise Mistake("returned_without_words", "say with --words what the unit is to correct")
    return _step(by, to, answer(to, unit), RETURNED, words=words.strip())


def accept(*, by: str, to: Collection, unit: str) -> CollectionStep:
    """Accept an answer; from then on it counts and the unit cannot change it."""
    return _step(by, to, answer(to, unit), ACCEPTED)


def _step(by: str, to: Collection, found: Answer, state: str, frozen: FrozenReport | None = None, **said: Any) -> Any:
    """Write the next step of an answer; refused where the table of states does not lead there."""
    decides = found.unit if state == SUBMITTED else to.unit
    require(by, f"report.collect.{state}", decides.pk)
    found.may(state)
    code, number = found.unit.code, len(found.steps) + 1
    try:
        with transaction.atomic():
            wrote = [to.pk, code, state, said]
            row = audited("collection", by, f"{state} {to.book} {code}", len(said.get("figures") or ()), wrote)
            return CollectionStep.objects.create(
                collection=to, unit=found.unit, number=number, state=state, frozen=frozen, audit_id=row, **said
            )
    except IntegrityError as error:
        raise Refused("changed_meanwhile", f"somebody moved the answer of {code} meanwhile; look again") from error


def lines(to: Collection, unit: str) -> dict[str, tuple[Any, dt.date, dt.date]]:
    """The figures that the book asks of a unit: each one's indicator and period."""
    parts = pages(profile(), to.book, unit)
    start = asked(parts, unit, to.on).start
    return {
        line.id: (INDICATORS.ask(line.indicator), line.start or start, line.on or to.on)
        for part in parts
        for chapter in part.chapters
        for line in chapter.figures
    }


def yearly(indicator: Any, start: dt.date, on: dt.date) -> Fraction:
    """By what a count is multiplied before it is a figure: one, but of figures per year."""
    return Fraction(12, months_between(start, on) or 1) if getattr(indicator, "per_year", False) else Fraction(1)


def _counted(made: Report) -> list[dict[str, Any]]:
    """Each figure by what adds up: its count (of a share the numerator) and its base."""
    return [{"id": figure.line.id, "count": _count(figure), "base": figure.base} for figure in made.figures()]


def _count(figure: Figure) -> int:
    indicator = figure.indicator
    return indicator.numerator(figure.question) if isinstance(indicator, Composite) else figure.value


def _entered(to: Collection, unit: str, told: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The same of a file; refused when figures are missing, unknown or no numbers, or a share does not fit its base."""
    wanted, given = lines(to, unit), {line["id"]: line for line in told}
    for code, names in (("missing", set(wanted) - set(given)), ("unknown", set(given) - set(wanted))):
        if names:
            raise Refused(f"{code}_figures", f"the file has {code} figures: {', '.join(sorted(names))}", figures=names)
    return [{"id": name, **_read(name, given[name], *wanted[name])} for name in wanted]


def _read(name: str, line: Mapping[str, Any], indicator: Any, start: dt.date, on: dt.date) -> dict[str, Any]:
    value, base = line.get("value"), line.get("base")
    share = bool(getattr(indicator, "whole", ()))
    numbers = [base, value if value is not None else 0] if share else [value]
    if any(isinstance(n, bool) or not isinstance(n, int | float) for n in numbers) or (share and base != int(base)):
        raise Refused("bad_figure", f"{name}: {value!r} (of {base!r}) is no number that can be added", figure=name)
    scaled = Fraction(value or 0) * (base if share else 1) / yearly(indicator, start, on)
    count = round(scaled)
    if abs(scaled - count) > NEAR * max(1, abs(count)) or (not share and count < 0):
        raise Refused("bad_figure", f"{name}: no count gives {value!r} of {base!r}", figure=name)
    return {"count": count, "base": base if share else None}
