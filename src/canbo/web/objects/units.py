"""The page of a unit: a place or an organisation, what lies above and beneath it, who heads it, whence it came."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from canbo.access.refusing import reading
from canbo.kernel.levels import INTERNAL, level
from canbo.kernel.profile import profile
from canbo.kernel.text import key
from canbo.registry.facts import Person, Unit
from canbo.registry.membership.models import Membership
from canbo.registry.membership.queries import stages
from canbo.registry.organisations import queries as organisations
from canbo.registry.organisations.queries import Being, Descent
from canbo.registry.papers import behind
from canbo.registry.posts.queries import Seat, seats
from canbo.registry.service.queries import Holder, holders
from canbo.registry.tree import above, scope
from canbo.reports.book import books
from canbo.reports.question import counts_all
from canbo.reports.said import counted, day, upper, word
from canbo.web.asof import AsOf, link
from canbo.web.audited import LIST, audited
from canbo.web.objects.found import find, require
from canbo.web.objects.names import Names, Piece
from canbo.web.objects.pages import page, part
from canbo.web.objects.refusing import told
from canbo.web.objects.telling import ONE_DAY
from canbo.web.remembering import remembered

MOST_SEATS = 40
"""So many posts stand on the page; the list of posts has all."""


@audited(LIST)
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """What a unit is on a day. One that ended, or begins later, says so and leads to the day on which it is there."""
    found, asof = find(Unit, code), request.asof
    beings = organisations.beings(found, asof.known)
    require(beings, code)
    now = next((being for being in beings if being.on(asof.on)), None)
    begun = [being for being in beings if being.since is None or being.since <= asof.on]
    shown = now or (begun or beings)[-1 if begun else 0]
    context = {"being": shown, "there": now is not None, "kind": upper(word(shown.vocabulary, shown.kind))}
    context |= {"in_block": word("block", shown.block), "is_place": shown.vocabulary == organisations.KINDS[0][0]}
    parts = _alive(request, found, begun) if now else _absent(asof, found, begun, beings)
    return render(request, "web/objects/unit.html", context | parts)


def _absent(asof: AsOf, found: Unit, begun: list[Being], beings: list[Being]) -> dict[str, Any]:
    """A unit that is not there on the day: when it last was, or first will be, and what became of it."""
    if not begun:
        first = beings[0].since
        return {"begins": first, "then": link(asof.at(first), "unit", found.code)}
    last = begun[-1].until - ONE_DAY
    path = above(found, last, asof.known)
    lines = organisations.descent(found, asof.on, asof.known)
    names = Names(asof.at(last), _units([*path, *_kin(lines)]))
    later = Names(asof, _units(_kin(lines)))
    return {
        "ended": begun[-1].until,
        "last": last,
        "then": link(asof.at(last), "unit", found.code),
        "path": [Piece(names.unit(pk).text, link(asof.at(last), "unit", names.units[pk].code)) for pk in path],
        "descent": _descent(asof, later, lines),
        "history": _history(begun),
    }


def _alive(request: HttpRequest, found: Unit, begun: list[Being]) -> dict[str, Any]:
    asof, code = request.asof, found.code
    on, known = asof.on, asof.known
    path, lines = above(found, on, known), organisations.descent(found, on, known)
    places, bodies = organisations.serving(found, on, known)
    manned = seats([found.pk, *bodies], on, known)
    held = holders([seat.pk for seat in manned], on, known)
    people = {(Person, holder.person) for some in held.values() for holder in some}
    names = Names(asof, [*_units([*path, *places, *bodies, *_kin(lines), found.pk]), *people])
    below = _sorted(organisations.children(found, on, known))
    members, counts = _counted(found, on, known)
    return {
        "path": [names.unit(pk) for pk in path],
        "places": [names.unit(pk) for pk in places],
        "bodies": [_body(names, pk) for pk in bodies],
        "counts": [_count(asof, code, *line) for line in _by_profile(counts)],
        "members": [(word("membership_stage", stage), number) for stage, number in members],
        "members_in_all": sum(number for _, number in members),
        "people": link(asof, "list", "members", unit=code),
        "reports": [Piece(word("book", name), link(asof, "report", name, code)) for name in books(profile())],
        "no_reports": told(reading(found.pk, INTERNAL), asof),
        "posts": link(asof, "list", "posts", unit=code),
        "seats": [_seat(names, seat, held[seat.pk]) for seat in _leading(manned, held)[:MOST_SEATS]],
        "held": len(held),
        "vacant": len(manned) - len(held),
        "children": page(request, _children(asof, below[part(request)]), len(below), "unit", code),
        "descent": _descent(asof, names, lines),
        "history": _history([being for being in begun if being.until is None or being.until <= on]),
        **_since(begun, known),
    }


def _since(begun: list[Being], known: dt.datetime) -> dict[str, Any]:
    """Since when there is the unit, and from which day on it is counted if that is later."""
    first = begun[0]
    ground = behind({first.opened_by}, known, documents=False)[first.opened_by]
    return {"since": first.since, "counted": counted(ground.counted(first.since))}


@remembered(256)
def _counted(found: Unit, on: dt.date, known: dt.datetime) -> tuple[list[tuple[str, int]], list[tuple[str, str, int]]]:
    """The members by stage, if all of them may be read, and the units by kind, anywhere beneath a unit."""
    within = scope(found, on, known)
    members = stages(within, on) if counts_all(within, level(Membership), on, on) else []
    return members, organisations.kinds_beneath(within, on)


def _units(keys: Iterable[int]) -> list[tuple[type[Unit], int]]:
    return [(Unit, pk) for pk in keys]


def _kin(lines: tuple[list[Descent], list[Descent]]) -> list[int]:
    return [pk for some in lines for line in some for pk in (line.unit, line.predecessor)]


def _sorted(beings: list[Being]) -> list[Being]:
    """By kind in the profile's order, then by the alphabet."""
    order = _order()
    return sorted(beings, key=lambda being: (order.get((being.vocabulary, being.kind), len(order)), key(being.name)))


