"""The page of a person: who it is on a day, and one timeline of every fact that names the person."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from canbo.access.identity import file_of
from canbo.registry.facts import Person
from canbo.registry.people.models import Particulars
from canbo.registry.versions import about
from canbo.web.asof import AsOf
from canbo.web.audited import LIST, audited, opens
from canbo.web.objects.found import find, require
from canbo.web.objects.telling import Telling, known_now, known_otherwise

PARTICULARS = Particulars._meta.model_name


@audited(LIST)
def person(request: HttpRequest, code: str) -> HttpResponse:
    """One record for life, as far as it had come on the day of the page and was known at its instant.

    Whoever may open the file reads all of it; others what lies within their reach, and are told that it is not all.
    """
    found = find(Person, code)
    with file_of(found.pk) as whole:
        return render(request, "web/objects/person.html", _told(found, request.asof) | {"whole": whole})


def _told(found: Person, asof: AsOf) -> dict[str, Any]:
    versions = about(found, asof.known)
    require(versions, found.code)
    opens(found.pk)
    now, otherwise = known_now(versions, asof.on), known_otherwise(versions, asof.on)
    telling = Telling(asof, [*now, *otherwise], (Person, found.pk))
    particulars = next((v for v in now if v.kind == PARTICULARS), None)
    timeline = [telling.row(v, Person) for v in now if v is not particulars]
    return {
        "code": found.code,
        "name": telling.names.of(Person, found.pk).text,
        "particulars": telling.row(particulars, Person) if particulars else None,
        "timeline": timeline,
        "otherwise": [telling.row(v, Person) for v in otherwise],
    }
