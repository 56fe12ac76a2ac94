"""How the libraries of sign-in are to behave here: nobody registers themselves, no e-mail is needed, errors do not tell
who has an account, second factors are kept encrypted, and what happens is written down.
"""

import base64
import hashlib
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from qrcode import QRCode
from qrcode.image.svg import SvgPathImage

from canbo.access import log, viewing
from canbo.access.accounts import end_sessions
from canbo.access.models import Account

_UNKNOWN = _("Login and password do not fit together, or the account cannot be used.")
_CODE = _("This code is not right, or it was used before.")


class Accounts(DefaultAccountAdapter):
    """Signing in and out, and passwords."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _UNKNOWN,
        "invalid_login": _UNKNOWN,
        "account_inactive": _UNKNOWN,
        "enter_current_password": _("This is not the current password."),
        "incorrect_password": _("This is not the current password."),
        "too_many_login_attempts": _("Too many attempts failed. Wait some minutes and try again."),
        "rate_limited": _("Too many attempts failed. Wait some minutes and try again."),
        "incorrect_code": _CODE,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by invitation."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """Only an address of these pages themselves, written without a server."""
        parts = urlsplit(url or "")
        return not (parts.scheme or parts.netloc) and url.startswith("/") and super().is_safe_url(url)

    def set_password(self, user: Account, password: str) -> None:
        """Change a password; sessions elsewhere end at once."""
        user.set_password(password)
        user.save(update_fields=["password"])
        end_sessions(user, but=context.request.session.session_key)
        log.record("account", f"{user.login} changed the password", actor=user.login, person=user.person_id)

    def login(self, request: HttpRequest, user: Account) -> None:
        """Begin a session, under a name that it did not have before."""
        super().login(request, user)
        log.record("sign-in", f"{user.login} signed in", actor=user.login, person=user.person_id)

    def logout(self, request: HttpRequest) -> None:
        """End the session."""
        user = request.user
        if user.is_authenticated:
            viewing.end(request.session, user)
        super().logout(request)
        if user.is_authenticated:
            log.record("sign-out", f"{user.login} signed out", actor=user.login, person=user.person_id)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """What was typed as login is not repeated: it may be a password."""
        known = Account.objects.filter(login=str(credentials.get("username", "")).lower()).first()
        log.record("failed-sign-in", "failed", actor=known.login if known else "", person=known and known.person_id)

    def respond_user_inactive(self, request: HttpRequest, user: Account) -> Any:
        """As for a login that nobody has."""
        return render(request, "account/account_inactive.html", status=403)


class Factors(DefaultMFAAdapter):
    """Second factors."""

    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": _CODE}

    def get_totp_issuer(self) -> str:
        """What the app on the phone calls the entry."""
        return "Canbo"

    def build_totp_svg(self, url: str) -> str:
        """The code to scan, to be put into the page itself."""
        return drawn(url)

    def encrypt(self, text: str) -> str:
        """A copy of the database alone gives nobody a second factor: the key is in the secret file."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """What `encrypt` hid."""
        return _box().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: Account, type: Any) -> str:
        """What a key is called unless its owner says better."""
        return gettext("Key")


class Linked(DefaultSocialAccountAdapter):
    """Single sign-on: only identities that were linked to an account before."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Accounts are made by invitation."""
        return False

    def on_authentication_error(self, request: HttpRequest, provider: Any, exception: Any = None, **more: Any) -> None:
        """Why it failed is for whoever looks after the server; the page does not say."""
        log.record("failed-sign-in", f"single sign-on failed: {exception or more.get('error')}", actor="")

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Refuse a stranger, in words that do not tell whether there is an account."""
        linking = (sociallogin.state or {}).get("process") == "connect" and request.user.is_authenticated
        if not (sociallogin.is_existing or linking):
            log.record("failed-sign-in", "single sign-on by an identity that is not linked", actor="")
            raise ImmediateHttpResponse(render(request, "socialaccount/authentication_error.html", status=403))


def drawn(text: str) -> str:
    """A QR code as SVG for a page or a paper."""
    code = QRCode(border=2)
    code.add_data(text)
    picture = BytesIO()
    code.make_image(image_factory=SvgPathImage).save(picture)
    return picture.getvalue().decode().partition("?>")[2].strip()


def _box() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"factors:{settings.SECRET_KEY}".encode()).digest()))
