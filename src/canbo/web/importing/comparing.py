"""The pages of a comparison: a file from elsewhere, how its columns are read, what differs. Nothing is written.

Whoever reads a list may hold a file against it; the steps up to the columns are those of an import.
"""

import io

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.translation import gettext

from canbo.kernel.audit import record
from canbo.kernel.refusal import Mistake
from canbo.reports.quality.workbench import asked_of
from canbo.web.audited import EXPORT, LIST, audited, show
from canbo.web.importing import staging
from canbo.web.importing.asked import Asked
from canbo.web.importing.door import desk
from canbo.web.importing.views import BEFORE, LARGEST, STEPS, TOLD, WORKBOOK, answer, importable, page, upload
from canbo.web.objects.names import PAGES

COMPARE, DIFFERENCES = "compare", "differences"


@audited(LIST)
def comparing(request: HttpRequest, name: str) -> HttpResponse:
    """The form to choose a file; once something is sent, the step that it asks for."""
    asked = Asked(request, importable(name), COMPARE)
    if request.method != "POST":
        return upload(asked)
    step = request.POST.get("step", "")
    if step not in ("read", "columns", COMPARE, DIFFERENCES, "save", "drop"):
        raise Mistake("bad_step", "This page has no step “%(step)s”.", step=step)
    return answer(asked, step)


comparing.largest = LARGEST + settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def compared(asked: Asked) -> HttpResponse:
    """What differs, as far as a page holds it; the workbook has all."""
    found, file = _compared(asked)
    told = {"different": found.different, "only_there": found.only_there, "only_here": found.only_here}
    lists = [(name, some[:TOLD], len(some), max(0, len(some) - TOLD)) for name, some in told.items()]
    unread = [(fault, fault.told(gettext)) for fault in found.unread[:TOLD]]
    return page(
        asked,
        COMPARE,
        file=file,
        found=found,
        lists=lists,
        unread=unread,
        of=PAGES.get(found.kind, ""),
        notes=[warning.told(gettext) for warning in found.warnings],
    )


def differences(asked: Asked) -> HttpResponse:
    """The workbook of what differs: a file with people in it, and a row of the log that says so."""
    found, file = _compared(asked)
    by, person = asked.request.actor
    said = {"name": asked.screen.name, "unit": asked.unit, "form": "xlsx"}
    record(EXPORT, "compare", actor=by, person=person, about=found.people, details=said, count=len(found.people))
    book = io.BytesIO()
    desk().differences(found, book)
    book.seek(0)
    name = f"{file.rpartition('.')[0]}-{gettext('differences')}.xlsx"
    return FileResponse(book, as_attachment=True, filename=name, content_type=WORKBOOK)


def _compared(asked: Asked) -> tuple[object, str]:
    asof = asked.request.asof
    with staging.opened(asked.ticket, asked.account) as file:
        found = desk().compare(file, asked.screen, asked.mapping, asked_of(asked.unit, asof.on, asof.known))
        show(found.people)
        return found, file.name


STEPS |= {COMPARE: compared, DIFFERENCES: differences}
BEFORE |= {COMPARE: "columns", DIFFERENCES: "columns"}
