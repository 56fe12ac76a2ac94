"""The page of a person: who it is on a day, and one timeline of every fact that names the person."""

from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from canbo.access.identity import file_of
from canbo.kernel.refusal import Refused
from canbo.registry.facts import Person
from canbo.registry.people.models import Particulars
from canbo.registry.requests.queries import asked
from canbo.registry.versions import about
from canbo.reports.output.own import FORMS
from canbo.web.asof import AsOf, link
from canbo.web.audited import EXPORT, LIST, REPORT, audited, opens
from canbo.web.objects.found import OWN, find_person, require
from canbo.web.objects.pages import SIZE
from canbo.web.objects.requests import asked_for, form, lines
from canbo.web.objects.telling import Telling, known_now, known_otherwise

PARTICULARS = Particulars._meta.model_name


@audited(LIST)
def person(request: HttpRequest, code: str) -> HttpResponse:
    """One record for life, as far as it had come on the day of the page and was known at its instant.

    Whoever may open the file reads all of it; others what lies within their reach, and are told that it is not all.
    """
    found = find_person(request, code)
    if found.code != code:
        return redirect(link(request.asof, "person", found.code))
    with file_of(found.pk) as whole:
        opens(found.pk)
        told = tell(found, request.asof, code if whole else "")
        return render(request, "web/objects/person.html", told | {"whole": whole})


@audited(LIST)
def me(request: HttpRequest) -> HttpResponse:
    """One's own record, whatever one may read otherwise, who read it, and what one asked to have put right."""
    _, key = request.actor
    if request.viewing:
        raise Refused("only_viewing", "Your own record is not shown while you see pages as somebody else sees them.")
    with file_of(key):
        if request.method == "POST":
            asked_for(request)
            return redirect(f"{reverse('me')}#requests")
        opens(key)
        told = tell(Person.objects.get(pk=key), request.asof, OWN)
        particulars = [told["particulars"]] if told["particulars"] else []
        told |= {"whole": True, "forms": FORMS, "requests": lines(request.asof, asked(key), OWN), "reads": reads(key)}
        return render(request, "web/objects/me.html", told | form([*particulars, *told["timeline"]]))


def reads(person: int) -> list[tuple[Any, str, str]]:
    """When, who (a login), and what they read: the file, or something that names the person in passing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT at, actor, kind, file FROM canbo.audit_read_of_1(%s) LIMIT %s", [person, SIZE])
        rows = cursor.fetchall()
    file = gettext("the file")
    return [
        (at, actor, file if whole and kind != EXPORT else f"{_read(kind)} · {file}" if whole else _read(kind))
        for at, actor, kind, whole in rows
    ]


def _read(kind: str) -> str:
    """What was read, by the kind of its row in the log."""
    said = {
        LIST: gettext("a list or page with the name"),
        REPORT: gettext("the records behind a figure"),
        EXPORT: gettext("a file to take along"),
    }
    return said.get(kind, gettext("the name"))


def tell(found: Person, asof: AsOf, file: str) -> dict[str, Any]:
    """What the page of a person shows; links stay within the `file` that is open."""
    versions = about(found, asof.known)
    require(versions, found.code)
    now, otherwise = known_now(versions, asof.on), known_otherwise(versions, asof.on)
    telling = Telling(asof, [*now, *otherwise], (Person, found.pk), file=file)
    particulars = next((v for v in now if v.kind == PARTICULARS), None)
    timeline = [telling.row(v, Person) for v in now if v is not particulars]
    return {
        "code": found.code,
        "file": file,
        "name": telling.names.of(Person, found.pk).text,
        "particulars": telling.row(particulars, Person) if particulars else None,
        "timeline": timeline,
        "otherwise": [telling.row(v, Person) for v in otherwise],
    }
