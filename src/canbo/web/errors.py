"""Pages that say no: a refusal in its own words, an address without a page, and what went wrong without a detail."""

from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext

from canbo.kernel.refusal import Mistake, Refused
from canbo.web.limits import MINUTE

ABSENT = ("unknown_", "no_such", "not_there", "ended")
"""Codes that begin so name something that is not in the register, or not on that day."""
STATUS = {"too_large": 413, "too_often": 429}
TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
"""What Django says when a form holds more than it reads."""


def status_of(refusal: Refused) -> int:
    """404 for what is not there, 400 for what cannot be understood, 409 for everything else that is declined."""
    if refusal.code in STATUS:
        return STATUS[refusal.code]
    if refusal.code.startswith(ABSENT):
        return 404
    return 400 if isinstance(refusal, Mistake) else 409


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The refusal as a page of its own, in the language of the page."""
    shown = {"said": refusal.told(gettext), "article": refusal.article}
    answer = render(request, "web/refusal.html", shown, status=status_of(refusal))
    if answer.status_code == STATUS["too_often"]:
        answer.headers["Retry-After"] = str(MINUTE)
    return answer


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """There is no page at this address."""
    return render(request, "web/not_found.html", status=404)


def plain(status: int) -> HttpResponse:
    """A page that asks neither the database nor the request, for when either is what failed."""
    return HttpResponse(render_to_string("web/plain.html", {"status": status}), status=status)


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """The request itself is not one that a browser on this machine makes, or it brings too much."""
    return plain(413 if isinstance(exception, TOO_MUCH) else 400)


def forbidden(request: HttpRequest, exception: Any = None, reason: str = "") -> HttpResponse:
    """A form came from somewhere else, or from a page that is too old."""
    return plain(403)


def broken(request: HttpRequest) -> HttpResponse:
    """Something went wrong; what it was stands in the server's own record, never on the page."""
    return plain(500)
