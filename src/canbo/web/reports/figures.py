"""The page of a figure: what exactly was asked, how it breaks down, and its records, fifty at a time."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from canbo.kernel.profile import profile
from canbo.kernel.refusal import Mistake
from canbo.registry.facts import Unit
from canbo.registry.organisations.queries import named
from canbo.registry.versions import with_keys
from canbo.reports.book import Figure
from canbo.reports.indicator import STOCK, Measure
from canbo.reports.opened import BASE, NUMERATOR, Source
from canbo.reports.said import upper
from canbo.reports.text import group, label, not_shown, number, percent, published, shown
from canbo.web.asof import AsOf, link
from canbo.web.audited import LIST, audited, concerns
from canbo.web.objects.names import Names, Piece
from canbo.web.objects.pages import page, part
from canbo.web.objects.telling import Telling
from canbo.web.reports import remembered


@audited(LIST)
def figure(request: HttpRequest, book: str, unit: str, name: str) -> HttpResponse:
    """One figure with its base, its question in words, its groups, and the records that it counts."""
    asof, language = request.asof, get_language()
    asked = (book, unit, asof.on, asof.known)
    address = ("figure", book, unit, name)
    found = remembered.figure(asked, name)
    made_of = remembered.made_of(asked, name)
    concerns(found.question.unit.pk)
    place = _chosen(request, made_of)
    chosen, of, by = made_of[place], request.GET.get("of", ""), request.GET.get("by", "")
    some = part(request)
    keys = remembered.keys(asked, name, place, some.start, some.stop)
    told, names = _told(asof, chosen, keys, found.question.unit)
    records = page(request, told, remembered.size(asked, name, place), *address, of=of, by=by)
    context = {
        "label": upper(label(found, language)),
        "shown": shown(found, language),
        "base": None if found.base is None else number(found.base, language),
        "verdict": found.verdict,
        "printed": published(found, language) if found.claim else "",
        "figure": found,
        "stock": found.indicator.kind == STOCK,
        "indicator": profile().word(f"indicator.{found.line.indicator}", language),
        "book": Piece(profile().word(f"book.{book}", language), link(asof, "report", book, unit)),
        "unit": names.unit(found.question.unit.pk),
        "conditions": list(_conditions(chosen.measure, chosen.question.where)),
        "sources": [_source(asof, address, one, at, one is chosen) for at, one in enumerate(made_of, 1)],
        "breakdowns": _breakdowns(asof, address, found, by),
        "groups": _groups(asof, found, by, remembered.groups(asked, name, by)) if by else [],
        "by": upper(profile().word(f"breakdown.{by}", language)) if by else "",
        "bridge": link(asof, "bridge", found.line.indicator, unit) if all(one.whole for one in made_of) else "",
        "line": name,
        "in_book": book,
        "records": records,
        "not_shown": not_shown(remembered.not_shown(asked, name, place), language),
        "once": bool(chosen.measure.counting),
    }
    return render(request, "web/reports/figure.html", context)


def _chosen(request: HttpRequest, made_of: list[Source]) -> int:
    """The place of the measure whose records the page lists: the first one, unless the address says which."""
    said = request.GET.get("of", "1")
    if not said.isdecimal() or not 1 <= int(said) <= len(made_of):
        many = len(made_of)
        raise Mistake(
            "unknown_part", "the figure has %(many)s parts; there is none “%(said)s”", many=many, said=said[:20]
        )
    return int(said) - 1


def _source(asof: AsOf, address: tuple, one: Source, place: int, chosen: bool) -> dict[str, Any]:
    language = get_language()
    return {
        "piece": Piece(
            upper(profile().word(f"indicator.{one.measure.name}", language)),
            link(asof, *address, of="" if place == 1 else place),
        ),
        "side": one.side,
        "is_base": one.side == BASE,
        "is_part": one.side == NUMERATOR,
        "conditions": list(_conditions(one.measure, one.question.where)),
        "sign": "−" if one.sign < 0 else "",
        "chosen": chosen,
    }


def _conditions(measure: Measure, where: Mapping[str, Any]) -> Iterator[Piece]:
    """Each condition in words: codes by the profile's words, attributes by the codes that have them."""
    language = get_language()
    for name, value in where.items():
        vocabulary = "" if name in measure.parameters else measure.vocabulary(name)
        if isinstance(value, Mapping):
            codes = profile().where(vocabulary, **value) if vocabulary else [f"{k}: {v}" for k, v in value.items()]
        else:
            codes = value if isinstance(value, list | tuple) else [value]
        told = [profile().word(f"{vocabulary}.{code}", language) if vocabulary else str(code) for code in codes]
        heading = profile().word(f"breakdown.{name}", language)
        yield Piece(", ".join(told), label=upper(heading.removeprefix("breakdown.").replace("_", " ")))


def _breakdowns(asof: AsOf, address: tuple, found: Figure, by: str) -> list[tuple[Piece, bool]]:
    spoken = profile().words[get_language()]
    names = [name for name in found.indicator.by if f"breakdown.{name}" in spoken]
    return [(Piece(upper(spoken[f"breakdown.{name}"]), link(asof, *address, by=name)), name == by) for name in names]


def _groups(
    asof: AsOf, found: Figure, by: str, groups: list[tuple[str, int | None]]
) -> list[tuple[Piece, str, str]]:
    """Each group with its number and its share of the figure, unless withheld; units by name, the unknown last."""
    language, value = get_language(), found.value or 0
    codes = (
        dict(Unit.objects.filter(code__in=[key for key, _ in groups]).values_list("code", "pk")) if by == "unit" else {}
    )
    units = {being.code: being.name for being in named(codes.values(), asof.on, asof.known).values()}

    def piece(key: str) -> Piece:
        if key in units:
            return Piece(units[key], link(asof, "unit", key))
        return Piece(upper(group(found.indicator, by, key, language)))

    def told(n: int | None) -> tuple[str, str]:
        if n is None:
            return profile().word("text.withheld", language), ""
        return number(n, language), percent(Fraction(n, value), language, 1) if value else ""

    return [(piece(key), *told(n)) for key, n in groups]


def _told(asof: AsOf, chosen: Source, keys: list[int], unit: Unit) -> tuple[list[Any], Names]:
    """Records of a measure, told as everywhere, or the people, units or posts that it counts once; and all names."""
    measure = chosen.measure
    if measure.counting:
        model = measure.model._meta.get_field(measure.counting).related_model
        names = Names(asof, [(Unit, unit.pk), *((model, key) for key in keys)])
        return [names.of(model, key) for key in keys], names
    versions = with_keys(measure.model, keys, asof.known)
    telling = Telling(asof, versions, (Unit, unit.pk))
    return [telling.row(version) for version in versions], telling.names
