"""Pages of frozen reports: which were signed off, and each as it was, with what is known otherwise since as a note."""

from collections import defaultdict
from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from canbo.kernel.profile import profile
from canbo.kernel.refusal import Mistake
from canbo.registry.facts import Unit
from canbo.reports.bridge.waterfall import Bridge
from canbo.reports.freeze import FrozenPaper, FrozenReport
from canbo.reports.frozen import LATER, document, find, noted
from canbo.reports.output.document import Document, Row
from canbo.reports.output.html import html, on_page
from canbo.reports.output.pdf import pdf
from canbo.reports.output.word import word
from canbo.web.asof import AsOf, link
from canbo.web.audited import EXPORT, REPORT, audited, concerns
from canbo.web.languages import spoken
from canbo.web.objects.found import key_of
from canbo.web.objects.names import Names, Piece
from canbo.web.objects.pages import page, part
from canbo.web.reports import remembered

FORMS = {
    "pdf": ("PDF", "application/pdf", pdf),
    "docx": ("Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", word),
    "html": ("HTML", "text/html; charset=utf-8", html),
}
"""The files of a frozen report: what they are called, what they are, and what writes them."""


def kept(asof: AsOf) -> QuerySet[FrozenReport]:
    """What was signed off, as far as the register knew of it at the instant of the page."""
    found = FrozenReport.objects.filter(known__lte=asof.known)
    return found.filter(audit__at__lte=asof.known) if asof.known_text else found


def frozen(request: HttpRequest) -> HttpResponse:
    """The frozen reports of the day of the page and before, the last one first."""
    asof = request.asof
    found = kept(asof).filter(on__lte=asof.on)
    listed = page(request, rows(found, asof, part(request)), found.count(), "frozen")
    return render(request, "web/reports/frozen.html", {"signed": listed.rows, "listed": listed, "whole": True})


def rows(found: QuerySet[FrozenReport], asof: AsOf, some: slice = slice(50)) -> list[dict[str, Any]]:
    """Frozen reports as a table shows them: of the documents only the words that explain what does not hold."""
    language = get_language()
    facts = ("pk", "book", "unit", "on", "known", "audit__at", "audit__actor")
    some_ = list(found.order_by("-on", "-pk").values(*facts, gaps=F(f"documents__{language}__gaps"))[some])
    names = Names(asof, [(Unit, one["unit"]) for one in some_])
    papers = defaultdict(list)
    for paper in FrozenPaper.objects.filter(report__in=[one["pk"] for one in some_]).order_by("pk"):
        if not asof.known_text or paper.signed_at <= asof.known:
            papers[paper.report_id].append(paper)
    return [
        {
            **one,
            "title": Piece(profile().word(f"book.{one['book']}", language), link(asof, "frozen-report", one["pk"])),
            "about": names.unit(one["unit"]),
            "at": one["audit__at"],
            "by": one["audit__actor"],
            "papers": papers[one["pk"]],
        }
        for one in some_
    ]


@audited(REPORT)
def frozen_report(request: HttpRequest, key: str) -> HttpResponse:
    """A frozen report as it was signed off; its figures lead to the records of that day and instant."""
    asof, found = request.asof, _known(key, request.asof)
    corrections = remembered.later(found.pk, asof.known)
    concerns(found.unit_id)
    shown = _printed(found, get_language(), corrections).linked(_leading(asof, found, dict(corrections)))
    (row,) = rows(FrozenReport.objects.filter(pk=found.pk), asof)
    context = {
        "document": on_page(shown),
        "row": row,
        "later": len(corrections),
        "digest": bytes(found.audit.digest).hex(),
        "live": link(asof.at(found.on), "report", found.book, found.unit.code),
        "files": [
            (code, name, [Piece(FORMS[form][0], link(asof, "frozen-file", found.pk, form, code)) for form in FORMS])
            for code, name in spoken()
            if code in found.documents
        ],
    }
    return render(request, "web/reports/frozen_report.html", context)


@audited(EXPORT)
def frozen_file(request: HttpRequest, key: str, form: str, language: str) -> HttpResponse:
    """The same as a file, in a language in which it was signed off."""
    found = _known(key, request.asof)
    if form not in FORMS or language not in found.documents:
        raise Mistake("unknown_format", "There is no such file of a report.")
    _, kind, write = FORMS[form]
    concerns(found.unit_id)
    name = f"{found.book}-{found.unit.code}-{found.on.isoformat()}-{found.pk}.{language}.{form}"
    made = _printed(found, language, remembered.later(found.pk, request.asof.known))
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(write(made), content_type=kind, headers=headers)


def _known(key: str, asof: AsOf) -> FrozenReport:
    """The frozen report of that key, where the register knew of it at the instant of the page."""
    found = find(key_of(key))
    if found.known > asof.known or (asof.known_text and found.audit.at > asof.known):
        raise Mistake("no_such_record_then", "Of “%(code)s” nothing was known at that time.", code=key)
    return found


def _printed(found: FrozenReport, language: str, corrections: list[tuple[str, Bridge]]) -> Document:
    """What it prints in the language, or else in the first one in which it was signed off."""
    return noted(document(found, language if language in found.documents else next(iter(found.documents))), corrections)


def _then(found: FrozenReport) -> AsOf:
    """The dates of a frozen report."""
    return AsOf(found.on, found.known, found.on.isoformat(), found.known.isoformat())


def _leading(asof: AsOf, found: FrozenReport, corrections: dict[str, Bridge]) -> Any:
    """Where a figure leads: to its records as they were known then; what is known otherwise to what changed it."""
    then = _then(found)

    def href(row: Row) -> str:
        name = row.id.removeprefix(f"{LATER}.")
        if name == row.id:
            return link(then, "figure", found.book, found.unit.code, name)
        asked = {"book": found.book, "figure": name, "from": then.on_text, "known1": then.known_text}
        return link(asof.at(found.on), "bridge", corrections[name].indicator, found.unit.code, **asked)

    return href
