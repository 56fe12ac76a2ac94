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


def protected(some: list[Account]) -> set[int]:
    """Which of these accounts have a second factor."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return set(Authenticator.objects.filter(user__in=some, type__in=kinds).values_list("user", flat=True))


def account_of(said: str) -> Account:
    """The account with this login, or of the person with this code."""
    found = Account.objects.filter(login=said.lower()).first() or Account.objects.filter(person=person_of(said)).first()
    if found is None:
        raise Mistake("unknown_account", "no account has the login, or belongs to the person, “%(said)s”", said=said)
    return found


def person_of(code: str) -> int | None:
    """The key of the person on file with this code. Sign-in may know it; a name it never learns."""
    with connections[ALIAS].cursor() as cursor:
        cursor.execute("SELECT canbo.person_coded_1(%s)", [code])
        return cursor.fetchone()[0]


def codes(people: list[int]) -> dict[int, str]:
    """The codes of people on file, by key."""
    with connections[ALIAS].cursor() as cursor:
        cursor.execute("SELECT person, code FROM canbo.codes_1(%s::bigint[])", [people])
        return dict(cursor.fetchall())


def deactivate(said: str, *, by: str, doer: int | None = None) -> Account:
    """End an account and at once every session of it; inviting its person again opens it anew."""
    account = account_of(said)
    account.is_active = False
    account.save(update_fields=["is_active"])
    end_sessions(account)
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
    _record(f"signed out {account.login} everywhere", account, by, doer)
    return account


def end_sessions(account: Account, *, but: str | None = None) -> None:
    """End the sessions of an account and its commands, but for one session that goes on."""
    for session in UserSession.objects.filter(user=account):
        if session.session_key != but:
            session.end()
    keys.end_all(account.person_id, but=keys.of_session(but) if but else b"")


def end_all_sessions() -> None:
    """End every session there is: records that were restored know some that were ended since."""
    for account in Account.objects.all():
        end_sessions(account)


def _record(what: str, account: Account, by: str, doer: int | None) -> None:
    log.record("account", what, actor=by, person=doer, about=account.person_id)
