"""The pages of an import: a file, how its columns are read, a preview that writes nothing, the decision.

Each step is a form sent to the same address; what it settled travels in the next one, and the file waits (`staging`).
Acts go through the one door that writes; whether somebody may do them is said before they choose a file.
"""

import io
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from canbo.access.refusing import doing
from canbo.kernel.audit import record
from canbo.kernel.instants import day, today
from canbo.kernel.refusal import Mistake, Refused
from canbo.kernel.screen import Screen
from canbo.registry.store import among
from canbo.web.asof import link
from canbo.web.audited import LIST, audited
from canbo.web.errors import status_of
from canbo.web.generic.cells import Cell, Cells, headings
from canbo.web.generic.listing import Listing, paths
from canbo.web.generic.views import offered, title
from canbo.web.importing import staging
from canbo.web.importing.asked import Asked, first
from canbo.web.importing.door import desk
from canbo.web.limits import too_large
from canbo.web.objects.refusing import told

LARGEST = 20 << 20
TOLD, MOST_WORDS = 200, 40
"""So many faults, and unknown words, stand on the page; the workbook of rejected rows has all."""
WORKBOOK, YAML = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/yaml"


@audited(LIST)
def importing(request: HttpRequest, name: str) -> HttpResponse:
    """The form to choose a file; once something is sent, the step that it asks for."""
    screen = importable(name)
    asked = Asked(request, screen)
    if request.method != "POST" or doing(screen.opened_by):
        return upload(asked)
    step = request.POST.get("step", "")
    if step not in IMPORTING:
        raise Mistake("bad_step", "An import has no step “%(step)s”.", step=step)
    return answer(asked, step)


importing.largest = LARGEST + settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def importable(name: str) -> Screen:
    """A list of that name into which something can be imported."""
    screen = offered(name)
    if not screen.opened_by:
        raise Refused("only_listed", "“%(name)s” is a list only: nothing is imported there.", name=title(name))
    return screen


def template(request: HttpRequest, name: str) -> HttpResponse:
    """An empty workbook to fill in; it holds nothing of anybody."""
    screen, book = importable(name), io.BytesIO()
    desk().template(screen, book)
    book.seek(0)
    return FileResponse(book, as_attachment=True, filename=f"{name}.xlsx", content_type=WORKBOOK)


def answer(asked: Asked, step: str) -> HttpResponse:
    """Do a step; what refuses it is said on the page of the step before, where it can be put right."""
    try:
        return STEPS[step](asked)
    except Refused as refusal:
        asked.refusal = asked.refusal or refusal
        before = BEFORE.get(step)
        again = before == "preview" or (before == "columns" and asked.mapping)
        return answer(asked, before) if again and refusal.code != staging.GONE else upload(asked)


def page(asked: Asked, name: str, **shown: Any) -> HttpResponse:
    """A page of the import, with what refused the step before."""
    screen, refusal = asked.screen, asked.refusal
    shown |= {"name": screen.name, "title": title(screen.name), "asked": asked}
    shown |= {"refused": refusal.told(gettext) if refusal else "", "done": asked.done}
    if taken := shown.get("taken"):
        shown["warnings"] = [warning.told(gettext) for warning in taken.warnings]
    return render(asked.request, f"web/importing/{name}.html", shown, status=status_of(refusal) if refusal else 200)


def upload(asked: Asked) -> HttpResponse:
    """The form for a file; or what it takes to import here, for whoever may not."""
    lack = doing(asked.screen.opened_by) if asked.tries == "preview" else None
    likely = asked.refusal.facts.get("offered") if asked.refusal else ""
    shown = {"lacking": told(lack, asked.request.asof), "limit": LARGEST >> 20, "encodings": desk().ENCODINGS}
    shown["letters"] = likely or asked.encoding
    shown["saved"] = [] if lack else desk().saved(asked.screen)
    answered = page(asked, "upload", **shown)
    answered.status_code = 409 if lack and asked.request.method == "POST" else answered.status_code
    return answered


