"""Names of the things that a page shows, each leading to its page."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString

from canbo.registry.documents.models import Document
from canbo.registry.facts import Identity, Person, Unit
from canbo.registry.posts.models import Post
from canbo.reports.naming import Naming
from canbo.web.asof import AsOf, link
from canbo.web.audited import show

PAGES: dict[type[Identity], str] = {Unit: "unit", Person: "person", Post: "post", Document: "document"}
"""The page of each kind of thing."""


@dataclass(frozen=True)
class Piece:
    """A text, what it stands for, and the page it leads to."""

    text: str
    href: str = ""
    label: str = ""

    @property
    def html(self) -> str:
        """The text, as a link where it leads somewhere. Long pages hold hundreds: no template is asked for each."""
        text = escape(self.text)
        return SafeString(f'<a href="{escape(self.href)}">{text}</a>' if self.href else text)


class Names(Naming):
    """What the things with these keys are called as of a page's dates."""

    def __init__(self, asof: AsOf, wanted: Iterable[tuple[type[Identity], int]]) -> None:
        super().__init__(asof.on, asof.known)
        self.asof = asof
        self.learn(wanted)
        show([*self.people, *self.codes[Person]])

    def of(self, model: type[Identity], key: int, label: str = "", *, beside: int = 0) -> Piece:
        """The name of a thing, leading to its page; a post `beside` its unit is named without it."""
        code, text = self.within(model, key, beside)
        return Piece(text or code, link(self.asof, PAGES[model], code) if code else "", label)

    def unit(self, key: int) -> Piece:
        """The name of a unit."""
        return self.of(Unit, key)
