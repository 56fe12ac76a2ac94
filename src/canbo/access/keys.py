"""Keys: random, told once, kept by the database as a digest only."""

import datetime as dt
import hashlib
import secrets

from canbo.access.models import Key
from canbo.kernel.periods import this_instant

BYTES = 32
LONG = dt.timedelta(days=365 * 50)


def issue(*, person: int | None = None, system: str = "", until: dt.datetime | None = None, using: str) -> bytes:
    """A new key for a person or a system role, valid until an instant; only its digest is kept."""
    key = secrets.token_bytes(BYTES)
    keep(key, person=person, system=system, until=until, using=using)
    return key


def keep(
    key: bytes, *, person: int | None = None, system: str = "", until: dt.datetime | None = None, using: str
) -> None:
    """Let a key that exists already speak for a person or a system role."""
    now = this_instant()
    said = {"person_id": person, "system": system, "issued_at": now, "ends_at": until or now + LONG}
    Key.objects.using(using).get_or_create(digest=hashlib.sha256(key).digest(), defaults=said)