def read(asked: Asked) -> HttpResponse:
    """Keep the file; ours, and one with a mapping, is tried at once, of any other one the columns are asked."""
    sent, how = asked.request.FILES.get("file"), asked.request.FILES.get("how")
    if sent is None:
        raise Mistake("no_file_sent", "Choose the file that holds the rows.")
    if sent.size > LARGEST or (how and how.size > settings.DATA_UPLOAD_MAX_MEMORY_SIZE):
        raise too_large(LARGEST)
    asked.ticket = staging.keep(sent.name, sent.read(), asked.account)
    try:
        with staging.opened(asked.ticket, asked.account) as file:
            if key := asked.post.get("saved", ""):
                asked.reads_by_kept(desk().use(asked.screen, key))
            elif how:
                saved = file.with_name("mapping.yaml")
                saved.write_bytes(how.read())
                asked.reads_by(desk().mapping(saved, asked.screen))
            sheets = desk().look(file, asked.screen, asked.mapping or {"encoding": asked.encoding})
    except Refused:
        staging.forget(asked.ticket, asked.account)
        raise
    return STEPS[asked.tries](asked) if asked.mapping or (sheets and sheets[0].ours) else columns(asked)


def columns(asked: Asked) -> HttpResponse:
    """The form that asks of each column which field it gives."""
    said = asked.mapping or {"encoding": asked.encoding}
    with staging.opened(asked.ticket, asked.account) as file:
        sheets = desk().look(file, asked.screen, said)
        name = file.name
    wanted = asked.post.get("sheet") or said.get("sheet")
    chosen = next((one for one in sheets if one.name == wanted), max(sheets, key=lambda one: len(one.columns)))
    settled = said.get("columns", {})
    fields, needed = desk().offered(asked.screen), desk().needed(asked.screen)
    lines = [(one, first(settled.get(one.heading, "" if settled else one.likely))) for one in chosen.columns]
    fixed = said.get("fixed", {})
    dates = next((name for name, forms in desk().DATES.items() if list(forms) == said.get("dates")), "day")
    return page(
        asked,
        "columns",
        file=name,
        sheets=sheets,
        chosen=chosen,
        lines=lines,
        fields=fields,
        needed=[one.label for one in fields if one.of in needed],
        same=[(one, one.of in needed, fixed.get(one.of, "")) for one in fields],
        dates=dates,
        end=said.get("end", "inclusive"),
        encodings=desk().ENCODINGS,
        encoding=said.get("encoding") or "",
        saved=[] if settled else desk().fitting(desk().saved(asked.screen), sheets),
    )


def preview(asked: Asked) -> HttpResponse:
    """What the rows would do, and all that is wrong with them; nothing is written but that somebody tried."""
    with staging.opened(asked.ticket, asked.account) as file:
        name = file.name
        try:
            taken = _tried(asked, file)
        except Refused as refusal:
            if asked.whole is None:
                raise
            asked.refusal = asked.refusal or refusal  # said where it can be put right
            return page(asked, "preview", file=name, ends=_ends(asked), today=today())
    return page(
        asked,
        "preview",
        file=name,
        taken=taken,
        right=taken.created + taken.changed + taken.ended,
        wrong=_wrong(taken),
        faults=[(one, one.told(gettext)) for one in taken.rejected[:TOLD]],
        unknown=_unknown(asked, taken) if asked.mapping else [],
        more=max(0, len(taken.rejected) - TOLD),
        today=today(),
        ends=_ends(asked),
        missing=taken.missing,
        asks=taken.missing.asks.told(gettext) if taken.missing and taken.missing.asks else "",
        gone=_gone(asked, taken.missing) if taken.missing else None,
        keeper=desk().keeper() if asked.mapping and not asked.source_unit else asked.source_unit,
        opening=not doing(asked.screen.begins_by(opening=True)),
    )


def _ends(asked: Asked) -> list[tuple[Any, str]] | None:
    """What has to be said of how the rest ended, and what was said; None of lists in which nothing ends."""
    saying = (asked.whole or {}).get("saying", {})
    ends = desk().how_it_ends(asked.screen)
    return [(one, saying.get(one.of, "")) for one in ends] if asked.screen.closed_by else None


def _gone(asked: Asked, missing: Any) -> tuple[list[str], list[list[Cell]]]:
    """The first records that end, as their list shows them on that day."""
    listing = Listing(asked.screen, asked.request.asof.at(missing.on))
    rows = listing.of(*paths(asked.screen)).filter(among("fact", missing.first))
    return headings(asked.screen.columns), Cells(listing).rows(list(rows))


def _wrong(taken: Any) -> int:
    """How many rows are wrong."""
    return len({(fault.sheet, fault.row) for fault in taken.rejected})


def _unknown(asked: Asked, taken: Any) -> list[tuple[str, str, Any]]:
    """The texts that are no words of the profile, each with its field: what they stand for can be said at once."""
    fields = {one.of: one for one in desk().offered(asked.screen)}
    texts = {(one.of, str(one.why.facts["said"])) for one in taken.rejected if one.code == "unknown_word"}
    return [(of, text, fields[of]) for of, text in sorted(texts)[:MOST_WORDS]]


