"""How long lists are, remembered: as known at an instant a list never changes for whoever sees as much.

Nothing has to be forgotten when a decision comes: its instant is a new one, and so is every question.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

from django.db import connection

from canbo.access.identity import sight

MANY = 2000
_KNOWN: OrderedDict[Hashable, int] = OrderedDict()


def of(listing: Any, count: Callable[[], int]) -> int:
    """The length of a list, counted when it is asked for the first time in this process."""
    asof, database = listing.asof, str(connection.settings_dict["NAME"])
    key = (database, sight(), listing.screen.name, tuple(sorted(listing.narrowing.items())), asof.on, asof.known)
    if key not in _KNOWN:
        _KNOWN[key] = count()
        while len(_KNOWN) > MANY:
            _KNOWN.popitem(last=False)
    return _KNOWN[key]
