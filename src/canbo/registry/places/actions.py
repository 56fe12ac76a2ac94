"""Founding, ending and moving places, and covering them."""

from typing import Annotated

from canbo.kernel.act import Refers, Terms, action
from canbo.kernel.refusal import Refused
from canbo.registry import verbs
from canbo.registry.book import ActLine, Book
from canbo.registry.facts import Fact, Unit
from canbo.registry.places.models import Coverage, Place
from canbo.registry.tree import Lineage, Placement, Service


class Found(Terms):
    """A new place under another one (or at the top)."""

    code: Annotated[str, Refers(Unit)]
    kind: str
    name: str
    under: Annotated[str | None, Refers(Unit)] = None
    official_code: str = ""


@action("place.found", introduces=(Unit,))
def found(book: Book, act: ActLine, terms: Found) -> None:
    """A place begins."""
    unit = book.new(Unit, terms.code, act)
    described = terms.model_dump(include={"kind", "name", "official_code"})
    book.open(Place, act, terms.on, unit=unit, **described)
    if terms.under:
        book.open(Placement, act, terms.on, unit=unit, parent=book.id(Unit, terms.under))


class End(Terms):
    """A place that ends on a day, its first day without it."""

    unit: Annotated[str, Refers(Unit)]


@action("place.end", reads={Place: "unit", Placement: {"unit": "unit", "parent": "unit"}})
def end(book: Book, act: ActLine, terms: End) -> None:
    """A place ends; refused while other units lie under it."""
    unit = book.id(Unit, terms.unit)
    book.the(Place, terms.day, unit=unit)
    end_for_good(book, act, terms, Place, unit=unit)
    leave_the_tree(book, act, terms, unit)


def leave_the_tree(book: Book, act: ActLine, terms: Terms, unit: int) -> None:
    """Close the placement of a unit that ends; refused while others lie under it, that day or later."""
    beneath = book.lasting(Placement, terms.day, parent=unit)
    if beneath:
        said = f"{len(beneath)} units lie under it on {terms.on} or later; place them elsewhere first"
        raise Refused("units_beneath", said)
    end_for_good(book, act, terms, Placement, unit=unit)


def end_for_good(book: Book, act: ActLine, terms: Terms, model: type[Fact], **where: int) -> None:
    """Close what is so of a unit that ends; refused where a decision says already that it will be so later."""
    for version in book.lasting(model, terms.day, **where):
        book.close(version, act, terms.on)


verbs.changes("unit.place", Placement, by=("unit",), to=("parent",))
verbs.opens("unit.enter-tree", Placement)
verbs.opens("unit.descend", Lineage)
verbs.opens("unit.serve", Service)
verbs.closes("unit.serve-no-more", Service, by=("unit",))
verbs.changes("place.rename", Place, by=("unit",), to=("name", "kind"))
verbs.opens("place.cover", Coverage)
verbs.closes("place.cover-no-more", Coverage, by=("place", "unit"))
for _kind in (Place, Placement, Service, Lineage, Coverage):
    verbs.corrects(_kind)
