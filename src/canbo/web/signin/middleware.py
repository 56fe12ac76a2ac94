"""Who asks: somebody signed in, whose key the database is shown, or nobody, who is asked to sign in first."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.http import urlencode

from canbo.access import keys, viewing
from canbo.kernel.refusal import Refused
from canbo.web.errors import refused

ACCOUNTS = ("account/", "enter", "health")
"""How the addresses begin whose pages are of no day."""
ANSWERED = ("GET", "HEAD")
ENDS = ("view-as-end", "account_logout")
"""What may be sent while pages are seen as somebody else sees them."""


class SignedIn:
    """Sets `request.key` (empty for nobody), `.actor`, `.viewing` (as whom), `.match` (the page asked for, or None) and
    `.dateless`. Every page that does not say otherwise (`login_not_required`) is for people who signed in, and stands
    in no cache.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let through whoever may go on; others come back after they signed in."""
        try:
            request.match = match = resolve(request.path_info)
            required, request.dateless = getattr(match.func, "login_required", True), match.route.startswith(ACCOUNTS)
        except Resolver404:
            request.match, required, request.dateless = None, True, False
        known = request.user.is_authenticated
        request.viewing = viewing.of(request.session) if known else None
        request.key = _key(request) if known else b""
        request.actor = (request.user.login, request.user.person_id) if known else None
        if required and not known:
            back = request.get_full_path() if request.method in ANSWERED else "/"
            said = f"?{urlencode({'next': back})}" if back != "/" else ""
            return redirect(reverse("account_login") + said)
        if known and request.session.stale:
            request.session.modified = True
        response = self.get_response(request)
        if known or request.dateless:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_view(self, request: HttpRequest, view: object, *named: object) -> HttpResponse | None:
        """Whoever sees pages as somebody else changes nothing meanwhile."""
        if not request.viewing or request.method in ANSWERED or request.resolver_match.view_name in ENDS:
            return None
        refusal = Refused("only_viewing", "While you see pages as somebody else sees them, nothing can be changed.")
        return refused(request, refusal)


def _key(request: HttpRequest) -> bytes:
    session = request.session.session_key
    return keys.of_view(session, request.viewing.number) if request.viewing else keys.of_session(session)
