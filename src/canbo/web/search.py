"""Search: a person, unit, post, document or decision by name without marks, by code, number or symbol.

Each group is the list of that name, narrowed to the text: what is named exactly so stands first, then what begins so,
then what holds it. The list itself shows the rest.
"""

from dataclasses import dataclass

from django.db.models import Case, IntegerField, Q, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from canbo.kernel.screen import SCREENS, Screen
from canbo.kernel.text import asked
from canbo.web.asof import AsOf, link
from canbo.web.generic.cells import Cell, Cells, headings
from canbo.web.generic.listing import LONGEST, Listing, paths
from canbo.web.generic.views import begun, title

GROUPS = ("persons", "places", "organisations", "posts", "documents", "decisions")
MOST = 20


@dataclass(frozen=True)
class Found:
    """What one group found: some rows, and where all of them are."""

    title: str
    head: list[str]
    rows: list[list[Cell]]
    more: str


def search(request: HttpRequest) -> HttpResponse:
    """What the register holds under a text, as of the dates of the page."""
    text = " ".join(request.GET.get("q", "").split())[:LONGEST]
    found = [_found(SCREENS[name], text, request.asof) for name in GROUPS if begun(name)] if text else []
    shown = {"q": text, "groups": [group for group in found if group.rows], "searching": True}
    return render(request, "web/search.html", shown)


def _found(screen: Screen, text: str, asof: AsOf) -> Found:
    listing = Listing(screen, asof, text)
    ranked = listing.narrowed.annotate(rank=_rank(screen, text)).order_by("rank", *screen.order, "pk")
    rows = list(ranked.values_list(*paths(screen))[: MOST + 1])
    cells = Cells(listing).rows(rows[:MOST])
    more = link(asof, "list", screen.name, q=text) if len(rows) > MOST else ""
    return Found(title(screen.name), headings(screen.columns), cells, more)


def _rank(screen: Screen, text: str) -> Case:
    """0 for what is named exactly so, 1 for what begins so, 2 for the rest."""
    same, begins = Q(), Q()
    for path, wanted in [(p, asked(text)) for p in screen.search] + [(p, text) for p in screen.codes]:
        same |= Q(**{path: wanted})
        begins |= Q(**{f"{path}__startswith": wanted})
    return Case(When(same, then=Value(0)), When(begins, then=Value(1)), default=Value(2), output_field=IntegerField())
