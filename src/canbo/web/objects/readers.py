"""The page that says who may read a record today, and why: which post, mandate or delegation reaches it, and how."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from canbo.access.explaining import Reason
from canbo.access.explaining import readers as ask
from canbo.access.viewing import granting
from canbo.kernel.profile import profile
from canbo.kernel.refusal import Mistake
from canbo.registry.facts import Identity, Person, Unit
from canbo.registry.papers import Ground, behind
from canbo.registry.posts.models import Post
from canbo.registry.versions import kinds
from canbo.reports.said import KINDS, upper, word
from canbo.rules.governing import cited
from canbo.web.asof import AsOf, link
from canbo.web.audited import LIST, audited
from canbo.web.objects.found import find, within_file
from canbo.web.objects.names import Names, Piece
from canbo.web.objects.pages import page, part
from canbo.web.objects.records import PERSON, THINGS, versions_of

WAYS = {
    "own": _("it is about themselves"),
    "everything": _("the role reaches everything"),
    "itself": _("%(at)s itself"),
    "beneath": _("%(at)s lies under %(over)s"),
    "place": _("%(over)s serves the place of %(at)s"),
    "file": _("the file is kept beneath %(over)s"),
}
KEPT = _("%(at)s ended, and %(keeper)s keeps what was its own")


@dataclass(frozen=True)
class Line:
    """One reason told: who (nothing where the reader may not see them), in which role, by what, and how it reaches."""

    who: Piece | None
    role: str
    over: Piece | None
    by: str
    post: Piece | None
    giver: Piece | None
    delegated: bool
    why: str
    ground: Ground | None
    articles: list[tuple[str, str]]
    way: str
    file: bool
    view: str


@dataclass(frozen=True)
class Target:
    """What is asked about: which table its row lies in, of which unit and person, and whom or what it is of by name."""

    model: type
    unit: int | None
    person: int | None
    kind: str
    subject: Piece


@audited(LIST)
def readers(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Everybody who may read a record today, whatever the day of the page; those beyond one's sight without a name."""
    asof, target = request.asof, _target(request, kind, key)
    reasons = ask(target.model, target.unit, target.person)
    some = sorted(reasons or (), key=_order)
    telling = _Telling(asof, some[part(request)], target, may_view=request.viewing is None)
    context = {
        "kind": target.kind,
        "subject": target.subject,
        "back": link(asof, "record" if kind in kinds() else kind, key, file=request.GET.get("file")),
        "everybody": reasons is None,
        "personal": target.person is not None,
        "lines": page(request, list(telling.lines()), len(some), "readers", kind, key, file=request.GET.get("file")),
    }
    return render(request, "web/objects/readers.html", context)


@within_file
def _target(request: HttpRequest, kind: str, key: str) -> Target:
    """Found as the record's own page finds it, so that nobody asks about what they may not read."""
    if kind in kinds():
        versions = versions_of(kinds()[kind], key, request)
        shown = next((v for v in versions if v.known_until is None), versions[-1])
        person = shown.content.get("person_id")
        subject = _named(request, Person, person) if person else _named(request, Unit, shown.unit)
        return Target(shown.model, shown.unit, person, str(KINDS[kind]), subject)
    if kind not in THINGS:
        names = ", ".join(sorted([*kinds(), *THINGS]))
        raise Mistake("unknown_kind", "“%(kind)s” is no kind of record; known are: %(names)s", kind=kind, names=names)
    found = find(THINGS[kind], key)
    subject = _named(request, THINGS[kind], found.pk)
    return Target(THINGS[kind], None, found.pk if kind == PERSON else None, "", subject)


def _named(request: HttpRequest, model: type[Identity], key: int) -> Piece:
    return Names(request.asof, [(model, key)]).of(model, key)


def _order(reason: Reason) -> tuple[Any, ...]:
    """The subject first, then whoever opens the whole file, by role as the profile has them."""
    roles = list(profile().vocabulary("mandate_role"))
    place = roles.index(reason.role) if reason.role in roles else -1
    return reason.way != "own", not reason.file, place, reason.over or 0, reason.kind, reason.act or 0


class _Telling:
    """Tells reasons; all that they name is asked once."""

    def __init__(self, asof: AsOf, reasons: list[Reason], target: Target, *, may_view: bool) -> None:
        self.asof, self.reasons, self.target = asof, reasons, target
        units = {key for r in reasons for key in (r.over, r.at, r.keeper) if key}
        people = {key for r in reasons for key in (r.person, r.giver) if key and key != target.person}
        posts = {r.post for r in reasons if r.post}
        wanted = [*((Unit, key) for key in units), *((Person, key) for key in people), *((Post, key) for key in posts)]
        self.names = Names(asof, wanted)
        self.grounds = behind({r.act for r in reasons if r.act}, asof.known, documents=False)
        said = ((n, r.act, {"role": r.role, "post_id": r.post}) for n, r in enumerate(reasons) if r.act)
        self.cited = cited(said, self.grounds, asof.known)
        self.granting = granting() if may_view and reasons else set()

    def lines(self) -> Iterator[Line]:
        """The reasons in words."""
        for number, reason in enumerate(self.reasons):
            articles = self.cited.get((number, reason.act), ())
            yield Line(
                self._person(reason.person),
                upper(word("mandate_role", reason.role)) if reason.role else "",
                self.names.unit(reason.over) if reason.over else None,
                str(KINDS[reason.kind]) if reason.kind in KINDS else "",
                self.names.of(Post, reason.post, beside=reason.over) if reason.post else None,
                self._person(reason.giver),
                reason.kind == "delegation",
                link(self.asof, "why", reason.kind, str(reason.fact)) if reason.fact else "",
                self.grounds.get(reason.act),
                [(one.article.document, one.article.article[get_language()]) for one in articles],
                self._way(reason),
                reason.file,
                self._view(reason),
            )

    def _person(self, key: int | None) -> Piece | None:
        """The subject of the record, or another one within sight."""
        if key is None:
            return None
        return self.target.subject if key == self.target.person else self.names.of(Person, key)

    def _way(self, reason: Reason) -> str:
        """How it reaches the record, and who keeps it where its unit ended."""
        named = {name: self.names.unit(key).text for name in ("over", "at", "keeper") if (key := getattr(reason, name))}
        if reason.way in ("beneath", "place") and not reason.at:
            return str(WAYS["file"]) % named
        way = "itself" if reason.way == "beneath" and reason.over == reason.at else reason.way
        if not reason.keeper:
            return str(WAYS[way]) % named
        reached = "" if reason.keeper == reason.over else str(WAYS[way]) % (named | {"at": named["keeper"]})
        return "; ".join(filter(None, (str(KEPT) % named, reached)))

    def _view(self, reason: Reason) -> str:
        """Where one's own authority reaches, the page that shows pages as they see them."""
        if reason.over not in self.granting:
            return ""
        return link(self.asof, "view-as", unit=self.names.units[reason.over].code, role=reason.role)
