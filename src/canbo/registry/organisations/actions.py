"""Establishing, changing, merging and dissolving organisations."""

from typing import Annotated

from canbo.kernel.act import Refers, Terms, action
from canbo.kernel.profile import profile
from canbo.kernel.refusal import Refused
from canbo.registry import verbs
from canbo.registry.book import ActLine, Book
from canbo.registry.facts import Unit
from canbo.registry.organisations.models import Organisation
from canbo.registry.places.actions import end_for_good, leave_the_tree
from canbo.registry.tree import Lineage, Placement, Service


class Establish(Terms):
    """A new organisation: under which one, and which place it serves."""

    code: Annotated[str, Refers(Unit)]
    kind: str
    name: str
    block: str = ""
    under: Annotated[str | None, Refers(Unit)] = None
    serves: Annotated[str | None, Refers(Unit)] = None


@action("organisation.establish", reads={Organisation: {"unit": "under"}}, introduces=(Unit,))
def establish(book: Book, act: ActLine, terms: Establish) -> None:
    """An organisation begins, where the profile's tree rules allow its kind to lie."""
    unit = book.new(Unit, terms.code, act)
    book.open(Organisation, act, terms.on, unit=unit, **terms.model_dump(include={"kind", "name", "block"}))
    if terms.under:
        parent = book.id(Unit, terms.under)
        allowed = profile().vocabulary("organisation_kind")[terms.kind].get("under", ())
        above = book.the(Organisation, terms.day, unit=parent)["kind"]
        if above not in allowed:
            rule = {"kind": terms.kind, "allowed": ", ".join(allowed) or "–", "above": above}
            raise Refused("not_under_that_kind", "%(kind)s lies under %(allowed)s, not %(above)s", **rule)
        book.open(Placement, act, terms.on, unit=unit, parent=parent)
    if terms.serves:
        book.open(Service, act, terms.on, unit=unit, place=book.id(Unit, terms.serves))


def there(book: Book, terms: Terms, code: str) -> int:
    """The key of an organisation that there is on the day of an act, or at some time of its month or year."""
    unit = book.id(Unit, code)
    if not any(
        found.start is None or found.start < terms.on.after
        for found in book.lasting(Organisation, terms.day, unit=unit)
    ):
        asked = {"unit": code, "on": terms.on}
        raise Refused("no_such_organisation_then", "there is no organisation '%(unit)s' on %(on)s", **asked)
    return unit


class Dissolve(Terms):
    """An organisation that ends on a day, its first day without it."""

    unit: Annotated[str, Refers(Unit)]


_OWN = {Organisation: "unit", Service: "unit", Placement: {"unit": "unit", "parent": "unit"}}


@action("organisation.dissolve", reads=_OWN)
def dissolve(book: Book, act: ActLine, terms: Dissolve) -> None:
    """An organisation ends; refused while other units lie under it."""
    unit = book.id(Unit, terms.unit)
    book.the(Organisation, terms.day, unit=unit)
    end_for_good(book, act, terms, Organisation, unit=unit)
    leave_the_tree(book, act, terms, unit)
    end_for_good(book, act, terms, Service, unit=unit)


class Merge(Dissolve):
    """An organisation that goes wholly into another one, with everything that lies under it."""

    into: Annotated[str, Refers(Unit)]


@action("organisation.merge", reads=_OWN)
def merge(book: Book, act: ActLine, terms: Merge) -> None:
    """What lies under it is placed under its successor, then it ends; the lineage is kept."""
    unit, into = book.id(Unit, terms.unit), book.id(Unit, terms.into)
    for placement in book.all(Placement, terms.day, parent=unit):
        book.change(placement, act, terms.on, parent=into)
    book.open(Lineage, act, terms.on, unit=into, predecessor=unit, whole=True)
    dissolve(book, act, terms)


verbs.changes("organisation.change", Organisation, by=("unit",), to=("kind", "name", "block"))
verbs.corrects(Organisation)
