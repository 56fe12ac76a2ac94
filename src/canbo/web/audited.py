"""Who reads what: a page that shows people, or gives a file, writes one audit row in the transaction in which it reads.

A view says with `@audited` that it may show people; only then is its transaction writable. What names people on pages
(`objects/names.py`, `generic/cells.py`) tells `show`, so no view has to think of it; on a page that is not audited that
is an error, and nobody sees the page: it fails closed.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.http import HttpRequest
from django.urls import ResolverMatch

from canbo.kernel.audit import record, seal

View = TypeVar("View", bound=Callable[..., Any])
LIST, FILE, REPORT, EXPORT = "list", "file", "report", "export"
ALWAYS = (REPORT, EXPORT)
"""Written even where nobody is named."""
SEARCHED = "q"
"""What was typed to find somebody is no filter: it may be a name, and whom it found stands in the row."""


@dataclass
class Shown:
    """Whom the page at hand names, whose file it opens, and which unit it is about."""

    kind: str
    people: set[int] = field(default_factory=set)
    file: int | None = None
    unit: int | None = None
    said: dict[str, str] = field(default_factory=dict)
    """What else the row says."""


_PAGE: ContextVar[Shown | None] = ContextVar("page", default=None)


def audited(kind: str) -> Callable[[View], View]:
    """Mark a view: what it shows of people is recorded as this kind."""

    def mark(view: View) -> View:
        view.audited = kind
        return view

    return mark


def kind_of(request: HttpRequest) -> str:
    """As what the page that was asked for is recorded; empty where it shows nobody."""
    return getattr(request.match and request.match.func, "audited", "")


def show(people: Iterable[int]) -> None:
    """Say that the page names these people."""
    some = set(people)
    page = _PAGE.get()
    if some and page:
        if not page.kind:
            raise RuntimeError("this page names people and is not audited: mark its view with @audited")
        page.people |= some


def opens(person: int) -> None:
    """Say that the page opens somebody's file."""
    show({person})
    if page := _PAGE.get():
        page.file = person


def concerns(unit: int) -> None:
    """Say which unit the page is about."""
    if page := _PAGE.get():
        page.unit = unit


def tells(**said: str) -> None:
    """Say what else the row of the page has to tell."""
    if page := _PAGE.get():
        page.said |= said


@contextlib.contextmanager
def noting(kind: str) -> Iterator[Shown]:
    """Collect whom the page shows while the block runs."""
    page = Shown(kind)
    token = _PAGE.set(page)
    try:
        yield page
    finally:
        _PAGE.reset(token)


def who(request: HttpRequest) -> tuple[str, int | None]:
    """Who reads, by login and key; whoever is not signed in has no name here."""
    return request.actor or ("", None)


def enter(request: HttpRequest, page: Shown) -> None:
    """Write the row of a page that was made, if it showed anybody or always leaves one."""
    if not page.people and page.kind not in ALWAYS:
        return
    actor, person = who(request)
    match: ResolverMatch = request.resolver_match
    said = {name: values for name, values in request.GET.items() if name != SEARCHED}
    given = {name: str(value) for name, value in match.kwargs.items() if page.file is None or name == "kind"}
    seen_as = request.viewing.said if request.viewing else ""
    details: dict[str, Any] = {**said, **given, **page.said, "file": page.file, "as": seen_as}
    record(
        FILE if page.file else page.kind,
        match.view_name,
        actor=actor,
        person=person,
        about=page.people,
        unit=page.unit,
        details={name: value for name, value in details.items() if value not in ("", None)},
        count=len(page.people),
    )


def before(kind: str) -> None:
    """What leaves the house carries an anchor, so all that was committed is sealed first."""
    if kind in ALWAYS:
        seal()
