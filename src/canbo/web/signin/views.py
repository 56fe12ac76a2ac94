"""Our own pages of accounts: the overview, and entering the code of an invitation."""

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.decorators import login_not_required
from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.mfa import app_settings as mfa
from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from canbo.access import invitations
from canbo.access.commands import LASTS, offer
from canbo.access.identity import assume
from canbo.access.viewing import granting
from canbo.kernel.refusal import Refused

SPENT = _("This code is not, or no longer, good for anything. Ask for a new one.")


@login_not_required
def health(request: HttpRequest) -> HttpResponse:
    """That the server answers, for whoever watches over it."""
    return HttpResponse("ok", content_type="text/plain")


def overview(request: HttpRequest) -> HttpResponse:
    """What somebody can do about their own account."""
    with transaction.atomic():
        assume(request.key.hex())
        grants = bool(granting())
    shown = {
        "grants": grants,
        "factors": is_mfa_enabled(request.user),
        "passkeys": mfa.PASSKEY_LOGIN_ENABLED,
        "single_sign_on": bool(settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]),
    }
    return render(request, "web/signin/overview.html", shown)


@never_cache
@reauthentication_required(allow_get=True)
def commands(request: HttpRequest) -> HttpResponse:
    """A code with which commands at the server ask on behalf of whoever proved just now who they are."""
    code = offer(request.user) if request.method == "POST" else ""
    return render(request, "web/signin/commands.html", {"code": code, "minutes": LASTS // 60})


class Entrance(forms.Form):
    """A code and the password that somebody chooses with it."""

    code = forms.CharField(max_length=60, strip=True)
    password = forms.CharField(max_length=200, strip=False)
    again = forms.CharField(max_length=200, strip=False)

    def clean(self) -> None:
        """The code first: to whoever has none, nothing is said about passwords."""
        said = self.cleaned_data
        account = invitations.invited(said.get("code", ""))
        if account is None:
            self._errors.clear()
            raise ValidationError(SPENT)
        if said.get("password") and said.get("again") and said["password"] != said["again"]:
            self.add_error("again", _("The two passwords are not the same."))
        elif said.get("password"):
            try:
                validate_password(said["password"], account)
            except ValidationError as error:
                self.add_error("password", error)


@login_not_required
@never_cache
@sensitive_post_parameters()
def enter(request: HttpRequest, code: str = "") -> HttpResponse:
    """Choose a password with a code; whoever has a second factor still shows it before they are signed in."""
    if request.method == "POST":
        form = Entrance(request.POST)
        if form.is_valid():
            try:
                account = invitations.enter(form.cleaned_data["code"], form.cleaned_data["password"])
            except Refused:  # somebody else was quicker
                form.add_error(None, SPENT)
            else:
                return perform_login(request, Login(user=account))
        code = request.POST.get("code", "")
    else:
        form = Entrance()
    shown = {"form": form, "code": code, "account": invitations.invited(code) if code else None}
    return render(request, "web/signin/enter.html", shown, status=400 if form.errors else 200)
