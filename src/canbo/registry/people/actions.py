"""Registering people and keeping their particulars true."""

from typing import Annotated

from canbo.kernel.act import Refers, Terms, action
from canbo.kernel.periods import DAY, Partial
from canbo.registry import verbs
from canbo.registry.book import ActLine, Book
from canbo.registry.facts import Person, Unit
from canbo.registry.people.models import Particulars


class Register(Terms):
    """A person new to the register; `on` is the day from which the record counts."""

    code: Annotated[str, Refers(Person)]
    unit: Annotated[str, Refers(Unit)]
    name: str
    sex: str = ""
    born: Partial | None = None
    ethnic_group: str = ""
    origin: Annotated[str | None, Refers(Unit)] = None


@action("person.register", introduces=(Person,))
def register(book: Book, act: ActLine, terms: Register) -> None:
    """One record for life begins."""
    book.open(
        Particulars,
        act,
        terms.on,
        person=book.new(Person, terms.code, act),
        unit=book.id(Unit, terms.unit),
        name=" ".join(terms.name.split()),
        sex=terms.sex,
        born=terms.born.first if terms.born else None,
        born_precision=terms.born.precision if terms.born else DAY,
        ethnic_group=terms.ethnic_group,
        origin=book.id(Unit, terms.origin) if terms.origin else None,
    )


verbs.changes("person.rename", Particulars, by=("person",), to=("name",))
verbs.changes("person.keep-file", Particulars, by=("person",), to=("unit",))
verbs.corrects(Particulars)
