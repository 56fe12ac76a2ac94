"""Taking in what travelled: a kit with its code, a package with the sender's mark; a preview with all conflicts, then
the decision. The file waits as that of an import does (`importing/staging`).
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy

from canbo.access.invitations import grouped
from canbo.kernel.audit import record
from canbo.kernel.instants import day, today
from canbo.kernel.refusal import Mistake, Refused
from canbo.reports.said import FIELDS, upper
from canbo.web.asof import link
from canbo.web.audited import LIST, audited, show
from canbo.web.carrying.door import carrier
from canbo.web.errors import status_of
from canbo.web.importing import staging
from canbo.web.importing.views import LARGEST, TOLD
from canbo.web.limits import too_large

CALLED = {"since": gettext_lazy("Since"), "until": gettext_lazy("Last day")}
COUNTS = ("", "ours", "theirs")


class Brought:
    """One request: the file that waits, how it is opened, and what refused it, if anything did."""

    def __init__(self, request: HttpRequest) -> None:
        self.request, self.post = request, request.POST
        self.by, self.person = request.actor
        self.account: int = request.user.pk
        self.ticket: str = self.post.get("ticket", "")
        self.refusal: Refused | None = None

    @cached_property
    def code(self) -> str:
        """The code that opens a kit."""
        return grouped(self.post.get("code", ""))

    @property
    def signer(self) -> str:
        """The mark of whoever sent a package."""
        return self.post.get("signer", "").strip()

    @property
    def counts(self) -> str:
        """Whose word counts where both say otherwise."""
        said = self.post.get("counts", "")
        return said if said in COUNTS else ""

    def take(self, *, trial: bool, good: bool = False, symbol: str = "", **of: Any) -> tuple[Any, Any]:
        """What came, and what it did or would do. Whom its conflicts show stands in the log, and that one tried."""
        with staging.opened(self.ticket, self.account) as file:
            came = carrier().opened(file, self.code, self.signer)
            how = {"trial": trial, "good": good, "counts": self.counts, "symbol": symbol}
            taken = carrier().take(came, by=self.by, **how, **of)
        show(carrier().whom(taken))
        if trial:
            said = {"unit": came.unit, "rows": taken.rows, "rejected": len(taken.rejected)}
            what = "kit" if came.is_kit else "package"
            record(LIST, what, actor=self.by, person=self.person, details=said)
        return came, taken


@audited(LIST)
def receiving(request: HttpRequest) -> HttpResponse:
    """The form to choose a file; once something is sent, the step that it asks for."""
    brought = Brought(request)
    if request.method != "POST":
        return upload(brought)
    step = request.POST.get("step", "")
    if step not in STEPS:
        raise Mistake("bad_step", "An import has no step “%(step)s”.", step=step)
    return answer(brought, step)


receiving.largest = LARGEST + settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def answer(brought: Brought, step: str) -> HttpResponse:
    """Do a step; what refuses it is said on the page of the step before, where it can be put right."""
    try:
        return STEPS[step](brought)
    except Refused as refusal:
        again = step == "apply" and not brought.refusal and refusal.code != staging.GONE
        brought.refusal = brought.refusal or refusal
        return answer(brought, "preview") if again else upload(brought)


def page(brought: Brought, name: str, **shown: Any) -> HttpResponse:
    """A page, with what refused the step before."""
    refusal = brought.refusal
    shown |= {"brought": brought, "refused": refusal.told(gettext) if refusal else ""}
    if taken := shown.get("taken"):
        shown["warnings"] = [warning.told(gettext) for warning in taken.warnings]
        shown["wrong"] = len({(fault.sheet, fault.row) for fault in taken.rejected})
    status = status_of(refusal) if refusal else 200
    return render(brought.request, f"web/carrying/{name}.html", shown, status=status)


def upload(brought: Brought) -> HttpResponse:
    """The form for a file."""
    return page(brought, "receive", limit=LARGEST >> 20)


def read(brought: Brought) -> HttpResponse:
    """Keep the file and look at what it would do."""
    sent = brought.request.FILES.get("file")
    if sent is None:
        raise Mistake("no_file_sent", "Choose the file that holds the rows.")
    if sent.size > LARGEST:
        raise too_large(LARGEST)
    brought.ticket = staging.keep(sent.name, sent.read(), brought.account)
    try:
        return preview(brought)
    except Refused:
        staging.forget(brought.ticket, brought.account)
        raise


def preview(brought: Brought) -> HttpResponse:
    """What it would do, its conflicts and all else that is wrong; nothing is written but that somebody tried."""
    came, taken = brought.take(trial=True)
    conflicts = carrier().conflicts(taken)
    others = [one for one in taken.rejected if one not in conflicts]
    return page(
        brought,
        "preview",
        came=came,
        taken=taken,
        right=taken.created + taken.changed + taken.ended,
        conflicts=[(one, _called(one.why.facts["field"])) for one in conflicts[:TOLD]],
        faults=[(one, one.told(gettext)) for one in others[:TOLD]],
        more=max(0, len(conflicts) - TOLD) + max(0, len(others) - TOLD),
        today=today(),
    )


def _called(field: Any) -> str:
    return upper(str(FIELDS.get(field, CALLED.get(field, field))))


def apply(brought: Brought) -> HttpResponse:
    """Take it under the paper that the form names."""
    signed, good = brought.post.get("signed_on", "").strip(), bool(brought.post.get("good"))
    of = {"symbol": brought.post.get("symbol", ""), "signed_on": day(signed) if signed else None}
    _, taken = brought.take(trial=False, good=good, **of)
    if taken.rejected and not taken.decision:
        raise Refused(
            "conflicts_left", "Nothing was taken: say whose word counts in the conflicts, or take the right rows only."
        )
    staging.forget(brought.ticket, brought.account)
    return page(brought, "done", taken=taken)


def drop(brought: Brought) -> HttpResponse:
    """Forget the file."""
    staging.forget(brought.ticket, brought.account)
    return redirect(link(brought.request.asof, "receive"))


STEPS: dict[str, Callable[[Brought], HttpResponse]] = {"read": read, "preview": preview, "apply": apply, "drop": drop}
