"""Accounts as administrators see them: whose there are, and their end.

People are found by the exact code that an administrator was told, over the connection of sign-in: looking after
accounts shows nothing else of anybody. `doer` is the key of the person who does it, where that is somebody on file.
"""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import connections

from canbo.access import keys, log
from canbo.access.models import Account
from canbo.access.rights import ALIAS
from canbo.kernel.refusal import Mistake


def person_called(code: str) -> int | None:
    """The key of the person with this code."""
    with connections[ALIAS].cursor() as cursor:
        cursor.execute("SELECT canbo.person_called_1(%s)", [code])
        return cursor.fetchone()[0]


def codes() -> dict[int, str]:
    """The codes of the people who have an account."""
    with connections[ALIAS].cursor() as cursor:
        cursor.execute("SELECT person, code FROM canbo.account_people_1()")
        return dict(cursor.fetchall())


def protected(some: list[Account]) -> set[int]:
    """Which of these accounts have a second factor."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return set(Authenticator.objects.filter(user__in=some, type__in=kinds).values_list("user", flat=True))


def account_of(said: str) -> Account:
    """The account with this login, or of the person with this code."""
    found = Account.objects.filter(login=said.lower()).first()
    person = None if found else person_called(said)
    found = found or (Account.objects.filter(person=person).first() if person else None)
    if found is None:
        raise Mistake("unknown_account", "no account has the login, or belongs to the person, “%(said)s”", said=said)
    return found


def deactivate(said: str, *, by: str, doer: int | None = None) -> Account:
    """End an account and at once every session of it; inviting its person again opens it anew."""
    account = account_of(said)
    account.is_active = False
    account.save(update_fields=["is_active"])
    end_sessions(account)
    keys.end_all(account.person_id)
    _record(f"deactivated {account.login}", account, by, doer)
    return account


def forget_factors(said: str, *, by: str, doer: int | None = None) -> Account:
    """Let somebody who lost their second factor sign in with the password alone, until they set up another one."""
    account = account_of(said)
    Authenticator.objects.filter(user=account).delete()
    end_sessions(account)
    _record(f"removed the second factor of {account.login}", account, by, doer)
    return account


def sign_out(said: str, *, by: str, doer: int | None = None) -> Account:
    """End every session of an account; it goes on."""
    account = account_of(said)
    end_sessions(account)
    keys.end_all(account.person_id)
    _record(f"signed out {account.login} everywhere", account, by, doer)
    return account


def end_sessions(account: Account, *, but: str | None = None) -> None:
    """End the sessions of an account, but for one that goes on."""
    for session in UserSession.objects.filter(user=account):
        if session.session_key != but:
            session.end()


def _record(what: str, account: Account, by: str, doer: int | None) -> None:
    log.record("account", what, actor=by, person=doer, about=account.person_id)
