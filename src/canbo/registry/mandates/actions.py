"""Giving and ending mandates, delegating, and saying who decides what."""

from typing import Annotated

from canbo.kernel.act import Refers, Terms, action
from canbo.kernel.periods import Partial
from canbo.registry import verbs
from canbo.registry.book import ActLine, Book
from canbo.registry.facts import Person, Unit
from canbo.registry.mandates.models import Decentralisation, Delegation, Mandate

verbs.opens("mandate.give", Mandate)
verbs.closes("mandate.end", Mandate, by=("person", "unit", "role"))
verbs.corrects(Mandate)


class Delegate(Terms):
    """Who lets whom act in which role over which unit, and the last day on which it holds."""

    giver: Annotated[str, Refers(Person)]
    person: Annotated[str, Refers(Person)]
    unit: Annotated[str, Refers(Unit)]
    role: str
    until: Partial


@action("mandate.delegate")
def delegate(book: Book, act: ActLine, terms: Delegate) -> None:
    """Another person may act until a day; no delegation is open-ended."""
    book.open(
        Delegation,
        act,
        terms.on,
        terms.until,
        unit=book.id(Unit, terms.unit),
        person=book.id(Person, terms.person),
        giver=book.id(Person, terms.giver),
        role=terms.role,
    )


verbs.closes("mandate.take-back", Delegation, by=("person", "unit", "role"))
verbs.corrects(Delegation)
verbs.opens("mandate.decentralise", Decentralisation)
verbs.closes("mandate.centralise", Decentralisation, by=("over", "matter"))
verbs.corrects(Decentralisation)
