"""Long lists a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from canbo.kernel.refusal import Mistake
from canbo.web.asof import link

SIZE = 50


@dataclass(frozen=True)
class Page:
    """A part of a list: its rows, from which to which of how many, and the addresses of the parts beside it."""

    rows: Sequence[Any]
    first: int
    last: int
    total: int
    before: str
    after: str

    @property
    def whole(self) -> bool:
        """Is there only this part?"""
        return self.total == len(self.rows)


def wanted(request: HttpRequest, name: str = "page") -> int:
    """Which part the address asks for; the first one unless it says another."""
    said = request.GET.get(name, "1")
    if not said.isdecimal() or not 1 <= int(said) <= 10**6:
        raise Mistake("bad_page", "“%(said)s” is no number of a page: write 1, 2, 3 …", said=said[:40])
    return int(said)


def page(
    request: HttpRequest, rows: Sequence[Any], total: int, *address: Any, name: str = "page", **query: Any
) -> Page:
    """The part that was asked for, whose rows are fetched already; `address` names the page and its arguments."""
    number = wanted(request, name)
    first = (number - 1) * SIZE

    def at(other: int) -> str:
        return link(request.asof, *address, **query, **{name: "" if other == 1 else other})

    before = at(number - 1) if number > 1 else ""
    after = at(number + 1) if first + len(rows) < total else ""
    return Page(rows, first + 1 if rows else 0, first + len(rows), total, before, after)


def part(request: HttpRequest, name: str = "page") -> slice:
    """The rows to fetch."""
    first = (wanted(request, name) - 1) * SIZE
    return slice(first, first + SIZE)