def _order() -> dict[tuple[str, str], int]:
    kinds = [(name, kind) for name, _ in organisations.KINDS for kind in profile().vocabulary(name)]
    return {pair: place for place, pair in enumerate(kinds)}


def _by_profile(counts: list[tuple[str, str, int]]) -> list[tuple[str, str, int]]:
    order = _order()
    return sorted(counts, key=lambda line: order.get(line[:2], len(order)))


def _count(asof: AsOf, code: str, vocabulary: str, kind: str, number: int) -> tuple[str, int, str]:
    name = "places" if vocabulary == organisations.KINDS[0][0] else "organisations"
    return upper(word(vocabulary, kind)), number, link(asof, "list", name, unit=code, kind=kind)


def _body(names: Names, pk: int) -> tuple[Piece, str]:
    being = names.units[pk]
    return names.unit(pk), upper(word(being.vocabulary, being.kind))


def _children(asof: AsOf, beings: list[Being]) -> list[tuple[Piece, str, str]]:
    return [(Piece(b.name, link(asof, "unit", b.code)), upper(word(b.vocabulary, b.kind)), b.code) for b in beings]


def _leading(manned: list[Seat], held: dict[int, list[Holder]]) -> list[Seat]:
    """The posts that are held, in the profile's order of titles."""
    order = {title: place for place, title in enumerate(profile().vocabulary("post_title"))}
    some = [seat for seat in manned if seat.pk in held]
    return sorted(some, key=lambda seat: (order.get(seat.title, len(order)), seat.code))


@dataclass(frozen=True)
class SeatRow:
    """A post on the page of its unit."""

    post: Piece
    unit: Piece
    holders: Sequence[tuple[Piece, bool, str]]


def _seat(names: Names, seat: Seat, some: list[Holder]) -> SeatRow:
    title = Piece(upper(word("post_title", seat.title)), link(names.asof, "post", seat.code))
    who = [(names.of(Person, h.person), h.acting, day(h.since, h.precision)) for h in some]
    return SeatRow(title, names.unit(seat.unit), who)


@dataclass(frozen=True)
class DescentRow:
    """A predecessor or successor, with the day and the decision."""

    other: Piece
    whole: bool
    on: dt.date
    symbol: str
    decision: str


def _descent(asof: AsOf, names: Names, lines: tuple[list[Descent], list[Descent]]) -> dict[str, list[DescentRow]]:
    grounds = behind({line.act for some in lines for line in some}, asof.known) if any(lines) else {}

    def row(line: Descent, other: int) -> DescentRow:
        ground = grounds[line.act]
        decision = link(asof, "decision", ground.decision)
        return DescentRow(names.unit(other), line.whole, line.on, ground.symbol, decision)

    came, went = lines
    return {"of": [row(line, line.predecessor) for line in came], "into": [row(line, line.unit) for line in went]}


def _history(beings: list[Being]) -> list[tuple[str, str, str, str]]:
    """The names and kinds of a unit, where it had more than one."""
    told = [
        (b.name, upper(word(b.vocabulary, b.kind)), day(b.since), day(b.until - ONE_DAY) if b.until else "")
        for b in beings
    ]
    return told if len(told) > 1 else []
