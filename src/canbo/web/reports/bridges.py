"""The page of a bridge: what changed a figure of a report between two points, part by part, down to the records."""

from fractions import Fraction
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext

from canbo.kernel.instants import day
from canbo.kernel.profile import profile
from canbo.kernel.refusal import Mistake
from canbo.registry.facts import Unit
from canbo.registry.versions import with_keys
from canbo.reports.bridge import told
from canbo.reports.bridge.waterfall import Bridge, Part
from canbo.reports.output.charts import is_cut
from canbo.reports.output.document import Picture
from canbo.reports.output.html import drawing
from canbo.reports.pictures import WATERFALL
from canbo.reports.question import Question
from canbo.reports.said import upper
from canbo.reports.text import is_part, label, number, percent, shown
from canbo.web.asof import link
from canbo.web.asof import read as read_dates
from canbo.web.audited import LIST, audited, concerns
from canbo.web.objects.names import Names, Piece
from canbo.web.objects.pages import page, part
from canbo.web.objects.telling import Telling
from canbo.web.reports import remembered
from canbo.web.templatetags.canbo import day as written
from canbo.web.templatetags.canbo import moment


@audited(LIST)
def bridge(request: HttpRequest, indicator: str, unit: str) -> HttpResponse:
    """From a figure at an earlier point to the figure of this page: opening, parts, closing. Parts add up exactly."""
    asof, language = request.asof, get_language()
    book, name = request.GET.get("book", ""), request.GET.get("figure", "")
    asked = (book, unit, asof.on, asof.known)
    found = remembered.figure(asked, name)
    if found.line.indicator != indicator:
        raise Mistake("unknown_figure", "The report has no such figure of this indicator.")
    first = _first(request)
    made = remembered.bridge(asked, name, first)
    concerns(found.question.unit.pk)
    before = remembered.figure((book, unit, *first), name)
    address, query = ("bridge", indicator, unit), _query(request)
    names = Names(asof, [(Unit, found.question.unit.pk)])
    figures = shown(before, language), shown(found, language)
    picture = _picture(made, upper(label(found, language)), figures)
    context = {
        "label": upper(label(found, language)),
        "unit": names.unit(found.question.unit.pk),
        "book": Piece(profile().word(f"book.{book}", language), link(asof, "report", book, unit)),
        "figure": Piece(upper(label(found, language)), link(asof, "figure", book, unit, name)),
        "first": made.first,
        "second": made.second,
        "figures": figures,
        "picture": picture and drawing(picture),
        "cut": picture and is_cut(picture),
        "other_known": made.first.known != made.second.known,
        "share": is_part(found),
        "parts": [
            (one, upper(told.label(made, one, language)), _signed(made, one), link(asof, *address, **query, part=at))
            for at, one in enumerate(made.parts, 1)
        ],
        **_opened(request, made, address, query),
    }
    return render(request, "web/reports/bridge.html", context)


def _first(request: HttpRequest) -> tuple[Any, Any]:
    """The earlier point: a day, and what was known then where the address says so."""
    said = request.GET.get("from", "")
    if not said:
        raise Mistake("missing_day", "Say from which day: write from=2024-05-01 in the address.")
    known = (
        read_dates({"on": said, "known": request.GET.get("known1", "")}).known if request.GET.get("known1") else None
    )
    return day(said), known or request.asof.known


def _query(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "") for name in ("book", "figure", "from", "known1")}


def _signed(made: Bridge, one: Part) -> str:
    """How much a part adds or takes away, in the figure's own unit."""
    language, value = get_language(), one.count if one.value is None else one.value
    size = abs(value)
    share = isinstance(value, Fraction) and made.closing is not None and isinstance(made.closing, Fraction)
    told_ = percent(size, language) if share else number(size, language)
    return f"{'−' if value < 0 else '+'}{told_}"


def _picture(made: Bridge, title: str, figures: tuple[str, str]) -> Picture | None:
    """The bridge as a waterfall; none where nothing changed, or one of the two is a share of nobody."""
    if not made.parts or made.difference is None:
        return None
    language = get_language()
    bars = [told.label(made, one, language) for one in made.parts]
    first, last = (_point(made, question) for question in (made.first, made.second))
    texts = [(figures[0],), *((_signed(made, one),) for one in made.parts), (figures[1],)]
    names = (first, *map(upper, bars), last)
    return Picture(
        id=WATERFALL,
        number="",
        title=f"{gettext('What changed')}: {title}",
        kind=WATERFALL,
        head=gettext("Cause"),
        bars=names,
        segments=(gettext("Change"),),
        keys=(),
        cells=((made.opening,), *((one.value,) for one in made.parts), (made.closing,)),
        texts=tuple(texts),
        description="; ".join(f"{name}: {text}" for name, (text,) in zip(names, texts, strict=True)),
    )


def _point(made: Bridge, question: Question) -> str:
    """What a waterfall calls one of its two figures: its day, and the instant where that is what differs."""
    on = written(question.on)
    return f"{on} ({moment(question.known)})" if made.first.on == made.second.on else on


def _opened(request: HttpRequest, made: Bridge, address: tuple, query: dict[str, str]) -> dict[str, Any]:
    """The records behind the part that the address asks for."""
    said = request.GET.get("part", "")
    if not said:
        return {}
    if not said.isdecimal() or not 1 <= int(said) <= len(made.parts):
        raise Mistake("unknown_part", "The bridge has no such part.")
    one, some = made.parts[int(said) - 1], part(request)
    versions = with_keys(one.source.measure.model, one.versions[some], made.second.known) if one.source else []
    telling = Telling(request.asof, versions, lasting=False)
    rows = page(request, [telling.row(v) for v in versions], len(one.versions), *address, **query, part=said)
    return {"chosen": upper(told.label(made, one, get_language())), "records": rows, "place": int(said)}
