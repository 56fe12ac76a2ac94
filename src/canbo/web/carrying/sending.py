"""What leaves with a unit: its offline kit, locked with a code that the page shows, and its interchange package."""

import datetime as dt
import io
from dataclasses import replace
from typing import Any

from django.core import signing
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from canbo.access.invitations import new_code
from canbo.kernel.refusal import Mistake, Refused
from canbo.kernel.screen import SCREENS
from canbo.registry.facts import Unit
from canbo.registry.organisations.queries import named
from canbo.web.asof import AsOf
from canbo.web.asof import read as asof_now
from canbo.web.audited import EXPORT, audited, concerns, show, tells
from canbo.web.carrying.door import carrier
from canbo.web.generic.listing import read
from canbo.web.generic.views import title
from canbo.web.objects.found import find

SALT, LASTS = "canbo.kit", 60 * 60
"""For so many seconds the code that a page shows locks a kit."""
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def sending(request: HttpRequest, code: str) -> HttpResponse:
    """What can be taken along of a unit. The code stands on this page alone: nobody keeps it."""
    unit, asof = find(Unit, code), request.asof
    being = named({unit.pk}, asof.on, asof.known).get(unit.pk)
    shown: dict[str, Any] = {"code": code, "name": being.name if being else code, "mark": carrier().mark()}
    try:
        order = carrier().order(code, asof_now({}), request.actor[0])
        lock = new_code()
        shown |= {"order": order, "until": dt.date.fromisoformat(order.until), "lock": lock}
        shown["lists"] = [title(name) for name in order.lists]
        shown["sealed"] = signing.dumps([code, lock], salt=SALT)
    except Refused as refusal:
        shown["no_kit"] = refusal.told(gettext)
    return render(request, "web/carrying/send.html", shown)


@audited(EXPORT)
def kit(request: HttpRequest, code: str) -> HttpResponse:
    """The kit of a unit as of now, locked with the code of the page."""
    unit, now = find(Unit, code), asof_now({})
    try:
        of, lock = signing.loads(request.POST.get("sealed", ""), salt=SALT, max_age=LASTS)
    except signing.BadSignature as error:
        raise Mistake("bad_form", "This form was changed on its way; begin again.") from error
    if of != code:
        raise Mistake("bad_form", "This form was changed on its way; begin again.")
    order = carrier().order(code, now, request.actor[0])
    concerns(unit.pk)
    tells(form="kit", kit=order.kit, until=order.until)
    data = carrier().kit(order, [_listing(name, code, now) for name in order.lists], lock, show)
    called = f"{code}-{now.on}.xlsx"
    return FileResponse(io.BytesIO(data), as_attachment=True, filename=called, content_type=WORKBOOK)


def _listing(name: str, unit: str, now: AsOf) -> Any:
    return replace(read(SCREENS[name], {"unit": unit}, now), asof=now)


@audited(EXPORT)
def package(request: HttpRequest, code: str) -> HttpResponse:
    """The interchange package of a unit, as of the dates of the page."""
    concerns(find(Unit, code).pk)
    tells(form="package")
    file = carrier().package(code, request.asof, show)
    called = f"{code}-{request.asof.on}.zip"
    return FileResponse(file, as_attachment=True, filename=called, content_type="application/zip")
