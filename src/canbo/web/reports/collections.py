"""Pages of collections: what was asked of which units, where each answer stands, and what all of them make together."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from canbo.kernel.profile import profile
from canbo.kernel.refusal import Mistake
from canbo.registry.facts import Unit
from canbo.reports.collection import (
    COUNTED,
    OWED,
    STATES,
    Answer,
    Collection,
    CollectionMerge,
    CollectionStep,
    answers,
    find,
)
from canbo.reports.merging import label, shown, without
from canbo.reports.said import upper, word
from canbo.reports.text import number
from canbo.web.asof import AsOf, link
from canbo.web.objects.found import key_of
from canbo.web.objects.names import Names, Piece
from canbo.web.objects.pages import page, part


def known(asof: AsOf) -> QuerySet[Collection]:
    """What was asked by the instant of the page."""
    found = Collection.objects.all()
    return found.filter(audit__at__lte=asof.known) if asof.known_text else found


def collections(request: HttpRequest) -> HttpResponse:
    """All collections, the last one first, with how many answers stand where."""
    asof, found = request.asof, known(request.asof)
    some = list(found.order_by("-due", "-pk")[part(request)])
    names = Names(asof, [(Unit, one.unit_id) for one in some])
    stand = _standing(some, asof)
    rows = [
        {
            "title": Piece(profile().word(f"book.{one.book}", get_language()), link(asof, "collection", one.pk)),
            "unit": names.unit(one.unit_id),
            "on": one.on,
            "due": one.due,
            "asked": sum(stand[one.pk].values()),
            "states": [(word("collection", state), stand[one.pk][state]) for state in STATES if stand[one.pk][state]],
            "late": sum(stand[one.pk][state] for state in OWED) if asof.on > one.due else 0,
        }
        for one in some
    ]
    listed = page(request, rows, found.count(), "collections")
    return render(request, "web/reports/collections.html", {"listed": listed})


def _standing(some: list[Collection], asof: AsOf) -> dict[int, Counter[str]]:
    """How many answers of each collection reached which state last."""
    steps = CollectionStep.objects.filter(collection__in=some)
    steps = steps.filter(audit__at__lte=asof.known) if asof.known_text else steps
    last = steps.order_by("collection", "unit", "-number").distinct("collection", "unit")
    found: dict[int, Counter[str]] = {one.pk: Counter() for one in some}
    for key, state in last.values_list("collection", "state"):
        found[key][state] += 1
    return found


def collection(request: HttpRequest, key: str) -> HttpResponse:
    """One collection: every unit's answer with its last words, the merged figures, and whence each of them comes."""
    asof, language, of = request.asof, get_language(), find(key_of(key))
    if asof.known_text and of.audit.at > asof.known:
        raise Mistake("no_such_record_then", "Of “%(code)s” nothing was known at that time.", code=key)
    until = asof.known if asof.known_text else None
    found = answers(of, until)
    names = Names(asof, [(Unit, of.unit_id), *((Unit, at.unit.pk) for at in found.values())])
    merges = of.merges.select_related("audit").order_by("pk")
    last = (merges.filter(audit__at__lte=until) if until else merges).last()
    context = {
        "title": profile().word(f"book.{of.book}", language),
        "of": of,
        "unit": names.unit(of.unit_id),
        "answers": [_answer(names, of, at) for at in found.values()],
        "merged": last,
        "missing": without(last.missing, language) if last else "",
        "bases": any(line["base"] is not None for line in last.figures) if last else False,
        "figures": [_figure(asof, of.pk, line) for line in last.figures] if last else [],
        **_opened(request, last, found, names),
    }
    return render(request, "web/reports/collection.html", context)


def _answer(names: Names, of: Collection, at: Answer) -> dict[str, Any]:
    """Where an answer stands, since when, by whom, and what was said last; whence its figures come."""
    step, submitted = at.steps[-1], at.submission
    return {
        "unit": names.unit(at.unit.pk),
        "state": word("collection", at.state),
        "late": at.overdue(of.due, names.asof.on),
        "at": step.audit.at,
        "by": step.audit.actor,
        "words": next((one.words for one in reversed(at.steps) if one.words), ""),
        "times": sum(one.figures is not None for one in at.steps),
        **(_origin(names.asof, submitted) if submitted else {}),
    }


def _origin(asof: AsOf, submitted: CollectionStep) -> dict[str, Any]:
    """Whence figures come: counted here, which is a frozen report, or entered from a file of the unit."""
    counted = submitted.origin == COUNTED
    return {"counted": counted, "report": link(asof, "frozen-report", submitted.frozen_id) if counted else ""}


def _figure(asof: AsOf, key: int, line: Mapping[str, Any]) -> dict[str, Any]:
    language = get_language()
    return {
        "piece": Piece(upper(label(line, language)), link(asof, "collection", key, figure=line["id"])),
        "value": shown(line, language),
        "base": "" if line["base"] is None else number(line["base"], language),
        "units": len(line["parts"]),
        "note": word("collection", "at_most") if line["at_most"] else "",
        "id": line["id"],
    }


def _opened(
    request: HttpRequest, last: CollectionMerge | None, found: Mapping[str, Answer], names: Names
) -> dict[str, Any]:
    """The parts of the figure that the address asks for: what each unit gave, and whence that comes."""
    said = request.GET.get("figure", "")
    if not said:
        return {}
    line = next((one for one in (last.figures if last else ()) if one["id"] == said), None)
    if line is None:
        raise Mistake("unknown_figure", "The collection has no merged figure “%(figure)s”.", figure=said)
    steps = {step.pk: step for at in found.values() for step in at.steps}
    parts = [
        {
            "unit": names.unit(found[one["unit"]].unit.pk),
            "count": number(one["count"], get_language()),
            "base": "" if one["base"] is None else number(one["base"], get_language()),
            **_origin(request.asof, steps[one["submission"]]),
        }
        for one in line["parts"]
    ]
    based = line["base"] is not None
    return {"chosen": upper(label(line, get_language())), "parts": parts, "place": said, "based": based}
