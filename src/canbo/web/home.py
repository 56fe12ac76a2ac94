"""The first page: what the register holds on a day, unit by unit, and the days for which figures were published."""

import datetime as dt
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from canbo.access.identity import counts, granted, reach
from canbo.kernel.levels import PERSONAL
from canbo.kernel.profile import Profile, profile
from canbo.registry.organisations.models import Organisation
from canbo.registry.organisations.queries import unit_of
from canbo.registry.places.models import Place
from canbo.registry.tree import Service, scope
from canbo.reports.book import books
from canbo.reports.claims import Claim
from canbo.reports.question import counts_all
from canbo.reports.rollup import roll_up
from canbo.web.asof import AsOf, link
from canbo.web.remembering import remembered

BOOK = "term"
"""The book of which figures were published."""
VOCABULARIES = (("place_kind", "places", Place), ("organisation_kind", "organisations", Organisation))
"""Kinds of units, the indicator and list that count them, and what such a unit is."""
PEOPLE = "members"
"""The indicator and list that count people."""


@dataclass
class Top:
    """A unit under which everything else lies: how many of what are beneath it, and which days were reported on."""

    pk: int
    code: str
    name: str
    counts: list[tuple[str, int, str]] = field(default_factory=list)
    published: list[tuple[dt.date, str]] = field(default_factory=list)


def home(request: HttpRequest) -> HttpResponse:
    """Choose a unit at the top of the tree, or a day that somebody reported on."""
    asof = request.asof
    tops = mine(asof)
    kept = _kept(tops, asof) if reach("internal") is None else tops
    people = _people(kept, asof)
    for top in kept:
        top.counts = _counts(top, tuple(t.code for t in kept), asof, people)
    _publish(kept, asof)
    kept.sort(key=lambda top: not top.published)
    others = [top for top in tops if top not in kept]
    book = BOOK if BOOK in books(profile()) else ""
    shown = {"tops": kept, "others": others, "term": _term(profile(), asof.on), "book": book}
    return render(request, "web/home.html", shown)


def mine(asof: AsOf) -> list[Top]:
    """The topmost units of whoever asks, if not all are theirs to read: those within reach, else where they act."""
    units = reach("internal")
    tops = [top for top in _tops(asof) if units is None or top.pk in units]
    if tops or units is None:
        return tops
    rows = Organisation.objects.asof(asof.on, asof.known).filter(unit__in=granted()).order_by("name_key")
    return [Top(*row) for row in rows.values_list("unit", "unit__code", "name")]


def _tops(asof: AsOf) -> list[Top]:
    """The units of the kinds that lie under nothing: places where the profile has such kinds, else organisations."""
    for vocabulary, _, model in VOCABULARIES:
        if kinds := profile().where(vocabulary, under=[[]]):
            rows = model.objects.asof(asof.on, asof.known).filter(kind__in=kinds).order_by("name_key")
            return [Top(*row) for row in rows.values_list("unit", "unit__code", "name")]
    return []


def _kept(tops: list[Top], asof: AsOf) -> list[Top]:
    """Those whose records are kept here: some organisation serves the place; an organisation keeps its own."""
    if not profile().where("place_kind", under=[[]]):
        return tops
    serving = Service.objects.asof(asof.on, asof.known).filter(place__in=[top.pk for top in tops])
    keys = set(serving.values_list("place", flat=True))
    return [top for top in tops if top.pk in keys]


def _counts(top: Top, codes: tuple[str, ...], asof: AsOf, people: tuple[str, ...]) -> list[tuple[str, int, str]]:
    """How many units of each kind, and how many people, with the list of them."""
    language = get_language()
    figures = _figures(codes, people, asof.on, asof.known)[top.code]
    found = []
    for (what, vocabulary, kind), number in zip(_asked(profile()), figures, strict=True):
        if number:
            words = f"{vocabulary}.{kind}" if kind else f"screen.{what}"
            chosen = {"unit": top.code, "kind": kind}
            found.append((profile().word(words, language), number, link(asof, "list", what, **chosen)))
    return found


def _people(tops: list[Top], asof: AsOf) -> tuple[str, ...]:
    """The units all of whose people may be read, or at least counted."""
    if reach() is None:
        return tuple(top.code for top in tops)
    on, known, counted = asof.on, asof.known, set(counts(PEOPLE))
    return tuple(
        top.code
        for top in tops
        if top.pk in counted or counts_all(scope(unit_of(top.code), on, known), PERSONAL, on, on)
    )


def _asked(of: Profile) -> list[tuple[str, str, str]]:
    """What is counted: the list, and the vocabulary and kind to which it is narrowed. Of the topmost there is one."""
    kinds = [
        (what, name, kind)
        for name, what, _ in VOCABULARIES
        for kind, says in of.vocabulary(name).items()
        if says["under"]
    ]
    return [(PEOPLE, "", ""), *kinds]


@remembered(200)
def _figures(
    codes: tuple[str, ...], people: tuple[str, ...], on: dt.date, known: dt.datetime
) -> dict[str, list[int]]:
    """The figures of these units, with `people` of some: as known at an instant they never change, so counted once."""
    asked = [(what, {"kind": kind} if kind else {}) for what, _, kind in _asked(profile())]
    others = roll_up(asked[1:], [code for code in codes if code not in people], on, known=known)
    return roll_up(asked, people, on, known=known) | {code: [0, *found] for code, found in others.items()}


def _publish(tops: list[Top], asof: AsOf) -> None:
    """Give each unit the days, up to that of the page, for which figures of it were published, the last one first."""
    by_key = {top.pk: top for top in tops}
    claims = Claim.objects.known(asof.known).filter(unit__in=by_key, valid__startswith__lte=asof.on)
    days = claims.order_by("unit", "-valid__startswith").values_list("unit", "valid__startswith").distinct()
    for unit, day in days:
        by_key[unit].published.append((day, link(asof.at(day), "report", BOOK, by_key[unit].code)))


def _term(of: Profile, on: dt.date) -> str:
    """The term in force on a day, where the profile has terms."""
    begun = [(since, name) for name, since in of.settings.get("terms", {}).items() if since <= on]
    return max(begun)[1] if begun else ""