def _tried(asked: Asked, file: Any) -> Any:
    """Try the rows. Whether somebody is on file shows in the answer, so that somebody tried stands in the log."""
    how = {"all_of": asked.whole, "end_up_to": asked.post.get("end_up_to", ""), "opening": asked.opening}
    taken = desk().take(file, asked.screen, asked.mapping, by=asked.by, trial=True, **how)
    by, person = asked.request.actor
    said = {"name": asked.screen.name, "rows": taken.rows, "rejected": len(taken.rejected)}
    record(LIST, "import", actor=by, person=person, details=said)
    return taken


def rejected(asked: Asked) -> HttpResponse:
    """The workbook of the rows that are wrong."""
    book = io.BytesIO()
    with staging.opened(asked.ticket, asked.account) as file:
        taken = _tried(asked, file)
        desk().reject(file, asked.screen, asked.mapping, taken.rejected, book)
        name = f"{file.stem}-{gettext('rejected')}.xlsx"
    book.seek(0)
    return FileResponse(book, as_attachment=True, filename=name, content_type=WORKBOOK)


def save(asked: Asked) -> HttpResponse:
    """The mapping as a file for the next time."""
    text = io.BytesIO(desk().as_yaml(asked.said, asked.screen).encode())
    return FileResponse(text, as_attachment=True, filename=f"{asked.screen.name}.yaml", content_type=YAML)


def use(asked: Asked) -> HttpResponse:
    """Read the file by a mapping that was kept."""
    asked.reads_by_kept(desk().use(asked.screen, asked.post.get("saved", "")))
    return preview(asked)


def keep(asked: Asked) -> HttpResponse:
    """Keep the mapping for the next file of its source, and go on."""
    by, person = asked.request.actor
    desk().keep(asked.screen, asked.said, name=asked.source, unit=asked.source_unit, by=by, person=person)
    asked.done = gettext("The mapping is kept.")
    return preview(asked)


def download(asked: Asked) -> HttpResponse:
    """A mapping that is kept, as a file."""
    kept = desk().use(asked.screen, asked.post.get("saved", ""))
    text = io.BytesIO(desk().as_yaml(kept.said, asked.screen).encode())
    return FileResponse(text, as_attachment=True, filename=f"{asked.screen.name}.yaml", content_type=YAML)


def forget(asked: Asked) -> HttpResponse:
    """Offer a mapping no longer."""
    by, person = asked.request.actor
    desk().drop(asked.screen, asked.post.get("saved", ""), by=by, person=person)
    asked.done = gettext("The mapping is no longer offered.")
    return upload(asked)


def apply(asked: Asked) -> HttpResponse:
    """Take the rows under the paper that the form names. The same form sent twice leads to the same decision."""
    signed, good = asked.post.get("signed_on", "").strip(), bool(asked.post.get("good"))
    paper = {"symbol": asked.post.get("symbol", ""), "signed_on": day(signed) if signed else None}
    paper |= {"opening": asked.opening, "all_of": asked.whole, "end_up_to": asked.post.get("end_up_to", "")}
    with staging.opened(asked.ticket, asked.account) as file:
        try:
            taken = desk().take(file, asked.screen, asked.mapping, by=asked.by, trial=False, good=good, **paper)
        except Refused as refusal:
            if refusal.code != "applied_before":
                raise
            return redirect(link(asked.request.asof, "decision", refusal.facts["decision"]))
    if taken.rejected and not taken.decision:
        raise Refused("rows_rejected", "Nothing was taken, since rows are wrong. Correct them, or take the right ones.")
    transaction.on_commit(lambda: staging.forget(asked.ticket, asked.account))
    return page(asked, "done", taken=taken, wrong=_wrong(taken))


def drop(asked: Asked) -> HttpResponse:
    """Forget the file."""
    staging.forget(asked.ticket, asked.account)
    return redirect(link(asked.request.asof, "list", asked.screen.name))


STEPS: dict[str, Callable[[Asked], HttpResponse]] = {
    "read": read, "columns": columns, "preview": preview, "rejected": rejected, "save": save, "apply": apply,
    "drop": drop, "use": use, "keep": keep, "download": download, "forget": forget,
}  # fmt: skip
IMPORTING = frozenset(STEPS)
BEFORE = {
    "preview": "columns", "rejected": "columns", "save": "columns", "apply": "preview", "use": "columns",
    "keep": "preview",
}  # fmt: skip
