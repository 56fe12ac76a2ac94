"""Keys: 32 secret bytes that a connection shows for one transaction; the database holds their digests (`Key`).

The key of a web session is derived from the secret cookie and the secret file of the installation, so it stands
nowhere, and lives exactly as long as the session does.
"""

import datetime as dt
import hashlib
import hmac
import secrets

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Now

from canbo.access.models import Account, Key
from canbo.access.rights import ALIAS
from canbo.kernel.periods import this_instant

LIFELONG = dt.timedelta(days=365 * 50)


def issue(*, person: int | None = None, system: str = "", until: dt.datetime, using: str = ALIAS) -> bytes:
    """A new key of a person, by their key in the register, or of a system role; good until an instant."""
    key = secrets.token_bytes(32)
    Key.objects.using(using).create(digest=digest(key), person_id=person, system=system, issued_at=Now(), ends_at=until)
    return key


def admit(key: bytes, system: str, using: str = "owner") -> None:
    """Let a key that is kept elsewhere speak for a system role, for as long as the installation lives."""
    said = {"system": system, "issued_at": Now(), "ends_at": this_instant() + LIFELONG}
    Key.objects.using(using).get_or_create(digest=digest(key), defaults=said)


def end(key: bytes) -> None:
    """Let a key open nothing from now on, nor those within its session."""
    named = digest(key)
    Key.objects.using(ALIAS).filter(Q(digest=named) | Q(within=named), ended_at=None).update(ended_at=Now())


def end_all(person: int, but: bytes = b"") -> None:
    """Let no key of a person open anything from now on, but for one."""
    ended = Key.objects.using(ALIAS).filter(person=person, ended_at=None).exclude(digest=digest(but))
    ended.update(ended_at=Now())


def of_session(session_key: str) -> bytes:
    """The key of a web session."""
    return hmac.digest(str(settings.SECRET_KEY).encode(), b"session:" + session_key.encode(), "sha256")


def carry(session_key: str, account: int, until: dt.datetime) -> None:
    """Let the key of a session of this account be good for as long as the session is."""
    person = Account.objects.using(ALIAS).values_list("person", flat=True).get(pk=account)
    key = Key(digest=digest(of_session(session_key)), person_id=person, issued_at=Now(), ends_at=until)
    Key.objects.using(ALIAS).bulk_create(
        [key], update_conflicts=True, unique_fields=["digest"], update_fields=["ends_at"]
    )


def show(session_key: str, account: Account, unit: int, role: str, until: dt.datetime) -> str:
    """A key within a session by which its person sees pages as somebody with a role over a unit; answers its number,
    which the session keeps: the key itself stands nowhere either.
    """
    number = secrets.token_hex(16)
    Key.objects.using(ALIAS).create(
        digest=digest(of_view(session_key, number)),
        person_id=account.person_id,
        issued_at=Now(),
        ends_at=until,
        as_unit_id=unit,
        as_role=role,
        within=digest(of_session(session_key)),
    )
    return number


def prolong(session_key: str, number: str, until: dt.datetime) -> None:
    """Let such a key be good for as long as its session is."""
    Key.objects.using(ALIAS).filter(digest=digest(of_view(session_key, number))).update(ends_at=until)


def of_view(session_key: str, number: str) -> bytes:
    """The key within a session that has this number."""
    return hmac.digest(str(settings.SECRET_KEY).encode(), f"view:{number}:{session_key}".encode(), "sha256")


def digest(key: bytes) -> bytes:
    """By what the database knows a key."""
    return hashlib.sha256(key).digest()
