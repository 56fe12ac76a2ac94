"""What it takes to be let do something, and who is: so that what is refused can say so before it is asked for."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from canbo.access import identity
from canbo.access.authority import lacks, may
from canbo.kernel.profile import profile

_ABLE = "SELECT * FROM canbo.able_1(%s::varchar[], %s)"


@dataclass(frozen=True)
class Able:
    """Somebody who has what it takes: the person where the asker may see them, the role, where, and by which post."""

    person: int | None
    role: str
    over: int
    post: int | None


@dataclass(frozen=True)
class Lack:
    """The roles one of which it takes, over which unit if it matters, and some who have it, by role as the profile has
    them.
    """

    roles: tuple[str, ...]
    unit: int | None = None
    able: tuple[Able, ...] = ()


def reading(unit: int, level: str) -> Lack | None:
    """What somebody lacks to read what is of a level in a unit, unless they may."""
    within = identity.reach(level)
    if within is None or unit in within:
        return None
    roles = [code for code, said in _roles() if level in said.get("reads", ()) or said.get("everything")]
    return Lack(tuple(roles), unit, tuple(_able(roles, unit)))


def doing(name: str) -> Lack | None:
    """What somebody lacks to do acts of this name anywhere, unless they may."""
    return Lack(tuple(code for code, _ in _roles() if code in may(name))) if lacks(name) else None


def granting() -> Lack:
    """What somebody lacks to give roles anywhere."""
    return Lack(tuple(code for code, said in _roles() if said.get("grants")))


def _roles() -> Iterable:
    return profile().vocabulary("mandate_role").items()


def _able(roles: list[str], unit: int) -> list[Able]:
    with connection.cursor() as cursor:
        cursor.execute(_ABLE, [roles, unit])
        found = [Able(*row) for row in cursor.fetchall()]
    return sorted(found, key=lambda one: (roles.index(one.role), one.over, one.post or 0))
