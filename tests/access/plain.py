"""What lists show, read plainly: a list's declaration is followed row by row over whole tables, in Python.

Which of them are shown says the naive reading, and the database is asked nothing: a join that loses a row is found, and
so is a policy that lets one through. Only how a value is written down is taken from the pages.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from functools import cache, cached_property
from typing import Any

from django.db import models
from django.utils.translation import get_language

from canbo.kernel.levels import PUBLIC, level
from canbo.kernel.periods import DAY
from canbo.kernel.profile import profile
from canbo.kernel.screen import SINCE, TEXT, UNIT, Column, Screen
from canbo.kernel.text import asked
from canbo.registry.facts import Fact, Identity
from canbo.registry.organisations.models import Organisation
from canbo.registry.places.models import Place
from canbo.registry.store import fact_kinds
from canbo.registry.tree import Placement, Service
from canbo.web.generic.cells import plain, said
from tests.access.naive import Naive, Row, lasts

Model = type[models.Model]
SHORT = 2
"""A text so short is looked for where words begin."""


class Tables:
    """Whole tables as they are on a day and known now, by any column."""

    def __init__(self, naive: Naive, day: dt.date) -> None:
        self.naive, self.day = naive, day
        self.kept: dict[str, Any] = {}
        self._by: dict[tuple[Model, str], dict[Any, list[Row]]] = {}

    def of(self, model: Model) -> list[Row]:
        """All rows of a kind."""
        return self.naive.tables[model._meta.db_table]

    def by(self, model: Model, column: str) -> dict[Any, list[Row]]:
        """The rows of a kind by what stands in a column."""
        if (model, column) not in self._by:
            found = self._by[model, column] = defaultdict(list)
            for row in self.of(model):
                found[row[column]].append(row)
        return self._by[model, column]

    def so(self, row: Row) -> bool:
        """Is it so on the day, as known now?"""
        return row["recorded"].upper is None and lasts(row, self.day)

    @cached_property
    def names(self) -> dict[int, str]:
        """What every unit is called on the day, or was last; one that comes later has no name."""
        begun = [
            row
            for model in (Organisation, Place)
            for row in self.of(model)
            if row["recorded"].upper is None and (row["valid"].lower or dt.date.min) <= self.day
        ]
        return {row["unit_id"]: row["name"] for row in sorted(begun, key=lambda row: row["valid"].lower or dt.date.min)}

    def beneath(self, unit: int, roots: set[int], day: dt.date) -> bool:
        """Does a unit lie anywhere beneath one of these on a day, or is it one?"""
        at: int | None = unit
        while at is not None and at not in roots:
            placed = (row for row in self.by(Placement, "unit_id")[at] if row["recorded"].upper is None)
            at = next((row["parent_id"] for row in placed if lasts(row, day)), None)
        return at is not None

    def above(self, unit: int) -> list[int]:
        """All that a unit lies under on the day."""
        found, at = [], unit
        while placed := [row for row in self.by(Placement, "unit_id")[at] if self.so(row)]:
            at = placed[0]["parent_id"]
            found.append(at)
        return found

    def roots(self, unit: int) -> set[int]:
        """What counts for a unit: itself, and what serves it on the day."""
        return {unit, *(row["unit_id"] for row in self.by(Service, "place_id")[unit] if self.so(row))}

    def ever_beneath(self, unit: int) -> set[int]:
        """All that counts for a unit on any day, past or to come, and perhaps more."""
        served = (row for row in self.by(Service, "place_id")[unit] if row["recorded"].upper is None)
        found, waiting = set(), [unit, *(row["unit_id"] for row in served)]
        while waiting:
            if (at := waiting.pop()) not in found:
                found.add(at)
                waiting += [r["unit_id"] for r in self.by(Placement, "parent_id")[at] if r["recorded"].upper is None]
        return found


class Reader:
    """Somebody's view of the tables: the rows that they may read, or that the file they opened shows."""

    def __init__(self, tables: Tables, person: int | None, file: int | None = None) -> None:
        self.tables, self.person, self.file = tables, person, file
        self._seen: dict[Model, set[Any]] = {}
        self._kept: dict[str, Any] = {}

    def sees(self, model: Model) -> set[Any]:
        """The keys of the rows of a kind that they may read."""
        if model not in self._seen:
            naive = self.tables.naive
            opened = self.file is not None and naive.may_open(self.person, self.file)
            self._seen[model] = (
                naive.reads_of(self.person, self.file, model) if opened else naive.sees(self.person, model)
            )
        return self._seen[model]

    def all(self, model: Model) -> list[Row]:
        """The rows of a kind that they may read, of whatever day."""
        key, seen = model._meta.pk.column, self.sees(model)
        return [row for row in self.tables.of(model) if row[key] in seen]

    def rows(self, screen: Screen) -> list[Row]:
        """The rows of a list."""
        if screen.rows:
            known = dt.datetime.max.replace(tzinfo=dt.UTC)
            declared = set(screen.rows(self.tables.day, known).using("owner").values_list("pk", flat=True))
            return [row for row in self.all(screen.model) if row["id"] in declared]
        return [row for row in self.all(screen.model) if self._there(screen, row)]

    def _there(self, screen: Screen, row: Row) -> bool:
        if not screen.event:
            return self.tables.so(row)
        since = row["valid"].lower
        return row["recorded"].upper is None and since is not None and since <= self.tables.day

    def beneath(self, screen: Screen, unit: int) -> list[Row]:
        """The rows of a list that is narrowed to a unit: what happened counts with the tree of its day."""
        roots, day = self.tables.roots(unit), self.tables.day
        return [
            row
            for row in self.rows(screen)
            if self.tables.beneath(row[f"{screen.unit}_id"], roots, row["valid"].lower if screen.event else day)
        ]

    def called(self, screen: Screen, text: str) -> list[Row]:
        """The rows of a list that are called so; of people a text with a digit is a code, and one without is a name."""
        part, digits = asked(text), any(letter.isdigit() for letter in text)
        by_name, by_code = not (screen.people and digits), digits or not screen.people
        typed = (text, text.lower(), text.upper())
        return [
            row
            for row, names, words, codes in self.shared(f"called {screen.name}", screen, self._called)
            if (by_name and any(part in name if len(part) > SHORT else f" {part}" in f" {name}" for name in names))
            or any(part in word for word in words)
            or (by_code and any(code.startswith(typed) for code in codes))
        ]

    def _called(self, screen: Screen) -> list[tuple[Row, list[str], list[str], list[str]]]:
        """The rows of a list with the names, the words and the codes by which they are found."""
        word = cache(lambda name: asked(profile().word(name, get_language())))
        return [
            (
                row,
                [self.value(screen, row, path) or "" for path in screen.search],
                [word(f"{c.vocabulary}.{code}") for c in screen.words if (code := self.value(screen, row, c.path))],
                [self.value(screen, row, path) or "" for path in screen.codes],
            )
            for row in self.rows(screen)
        ]

    def shared(self, name: str, screen: Screen, read: Callable[[Screen], Any]) -> Any:
        """What is read of a list, once for everybody where everybody may read all of it."""
        same = level(screen.model) == PUBLIC and not screen.joins and self.person is not None
        kept = self.tables.kept if same else self._kept
        if name not in kept:
            kept[name] = read(screen)
        return kept[name]

    def value(self, screen: Screen, row: Row, path: str) -> Any:
        """What stands at a path of a list, as far as they may read what lies on the way."""
        head, _, rest = path.partition("__")
        path = f"{screen.joins[head]}__{rest}" if head in screen.joins else path
        return self._follow(screen.model, row, path.split("__"))

    def _follow(self, model: Model, row: Row, steps: list[str]) -> Any:
        field = model._meta.get_field(steps[0])
        if len(steps) == 1:
            return row[field.column]
        to = field.related_model
        if field.concrete:
            found = self.tables.by(to, to._meta.pk.column)[row[field.column]]
        else:
            found = filter(self.tables.so, self.tables.by(to, field.field.column)[row[model._meta.pk.column]])
        seen = [one for one in found if one[to._meta.pk.column] in self.sees(to)]
        return self._follow(to, seen[0], steps[1:]) if seen else None

    def cells(self, screen: Screen, row: Row) -> tuple[tuple[str, Any], ...]:
        """A row of a list: the text of each cell, and its value for a spreadsheet."""
        return tuple(self._cell(screen, column, row) for column in screen.columns)

    def _cell(self, screen: Screen, column: Column, row: Row) -> tuple[str, Any]:
        value = self.value(screen, row, column.path)
        if column.kind == UNIT:
            name = self.tables.names.get(value, "")
            return name, name
        precision = row["start_precision"] if column.kind == SINCE else DAY
        text = (value or "") if column.kind == TEXT else said(column, value, precision)
        itself = text if column.kind == TEXT else plain(column, value, text, precision)
        if column.page and not text:
            text = itself = self.value(screen, row, column.code) or ""
        return text, itself

    def naming(self, model: type[Identity], key: int) -> list[tuple[type[Fact], Row]]:
        """Every version that names a thing, of whatever day, with its kind."""
        found = {}
        for kind in fact_kinds():
            for field in kind._meta.concrete_fields:
                if field.related_model is model and field.name != "parent":
                    found |= {(kind, row["id"]): row for row in self.tables.by(kind, field.column)[key]}
        return [(kind, row) for (kind, pk), row in found.items() if pk in self.sees(kind)]

    def versions(self, kind: type[Fact], fact: int) -> list[Row]:
        """The versions of a fact."""
        seen = self.sees(kind)
        return [row for row in self.tables.by(kind, "fact")[fact] if row["id"] in seen]


class Everybody(Reader):
    """Whoever may read all of it."""

    def __init__(self, tables: Tables) -> None:
        super().__init__(tables, None)

    def sees(self, model: Model) -> set[Any]:
        """The keys of all rows of a kind."""
        return set(self.tables.by(model, model._meta.pk.column))
