"""What every request goes through: one transaction, one language, one pair of dates, one refusal.

The transaction only reads, but for pages that name people: these write who read them, in the same transaction.
"""

from collections.abc import Callable

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import get_resolver
from django.utils import translation

from canbo.access.identity import assume, look
from canbo.kernel.refusal import Refused
from canbo.web import asof, audited, languages, limits
from canbo.web.errors import refused

READS = ("GET", "HEAD", "OPTIONS")
SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ {}"


class Reading:
    """All that a page shows is of one instant: read in one snapshot, as of `request.asof`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        _ = get_resolver().url_patterns  # what pages say of themselves is known before the first of them is asked

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer within the transaction; what failed leaves nothing behind. Pages of accounts read no records: what
        they write down of somebody who failed stays.
        """
        kind = audited.kind_of(request)
        if request.dateless:
            return self._answer(request, kind)
        outermost = not connection.in_atomic_block
        if outermost:
            look(request.key.hex())
            audited.before(kind)
        with transaction.atomic(), audited.noting(kind) as page:
            if outermost and request.method in READS:
                with connection.cursor() as cursor:
                    cursor.execute(SNAPSHOT.format("WRITE" if kind else "ONLY"))
            assume(request.key.hex())
            response = self._answer(request, kind)
            if response.status_code >= 400:
                transaction.set_rollback(True)
            elif kind:
                audited.enter(request, page)
        return response

    def process_view(self, request: HttpRequest, view: object, *named: object) -> HttpResponse | None:
        """Forms are read once it is known that they are ours."""
        try:
            limits.text(request)
        except Refused as refusal:
            return refused(request, refusal)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A refusal by what a page asked is a page itself; any other exception is not ours to hide."""
        return refused(request, exception) if isinstance(exception, Refused) else None

    def _answer(self, request: HttpRequest, kind: str) -> HttpResponse:
        try:
            language = languages.wanted(request)
        except Refused as refusal:
            with translation.override(languages.chosen(request)):
                return refused(request, refusal)
        with translation.override(language):
            try:
                limits.check(request, kind)
                request.asof = None if request.dateless else asof.read(request.GET)
            except Refused as refusal:
                return refused(request, refusal)
            response = self.get_response(request)
        if request.GET.get("lang"):
            languages.remember(response, language)
        return response
