"""Finding the thing that an address names, and saying in words when there is none."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse

from canbo.access.identity import file_of
from canbo.kernel.refusal import Mistake
from canbo.registry.facts import Identity, Person, Unit
from canbo.registry.merging.queries import called
from canbo.registry.organisations.queries import unit_of

OWN = "me"
"""In an address: the file of whoever reads."""
Found = TypeVar("Found", bound=Identity)


def find(model: type[Found], code: str, **more: Any) -> Found:
    """The thing with this code; without one the page says so."""
    if model is Unit:
        return unit_of(code)
    thing = model.objects.filter(code=code, **more).first()
    if thing is None:
        raise Mistake("unknown_code", "There is nothing with the code “%(code)s” here.", code=code)
    return thing


def find_person(request: HttpRequest, code: str) -> Person:
    """Somebody within reach, or whoever reads: they find themselves wherever they belong.

    A number whose records were merged leads to the person, on pages that know it.
    """
    found = called(code, request.asof.known)
    if found is None:
        with file_of(request.actor[1]):
            found = find(Person, code)
    return found


def key_of(said: str) -> int:
    """The key that an address names; one that can be none is refused like one that is not there."""
    if not said.isdecimal() or len(said) > len(str(sys.maxsize)) - 1:
        raise Mistake("unknown_code", "There is nothing with the code “%(code)s” here.", code=said)
    return int(said)


def require(known: Any, code: str) -> None:
    """Refuse a thing of which the register knew nothing at the instant of the page."""
    if not known:
        raise Mistake("no_such_record_then", "Of “%(code)s” nothing was known at that time.", code=code)


def within_file(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a view read within the file that the address names (`file=CODE`, or one's own), as far as one may open it."""

    @wraps(view)
    def answer(request: HttpRequest, *named: str, **more: str) -> HttpResponse:
        said = request.GET.get("file", "")
        if not said:
            return view(request, *named, **more)
        with file_of(request.actor[1] if said == OWN else find_person(request, said).pk):
            return view(request, *named, **more)

    return answer
