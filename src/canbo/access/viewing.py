"""Seeing pages as the holder of a role over a unit sees them, for whoever may give that role there.

What is shown is cut to what the person may see themselves, and nothing can be written: the database decides both
(`viewing_1` and what asks it). It begins and ends with a row of the log, and ends with the session at the latest.
"""

from dataclasses import asdict, dataclass
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.db import connection

from canbo.access import keys
from canbo.access.identity import each
from canbo.access.models import Account
from canbo.access.sessions import VIEW
from canbo.kernel import audit
from canbo.kernel.profile import profile
from canbo.kernel.refusal import Mistake, Refused
from canbo.registry.facts import Unit
from canbo.registry.posts.models import PostRecord


@dataclass(frozen=True)
class View:
    """As whom pages are seen, and under which number the session finds the key."""

    role: str
    unit: str
    called: str
    number: str = ""

    @property
    def said(self) -> str:
        """As the log says it."""
        return f"{self.role} of {self.unit}"


def of(session: SessionBase) -> View | None:
    """As whom a session sees pages, if not as its own person."""
    kept = session.get(VIEW)
    return View(**kept) if kept else None


def granting() -> set[int]:
    """The units over which whoever asks may give roles."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT canbo.granting_1()")
        return set(each(cursor.fetchone()[0]))


def given_by(post: str, today: Any) -> tuple[str, str]:
    """The unit and the role that a post gives to whoever holds it today."""
    found = PostRecord.objects.filter(post__code=post, valid__contains=today, recorded__upper_inf=True)
    row = found.values_list("unit__code", "title").first()
    if row is None:
        raise Mistake("unknown_code", "There is nothing with the code “%(code)s” here.", code=post)
    role = profile().vocabulary("post_title").get(row[1], {}).get("gives", "")
    if not role:
        raise Refused("gives_nothing", "The post “%(code)s” gives its holder no role.", code=post)
    return row[0], role


def begin(session: SessionBase, account: Account, unit: Unit, role: str, called: str) -> None:
    """See pages as somebody with a role over a unit, of this name, from now on."""
    if role not in profile().vocabulary("mandate_role"):
        raise Mistake("unknown_role", "There is no role “%(role)s”.", role=role)
    if unit.pk not in granting():
        raise Refused(
            "may_not_grant", "You may not give roles over %(unit)s: you cannot see as they do.", unit=unit.code
        )
    _record(account, f"begins to view as {role} of {unit.code}", unit.pk)
    number = keys.show(session.session_key, account, unit.pk, role, session.get_expiry_date())
    session[VIEW] = asdict(View(role, unit.code, called, number))


def end(session: SessionBase, account: Account) -> None:
    """See pages as oneself again."""
    if view := of(session):
        del session[VIEW]
        keys.end(keys.of_view(session.session_key, view.number))
        _record(account, f"ends to view as {view.said}", None)


def _record(account: Account, what: str, unit: int | None) -> None:
    audit.record("right", what, actor=account.login, person=account.person_id, unit=unit)
