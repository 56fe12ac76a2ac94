"""Reading frozen reports: what was signed off, what is known otherwise since, and in what two of them differ."""

import dataclasses
import datetime as dt
import hashlib
import types
from collections.abc import Iterator, Mapping
from typing import Any, Union, get_args, get_origin, get_type_hints

from django.db import connection, transaction

from canbo.kernel.act import require
from canbo.kernel.profile import profile
from canbo.kernel.refusal import Mistake
from canbo.registry import store
from canbo.registry.facts import Act, Fact
from canbo.registry.tree import Placement, Service, scope
from canbo.reports.bridge.told import cause
from canbo.reports.bridge.waterfall import Bridge, bridge, measures_of
from canbo.reports.freeze import FrozenFigure, FrozenPaper, FrozenReport, audited
from canbo.reports.indicator import INDICATORS
from canbo.reports.output.document import Chapter, Document, Row
from canbo.reports.question import Question, latest_known
from canbo.reports.text import act, exact, number, percent

LATER = "later"
"""The chapter that a frozen report gets when something is known otherwise since."""


def find(key: int) -> FrozenReport:
    """The frozen report of that key."""
    found = FrozenReport.objects.select_related("unit", "audit").filter(pk=key).first()
    if found is None:
        raise Mistake("no_such_report", "there is no frozen report %(key)s; `canbo frozen` lists them", key=key)
    return found


def document(frozen: FrozenReport, language: str) -> Document:
    """What a frozen report prints in a language: as it was, whatever is known by now."""
    if language not in frozen.documents:
        spoken = ", ".join(frozen.documents)
        raise Mistake(
            "unknown_language",
            "this report was signed off in %(known)s, not in “%(said)s”",
            known=spoken,
            said=language,
        )
    return _read(Document, frozen.documents[language])


def keep_paper(frozen: FrozenReport, data: bytes, signed: Any, *, by: str, language: str) -> FrozenPaper:
    """Keep the digest of a signed file of a frozen report, and who signed it; the file itself is not kept."""
    require(by, "report.sign", frozen.unit_id)
    digest = hashlib.sha256(data).hexdigest()
    with transaction.atomic():
        what, wrote = f"sign {frozen.book} {frozen.unit.code} {frozen.pk}", [frozen.pk, digest, signed.certificate]
        row = audited("signature", by, what, 1, wrote)
        return FrozenPaper.objects.create(
            report=frozen,
            sha256=digest,
            language=language,
            signer=signed.signer[:200],
            certificate=signed.certificate,
            signed_at=signed.at,
            audit_id=row,
        )


def is_paper(frozen: FrozenReport, data: bytes) -> bool:
    """Is a file, to the last byte, one that was signed for this report?"""
    return frozen.papers.filter(sha256=hashlib.sha256(data).hexdigest()).exists()


def question(figure: FrozenFigure, known: dt.datetime) -> Question:
    """The question behind a frozen figure, as known at any instant."""
    unit = figure.report.unit
    return Question(unit, figure.on, figure.start, known, scope(unit, figure.on, known), figure.where)


def later_corrections(frozen: FrozenReport, now: dt.datetime | None = None) -> list[tuple[str, Bridge]]:
    """The figures that would be counted from other records now, each with the bridge from then to now.

    The question stays that of the report; only what is known moves. A figure may hold although its records changed.
    """
    now = now or latest_known()
    touched = _touched(frozen.known, now)
    figures = frozen.figures.select_related("report__unit").order_by("pk")
    asked = [figure for figure in figures if _concerned(figure, touched)]
    found = ((f.figure, bridge(f.indicator, question(f, frozen.known), question(f, now))) for f in asked)
    return [(figure, made) for figure, made in found if made.parts]


