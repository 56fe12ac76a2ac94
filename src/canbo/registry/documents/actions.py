"""Registering documents and linking them."""

import datetime as dt
from typing import Annotated

from canbo.kernel.act import Refers, Terms, action
from canbo.registry import verbs
from canbo.registry.book import ActLine, Book
from canbo.registry.documents.models import Document, Link, Registration
from canbo.registry.facts import Unit


class Register(Terms):
    """A document: `code` names it for good (symbols repeat from term to term)."""

    code: Annotated[str, Refers(Document)]
    issuer: Annotated[str, Refers(Unit)]
    type: str
    symbol: str
    body: str = ""
    number: int | None = None
    term: str = ""
    issued_on: dt.date | None = None
    title: str = ""
    subjects: tuple[str, ...] = ()
    decides: str = ""
    """The code of the decision that this document carries."""


@action("document.register", introduces=(Document,))
def register(book: Book, act: ActLine, terms: Register) -> None:
    """Enter a document: it is in force from `on` until something ends it."""
    document = book.new(Document, terms.code, act, decision_code=terms.decides)
    book.open(
        Registration,
        act,
        terms.on,
        document=document,
        unit=book.id(Unit, terms.issuer),
        subjects=list(terms.subjects),
        **terms.model_dump(include={"type", "symbol", "body", "number", "term", "issued_on", "title"}),
    )


verbs.closes("document.end", Registration, by=("document",))
verbs.opens("document.link", Link)
verbs.corrects(Registration)
