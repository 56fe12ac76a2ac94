"""The menu: an entry for each thing that is begun, put there by the part of the pages that offers it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from canbo.web.asof import AsOf


@dataclass(frozen=True)
class Entry:
    """One line of the menu: the name and arguments of a page, what it is called, and in which group it stands.

    `label` is a lazy translation or a function without arguments, asked when the page is made; `shown` says whether
    there is anything to see, by the profile at hand and as of the dates of the page.
    """

    page: str
    label: Any
    args: tuple[Any, ...] = ()
    group: str = ""
    shown: Callable[[AsOf], bool] = field(default=lambda asof: True)

    @property
    def text(self) -> str:
        """What the menu prints."""
        return str(self.label() if callable(self.label) else self.label)


_ENTRIES: list[Entry] = []


def add(entry: Entry) -> Entry:
    """Offer a page in the menu; a second offer of the same page is an error of the programmer."""
    if any((entry.page, entry.args) == (other.page, other.args) for other in _ENTRIES):
        raise RuntimeError(f"{entry.page} {entry.args} is in the menu twice")
    _ENTRIES.append(entry)
    return entry


def entries(asof: AsOf) -> list[Entry]:
    """What the menu of a page holds, in the order of the offers."""
    return [entry for entry in _ENTRIES if entry.shown(asof)]
