"""Admitting members, recognising, transferring and letting go."""

from typing import Annotated

from canbo.kernel.act import Refers, Terms, action
from canbo.kernel.refusal import Refused
from canbo.registry import verbs
from canbo.registry.book import ActLine, Book
from canbo.registry.facts import Person, Unit
from canbo.registry.membership.models import Dues, Entry, Membership
from canbo.registry.organisations.actions import there
from canbo.registry.organisations.models import Organisation


class OfMember(Terms):
    """An act about one person."""

    person: Annotated[str, Refers(Person)]


class Admit(OfMember):
    """A person admitted by an organisation."""

    unit: Annotated[str, Refers(Unit)]
    stage: str
    category: str = ""


def _begin(book: Book, act: ActLine, terms: Admit, entry: Entry) -> None:
    person = book.id(Person, terms.person)
    if held := book.lasting(Membership, terms.day, person=person):
        known = {"person": terms.person, "since": held[0].start}
        raise Refused("already_a_member", "%(person)s is a member since %(since)s", **known)
    book.open(
        Membership,
        act,
        terms.on,
        person=person,
        unit=there(book, terms, terms.unit),
        stage=terms.stage,
        category=terms.category,
        entry=entry,
    )


@action("membership.admit", reads={Membership: "person", Organisation: "unit"})
def admit(book: Book, act: ActLine, terms: Admit) -> None:
    """A person becomes a member. Refused for somebody who is one, and by an organisation that there is not then."""
    before = book.all(Membership, person=book.id(Person, terms.person))
    _begin(book, act, terms, Entry.READMISSION if before else Entry.ADMISSION)


@action("membership.take-over", reads={Membership: "person", Organisation: "unit"})
def take_over(book: Book, act: ActLine, terms: Admit) -> None:
    """A member on the day the register began, whose admission lies before it (opening balance)."""
    _begin(book, act, terms, Entry.BALANCE)


class Advance(OfMember):
    """The stage a member enters."""

    stage: str


@action("membership.advance", reads={Membership: "person"})
def advance(book: Book, act: ActLine, terms: Advance) -> None:
    """A member enters the next stage, in the same organisation."""
    held = book.the(Membership, terms.day, person=book.id(Person, terms.person))
    book.change(held, act, terms.on, stage=terms.stage, entry=Entry.STAGE)


class Transfer(OfMember):
    """The organisation that takes a member over."""

    unit: Annotated[str, Refers(Unit)]


@action("membership.transfer", reads={Membership: "person", Organisation: "unit"})
def transfer(book: Book, act: ActLine, terms: Transfer) -> None:
    """A member is counted in another organisation from a day on, at the same stage."""
    held = book.the(Membership, terms.day, person=book.id(Person, terms.person))
    book.change(held, act, terms.on, unit=there(book, terms, terms.unit), entry=Entry.TRANSFER)


verbs.changes("membership.recategorise", Membership, by=("person",), to=("category",), entry=Entry.CATEGORY)
verbs.closes("membership.leave", Membership, by=("person",), ending=str)
verbs.opens("membership.pay-dues", Dues)
verbs.corrects(Membership)
verbs.corrects(Dues)
