"""What the frame of every page shows: languages, menu, and the dates it is as of."""

from typing import Any

from django.http import HttpRequest
from django.utils import translation

from canbo import __version__
from canbo.web.asof import AsOf, link
from canbo.web.languages import spoken
from canbo.web.menu import entries


def page(request: HttpRequest) -> dict[str, Any]:
    """Values for the base template. `asof` is missing on a page that refuses the dates themselves."""
    kept = request.GET.copy()
    for name in ("lang", "on", "known"):
        kept.pop(name, None)
    asof = getattr(request, "asof", None)
    return {
        "asof": asof,
        "language": translation.get_language(),
        "languages": spoken(),
        "menu": _menu(asof) if asof else [],
        "version": __version__,
        "viewing": getattr(request, "viewing", None),
        "kept": [(name, value) for name, values in kept.lists() for value in values],
    }


def _menu(asof: AsOf) -> list[tuple[str, list[tuple[str, str]]]]:
    """Groups in the order of their first entry, each with what its lines say and where they lead."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for entry in entries(asof):
        groups.setdefault(str(entry.group), []).append((entry.text, link(asof, entry.page, *entry.args)))
    return list(groups.items())
