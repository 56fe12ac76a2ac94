"""Choosing as whom to see pages, and seeing them as oneself again."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from canbo.access import refusing, viewing
from canbo.kernel.instants import today
from canbo.kernel.profile import profile
from canbo.registry.facts import Unit
from canbo.registry.organisations.queries import unit_of
from canbo.reports.said import word
from canbo.web.objects.names import Names
from canbo.web.objects.refusing import told


def view_as(request: HttpRequest) -> HttpResponse:
    """Choose a post, or a role over a unit; once it is sent, the pages are seen so."""
    if request.method == "POST":
        post, code, role = (request.POST.get(name, "").strip() for name in ("post", "unit", "role"))
        if post:
            code, role = viewing.given_by(post, today())
        unit = unit_of(code)
        called = Names(request.asof, [(Unit, unit.pk)]).unit(unit.pk).text
        viewing.begin(request.session, request.user, unit, role, called)
        return redirect("home")
    shown = {
        "roles": [(code, word("mandate_role", code)) for code in profile().vocabulary("mandate_role")],
        "chosen": {name: request.GET.get(name, "") for name in ("post", "unit", "role")},
        "refusal": "" if viewing.granting() else told(refusing.granting(), request.asof),
    }
    return render(request, "web/viewing/view_as.html", shown)


@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """See pages as oneself again."""
    viewing.end(request.session, request.user)
    return redirect("home")
