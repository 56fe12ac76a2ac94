"""What a package holds of the register: whoever is on its list beneath a unit on a day, all that is on file of them up
to that day, and the units and posts that this names. As far as whoever asks may read it.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Collate

from canbo.exchange.export import AsOf, Day, Meet, Sheet
from canbo.exchange.package.declared import TIES, Declared
from canbo.exchange.package.tables import Row, Table, tables
from canbo.kernel.refusal import Refused
from canbo.kernel.screen import SCREENS, Screen
from canbo.registry.facts import Fact, Identity, Unit, content
from canbo.registry.organisations.queries import unit_of
from canbo.registry.posts.models import Post
from canbo.registry.store import among
from canbo.registry.tree import scope

MOST = 1_000_000
"""People in one package: as many rows as a table is read with."""


@dataclass(frozen=True)
class _Part:
    """Rows of one table, as `export.Sheet` writes them."""

    screen: Screen
    asof: AsOf
    facts: QuerySet
    order: tuple[str, ...]
    narrowing = dict[str, str]()

    def of(self, *wanted: str) -> QuerySet:
        """The rows as tuples of these paths, in an order that any installation gives them."""
        return self.facts.order_by(*(self._ordered(path) for path in self.order)).values_list(*wanted)

    def _ordered(self, path: str) -> Any:
        code = path.endswith("__code")
        plain = None if code else self.screen.model._meta.get_field(path)
        return Collate(F(path), "C") if code or isinstance(plain, models.CharField) else F(path)


class Gathered:
    """The facts of one package, and the tables that give them."""

    def __init__(self, of: Declared, unit: str, asof: AsOf, meet: Meet) -> None:
        self.of, self.asof, self.meet = of, asof, meet
        self.unit = unit_of(unit)
        self.tables = tables(of)

    @cached_property
    def units(self) -> set[int]:
        """The units beneath the one asked for, on the day."""
        return set(scope(self.unit, self.asof.on, self.asof.known).units(self.asof.on))

    @cached_property
    def people(self) -> set[int]:
        """The keys of the people whom it is about."""
        model = SCREENS.ask(self.of.people).model
        found = model.objects.asof(self.asof.on, self.asof.known).filter(among("unit", self.units))
        people = set(found.values_list("person", flat=True)[: MOST + 1])
        if len(people) > MOST:
            raise Refused(
                "too_much_for_a_package", "A package holds %(most)s people; make it for a unit below", most=MOST
            )
        return people

    @cached_property
    def named(self) -> dict[type[Identity], set[int]]:
        """The units and posts that have to be in it: those beneath the unit, and whatever is said of people names."""
        found: dict[type[Identity], set[int]] = defaultdict(set, {Unit: set(self.units)})
        for table in self.tables:
            if self._is_of_people(table):
                self._name(found, self._of_people(table))
        for table in self.tables:
            if Post in table.action.introduces:
                self._name(found, self._begun(table).filter(among(table.about, found[Post])))
        return found

    def rows(self, table: Table) -> Iterator[Row]:
        """The rows of a table as the package says them."""
        order = [one.path for one in table.fields]
        sheet = Sheet(_Part(table.screen, self.asof, self._facts(table), tuple(order)), table.fields, self.meet)
        names = [one.of for one in table.fields]
        return table.written(
            {name: _plain(value) for name, value in zip(names, row, strict=True) if value not in (None, "", [])}
            for row in sheet.rows()
        )

    def _facts(self, table: Table) -> QuerySet:
        if table.name in TIES:
            tied = table.screen.model.objects.asof(self.asof.on, self.asof.known)
            other = table.screen.columns[1].name
            return tied.filter(among("unit", self.named[Unit]), among(other, self.named[Unit]))
        if self._is_of_people(table):
            return self._of_people(table)
        things = next(self.named[model] for model in (Unit, Post) if model in table.action.introduces)
        return self._begun(table).filter(among(table.about, things))

    @staticmethod
    def _is_of_people(table: Table) -> bool:
        return any(one.name == "person" for one in content(table.screen.model))

    def _of_people(self, table: Table) -> QuerySet:
        return self._begun(table).filter(among("person", self.people))

    def _begun(self, table: Table) -> QuerySet:
        """What began by the day, whether it still is so or not."""
        return table.screen.model.objects.known(self.asof.known).filter(
            Q(valid__startswith__lte=self.asof.on) | Q(valid__startswith=None)
        )

    @staticmethod
    def _name(found: dict[type[Identity], set[int]], facts: QuerySet[Fact]) -> None:
        for one in content(facts.model):
            if one.is_relation and one.related_model in (Unit, Post):
                keys = facts.values_list(one.attname, flat=True).distinct()
                found[one.related_model] |= set(keys) - {None}


def _plain(value: Any) -> Any:
    """A value as text: days as one types them, TRUE and FALSE, codes of a list apart by semicolons."""
    if isinstance(value, Day):
        return value.text
    if isinstance(value, bool):
        return str(value).upper()
    return "; ".join(value) if isinstance(value, list) else str(value)
