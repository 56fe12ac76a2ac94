"""Looking after the accounts of others: who has one, invitations, and ending what somebody lost.

Nothing else of a person is shown: they are named by their login, and found by the exact code that one was told.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from canbo.access import accounts, invitations
from canbo.access.identity import assume
from canbo.access.models import Account
from canbo.kernel.refusal import Mistake, Refused
from canbo.reports.output.slip import slip
from canbo.web.objects.pages import SIZE

STATES = {"active": _("active"), "invited": _("invited"), "ended": _("ended")}
ENDS = {
    "sign-out": (
        accounts.sign_out,
        _("Sign out everywhere"),
        _("Every session of this account ends at once. Its password and second factor stay as they are."),
    ),
    "forget-factors": (
        accounts.forget_factors,
        _("Forget the second factor"),
        _("The password alone opens this account until another second factor is set up. Every session ends at once."),
    ),
    "deactivate": (
        accounts.deactivate,
        _("Deactivate"),
        _("Nobody can sign in with this account any more. Every session ends at once; an invitation opens it anew."),
    ),
}
"""What may end, how it is called, and what comes of it."""
View = Callable[..., HttpResponse]


def administering(view: View) -> View:
    """Let only those in who look after accounts."""

    @wraps(view)
    def answer(request: HttpRequest, **named: str) -> HttpResponse:
        if not request.user.administers:
            raise Refused("not_an_administrator", "Only somebody who looks after accounts may do this.")
        return view(request, **named)

    return answer


@administering
def people(request: HttpRequest) -> HttpResponse:
    """All accounts by login, a part at a time; found by a part of the login, or the exact code of a person."""
    said, found = request.GET.get("q", "").strip(), Account.objects.order_by("login")
    if said:
        found = found.filter(Q(login__icontains=said) | Q(person=accounts.person_of(said)))
    part = Paginator(found, SIZE).get_page(request.GET.get("page"))
    codes = accounts.codes([one.person_id for one in part])
    protected = accounts.protected(list(part))
    rows = [(one, codes[one.person_id], STATES[one.state], one.pk in protected) for one in part]
    return render(request, "web/signin/people.html", {"rows": rows, "part": part, "q": said, "ends": ENDS})


@administering
@reauthentication_required
@never_cache
def invite(request: HttpRequest) -> HttpResponse:
    """Invite a person on file; the code is shown once, or printed on a slip."""
    typed = request.POST if request.method == "POST" else request.GET
    said = {name: typed.get(name, "").strip() for name in ("person", "login", "administers")}
    error = ""
    if request.method == "POST":
        try:
            given = invitations.invite(
                said["person"], said["login"], administers=bool(said["administers"]), **_doer(request)
            )
            return _handed_over(request, *given)
        except Refused as refusal:
            error = refusal.told(gettext)
    context = {"said": said, "error": error}
    return render(request, "web/signin/invite.html", context, status=400 if error else 200)


@administering
@reauthentication_required
@never_cache
def change(request: HttpRequest, login: str, do: str) -> HttpResponse:
    """Ask once more, then do it."""
    if do not in ENDS:
        raise Mistake("unknown_code", "There is nothing with the code “%(code)s” here.", code=do)
    account = accounts.account_of(login)
    if account == request.user:
        raise Refused("own_account", "This is your own account: look after it in “My account”.")
    end, title, warning = ENDS[do]
    if request.method != "POST":
        return render(request, "web/signin/change.html", {"account": account, "title": title, "warning": warning})
    end(account.login, **_doer(request))
    return redirect(f"/account/people?{urlencode({'q': account.login})}")


def _doer(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.user.login, "doer": request.user.person_id}


def _handed_over(request: HttpRequest, account: Account, code: str) -> HttpResponse:
    """The code on a page, or a slip, which names the person only where whoever prints it may read the name."""
    address = request.build_absolute_uri("/").rstrip("/")
    if "slip" not in request.POST:
        return render(request, "web/signin/invited.html", {"account": account, "code": code, "address": address})
    with transaction.atomic():
        assume(request.key.hex())
        paper = slip(account.person_id, account.login, code, address, get_language())
    headers = {"Content-Disposition": f'attachment; filename="{account.login}.pdf"'}
    return HttpResponse(paper, content_type="application/pdf", headers=headers)
