"""Whom records name: the people behind lists of records that leave the house or stand on a terminal."""

from collections import defaultdict
from collections.abc import Iterable

from canbo.registry.facts import Person
from canbo.registry.versions import kinds
from canbo.reports.indicator import Record

PERSON = Person._meta.model_name


class Concerned:
    """Remembers the records that were given out, and answers whom they name."""

    def __init__(self) -> None:
        self._keys: dict[str, set[str]] = defaultdict(set)
        self._met: set[int] = set()

    def note(self, records: Iterable[Record]) -> None:
        """These records were given out."""
        for record in records:
            self._keys[record["kind"]].add(record["key"])

    def meet(self, people: Iterable[int]) -> None:
        """People with these keys were named."""
        self._met.update(people)

    def people(self) -> set[int]:
        """The keys of the people whom all these name: one query a kind of record, however many there are."""
        found = set(self._met)
        for kind, keys in self._keys.items():
            if kind == PERSON:
                found.update(Person.objects.filter(code__in=keys).values_list("pk", flat=True))
            elif (model := kinds().get(kind)) and PERSON in {field.name for field in model._meta.fields}:
                found.update(model.objects.filter(fact__in=keys).values_list("person_id", flat=True).distinct())
        return found - {None}
