"""Invitations instead of self-registration: an administrator invites a person on file, who enters a code once and
chooses a password. Inviting again is also how somebody who forgot theirs gets a new one.
"""

import datetime as dt
import hashlib
import re
import secrets

from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.db.models.functions import Now

from canbo.access import log
from canbo.access.accounts import end_sessions, person_of
from canbo.access.models import Account, Invitation
from canbo.access.rights import ALIAS
from canbo.kernel.refusal import Mistake, Refused

LASTS = dt.timedelta(days=14)
LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}")
_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""Without those that are read as another one on paper."""
_GROUPS, _EACH = 4, 5


def invite(
    person: str, login: str = "", *, by: str, doer: int | None = None, administers: bool = False
) -> tuple[Account, str]:
    """The account of a person on file (made when there is none yet) and a code for it; earlier codes end. An account
    that is there may be named by its login.

    Whoever could sign in before still can, until the code is used.
    """
    account = Account.objects.filter(login=person.lower()).first()
    known = account.person_id if account else person_of(person)
    if known is None:
        raise Mistake("unknown_person", "nobody on file has the code “%(person)s”", person=person)
    with transaction.atomic(using=ALIAS):
        account = account or Account.objects.filter(person_id=known).first() or _open(known, login)
        if login and account.login != login.lower():
            raise Refused("other_login", "%(person)s signs in as %(known)s", person=person, known=account.login)
        newly = administers and not account.administers
        if not account.is_active or newly:
            account.is_active, account.administers = True, account.administers or administers
            account.save(update_fields=["is_active", "administers"])
        account.invitations.filter(used_at=None).update(used_at=F("issued_at"))
        code = new_code()
        Invitation.objects.create(
            account=account, digest=_digest(code), issued_by=by, issued_at=Now(), ends_at=Now() + LASTS
        )
    log.record("account", f"invited {account.login}", actor=by, person=doer, about=known)
    if newly:
        log.record("right", f"{account.login} looks after accounts", actor=by, person=doer, about=known)
    return account, code


def _open(person: int, login: str) -> Account:
    if not LOGIN.fullmatch(login.lower()):
        raise Mistake(
            "bad_login", "“%(login)s” is no login: 2 to 60 letters a to z, digits, dots, - and _", login=login
        )
    account = Account(login=login.lower(), person_id=person)
    account.set_unusable_password()
    try:
        with transaction.atomic(using=ALIAS):
            account.save()
    except IntegrityError as error:
        raise Refused("login_taken", "“%(login)s” is somebody else's login", login=login) from error
    return account


def invited(code: str) -> Account | None:
    """Whose code it is, while it can be used; nobody's otherwise."""
    found = _usable(code).select_related("account").first()
    return found.account if found else None


def enter(code: str, password: str) -> Account:
    """Give the account of a code its password, once; sessions that it had end."""
    with transaction.atomic(using=ALIAS):
        found = _usable(code).select_related("account").select_for_update(of=("self",)).first()
        if found is None:
            raise Refused("code_spent", "this code is not, or no longer, good for anything")
        account = found.account
        account.set_password(password)
        account.save(update_fields=["password"])
        found.used_at = Now()
        found.save(update_fields=["used_at"])
        end_sessions(account)
    log.record("account", f"{account.login} chose a password", actor=account.login, person=account.person_id)
    return account


def _usable(code: str) -> models.QuerySet[Invitation]:
    return Invitation.objects.filter(digest=_digest(code), used_at=None, ends_at__gt=Now(), account__is_active=True)


def new_code() -> str:
    """A code of four groups of letters and digits that nobody guesses."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_EACH)) for _ in range(_GROUPS))


def plain(code: str) -> bytes:
    """A code as people type it: small letters, spaces or nothing instead of dashes are the same code."""
    return re.sub(r"[^A-Z0-9]", "", code.upper()).encode()


def grouped(code: str) -> str:
    """A code as `new_code` writes it, however somebody typed it."""
    letters = plain(code).decode()
    return "-".join(letters[at : at + _EACH] for at in range(0, len(letters), _EACH))


def _digest(code: str) -> bytes:
    return hashlib.sha256(plain(code)).digest()
