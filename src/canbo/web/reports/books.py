"""The page of a report: a book of figures for a unit and a day, each leading to its records."""

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from canbo.kernel.audit import anchor
from canbo.kernel.profile import profile
from canbo.kernel.refusal import Mistake
from canbo.registry.facts import Unit
from canbo.reports.book import Report, books
from canbo.reports.claims import Claim
from canbo.reports.output.compose import compose
from canbo.reports.output.excel import excel
from canbo.reports.output.html import html, on_page
from canbo.reports.output.listed import listed
from canbo.reports.output.pdf import pdf
from canbo.reports.output.word import word
from canbo.reports.text import as_json
from canbo.web.asof import AsOf, link
from canbo.web.audited import EXPORT, REPORT, audited, concerns, show
from canbo.web.languages import spoken
from canbo.web.objects.found import find
from canbo.web.objects.names import Names, Piece
from canbo.web.reports import remembered
from canbo.web.reports.frozen import kept, rows

FILES = {
    "pdf": ("PDF", "application/pdf"),
    "docx": ("Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": ("Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "html": ("HTML", "text/html; charset=utf-8"),
    "json": ("JSON", "application/json"),
}


@audited(REPORT)
def report(request: HttpRequest, book: str, unit: str) -> HttpResponse:
    """A book as counted on the day and known at the instant of the page."""
    asof = request.asof
    asked = (book, unit, asof.on, asof.known)
    made = remembered.report(asked)
    concerns(made.question.unit.pk)
    document = remembered.document(asked, get_language()).linked(lambda row: link(asof, "figure", book, unit, row.id))
    context = {
        "document": on_page(document),
        "unit": Names(asof, [(Unit, made.question.unit.pk)]).unit(made.question.unit.pk),
        "files": _files(asof, book, unit),
        "others": others(asof, book, unit),
        "days": days(asof, made.question.unit, book),
        "signed": rows(kept(asof).filter(unit=made.question.unit, book=book, on__lte=asof.on), asof),
    }
    return render(request, "web/reports/report.html", context)


def others(asof: AsOf, book: str, unit: str) -> list[Piece]:
    """The other books of the same unit and day."""
    return [
        Piece(profile().word(f"book.{name}", get_language()), link(asof, "report", name, unit))
        for name in books(profile())
        if name != book
    ]


def days(asof: AsOf, unit: Unit, book: str) -> list[Piece]:
    """The days for which something was published of the unit, as far as the register knew of it."""
    known = Claim.objects.known(asof.known).filter(unit=unit).order_by("valid__startswith")
    found = known.values_list("valid__startswith", flat=True).distinct()
    return [Piece(day, link(asof.at(day), "report", book, unit.code)) for day in found if day != asof.on]


def _files(asof: AsOf, book: str, unit: str) -> list[tuple[str, str, list[Piece]]]:
    """Each language with the files to take along."""
    return [
        (
            code,
            name,
            [Piece(text, link(asof, "report-file", form, code, book, unit)) for form, (text, _) in FILES.items()],
        )
        for code, name in spoken()
    ]


@audited(EXPORT)
def file(request: HttpRequest, form: str, language: str, book: str, unit: str) -> HttpResponse:
    """The same report as a file, in a language of the profile."""
    if form not in FILES or language not in dict(spoken()):
        raise Mistake("unknown_format", "There is no such file of a report.")
    made = remembered.report((book, unit, request.asof.on, request.asof.known))
    concerns(made.question.unit.pk)
    name = f"{book}-{find(Unit, unit).code}-{request.asof.on.isoformat()}.{language}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(_written(made, form, language), content_type=FILES[form][1], headers=headers)


def _written(made: Report, form: str, language: str) -> bytes | str:
    if form == "json":
        return json.dumps(as_json(made, language), ensure_ascii=False, indent=1)
    document = compose(made, language, anchor=anchor())
    if form == "xlsx":
        return excel(document, listed(made, document.language, show))
    return {"html": html, "docx": word, "pdf": pdf}[form](document)
