"""The page of one fact with all its versions, and the page that says why something is so."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from canbo.kernel.refusal import Mistake
from canbo.registry.facts import Fact, Identity, Person, Unit
from canbo.registry.versions import Version, about, kind_of, kinds, of_fact
from canbo.reports.said import KINDS
from canbo.web.asof import link
from canbo.web.audited import LIST, audited, opens
from canbo.web.objects.found import find, require, within_file
from canbo.web.objects.names import PAGES
from canbo.web.objects.pages import page, part
from canbo.web.objects.telling import Telling

PERSON = Person.__name__.lower()
THINGS = {model.__name__.lower(): model for model in PAGES}


@audited(LIST)
@within_file
def record(request: HttpRequest, kind: str, fact: str) -> HttpResponse:
    """One fact on both axes: every version, when it was so and when it was known, and the acts behind it."""
    asof = request.asof
    model = kind_of(kind)
    versions = versions_of(model, fact, request)
    telling = Telling(asof, versions, lasting=False)
    telling.cites(versions)
    held = next((v for v in versions if v.known_until is None), None)
    shown = held or versions[-1]
    context = {
        "kind": str(KINDS[kind]),
        "subject": _subject(telling, shown),
        "row": telling.row(shown),
        "held": held is not None,
        "versions": [(telling.row(v), v, v is shown and held is not None) for v in reversed(versions)],
        "acts": telling.acts(shown),
        "why": link(asof, "why", kind, fact, file=request.GET.get("file")),
        "readers": link(asof, "readers", kind, fact, file=request.GET.get("file")),
    }
    return render(request, "web/objects/record.html", context)


@audited(LIST)
@within_file
def why(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Why something is so: each version with the acts that wrote it, their decisions, documents and articles."""
    asof = request.asof
    if kind in kinds():
        versions = versions_of(kinds()[kind], key, request)
        title, back = str(KINDS[kind]), link(asof, "record", kind, key, file=request.GET.get("file"))
    elif kind in THINGS:
        found = find(THINGS[kind], key)
        versions = about(found, asof.known)
        require(versions, key)
        if kind == PERSON:
            opens(found.pk)
        title, back = "", link(asof, kind, key)
    else:
        names = ", ".join(sorted([*kinds(), *THINGS]))
        raise Mistake("unknown_kind", "“%(kind)s” is no kind of record; known are: %(names)s", kind=kind, names=names)
    some = versions[part(request)]
    more = [(THINGS[kind], found.pk)] if kind in THINGS else []
    telling = Telling(asof, some, *more, lasting=False)
    telling.cites(versions)
    steps = [(telling.row(v), v, telling.acts(v)) for v in some]
    context = {
        "title": title or telling.names.of(THINGS[kind], found.pk).text,
        "subject": _subject(telling, some[-1]) if kind in kinds() and some else None,
        "back": back,
        "steps": page(request, steps, len(versions), "why", kind, key),
    }
    return render(request, "web/objects/why.html", context)


def versions_of(model: type[Fact], fact: str, request: HttpRequest) -> list[Version]:
    """The versions of a fact that were recorded by the instant of the page; none is a refusal."""
    versions = of_fact(model, int(fact), request.asof.known) if fact.isdecimal() and len(fact) < 19 else []
    require(versions, fact)
    return versions


def _subject(telling: Telling, version: Version) -> Any:
    """What a fact is about: the person where it names one, else its unit."""
    person = version.content.get("person_id")
    if person:
        opens(person)
    model: type[Identity] = Person if person else Unit
    return telling.names.of(model, person or version.unit)
