"""The workbench: what is to be mended in a unit, by rule with its queue, by unit, and how it was before."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from canbo.kernel.screen import SCREENS
from canbo.registry.facts import Unit
from canbo.registry.organisations.queries import children, serving, unit_of
from canbo.reports.quality.pairs import RULE as PAIRED
from canbo.reports.quality.rule import FAMILIES, NOTE, SEVERITIES, Rule, rules
from canbo.reports.quality.tally import Tally, tally
from canbo.reports.quality.workbench import Then, asked_of, before, beyond, parts, whole
from canbo.reports.said import KINDS, upper, word
from canbo.reports.text import number, percent
from canbo.web.asof import AsOf, link
from canbo.web.generic.views import begun
from canbo.web.home import mine
from canbo.web.objects.names import Names, Piece
from canbo.web.objects.pages import page, part
from canbo.web.objects.words import act
from canbo.web.remembering import remembered


def quality(request: HttpRequest) -> HttpResponse:
    """The records of a unit, or of all units within reach. What was found leads to the list that it narrows."""
    asof, code = request.asof, request.GET.get("unit", "").strip()
    asked = asked_of(code, asof.on, asof.known)
    found = _tally(code, asof.on, asof.known)
    unit = unit_of(code) if code else None
    below = _below(unit, asof)
    names = Names(asof, [(Unit, key) for key in (*below, *([unit.pk] if unit else ()))])
    lines = sorted(parts(below, asked, found).items(), key=lambda line: _worst(line, names))
    some = [_line(names, asof, *line) for line in lines[part(request)]]
    total = whole(found)
    context = {
        "unit": names.unit(unit.pk) if unit else None,
        "code": code,
        "total": total,
        "score": _percent(total),
        "found": [_rule(rule, total, code, asof) for rule in rules() if total.of(rule.name)],
        "clear": [rule.label for rule in rules() if not total.of(rule.name)],
        "lines": page(request, some, len(lines), "quality", unit=code),
        "before": [_then(then, code, asof) for then in _before(code, asof.on, asof.known)],
        "beyond": beyond(asked),
    }
    return render(request, "web/quality/workbench.html", context)


@remembered(64)
def _tally(code: str, on: dt.date, known: dt.datetime) -> Mapping[int, Tally]:
    return tally(asked_of(code, on, known))


@remembered(128)
def _before(code: str, on: dt.date, known: dt.datetime) -> list[Then]:
    return before(code, on, known)


def _below(unit: Unit | None, asof: AsOf) -> list[int]:
    """What lies directly under a unit and what serves it; without a unit the topmost ones within reach."""
    if not unit:
        return [top.pk for top in mine(asof)]
    under = [being.pk for being in children(unit, asof.on, asof.known)]
    return list(dict.fromkeys([*under, *serving(unit, asof.on, asof.known)[1]]))


def _worst(line: tuple[int, Tally], names: Names) -> tuple[Any, ...]:
    """The worst first, those of which nothing is told last."""
    unit, found = line
    return found.score is None, found.score or 0, -found.flawed, names.unit(unit).text


def _line(names: Names, asof: AsOf, unit: int, found: Tally) -> dict[str, Any]:
    told = names.unit(unit)
    address = link(asof, "quality", unit=names.units[unit].code) if unit in names.units else ""
    score = _percent(found)
    flawed = number(found.flawed, get_language()) if score else ""
    return {"unit": Piece(told.text, address), "records": found.records, "flawed": flawed, "score": score}


def _rule(rule: Rule, total: Tally, code: str, asof: AsOf) -> dict[str, Any]:
    """A rule with what it found, kind by kind, and the list that is the queue."""
    return {
        "family": FAMILIES[rule.family],
        "label": rule.label,
        "severity": SEVERITIES[rule.severity],
        "bad": rule.severity != NOTE,
        "owner": upper(word("mandate_role", rule.owner)),
        "mends": ", ".join(dict.fromkeys(act(name) for name in rule.mends)),
        "pairs": link(asof, "pairs", unit=code) if rule.name == PAIRED else "",
        "queues": list(_queues(rule, total, code, asof)),
    }


def _queues(rule: Rule, total: Tally, code: str, asof: AsOf) -> Iterator[Piece]:
    lists = {screen.model._meta.model_name: screen.name for screen in SCREENS.values() if begun(screen.name)}
    for kind, many in total.of(rule.name).items():
        address = link(asof, "list", lists[kind], unit=code, finding=rule.name) if kind in lists else ""
        yield Piece(number(many, get_language()), address, str(KINDS[kind]))


def _then(then: Then, code: str, asof: AsOf) -> dict[str, Any]:
    return {"on": then.on, "href": link(asof.at(then.on), "quality", unit=code), "score": _percent(then.whole)}


def _percent(found: Tally) -> str:
    return "" if found.said is None else percent(found.said, get_language(), 1)
