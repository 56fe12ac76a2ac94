"""The page of a list, and the list as a file."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from canbo.access.refusing import doing
from canbo.kernel.profile import profile
from canbo.kernel.refusal import Mistake
from canbo.kernel.screen import SCREENS, Screen
from canbo.reports.quality.rule import RULES
from canbo.web.asof import link
from canbo.web.audited import EXPORT, LIST, audited
from canbo.web.generic.cells import Cells, headings
from canbo.web.generic.export import EXCHANGE, FORMS
from canbo.web.generic.listing import COUNTED, DEEPEST, Listing, read
from canbo.web.objects.refusing import told


def begun(name: str) -> bool:
    """Has the profile at hand a word for this list, so that it is offered?"""
    return f"screen.{name}" in profile().words[profile().languages[0]]


def title(name: str) -> str:
    """What the profile calls a list, in the language of the page."""
    return profile().word(f"screen.{name}", get_language())


@audited(LIST)
def show(request: HttpRequest, name: str) -> HttpResponse:
    """A page of a list, with its filters."""
    listing = read(offered(name), request.GET, request.asof)
    cells = Cells(listing)
    rows = cells.rows(listing.shown)
    shown = {
        "listing": listing,
        "title": title(name),
        "head": _head(listing),
        "rows": rows,
        "filters": _filters(listing),
        "finding": str(RULES[listing.finding].label) if listing.finding else "",
        "unit_name": cells.units[listing.unit.pk].text if listing.unit and listing.unit.pk in cells.units else "",
        "total": listing.total,
        "beyond": listing.total > COUNTED,
        "counted": COUNTED,
        "longer": listing.total > DEEPEST,
        "earlier": _turned(listing, listing.page - 1),
        "later": _turned(listing, listing.page + 1),
        "files": [(form.upper(), _address(listing, "export", form)) for form in FORMS],
        "comparing": _comparing(listing),
        "importing": link(listing.asof, "import", name) if listing.screen.opened_by else "",
        "exchange": [(form.partition(".")[2].upper(), _address(listing, "export", form)) for form in EXCHANGE],
    }
    shown["lacking"] = told(doing(listing.screen.opened_by), listing.asof) if shown["importing"] else ""
    return render(request, "web/generic/list.html", shown)


def _comparing(listing: Listing) -> str:
    """Where a file from elsewhere is held against the list, narrowed to the same unit."""
    unit = listing.unit.code if listing.unit else ""
    return link(listing.asof, "compare", listing.screen.name, unit=unit) if listing.screen.opened_by else ""


@audited(EXPORT)
def export(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """The whole list as a file."""
    forms = FORMS | EXCHANGE
    if form not in forms:
        known = ", ".join(forms)
        raise Mistake("unknown_format", "lists come as %(known)s, not as “%(form)s”", known=known, form=form)
    kind, write = forms[form]
    listing = read(offered(name), request.GET, request.asof)
    called = f"{name}-{request.asof.on}.{form}"
    return FileResponse(write(listing), as_attachment=True, filename=called, content_type=kind)


def offered(name: str) -> Screen:
    """The list of that name, if the profile offers it."""
    if name not in SCREENS or not begun(name):
        known = ", ".join(sorted(filter(begun, SCREENS)))
        raise Mistake("unknown_list", "there is no list “%(name)s”; known are: %(known)s", name=name, known=known)
    return SCREENS[name]


def _address(listing: Listing, to: str, /, *more: str, **query: Any) -> str:
    return link(listing.asof, to, listing.screen.name, *more, **{**listing.query, **query})


def _turned(listing: Listing, page: int) -> str:
    """The address of another page of the list; nothing where there is none."""
    return _address(listing, "list", page=page if page > 1 else "") if 1 <= page <= listing.last else ""


def _head(listing: Listing) -> list[dict[str, str]]:
    """The headings: how the list is sorted, and the address that sorts it by this column, or the other way round."""
    found = []
    for column, text in zip(listing.screen.columns, headings(listing.screen.columns), strict=True):
        now = {column.name: "ascending", f"-{column.name}": "descending"}.get(listing.order, "")
        other = f"-{column.name}" if now == "ascending" else column.name
        address = _address(listing, "list", sort=other) if column.sort else ""
        found.append({"text": text, "sorted": now, "address": address})
    return found


def _filters(listing: Listing) -> list[dict[str, Any]]:
    """The choices by codes of the profile: those it has words for."""
    language = get_language()
    found = []
    for column in listing.screen.choices:
        codes = profile().vocabulary(column.vocabulary)
        options = [(code, profile().word(f"{column.vocabulary}.{code}", language)) for code in codes]
        if len(options) > 1:
            chosen = listing.chosen.get(column.name, "")
            found.append({"name": column.name, "label": str(column.label), "options": options, "chosen": chosen})
    return found
