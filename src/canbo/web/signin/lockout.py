"""After too many failures an account is locked for a while to the machine they came from, even for the right password.

The form calls the login `login`, allauth hands it on as `username`: both are looked for, or nothing would be counted.
"""

from typing import Any

from allauth.core.internal.httpkit import get_client_ip
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from canbo.access import log
from canbo.access.models import Account


def login(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str | None:
    """Whose failures are counted."""
    said = (credentials or {}).get("username") or (request.POST.get("login") if request else "")
    return (said or "").strip().lower() or None


def address(request: HttpRequest) -> str | None:
    """The machine that asks; the server in front says which one, where HTTPS is spoken there."""
    return get_client_ip(request)


def locked(request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None) -> HttpResponse:
    """The same page whether there is such an account or not."""
    known = Account.objects.filter(login=login(request, credentials) or "").first()
    log.record("failed-sign-in", "locked out", actor=known.login if known else "", person=known and known.person_id)
    return render(request, "429.html", status=429)
