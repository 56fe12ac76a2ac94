"""The pages of a document and of a decision: how papers rest on each other, and what was done by them."""

from collections import defaultdict
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from canbo.access.refusing import doing
from canbo.kernel.instants import today
from canbo.kernel.refusal import Mistake
from canbo.registry.annul import ANNUL, undo_import
from canbo.registry.documents import queries as documents
from canbo.registry.documents.models import Document, Link, Registration
from canbo.registry.facts import Act, Decision
from canbo.registry.versions import Version, about, written_by
from canbo.reports.said import upper, word
from canbo.web.asof import AsOf, link
from canbo.web.audited import LIST, audited
from canbo.web.objects import words
from canbo.web.objects.found import find, require
from canbo.web.objects.names import Names
from canbo.web.objects.pages import page, part
from canbo.web.objects.refusing import told
from canbo.web.objects.telling import Telling, known_now, known_otherwise

REGISTERED, TIED = Registration._meta.model_name, Link._meta.model_name


@audited(LIST)
def document(request: HttpRequest, code: str) -> HttpResponse:
    """A document as registered, what it says of others and others of it, and the decision that it carries."""
    found, asof = find(Document, code), request.asof
    versions = about(found, asof.known, (Registration,))
    require(versions, code)
    now, otherwise = known_now(versions, asof.on), known_otherwise(versions, asof.on)
    ties = documents.ties(found, asof.on, asof.known)
    telling = Telling(asof, [*now, *otherwise], (Document, found.pk), *((Document, tie.other) for tie in ties))
    paper = telling.names.documents.get(found.pk)
    registered = telling.row(now[0], Document) if now else None
    decided = _parts(found.decision_code, asof) if found.decision_code else []
    context = {
        "code": code,
        "paper": paper,
        "type": upper(word("document_type", paper.type)) if paper else "",
        "issuer": telling.names.unit(paper.unit) if paper else None,
        "registered": registered,
        "there": bool(now) and now[0].on(asof.on),
        "names": _tied(telling.names, ties, outward=True),
        "named_by": _tied(telling.names, ties, outward=False),
        "decision": link(asof, "decision", found.decision_code) if decided else "",
        "decided": decided,
        "otherwise": [telling.row(v, Document) for v in otherwise],
    }
    return render(request, "web/objects/document.html", context)


def _tied(names: Names, ties: list[documents.Tie], outward: bool) -> list[tuple[str, list[Any]]]:
    """The other documents by relation, each with its date and issuer."""
    found: dict[str, list[Any]] = defaultdict(list)
    for tie in ties:
        if tie.outward is outward:
            paper = names.documents.get(tie.other)
            issuer = names.unit(paper.unit) if paper else None
            why = link(names.asof, "why", TIED, str(tie.fact))
            found[tie.relation].append((names.of(Document, tie.other), paper, issuer, why))
    return [(upper(word("document_relation", relation)), some) for relation, some in found.items()]


def _parts(code: str, asof: AsOf) -> list[Decision]:
    """The parts of a decision that were known, in order."""
    rows = Decision.objects.filter(code=code, applied_at__lte=asof.known).order_by("part")
    return list(rows.annotate(number=Count("acts")).select_related("annulment__by_decision"))


@audited(LIST)
def decision(request: HttpRequest, code: str) -> HttpResponse:
    """A decision with its acts in order, each with the records that it wrote, and what became of it. Imports and
    merges are undone here.
    """
    asof = request.asof
    parts = _parts(code, asof)
    if not parts:
        raise Mistake("unknown_decision", "There is no decision with the code “%(code)s” here.", code=code)
    if request.method == "POST":
        reason = request.POST.get("reason", "").strip()
        undo_import(by=request.actor[0], decision=code, reason=reason, on=today())
        return redirect(link(asof, "decision", code))
    acts = Act.objects.filter(decision__in=parts).order_by("decision__part", "seq").select_related("audit")
    some = list(acts[part(request)])
    written = written_by([act.pk for act in some], asof.known)
    telling = Telling(asof, written, lasting=False)
    by_act = defaultdict(list)
    for version in written:
        for key, did in _did(version, {act.pk for act in some}):
            by_act[key].append((did, telling.row(version)))
    last, total = parts[-1], sum(one.number for one in parts)
    as_one = {one.reason for one in parts} in ({Decision.IMPORT}, {Decision.MERGE}) and not hasattr(last, "annulment")
    context = {
        "code": code,
        "parts": parts,
        "kind": words.DECISIONS[last.kind],
        "papers": list(documents.carrying([code], asof.known).values()),
        "annulled": _annulled(last, asof),
        "annuls": sorted({n.decision.code for n in _annuls(parts)}),
        "actors": sorted({act.audit.actor for act in some}),
        "as_one": as_one,
        "lacking": told(doing(ANNUL), asof) if as_one else "",
        "acts": page(request, [_act(act, by_act[act.pk]) for act in some], total, "decision", code),
    }
    return render(request, "web/objects/decision.html", context)


def _annulled(last: Decision, asof: AsOf) -> Decision | None:
    annulment = getattr(last, "annulment", None)
    return annulment.by_decision if annulment and annulment.by_decision.applied_at <= asof.known else None


def _annuls(parts: list[Decision]) -> list[Any]:
    if parts[-1].kind != Decision.ANNULMENT:
        return []
    return [annulment for one in parts for annulment in one.annuls.select_related("decision")]


def _did(version: Version, acts: set[int]) -> list[tuple[int, str]]:
    """What acts did to a version: a version that others write next is retired only in passing."""
    if version.asserted_by in acts:
        if version.opened_by == version.asserted_by:
            return [(version.asserted_by, gettext("begins"))]
        ended = version.closed_by == version.asserted_by
        return [(version.asserted_by, gettext("ends") if ended else gettext("known anew"))]
    return []


def _act(act: Act, wrote: list[Any]) -> tuple[Act, str, list[Any]]:
    return act, words.act(act.name), wrote
