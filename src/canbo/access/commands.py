"""Commands on behalf of a person: whoever is signed in to the pages gets a code there, good once and for five minutes,
and types it at the server. So whatever guards the pages (second factor, passkey, single sign-on) guards commands too.
"""

import datetime as dt
import hashlib

from django.conf import settings
from django.core.cache import cache

from canbo.access import keys, log
from canbo.access.invitations import new_code, plain
from canbo.access.models import Account
from canbo.kernel.periods import this_instant
from canbo.kernel.refusal import Refused

LASTS = 5 * 60


def offer(account: Account) -> str:
    """A code that lets one command line ask on behalf of this account's person."""
    code = new_code()
    cache.set(_kept(code), account.pk, LASTS)
    what = f"{account.login} asked for a code for commands"
    log.record("account", what, actor=account.login, person=account.person_id)
    return code


def take(code: str) -> tuple[Account, bytes, dt.datetime]:
    """Whose code it is, a key of theirs, and until when it is good: as long as the longest web session."""
    known = cache.get(_kept(code))
    once = known is not None and cache.add(f"{_kept(code)}:taken", 1, LASTS)
    account = Account.objects.filter(pk=known, is_active=True).first() if once else None
    if account is None:
        log.record("failed-sign-in", "a code for commands that is not good", actor="")
        raise Refused("code_spent", "this code is not, or no longer, good for anything; get a new one in My account")
    until = this_instant() + dt.timedelta(seconds=settings.SESSION_LONGEST)
    key = keys.issue(person=account.person_id, until=until)
    log.record("sign-in", f"{account.login} signed in to commands", actor=account.login, person=account.person_id)
    return account, key, until


def leave(key: bytes, login: str) -> None:
    """Let the key open nothing any more."""
    keys.end(key)
    log.record("sign-out", f"{login} signed out of commands", actor=login)


def _kept(code: str) -> str:
    return f"command:{hashlib.sha256(plain(code)).hexdigest()}"