def _touched(known: dt.datetime, now: dt.datetime) -> set[type[Fact]]:
    """The kinds of fact of which something was learnt after an instant."""
    later = Act.objects.filter(decision__applied_at__gt=known, decision__applied_at__lte=now)
    acts = list(later.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        return {model for model in store.fact_kinds() if acts and store.touched(cursor, model, acts)}


def _concerned(figure: FrozenFigure, touched: set[type[Fact]]) -> bool:
    """Could what was learnt move a figure? One that rests on other facts, or any when units moved, is always asked."""
    if not touched or touched & {Placement, Service}:
        return bool(touched)
    measures = measures_of(INDICATORS.ask(figure.indicator))
    return any(measure.model in touched or measure.rests_on or figure.where for measure in measures)


def differences(first: FrozenReport, second: FrozenReport) -> list[tuple[str, Bridge]]:
    """The figures in which two frozen reports of one unit and book differ, each with its bridge."""
    if (first.unit_id, first.book) != (second.unit_id, second.book):
        one, other = (f"{kept.book} {kept.unit}" for kept in (first, second))
        raise Mistake(
            "two_reports",
            "two reports of one book and unit can be compared, not %(one)s and %(other)s",
            one=one,
            other=other,
        )
    return list(_differences(first, second))


def _differences(first: FrozenReport, second: FrozenReport) -> Iterator[tuple[str, Bridge]]:
    before = {f.figure: f for f in first.figures.select_related("report__unit")}
    for after in second.figures.select_related("report__unit").order_by("pk"):
        was = before.get(after.figure)
        if was is None or was.value == after.value:
            continue
        if (was.indicator, was.where) != (after.indicator, after.where):
            raise Mistake(
                "defined_otherwise",
                "the books define %(figure)s differently; nothing leads over",
                figure=after.figure,
            )
        yield after.figure, bridge(after.indicator, question(was, first.known), question(after, second.known))


def noted(made: Document, corrections: list[tuple[str, Bridge]]) -> Document:
    """The document with a chapter that says what is known otherwise since; without any, as it was."""
    if not corrections:
        return made
    rows = {row.id: row for row in made.rows()}
    order = len(made.chapters) + 1
    told = [
        _row(rows[figure], order, place, found, made.language) for place, (figure, found) in enumerate(corrections, 1)
    ]
    notes = tuple(
        (place, _said(rows[figure], found, made.language)) for place, (figure, found) in enumerate(corrections, 1)
    )
    chapter = Chapter(LATER, str(order), profile().word("text.later", made.language), tuple(told), notes)
    return dataclasses.replace(made, chapters=(*made.chapters, chapter))


def _row(row: Row, order: int, place: int, found: Bridge, language: str) -> Row:
    """One figure as it would be today."""
    shown = percent if getattr(INDICATORS.ask(found.indicator), "whole", ()) else number
    text = shown(found.closing, language)
    return Row(f"{LATER}.{row.id}", f"{order}.{place}", row.label, text, exact(found.closing), footnotes=(place,))


def _said(row: Row, found: Bridge, language: str) -> str:
    """What it was signed off as, and by which acts it is known otherwise."""
    acts = sorted({act(part.act, language) for part in found.parts})
    said = profile().word("text.signed_off_as", language).format(text=row.text)
    return f"{said[:1].upper()}{said[1:]}: {', '.join(acts)}."


def corrections_as_json(corrections: list[tuple[str, Bridge]]) -> list[dict[str, Any]]:
    """For each figure: its value then and now, and the causes."""
    return [
        {
            "figure": figure,
            "frozen": str(made.opening),
            "now": str(made.closing),
            "causes": [{"cause": cause(part), "count": part.count} for part in made.parts],
        }
        for figure, made in corrections
    ]


def _read(kind: Any, value: Any) -> Any:
    """A value of JSON as what it was: dataclasses, tuples, days and instants."""
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return value if value is None else _read(next(k for k in get_args(kind) if k is not type(None)), value)
    if dataclasses.is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(
            **{f.name: _read(hints[f.name], value[f.name]) for f in dataclasses.fields(kind) if f.name in value}
        )
    if origin is tuple:
        inner = get_args(kind)
        kinds = [inner[0]] * len(value) if inner[-1] is Ellipsis else inner
        return tuple(_read(k, item) for k, item in zip(kinds, value, strict=True))
    if kind in (dt.date, dt.datetime):
        return kind.fromisoformat(value)
    return dict(value) if origin is Mapping else value
