"""Merging two records of one person, and telling apart two people who look alike."""

from collections.abc import Iterator
from typing import Annotated

from canbo.kernel.act import Refers, Terms, action
from canbo.kernel.periods import DAY
from canbo.kernel.refusal import Refused
from canbo.registry import store
from canbo.registry.book import ActLine, Book, Version
from canbo.registry.facts import Fact, Person, content
from canbo.registry.merging.models import Alias, Namesake
from canbo.registry.merging.queries import alone, named, overlap
from canbo.registry.people.models import Particulars

COLUMNS: dict[type[Fact], tuple[str, ...]] = {
    model: columns
    for model in store.fact_kinds()
    if (columns := tuple(f.name for f in content(model) if f.related_model is Person))
}
"""By which columns each kind of fact names people."""


class Merge(Terms):
    """`former` is the number that leads to `person` from now on; facts set `aside` ("membership 12") do not go on."""

    person: Annotated[str, Refers(Person)]
    former: Annotated[str, Refers(Person)]
    aside: tuple[str, ...] = ()


_BOTH = {
    model: tuple((column, term) for column in columns for term in ("person", "former"))
    for model, columns in COLUMNS.items()
}


@action("person.merge", reads=_BOTH)
def merge(book: Book, act: ActLine, terms: Merge) -> None:
    """All that is on file under a number is so of the person with another one. Nothing is deleted, all can be annulled.

    Facts of both that cannot be so together have to be set aside, or put right by acts that stand before this one.
    """
    kept, former = book.id(Person, terms.person), book.id(Person, terms.former)
    if kept == former:
        raise Refused("one_number", "both numbers are those of %(person)s already", person=terms.person)
    if not act.reason:
        raise Refused("merged_without_reason", "say by what it is known that both are one person")
    book.open(Alias, act, terms.on, person=kept, former=former, unit=_keeper(book, kept))
    theirs = [version for model in COLUMNS for version in _naming(book, model, kept, former)]
    wanted = set(terms.aside)
    for version in theirs:
        if named(version) in wanted or _tells_apart(version, kept, former):
            book.set_aside(version, act)
            wanted.discard(named(version))
    if wanted:
        raise Refused("not_theirs", "neither has these records: %(records)s", records=", ".join(sorted(wanted)))
    for version in theirs:
        moved = {name: kept for name in COLUMNS[version.model] if version[name] == former}
        if moved and not version.aside and not (version.model is Alias and version["former"] == former):
            book.correct(version, act, **moved)
    _refuse_contradictions(theirs)


def _keeper(book: Book, person: int) -> int:
    """The unit that keeps the file of a person, or kept it last."""
    held = book.all(Particulars, person=person)
    if not held:
        raise Refused("no_particulars", "nothing says who the person with the number that is to be kept is")
    return max(held, key=lambda version: (version.start is not None, version.start))["unit"]


def _naming(book: Book, model: type[Fact], kept: int, former: int) -> list[Version]:
    """The facts of a kind that name one of them, each once."""
    found = (version for name in COLUMNS[model] for key in (kept, former) for version in book.all(model, **{name: key}))
    return list(dict.fromkeys(found))


def _tells_apart(version: Version, kept: int, former: int) -> bool:
    return version.model is Namesake and {version["person"], version["other"]} == {kept, former}


def _refuse_contradictions(theirs: list[Version]) -> None:
    """The database refuses them too, one by one and of all that it is told only the first."""
    going_on = [v for v in theirs if not v.aside and v.start_precision == v.end_precision == DAY]
    found = [f"{named(one)} – {named(other)}" for one, other in _contradicting(going_on)]
    if found:
        raise Refused(
            "contradict",
            "these cannot be so at once, set one of each aside or put it right before: %(records)s",
            records="; ".join(found),
        )


def _contradicting(versions: list[Version]) -> Iterator[tuple[Version, Version]]:
    for at, one in enumerate(versions):
        for other in versions[at + 1 :]:
            at_once = one.model is other.model and overlap((one.start, one.end), (other.start, other.end))
            if at_once and any(all(one[name] == other[name] for name in names) for names in alone(one.model)):
                yield one, other


class Distinguish(Terms):
    """Two people who look alike."""

    person: Annotated[str, Refers(Person)]
    other: Annotated[str, Refers(Person)]


@action("person.distinguish", reads={Particulars: (("person", "person"), ("person", "other"))})
def distinguish(book: Book, act: ActLine, terms: Distinguish) -> None:
    """They are two, and are not offered as one again."""
    one, other = book.id(Person, terms.person), book.id(Person, terms.other)
    if one == other:
        raise Refused("one_number", "both numbers are those of %(person)s already", person=terms.person)
    book.open(Namesake, act, terms.on, person=one, other=other, unit=_keeper(book, one))
    book.open(Namesake, act, terms.on, person=other, other=one, unit=_keeper(book, other))
