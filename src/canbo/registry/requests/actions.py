"""Asking, which the person on file does, and replying, which whoever keeps the file does by decision."""

from typing import Annotated

from django.db import connection

from canbo.kernel import audit
from canbo.kernel.act import Refers, Terms, action
from canbo.kernel.refusal import Mistake, Refused
from canbo.registry.book import ActLine, Book
from canbo.registry.facts import Person, Unit
from canbo.registry.requests.models import GRANTED, LONGEST, RECEIVED, REFUSED, Reply

_ASK = "INSERT INTO registry_request (person_id, kind, fact, words) VALUES (%s, %s, %s, %s) RETURNING id"


def ask(*, by: str, person: int, words: str, kind: str = "", fact: int | None = None) -> int:
    """Ask for a correction of one's own record; answers the number of the request.

    To be called within one's own file (`access.identity.file_of`): the database takes nobody's request for another.
    """
    words = words.strip()
    if not words:
        raise Mistake("no_words", "Say in words what is to be put right.")
    if len(words) > LONGEST:
        raise Mistake("too_many_words", "A request has at most %(most)s characters.", most=LONGEST)
    with connection.cursor() as cursor:
        cursor.execute(_ASK, [person, kind, fact, words])
        (number,) = cursor.fetchone()
    said = {"request": number, "kind": kind, "fact": fact} if kind else {"request": number}
    audit.record("right", "request.ask", actor=by, person=person, about=[person], details=said, count=1)
    return number


class Replied(Terms):
    """Whose request by its number, the unit that keeps the file, and what is replied."""

    person: Annotated[str, Refers(Person)]
    unit: Annotated[str, Refers(Unit)]
    request: int
    words: str = ""
    article: str = ""


@action("request.receive")
def receive(book: Book, act: ActLine, terms: Replied) -> None:
    """The person is told that the request was received and what happens next."""
    _reply(book, act, terms, RECEIVED)


@action("request.grant")
def grant(book: Book, act: ActLine, terms: Replied) -> None:
    """What was asked for is put right by acts of the same decision, which stand before this one."""
    person = book.id(Person, terms.person)
    if not any(v.model is not Reply and v.values.get("person_id") == person for v in book.versions):
        raise Refused(
            "nothing_put_right",
            "a request is granted by the acts that put the record right: they stand before it in the same decision",
        )
    _reply(book, act, terms, GRANTED)


@action("request.refuse")
def refuse(book: Book, act: ActLine, terms: Replied) -> None:
    """The record stays as it is, for these grounds and by this article."""
    if not terms.words.strip() or not terms.article.strip():
        raise Refused("refused_without_grounds", "who refuses a request says why, and by which article")
    _reply(book, act, terms, REFUSED)


def _reply(book: Book, act: ActLine, terms: Replied, outcome: str) -> None:
    book.open(
        Reply,
        act,
        terms.on,
        person=book.id(Person, terms.person),
        unit=book.id(Unit, terms.unit),
        request=terms.request,
        outcome=outcome,
        words=terms.words,
        article=terms.article,
    )
