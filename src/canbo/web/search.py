"""Search: a person, unit, post, document or decision by name without marks, by code, number or symbol.

Each group is the list of that name, narrowed to the text: what is named exactly so stands first, then what begins so,
then what holds it. The list itself shows the rest.
"""

import re
from dataclasses import dataclass
from functools import cache

from django.db import connection
from django.db.models import Case, IntegerField, Q, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from canbo.access.identity import people_called, read_all_names
from canbo.kernel.screen import SCREENS, Screen
from canbo.kernel.text import asked
from canbo.web.asof import AsOf, link
from canbo.web.audited import LIST, audited
from canbo.web.generic.cells import Cell, Cells, headings
from canbo.web.generic.listing import LONGEST, SHORT, Listing, called, cases, paths
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


@audited(LIST)
def search(request: HttpRequest) -> HttpResponse:
    """What the register holds under a text, as of the dates of the page."""
    text = " ".join(request.GET.get("q", "").split())[:LONGEST]
    screens = [SCREENS[name] for name in GROUPS if begun(name)]
    if text and people_called(asked(text)) is None:
        read_all_names()
    found = [_found(screen, text, request.asof) for screen in _likely(screens, text)] if text else []
    shown = {"q": text, "groups": [group for group in found if group.rows], "searching": True}
    return render(request, "web/search.html", shown)


def _likely(screens: list[Screen], text: str) -> list[Screen]:
    """The lists that may hold something called so at some time: one question spares most of them their own.

    People are asked at once. So is everything for a text too short to be found along an index.
    """
    part = asked(text)
    if len(part) <= SHORT:
        return screens
    doubtful = [s for s in screens if not s.people and not any(called(w.vocabulary, part) for w in s.words)]
    wanted = {"part": f"%{_literal(part)}%"} | {f"code{n}": f"{_literal(code)}%" for n, code in enumerate(cases(text))}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(_there(screen.name) for screen in doubtful) or 'true'}", wanted)
        absent = {screen.name for screen, there in zip(doubtful, cursor.fetchone(), strict=False) if not there}
    return [screen for screen in screens if screen.name not in absent]


@cache
def _there(name: str) -> str:
    """Whether a list ever holds something called so or with such a code, each along an index of its own."""
    screen, ways = SCREENS[name], []
    for path in (*screen.search, *screen.codes):
        thing, _, last = path.rpartition("__")
        model = screen.model._meta.get_field(thing).related_model if thing else screen.model
        column = model._meta.get_field(last).column
        wanted = ("part",) if path in screen.search else ("code0", "code1", "code2")
        like = " OR ".join(f"{column} LIKE %({which})s" for which in wanted)
        ways.append(f"EXISTS (SELECT FROM {model._meta.db_table} WHERE {like})")
    return f"({' OR '.join(ways)})"


def _literal(text: str) -> str:
    """A text in which LIKE finds no signs of its own."""
    return re.sub(r"[\\%_]", r"\\\g<0>", text)


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
