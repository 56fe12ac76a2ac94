"""The two dates of a page: the day on which things are so, and the instant at which the register knew it.

They stand in the address (`?on=2024-05-01&known=2024-05-02T09:30`) and every link of a page carries them on. What is
not said is today, and everything the register knows.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import quote, unquote, urlencode

from django.conf import settings
from django.db import connection
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from canbo.kernel.instants import day, instant
from canbo.kernel.refusal import Mistake, Refused

BEGINNINGS: dict[str, str] = {}
"""What is in the menu once there is any of it: its name, and the SQL of the instant when it began.

It is asked together with the dates, for every page: one statement more would be felt on all of them.
"""


@dataclass(frozen=True)
class AsOf:
    """What a page is as of. `on_text` and `known_text` are what the address says, empty where that is simply today."""

    on: dt.date
    known: dt.datetime
    on_text: str = ""
    known_text: str = ""
    begun: Mapping[str, dt.datetime | None] = field(default_factory=dict, compare=False)

    def has(self, name: str) -> bool:
        """Had what is called so in `BEGINNINGS` begun at the instant of the page?"""
        first = self.begun.get(name)
        return first is not None and (not self.known_text or first <= self.known)

    @property
    def said(self) -> bool:
        """Does the address say a day or an instant, so that the page is not simply of today?"""
        return bool(self.on_text or self.known_text)

    @property
    def query(self) -> dict[str, str]:
        """What links carry on."""
        said = {"on": self.on_text, "known": self.known_text}
        return {name: text for name, text in said.items() if text}

    @cached_property
    def ending(self) -> str:
        """What stands behind the path in most links."""
        return f"?{urlencode(self.query)}" if self.query else ""

    def at(self, on: dt.date) -> "AsOf":
        """The same knowledge, of another day, which links then say."""
        return replace(self, on=on, on_text=on.isoformat())


def read(said: Mapping[str, str]) -> AsOf:
    """Read the two dates of a request; a `Mistake` says how to write them, or that nothing was known yet."""
    on_text, known_text = said.get("on", "").strip(), said.get("known", "").strip()
    with connection.cursor() as cursor:
        more = "".join(f", ({sql})" for sql in BEGINNINGS.values())
        cursor.execute(f"SELECT canbo.today(), min(applied_at), max(applied_at){more} FROM registry_decision")
        today, first, last, *begun = cursor.fetchone()
    if last is None:
        raise Refused("empty_register", "The register holds no decision yet: `canbo demo` loads a sample.")
    on = day(on_text) if on_text else today
    known = min(instant(known_text, settings.TIME_ZONE), last) if known_text else last
    if known < first:
        said_first = timezone.localtime(first).isoformat(timespec="minutes")
        raise Mistake(
            "before_records",
            "at %(known)s nothing was recorded yet; the first is of %(first)s",
            known=known_text,
            first=said_first,
        )
    texts = "" if on == today else on_text, known_text
    return AsOf(on, known, *texts, dict(zip(BEGINNINGS, begun, strict=True)))


def link(asof: AsOf, name: str, *args: Any, **query: Any) -> str:
    """The address of a page as of the same dates. `query` says what else stands in it; empty values are left out.

    Empty where no such page is begun: whoever shows the link shows plain text instead.
    """
    path = _shape(settings.ROOT_URLCONF, name, len(args))
    for number, said in enumerate(args):
        path = path.replace(_HOLE % number, quote(str(said), safe=_SAFE), 1)
    if not query:
        return path and path + asof.ending
    wanted = {key: value for key, value in (query | asof.query).items() if value not in ("", None)}
    return f"{path}?{urlencode(wanted, doseq=True)}" if wanted and path else path


_HOLE = "\0%d\0"
_SAFE = "/~:@!$&'()*+,;="
"""What an address may hold as it is, for Django too."""


@lru_cache(maxsize=256)
def _shape(addresses: str, name: str, many: int) -> str:
    """The path of a page with holes for its arguments, since a long page has hundreds of links of a few shapes."""
    try:
        return unquote(reverse(name, args=[_HOLE % number for number in range(many)]))
    except NoReverseMatch:
        return ""
