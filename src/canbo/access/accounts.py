"""Accounts as administrators see them: whose there are, and their end."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from canbo.access import keys, log
from canbo.access.models import Account
from canbo.kernel.refusal import Mistake
from canbo.registry.facts import Person


def account_of(said: str) -> Account:
    """The account with this login, or of the person with this code."""
    found = Account.objects.filter(login=said.lower()).first()
    person = None if found else Person.objects.filter(code=said).first()
    found = found or (Account.objects.filter(person=person).first() if person else None)
    if found is None:
        raise Mistake("unknown_account", "no account has the login, or belongs to the person, “%(said)s”", said=said)
    return found


def deactivate(said: str, *, by: str) -> Account:
    """End an account and at once every session of it; inviting its person again opens it anew."""
    account = account_of(said)
    account.is_active = False
    account.save(update_fields=["is_active"])
    end_sessions(account)
    keys.end_all(account.person_id)
    log.record("account", f"deactivated {account.login}", actor=by, person=account.person_id)
    return account


def forget_factors(said: str, *, by: str) -> Account:
    """Let somebody who lost their second factor sign in with the password alone, until they set up another one."""
    account = account_of(said)
    Authenticator.objects.filter(user=account).delete()
    end_sessions(account)
    log.record("account", f"removed the second factor of {account.login}", actor=by, person=account.person_id)
    return account


def end_sessions(account: Account, *, but: str | None = None) -> None:
    """End the sessions of an account, but for one that goes on."""
    for session in UserSession.objects.filter(user=account):
        if session.session_key != but:
            session.end()
