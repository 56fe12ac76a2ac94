"""Two records that may be one person's: side by side, what a merge would do, the merge, and that they are two."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from canbo.access.refusing import doing
from canbo.kernel.instants import day, today
from canbo.kernel.refusal import Mistake, Refused
from canbo.registry.facts import Decision, Person
from canbo.registry.ledger import Outcome, Paper, apply, preview
from canbo.registry.merging.queries import AFTER, BOTH, FORMER, KEPT, Clash, acts, clashes, differing, records
from canbo.registry.merging.queries import both as found_both
from canbo.registry.papers import code_of
from canbo.registry.people.models import Particulars
from canbo.reports.quality.pairs import RULE, pairs
from canbo.reports.quality.rule import ask
from canbo.reports.quality.workbench import asked_of
from canbo.reports.said import FIELDS, KINDS, NEVER_SHOWN, said
from canbo.web.asof import link
from canbo.web.audited import LIST, audited, opens
from canbo.web.errors import status_of
from canbo.web.objects.names import Names
from canbo.web.objects.pages import page, part
from canbo.web.objects.refusing import told
from canbo.web.objects.telling import Telling

MERGE, APART = "person.merge", "person.distinguish"
LONGEST = Decision._meta.get_field("symbol").max_length
WAYS = {
    KEPT: _("the first goes on, the second is set aside"),
    FORMER: _("the second goes on, the first is set aside"),
    AFTER: _("the earlier one ends where the later one begins"),
    BOTH: _("both go on"),
}


@audited(LIST)
def listed(request: HttpRequest) -> HttpResponse:
    """Those who may be one person, in a unit or wherever one reads."""
    asof, code = request.asof, request.GET.get("unit", "").strip()
    found = pairs(asked_of(code, asof.on, asof.known))
    some = found[part(request)]
    names = Names(asof, [(Person, key) for pair in some for key in (pair.one, pair.other)])
    lines = [_line(names, pair) for pair in some]
    shown = {"code": code, "rule": ask(RULE).label, "lines": page(request, lines, len(found), "pairs", unit=code)}
    return render(request, "web/quality/pairs.html", shown)


def _line(names: Names, pair: Any) -> dict[str, Any]:
    one, other = (names.of(Person, key) for key in (pair.one, pair.other))
    codes = [names.people[key][0] for key in (pair.one, pair.other)]
    return {"one": one, "other": other, "codes": codes, "born": pair.born, "href": link(names.asof, "pair", *codes)}


@audited(LIST)
def pair(request: HttpRequest, kept: str, former: str) -> HttpResponse:
    """Two records side by side, and what is decided of them. The number that stands first is kept."""
    asof = request.asof
    both = found_both(kept, former, asof.known)
    for one in both:
        opens(one.pk)
    refusal: Refused | None = None
    outcome: Outcome | None = None
    if request.method == "POST":
        try:
            done = _decide(request, both)
        except Refused as found:
            refusal = found
        else:
            if isinstance(done, HttpResponse):
                return done
            outcome = done
    shown = _side_by_side(request, both) | {
        "codes": (kept, former),
        "post": request.POST,
        "swap": link(asof, "pair", former, kept),
        "lacking": told(doing(MERGE), asof),
        "refused": refusal.told(gettext) if refusal else "",
        "would": _would(outcome) if outcome else None,
        "today": today(),
    }
    return render(request, "web/quality/pair.html", shown, status=status_of(refusal) if refusal else 200)


def _decide(request: HttpRequest, both: tuple[Person, Person]) -> HttpResponse | Outcome:
    """Try the merge, merge, or tell the two apart, as the form says. Sent twice it leads to the same decision."""
    post, (by, _key) = request.POST, request.actor
    step, reason = post.get("step", ""), post.get("reason", "").strip()
    signed = post.get("signed_on", "").strip()
    on = day(signed) if signed else today()
    kept, former = both
    if step == "apart":
        done = [(APART, {"on": on, "person": kept.code, "other": former.code, "reason": reason})]
    elif step in ("preview", "merge"):
        ways = {name.removeprefix("way."): value for name, value in post.items() if name.startswith("way.")}
        done = acts((kept, former), request.asof.known, on, reason, ways, post.getlist("take"))
    else:
        raise Mistake("bad_step", "This page has no step “%(step)s”.", step=step)
    symbol = post.get("symbol", "").strip() or f"{step} {today()} {kept.code} {former.code}"[:LONGEST]
    paper = Paper(symbol=symbol, code=code_of(symbol) or "", signed_on=on, reason=Decision.MERGE)
    if step == "preview":
        return preview(by=by, decided_by=paper, acts=done)
    try:
        code = apply(by=by, decided_by=paper, acts=done, read_at=request.asof.known).code
    except Refused as refusal:
        if refusal.code != "applied_before":
            raise
        code = refusal.facts["decision"]
    return redirect(link(request.asof, "decision", code))


def _side_by_side(request: HttpRequest, both: tuple[Person, Person]) -> dict[str, Any]:
    """What is on file of each, what cannot both go on, and what they say differently of who somebody is."""
    asof = request.asof
    held = [records(one, asof.known) for one in both]
    telling = Telling(asof, [*held[0], *held[1]], *((Person, one.pk) for one in both))
    found = clashes(*held)
    return {
        "names": [telling.names.of(Person, one.pk) for one in both],
        "columns": [[telling.row(version, Person) for version in versions] for versions in held],
        "clashes": [_told(telling, clash, request.POST) for clash in found],
        "differing": [
            _field(telling, name, values, request.POST)
            for name, values in differing(*held).items()
            if name not in NEVER_SHOWN
        ],
    }


def _told(telling: Telling, clash: Clash, post: Any) -> dict[str, Any]:
    name = f"way.{clash.key}"
    chosen = post.get(name) or clash.usual
    return {
        "name": name,
        "kind": KINDS[clash.kept.kind],
        "rows": [telling.row(version, Person) for version in (clash.kept, clash.former)],
        "same": clash.same,
        "alone": clash.alone,
        "ways": [(way, WAYS[way], way == chosen) for way in clash.ways],
    }


def _field(telling: Telling, name: str, values: Any, post: Any) -> dict[str, Any]:
    """A field that differs; what the kept record does not say is taken from the other one anyway."""
    empty = values[0][0] in (None, "")
    texts = [_text(telling, name, *value) for value in values]
    return {"name": name, "label": FIELDS[name], "texts": texts, "taken": empty or name in post.getlist("take")}


def _text(telling: Telling, name: str, value: Any, precision: str) -> str:
    field = Particulars._meta.get_field(name)
    if value in (None, ""):
        return "–"
    if field.is_relation:
        return telling.names.unit(value).text
    return said(field, dt.date.fromisoformat(value), precision) if precision else said(field, value)


def _would(outcome: Outcome) -> dict[str, Any]:
    """What a merge would do: how many records go over, are set aside and are put right."""
    aside = sum(version.aside for version in outcome.effects)
    return {"acts": outcome.acts, "aside": aside, "written": len(outcome.effects) - aside}
