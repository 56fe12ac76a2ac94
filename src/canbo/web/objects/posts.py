"""The page of a post: what it is on a day, and who held it, from when to when, and since when the register knew."""

import datetime as dt
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from canbo.registry.facts import Person
from canbo.registry.planning.queries import planned
from canbo.registry.posts.models import Post, PostRecord
from canbo.registry.service.models import Incumbency
from canbo.registry.versions import Version, about
from canbo.reports.said import upper, word
from canbo.web.asof import link
from canbo.web.audited import LIST, audited
from canbo.web.objects.found import find, require
from canbo.web.objects.names import Piece
from canbo.web.objects.telling import Row, Telling, known_now, known_otherwise

DESCRIBED, HELD = PostRecord._meta.model_name, Incumbency._meta.model_name


@dataclass(frozen=True)
class Term:
    """One holder's time in a post: since when it was known that it began, and that it ended."""

    row: Row
    person: Piece
    acting: bool
    known: dt.datetime
    end_known: dt.datetime | None


@audited(LIST)
def post(request: HttpRequest, code: str) -> HttpResponse:
    """A post on a day, with everybody who held it by then."""
    found, asof = find(Post, code), request.asof
    versions = about(found, asof.known, (PostRecord, Incumbency))
    require(versions, code)
    now, otherwise = known_now(versions, asof.on), known_otherwise(versions, asof.on)
    telling = Telling(asof, [*now, *otherwise], (Post, found.pk))
    described = next((v for v in now if v.kind == DESCRIBED), None)
    seat = telling.names.posts.get(found.pk)
    context = {
        "code": code,
        "title": upper(word("post_title", seat.title)) if seat else code,
        "unit": telling.names.unit(seat.unit) if seat else None,
        "described": telling.row(described, Post) if described else None,
        "there": described is not None and described.on(asof.on),
        "terms": [_term(telling, v, versions) for v in now if v.kind == HELD],
        "holders": [telling.names.of(Person, _person(v)) for v in now if v.kind == HELD and v.on(asof.on)],
        "earlier": [telling.row(v, Post) for v in now if v.kind == DESCRIBED and v is not described],
        "otherwise": [telling.row(v, Post) for v in otherwise],
        "planned": planned(found, asof.on, asof.known),
        "plan": link(asof, "list", "plan-entries", post=code),
    }
    return render(request, "web/objects/post.html", context)


def _person(version: Version) -> int:
    return version.content["person_id"]


def _term(telling: Telling, version: Version, versions: list[Version]) -> Term:
    """The register knew of the beginning from its first version on that says so, of the end from this one on."""
    said = (version.kind, version.fact, version.content, version.since)
    same = [v for v in versions if (v.kind, v.fact, v.content, v.since) == said]
    row = telling.row(version, Post)
    person = telling.names.of(Person, _person(version))
    known = min(v.known_from for v in same)
    return Term(row, person, version.content["acting"], known, version.known_from if row.until else None)
