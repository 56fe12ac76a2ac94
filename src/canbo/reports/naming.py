"""Names of the things that a page or a sheet shows, on its day: asked once for all of them, however many there are."""

import datetime as dt
from collections.abc import Iterable

from canbo.registry.documents import queries as documents
from canbo.registry.documents.models import Document
from canbo.registry.facts import Identity, Person, Unit
from canbo.registry.organisations import queries as organisations
from canbo.registry.people import queries as people
from canbo.registry.posts import queries as posts
from canbo.registry.posts.models import Post
from canbo.reports.said import upper, word

NAMED: tuple[type[Identity], ...] = (Unit, Person, Post, Document)


class Naming:
    """What things are called on a day. One that has no name by then is called by its code."""

    def __init__(self, on: dt.date, known: dt.datetime) -> None:
        self.on, self.known = on, known
        self.units: dict[int, organisations.Being] = {}
        self.people: dict[int, tuple[str, str]] = {}
        self.posts: dict[int, posts.Seat] = {}
        self.documents: dict[int, documents.Paper] = {}
        self.codes: dict[type[Identity], dict[int, str]] = {model: {} for model in NAMED}

    def learn(self, wanted: Iterable[tuple[type[Identity], int]]) -> None:
        """Ask for the names of these things, as far as they are not at hand."""
        found = {Unit: self.units, Person: self.people, Post: self.posts, Document: self.documents}
        keys: dict[type[Identity], set[int]] = {model: set() for model in NAMED}
        for model, key in wanted:
            keys[model].add(key)
        for model in NAMED:
            keys[model] -= found[model].keys() | self.codes[model].keys()
        seats = posts.named(keys[Post], self.on, self.known)
        papers = documents.named(keys[Document], self.on, self.known)
        keys[Unit] |= {seat.unit for seat in seats.values()} | {paper.unit for paper in papers.values()}
        self.posts |= seats
        self.documents |= papers
        self.people |= people.named(keys[Person], self.on, self.known)
        self.units |= organisations.named(keys[Unit] - self.units.keys(), self.on, self.known)
        for model, known in found.items():
            if missing := keys[model] - known.keys():
                self.codes[model] |= dict(model.objects.filter(pk__in=missing).values_list("pk", "code"))

    def named(self, model: type[Identity], key: int) -> tuple[str, str]:
        """The code of a thing, and its name; empty where it has none."""
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

    def within(self, model: type[Identity], key: int, unit: int) -> tuple[str, str]:
        """The same, beside the name of a unit: its posts are named without it."""
        seat = self.posts.get(key) if model is Post else None
        if seat and seat.unit == unit:
            return seat.code, upper(word("post_title", seat.title))
        return self.named(model, key)
