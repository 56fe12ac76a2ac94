"""Names of the things that a page shows, as of its dates: asked once for all of them, however many there are."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString
from django.utils.translation import get_language

from canbo.kernel.profile import profile
from canbo.registry.documents import queries as documents
from canbo.registry.documents.models import Document
from canbo.registry.facts import Identity, Person, Unit
from canbo.registry.organisations import queries as organisations
from canbo.registry.people import queries as people
from canbo.registry.posts import queries as posts
from canbo.registry.posts.models import Post
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


def word(vocabulary: str, code: str) -> str:
    """The profile's word for a code, in the language of the page; nothing for nothing."""
    return profile().word(f"{vocabulary}.{code}", get_language()) if code else ""


def upper(text: str) -> str:
    """With a capital, as it begins a cell or a heading."""
    return text[:1].upper() + text[1:]


class Names:
    """What the things with these keys are called. One that has no name by then is called by its code."""

    def __init__(self, asof: AsOf, wanted: Iterable[tuple[type[Identity], int]]) -> None:
        keys: dict[type[Identity], set[int]] = {model: set() for model in PAGES}
        for model, key in wanted:
            keys[model].add(key)
        on, known = asof.on, asof.known
        self.asof = asof
        self.posts = posts.named(keys[Post], on, known)
        self.documents = documents.named(keys[Document], on, known)
        keys[Unit] |= {seat.unit for seat in self.posts.values()}
        keys[Unit] |= {paper.unit for paper in self.documents.values()}
        show(keys[Person])
        self.people = people.named(keys[Person], on, known)
        self.units = organisations.named(keys[Unit], on, known)
        found = {Unit: self.units, Person: self.people, Post: self.posts, Document: self.documents}
        missing = {model: keys[model] - set(found[model]) for model in PAGES}
        self.codes = {
            model: dict(model.objects.filter(pk__in=pks).values_list("pk", "code")) if pks else {}
            for model, pks in missing.items()
        }

    def of(self, model: type[Identity], key: int, label: str = "") -> Piece:
        """The name of a thing, leading to its page."""
        code, text = self._named(model, key)
        return Piece(text or code, link(self.asof, PAGES[model], code), label)

    def unit(self, key: int) -> Piece:
        """The name of a unit."""
        return self.of(Unit, key)

    def post(self, key: int, label: str, within: int) -> Piece:
        """The name of a post where its unit is named beside it."""
        seat = self.posts.get(key)
        if seat is None or seat.unit != within:
            return self.of(Post, key, label)
        return Piece(upper(word("post_title", seat.title)), link(self.asof, "post", seat.code), label)

    def _named(self, model: type[Identity], key: int) -> tuple[str, str]:
        if model is Unit and (being := self.units.get(key)):
            return being.code, being.name
        if model is Person and (person := self.people.get(key)):
            return person
        if model is Post and (seat := self.posts.get(key)):
            unit = self.units.get(seat.unit)
            return seat.code, ", ".join(filter(None, (upper(word("post_title", seat.title)), unit and unit.name)))
        if model is Document and (paper := self.documents.get(key)):
            return paper.code, " ".join(filter(None, (paper.symbol, paper.title)))
        return self.codes[model].get(key, ""), ""
