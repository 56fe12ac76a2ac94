"""What the register holds of the rows of a file, in the words of the file: to find what a row changes or repeats."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from psycopg.types.range import DateRange

from canbo.exchange.columns import CODE, EDGES, Field
from canbo.exchange.export import ONE_DAY, Day
from canbo.kernel.act import ACTIONS
from canbo.kernel.screen import SINCE, UNTIL, Screen
from canbo.registry.facts import Fact, Person, content
from canbo.registry.merging.models import Alias
from canbo.registry.organisations.models import Organisation
from canbo.registry.organisations.queries import unit_of
from canbo.registry.places.models import Place
from canbo.registry.store import among
from canbo.registry.tree import Closure

TOGETHER = 5_000
"""So many keys are asked for in one question."""


@dataclass(frozen=True)
class Held:
    """A fact on file: its key, what it says by field, as a file would say it, and when it is so."""

    fact: int
    says: Mapping[str, Any]
    valid: DateRange


class Register:
    """The facts of a list that the rows of a file may be about."""

    def __init__(self, screen: Screen, given: Mapping[str, Field]) -> None:
        self.model: type[Fact] = screen.model
        closing = ACTIONS.ask(screen.closed_by).references if screen.closed_by else {}
        own = {one.name for one in content(self.model)} | EDGES.keys()
        self.given = {**{name: Field(name, name, CODE) for name in closing}, **given}
        self.given = {name: one for name, one in self.given.items() if name in own}
        self._codes: dict[type[models.Model], dict[int, str]] = defaultdict(dict)

    def by_key(self, keys: Iterable[int]) -> dict[int, Held]:
        """The facts with these keys, as far as whoever asks may see them."""
        return {held.fact: held for held in self._find("fact", keys)}

    def by_thing(self, name: str, codes: Iterable[str]) -> dict[str, list[Held]]:
        """The facts about the things with these codes, by code."""
        found: dict[str, list[Held]] = defaultdict(list)
        for held in self._find(f"{name}__code", codes):
            found[held.says[name]].append(held)
        return found

    def _find(self, path: str, wanted: Iterable[Any]) -> list[Held]:
        keys, found = sorted(set(wanted)), []
        for at in range(0, len(keys), TOGETHER):
            some = among(path, keys[at : at + TOGETHER])
            rows = list(self.model.objects.filter(some, recorded__upper_inf=True).order_by("fact").values())
            found += self.told(rows)
        return found

    def told(self, rows: list[dict[str, Any]]) -> Iterator[Held]:
        """What rows of the table say, as a file would."""
        self._learn(rows)
        return (Held(row["fact"], {name: self._says(name, row) for name in self.given}, row["valid"]) for row in rows)

    def leads(self, name: str, codes: Iterable[str]) -> dict[str, str]:
        """Of codes of people those that are former numbers, with the number that they lead to."""
        if self._column(name).related_model is not Person:
            return {}
        aliases = Alias.objects.filter(among("former__code", codes), recorded__upper_inf=True)
        return dict(aliases.values_list("former__code", "person__code"))

    def _learn(self, rows: list[dict[str, Any]]) -> None:
        for name, one in self.given.items():
            if one.kind == CODE and name not in EDGES and (column := self._column(name)).is_relation:
                known = self._codes[column.related_model]
                new = {row[column.attname] for row in rows} - known.keys() - {None}
                known.update(column.related_model.objects.filter(among("pk", new)).values_list("pk", "code"))

    def _says(self, name: str, row: Mapping[str, Any]) -> Any:
        """The value of a field, as `values.value` gives it; nothing is None."""
        if name in (SINCE, UNTIL):
            edge = row["valid"].lower if name == SINCE else row["valid"].upper
            day = edge and (edge if name == SINCE else edge - ONE_DAY)
            return Day(day, row[EDGES[name]]).text if day else None
        column, value = self._column(name), row[self._column(name).attname]
        if value in (None, "", []):
            return None
        if column.is_relation:
            return self._codes[column.related_model][value]
        if isinstance(column, models.DateField):
            return Day(value, row.get(f"{name}_precision", "d")).text
        return list(value) if isinstance(column, ArrayField) else value

    def _column(self, name: str) -> models.Field:
        return self.model._meta.get_field(name)


def names_beneath(code: str, on: dt.date) -> dict[str, list[str]]:
    """The codes of what lies anywhere beneath a unit on a day, by the name that it bears then, in small letters."""
    found: dict[str, list[str]] = defaultdict(list)
    for kind in (Place, Organisation):
        beneath = Closure.objects.filter(ancestor=unit_of(code), valid__contains=on).values("descendant")
        called = kind.objects.filter(recorded__upper_inf=True, valid__contains=on, unit__in=beneath)
        for name, thing in called.values_list("name", "unit__code"):
            found[" ".join(name.split()).casefold()].append(thing)
    return found
