"""Appointing, relieving, employing, moving, nominating, and recording opinions."""

from typing import Annotated

from canbo.kernel.act import Refers, Terms, action
from canbo.kernel.periods import Partial
from canbo.kernel.refusal import Refused
from canbo.registry import verbs
from canbo.registry.book import ActLine, Book
from canbo.registry.facts import Person
from canbo.registry.posts.models import Post, PostRecord
from canbo.registry.service.models import CommitteeDuty, Employment, Incumbency, Movement, Nomination, Opinion


class Appoint(Terms):
    """A person to a post."""

    person: Annotated[str, Refers(Person)]
    post: Annotated[str, Refers(Post)]
    acting: bool = False
    until: Partial | None = None


@action("service.appoint", reads={PostRecord: "post", Incumbency: "post"})
def appoint(book: Book, act: ActLine, terms: Appoint) -> None:
    """A person holds a post from a day on. Refused when all its seats are taken that day or later, until then."""
    post = book.id(Post, terms.post)
    record = book.the(PostRecord, terms.day, post=post)
    held = book.lasting(Incumbency, terms.day, post=post)
    if terms.until:
        held = [version for version in held if version.start is None or version.start < terms.until.after]
    if len(held) >= record["seats"] and not terms.acting:
        known = {"post": terms.post, "seats": record["seats"], "holders": len(held)}
        raise Refused("no_free_seat", "%(post)s has %(seats)s seats and %(holders)s holders", **known)
    person = book.id(Person, terms.person)
    book.open(
        Incumbency, act, terms.on, terms.until, person=person, post=post, unit=record["unit"], acting=terms.acting
    )


verbs.closes("service.relieve", Incumbency, by=("person", "post"))
verbs.opens("service.employ", Employment)
verbs.closes("service.release", Employment, by=("person",))
verbs.changes("service.reassign", Employment, by=("person",), to=("unit", "group"))
verbs.opens("service.move", Movement)
verbs.opens("service.nominate", Nomination)
verbs.opens("service.give-opinion", Opinion)
verbs.opens("service.assign-to-committee", CommitteeDuty)
for _kind in (Incumbency, Employment, Movement, Nomination, Opinion, CommitteeDuty):
    verbs.corrects(_kind)
