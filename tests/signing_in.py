"""Somebody of the sample who is signed in: a client of Django's, or the cookie for a browser or any other program."""

from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.test import Client

from canbo.access import keys

COOKIE = "sessionid"
PASSWORD = "window over the long field"
SESSIONS: dict[str, str] = {}
"""The session to use with each server that tests have started, by its origin."""


def account_of(person: str = "", login: str = "") -> Any:
    """The account of a person with this code (of anybody unless said), made when there is none."""
    Account, Person = apps.get_model("access.Account"), apps.get_model("registry.Person")  # noqa: N806
    known = Person.objects.order_by("pk").filter(**({"code": person} if person else {})).first()
    assert known, f"nobody in the sample has the code {person!r}"
    found = Account.objects.filter(person=known).first() or Account(person=known, login=login or f"test{known.pk}")
    if found.pk is None:
        found.set_password(PASSWORD)
        found.save()
    return found


def signed_in(client: Client, person: str = "") -> Client:
    """The client, as this person; where none is named, as somebody who may read everything."""
    client.force_login(account_of(person))
    if not person:
        held = keys.digest(keys.of_session(client.session.session_key))
        apps.get_model("access.Key").objects.using("owner").filter(digest=held).update(person=None, system="sample")
    return client


def new_session(person: str = "") -> str:
    """What stands in the cookie of a browser in which this person signed in."""
    return signed_in(Client(), person).cookies[COOKIE].value


def signed(address: str) -> dict[str, str]:
    """The header that says so to a server which tests have started."""
    parts = urlsplit(address)
    session = SESSIONS.get(f"{parts.scheme}://{parts.netloc}")
    return {"Cookie": f"{COOKIE}={session}"} if session else {}
