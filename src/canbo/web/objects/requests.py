"""Requests of the person on file: told on their own page, and listed for whoever keeps the file, with deadlines."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from canbo.kernel.instants import day, today
from canbo.kernel.refusal import Mistake
from canbo.registry.facts import Person
from canbo.registry.ledger import Paper, apply
from canbo.registry.papers import code_of
from canbo.registry.requests.actions import ask
from canbo.registry.requests.models import GRANTED, LONGEST, RECEIVED, REFUSED, Request
from canbo.registry.requests.queries import Asked, asked, keeper
from canbo.registry.versions import kind_of, of_fact
from canbo.reports.said import KINDS
from canbo.rules.deadlines import Deadline, deadline
from canbo.web.asof import AsOf, link
from canbo.web.audited import LIST, audited, opens
from canbo.web.objects.found import key_of
from canbo.web.objects.names import Names, Piece
from canbo.web.objects.pages import page, part
from canbo.web.objects.words import CONFIDENCE

REPLY, DONE = "request.reply", "request.done"
STATES: dict[str, tuple[Promise, str]] = {
    "open": (_("open"), ""),
    RECEIVED: (_("received"), ""),
    GRANTED: (_("granted"), "good"),
    REFUSED: (_("refused"), "bad"),
}


@dataclass(frozen=True)
class Due:
    """A deadline told: its last day, whether it is kept or missed, and by which article it runs."""

    day: dt.date
    said: Promise
    tone: str
    rule: str
    unsure: str


@dataclass(frozen=True)
class Line:
    """A request told; `who` is left out on the page of whoever asked."""

    number: int
    who: Piece | None
    at: dt.datetime
    about: Piece
    words: str
    state: Promise
    tone: str
    reply: Due | None
    done: Due | None
    replies: list[dict[str, Any]]
    href: str = ""


def lines(asof: AsOf, found: Iterable[Asked], file: str = "") -> list[Line]:
    """Requests as pages tell them; within somebody's `file` links stay there and nobody needs to be named."""
    some = list(found)
    names = None if file else Names(asof, [(Person, one.request.person_id) for one in some])
    now = today()
    return [_line(asof, one, now, names, file) for one in some]


def _line(asof: AsOf, one: Asked, now: dt.date, names: Names | None, file: str) -> Line:
    request, begun = one.request, _day(one.request.asked_at)
    kind = KINDS.get(request.kind, request.kind) if request.kind else _("something else")
    href = link(asof, "record", request.kind, str(request.fact), file=file) if request.kind else ""
    decided = one.decided.recorded.lower if one.decided else None
    state, tone = STATES[one.state]
    return Line(
        request.pk,
        names.of(Person, request.person_id) if names else None,
        request.asked_at,
        Piece(str(kind), href),
        request.words,
        state,
        tone,
        _due(deadline(REPLY, begun), one.first, now),
        _due(deadline(DONE, begun), decided, now),
        [_reply(asof, reply) for reply in one.replies],
        "" if file else link(asof, "request", request.pk),
    )


def _reply(asof: AsOf, reply: Any) -> dict[str, Any]:
    decision = reply.opened_by.decision
    return {
        "state": STATES[reply.outcome][0],
        "at": reply.recorded.lower,
        "words": reply.words,
        "article": reply.article,
        "paper": Piece(decision.symbol, link(asof, "decision", decision.code)),
    }


def _due(found: Deadline | None, done: dt.datetime | None, now: dt.date) -> Due | None:
    """Kept or missed once it is done; until then due, or overdue from the day after. By days of the installation."""
    if found is None:
        return None
    kept = found.kept(_day(done) if done else now)
    if done:
        said, tone = (_("kept"), "good") if kept else (_("missed"), "bad")
    else:
        said, tone = (_("due"), "") if kept else (_("overdue"), "bad")
    rule = found.parameter
    unsure = "" if rule.confidence == "read" else str(CONFIDENCE[rule.confidence])
    return Due(found.day, said, tone, f"{rule.document}, {rule.article[get_language()]}", unsure)


def _day(at: dt.datetime) -> dt.date:
    return timezone.localtime(at).date()


def asked_for(request: HttpRequest) -> None:
    """Write down what the form of one's own page asks for; to be called within one's own file."""
    by, key = request.actor
    kind, _blank, fact = request.POST.get("about", "").partition(" ")
    if kind:
        known = of_fact(kind_of(kind), key_of(fact), request.asof.known)
        if not known or known[-1].content.get("person_id") != key:
            raise Mistake("unknown_code", "There is nothing with the code “%(code)s” here.", code=fact)
    ask(by=by, person=key, words=request.POST.get("words", ""), kind=kind, fact=int(fact) if kind else None)


def form(timeline: Iterable[Any]) -> dict[str, Any]:
    """What the form offers: each fact of one's own that the page shows, by kind and content."""
    return {"choices": [_choice(row) for row in timeline], "longest": LONGEST}


def _choice(row: Any) -> tuple[str, str]:
    told = " · ".join(piece.text for piece in row.pieces)
    return f"{row.version.kind} {row.version.fact}", f"{row.kind}: {told} ({row.since})"


@audited(LIST)
def requests(request: HttpRequest) -> HttpResponse:
    """The requests of those whose files whoever reads may keep: the open ones first, the oldest of them on top."""
    found = asked()
    rows = lines(request.asof, found[part(request)])
    listed = page(request, rows, len(found), "requests")
    return render(request, "web/objects/requests.html", {"listed": listed})


@audited(LIST)
def one_request(request: HttpRequest, key: str) -> HttpResponse:
    """One request with its deadlines and replies; reading it is reading the file. It is received or refused here."""
    row = Request.objects.select_related("person").filter(pk=key_of(key)).first()
    if row is None:
        raise Mistake("no_such_request", "There is no request %(key)s here.", key=key)
    if request.method == "POST":
        _answer(request, row)
        return redirect(link(request.asof, "request", key))
    opens(row.person_id)
    found = next(one for one in asked(row.person_id) if one.request.pk == row.pk)
    shown = {"one": lines(request.asof, [found])[0], "today": today(), "undecided": found.decided is None}
    return render(request, "web/objects/request.html", shown)


def _answer(request: HttpRequest, to: Request) -> None:
    """Apply what the form says as a decision of its own. Granting goes with the acts that put the record right."""
    said = {name: request.POST.get(name, "").strip() for name in ("what", "symbol", "signed_on", "words", "article")}
    if said["what"] not in ("receive", "refuse"):
        raise Mistake("unknown_act", "On this page a request is received or refused.")
    if not said["symbol"]:
        raise Mistake("no_paper", "Say the number and symbol of the paper that decides.")
    on = day(said["signed_on"])
    terms = {"on": on, "person": to.person.code, "unit": keeper(to.person_id), "request": to.pk}
    acts = [(f"request.{said['what']}", terms | {name: said[name] for name in ("words", "article")})]
    paper = Paper(symbol=said["symbol"], code=code_of(said["symbol"]) or "", signed_on=on)
    apply(by=request.actor[0], decided_by=paper, acts=acts)
