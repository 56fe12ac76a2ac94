"""Merging what units handed in: counts add up, shares are related anew, and each part keeps its origin.

A share is never averaged: its numerators and its bases are added, and the one is divided by the other. A figure that
counts each thing once (a person in several plans) adds up only to a most; it says so. A unit whose answer is not
accepted is not in the sum, and every merged figure names how many are missing.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django.db import transaction

from canbo.kernel.act import require
from canbo.kernel.instants import today
from canbo.kernel.profile import profile
from canbo.kernel.refusal import Refused
from canbo.reports.collecting import lines, yearly
from canbo.reports.collection import (
    ACCEPTED,
    MERGED,
    Answer,
    Collection,
    CollectionMerge,
    CollectionStep,
    answers,
)
from canbo.reports.freeze import audited
from canbo.reports.text import exact, number, percent


def merge(*, by: str, of: Collection) -> CollectionMerge:
    """Add up all accepted answers; refused while there is none. Answers that come later are merged by merging again."""
    require(by, "report.collect.merge", of.unit_id)
    found = answers(of)
    ready = {code: at for code, at in found.items() if at.state in (ACCEPTED, MERGED)}
    if not any(at.state == ACCEPTED for at in ready.values()):
        raise Refused("nothing_to_merge", "no answer was accepted since the last merge; accept one first")
    figures = [_merged(of, name, ready) for name in lines(of, of.unit.code) if _everywhere(name, ready)]
    missing = sorted(set(found) - set(ready))
    with transaction.atomic():
        row = audited("collection", by, f"merge {of.book} {of.unit.code}", len(figures), [of.pk, figures, missing])
        made = CollectionMerge.objects.create(collection=of, figures=figures, missing=missing, audit_id=row)
        CollectionStep.objects.bulk_create(
            CollectionStep(collection=of, unit=at.unit, number=len(at.steps) + 1, state=MERGED, audit_id=row)
            for at in ready.values()
        )
    return made


def _everywhere(name: str, ready: Mapping[str, Answer]) -> bool:
    """Did every unit answer this figure? What only the collecting unit reports cannot come from those beneath."""
    return all(any(line["id"] == name for line in at.submission.figures) for at in ready.values())


def _merged(of: Collection, name: str, ready: Mapping[str, Answer]) -> dict[str, Any]:
    """One figure of all units, with what each of them gave and where that came from."""
    indicator, start, on = lines(of, of.unit.code)[name]
    parts = []
    for code, at in ready.items():
        line = next(line for line in at.submission.figures if line["id"] == name)
        origin = {"unit": code, "submission": at.submission.pk, "origin": at.submission.origin}
        parts.append(origin | {"count": line["count"], "base": line["base"]})
    count = sum(part["count"] for part in parts)
    base = sum(part["base"] for part in parts) if getattr(indicator, "whole", ()) else None
    value = count * yearly(indicator, start, on)
    if base is not None:
        value = value / base if base else None
    return {
        "id": name,
        "indicator": indicator.name,
        "count": count,
        "base": base,
        "value": None if value is None else str(Fraction(value)),
        "at_most": bool(getattr(indicator, "counting", "")),
        "parts": parts,
    }


def as_json(of: Collection, language: str) -> dict[str, Any]:
    """A collection: every unit's state with its steps, and the last merge."""
    day, word = today(), profile().word
    last = of.merges.order_by("pk").last()
    return {
        "collection": of.pk,
        "unit": of.unit.code,
        "book": of.book,
        "on": of.on.isoformat(),
        "due": of.due.isoformat(),
        "answers": [
            {
                "unit": code,
                "state": at.state,
                "label": word(f"collection.{at.state}", language),
                "overdue": at.overdue(of.due, day),
                "steps": [_step(step) for step in at.steps],
            }
            for code, at in answers(of).items()
        ],
        "merged": last
        and {"figures": [_figure(line, last, language) for line in last.figures], "missing": last.missing},
    }


def _step(step: CollectionStep) -> dict[str, Any]:
    told = {"state": step.state, "by": step.audit.actor, "at": step.audit.at.isoformat(), "words": step.words}
    return told | {"origin": step.origin, "frozen": step.frozen_id, "figures": step.figures}


def _figure(line: Mapping[str, Any], last: CollectionMerge, language: str) -> dict[str, Any]:
    value = None if line["value"] is None else Fraction(line["value"])
    whole = value is not None and value.denominator == 1 and line["base"] is None
    return {**line, "value": exact(int(value) if whole else value), "text": _text(line, last.missing, language)}


def label(line: Mapping[str, Any], language: str) -> str:
    """What a merged figure is called."""
    named = profile().words[language].get(f"figure.{line['id']}")
    return named or profile().word(f"indicator.{line['indicator']}", language)


def shown(line: Mapping[str, Any], language: str) -> str:
    """The value of a merged figure as people read it."""
    value = None if line["value"] is None else Fraction(line["value"])
    return percent(value, language) if line["base"] is not None else number(value, language)


def without(missing: list[str], language: str) -> str:
    """How many units a merged figure is without; nothing where all are in it."""
    return profile().word("collection.without", language).format(count=len(missing)) if missing else ""


def _text(line: Mapping[str, Any], missing: list[str], language: str) -> str:
    """The merged figure as people read it, with who is missing."""
    notes = [profile().word("collection.at_most", language)] if line["at_most"] else []
    notes += filter(None, [without(missing, language)])
    return f"{label(line, language)}: {shown(line, language)}" + (f" ({'; '.join(notes)})" if notes else "")


def as_text(of: Collection, language: str) -> str:
    """A collection for a terminal."""
    told, word = as_json(of, language), profile().word
    lines_ = [f"{of.pk}  {word(f'book.{of.book}', language)} · {of.unit.code} · {of.on} → {of.due}"]
    for at in told["answers"]:
        late = f", {word('collection.overdue', language)}" if at["overdue"] else ""
        said = f"  {at['steps'][-1]['words']}" if at["steps"][-1]["words"] else ""
        lines_.append(f"  {at['unit']}: {at['label']}{late}{said}")
    if told["merged"]:
        lines_ += ["", *(f"  {line['text']}" for line in told["merged"]["figures"])]
    return "\n".join(lines_)
