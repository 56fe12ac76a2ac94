"""One's own record as a file: all that the page shows, to take along. That it was taken is recorded as an export."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import formats, timezone
from django.utils.translation import get_language, gettext

from canbo import __version__
from canbo.access.identity import file_of
from canbo.kernel.audit import anchor
from canbo.kernel.profile import profile
from canbo.kernel.refusal import Mistake
from canbo.registry.facts import Person
from canbo.registry.requests.queries import asked
from canbo.reports.output.own import FORMS, Own, Table
from canbo.web.audited import EXPORT, audited, show
from canbo.web.objects.found import OWN
from canbo.web.objects.people import reads, tell
from canbo.web.objects.requests import Due, Line, lines


@audited(EXPORT)
def me_file(request: HttpRequest, form: str) -> HttpResponse:
    """The whole record of whoever reads, as they may keep it."""
    if form not in FORMS:
        known = ", ".join(FORMS)
        raise Mistake("unknown_format", "one's record comes as %(known)s, not as “%(form)s”", known=known, form=form)
    kind, write = FORMS[form]
    _, key = request.actor
    with file_of(key):
        show({key})
        own = _own(request, Person.objects.get(pk=key))
    answer = HttpResponse(write(own), content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="record-{own.code}-{request.asof.on}.{form}"'
    return answer


def _own(request: HttpRequest, found: Person) -> Own:
    told = tell(found, request.asof, OWN)
    particulars = told["particulars"]
    pairs = [(piece.label, piece.text) for piece in particulars.pieces] if particulars else []
    pairs += [(gettext("File kept by"), particulars.unit.text)] if particulars else []
    language, sealed = get_language(), anchor()
    tables = (
        _facts(gettext("Timeline"), told["timeline"]),
        _facts(gettext("As known earlier"), told["otherwise"]),
        _requests(lines(request.asof, asked(found.pk), OWN)),
        _reads(found.pk),
    )
    return Own(
        gettext("My record"),
        told["name"],
        told["code"],
        f"Canbo {__version__} · {_moment(request.asof.known)}",
        pairs,
        [table for table in tables if table.rows],
        profile().word("text.anchor", language).format(anchor=sealed) if sealed else "",
        language,
    )


def _facts(title: str, rows: Iterable[Any]) -> Table:
    heads = (gettext("From"), gettext("To"), gettext("Record"), gettext("What"), gettext("Unit"), gettext("Decision"))
    told = [
        (
            f"{row.since} {row.counted}".strip(),
            row.until,
            row.kind,
            _joined(row.pieces),
            row.unit.text,
            _joined(row.papers),
        )
        for row in rows
    ]
    return Table(title, heads, told)


def _joined(pieces: Iterable[Any]) -> str:
    return " · ".join(piece.text for piece in pieces)


def _requests(found: list[Line]) -> Table:
    heads = (gettext("Asked on"), gettext("About"), gettext("Words"), gettext("Reply by"), gettext("Decision by"))
    rows = [
        (_moment(one.at), one.about.text, one.words, _due(one.reply), _due(one.done), _became(one)) for one in found
    ]
    return Table(gettext("My requests for correction"), (*heads, gettext("What became of it")), rows)


def _due(due: Due | None) -> str:
    return f"{formats.date_format(due.day, 'DATE_FORMAT')}, {due.said}" if due else ""


def _became(one: Line) -> str:
    told = [f"{reply['state']} {reply['paper'].text} {reply['words']} {reply['article']}" for reply in one.replies]
    return " · ".join(" ".join(text.split()) for text in told) or str(one.state)


def _reads(person: int) -> Table:
    rows = [(_moment(at), actor, what) for at, actor, what in reads(person)]
    return Table(gettext("Who read this file"), (gettext("When"), gettext("Who"), gettext("What")), rows)


def _moment(at: Any) -> str:
    return formats.date_format(timezone.localtime(at), "DATETIME_FORMAT")
