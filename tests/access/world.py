"""The sample with two hundred people more, whose pages are compared with the tables: one making for a module."""

import datetime as dt
import os
import random
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.utils import translation

from canbo.access import identity
from canbo.kernel.screen import SCREENS
from canbo.registry.facts import Act, Decision, Person, Unit
from canbo.registry.organisations.models import Organisation
from canbo.registry.people.models import Particulars
from canbo.registry.places.models import Place
from canbo.registry.posts.models import Post
from canbo.registry.store import fact_kinds
from canbo.reports.indicator import INDICATORS, Measure
from tests.access.identities import NUMBER, make
from tests.access.naive import Naive, Row, lasts
from tests.access.pages import Page, client_of
from tests.access.plain import Everybody, Reader, Tables
from tests.signing_in import signed_in

SEED = os.environ.get("CANBO_TEST_SEED", "0")
WAYS = ("as it is", "the database alone")


class World:
    """Tables, people and units by code and by key, and what people are called."""

    def __init__(self) -> None:
        with connections["owner"].cursor() as cursor:
            cursor.execute("SELECT canbo.today()")
            (self.today,) = cursor.fetchone()
        self.identities = make(random.Random(f"{SEED} identities"), self.today)
        self.naive = Naive(self.today)
        self.tables = Tables(self.naive, self.today)
        self.people = dict(Person.objects.using("owner").values_list("code", "pk"))
        self.units = dict(Unit.objects.using("owner").values_list("pk", "code"))
        self.kinds = {model._meta.model_name: model for model in fact_kinds()}
        self.codes = {key: code for code, key in self.people.items()}
        self.by_code = {code: key for key, code in self.units.items()}
        self.posts = {row["id"]: row["code"] for row in self.tables.of(Post)}
        parts = {row["id"]: (row["code"], row["part"]) for row in self.tables.of(Decision)}
        self.acts: dict[str, list[int]] = {}
        for row in sorted(self.tables.of(Act), key=lambda row: (parts[row["decision_id"]], row["seq"])):
            self.acts.setdefault(parts[row["decision_id"]][0], []).append(row["id"])
        self.everybody, self.browser = Everybody(self.tables), signed_in(Client())
        self.browser.cookies["django_language"] = "en"
        self.called: dict[str, set[int]] = {}
        for row in self.tables.of(Particulars):
            self.called.setdefault(row["name"], set()).add(row["person_id"])
        self._with_members: dict[dt.date, set[int]] = {}
        self._readers: dict[int, tuple[Reader, Client]] = {}

    def reader(self, number: int) -> tuple[Reader, Client]:
        """One of the two hundred, and their browser."""
        if number not in self._readers:
            person = self.people[self.identities[number].code]
            self._readers[number] = Reader(self.tables, person), client_of(person)
        return self._readers[number]

    def acting(self, number: int) -> int:
        """The next of the two hundred who may read of some members."""
        order = (at % NUMBER for at in range(number, number + NUMBER))
        some = self.with_members(self.today)
        return next(at for at in order if some & self.naive.reach(self.people[self.identities[at].code], "personal"))

    def with_members(self, day: dt.date) -> set[int]:
        """The units in which there are members on a day."""
        if day not in self._with_members:
            rows = self.tables.of(SCREENS["members"].model)
            self._with_members[day] = {r["unit_id"] for r in rows if r["recorded"].upper is None and lasts(r, day)}
        return self._with_members[day]

    def there(self, day: dt.date) -> set[int]:
        """The units that are there on a day."""
        rows = (row for model in (Organisation, Place) for row in self.tables.of(model))
        return {row["unit_id"] for row in rows if row["recorded"].upper is None and lasts(row, day)}

    def lost(self, unit: int, day: dt.date, reached: set[int]) -> bool:
        """Was anybody a member, on a day, of what lay beneath a unit then and is not among these units?"""
        return any(self.tables.beneath(other, {unit}, day) for other in self.with_members(day) - reached)

    def leaks(self, page: Page, *readers: Reader) -> list[Any]:
        """The people and records that a page names or leads to, though none of these views of the tables has them."""
        people = {one for reader in readers for one in reader.sees(Person)}
        named = {word: self.called[word] for word in page.words if word in self.called}
        return [
            *(word for word, some in named.items() if not some & people),
            *(code for code in page.led.get("person", ()) if self.people.get(code) not in people),
            *(
                (kind, fact)
                for kind, fact in page.facts
                if not any(r.versions(self.kinds[kind], fact) for r in readers)
            ),
        ]

    def begun(self, rows: list[tuple[Any, Row]], *, held: bool = False) -> set[tuple[str, int]]:
        """Of versions the facts that had begun by today, by kind and key; only those `held` now."""
        return {
            (kind._meta.model_name, row["fact"])
            for kind, row in rows
            if (row["valid"].lower or dt.date.min) <= self.today and not (held and row["recorded"].upper)
        }

    def version(self, kind: str, fact: int) -> int:
        """The version of a fact that is held now."""
        return next(r["id"] for r in self.tables.by(self.kinds[kind], "fact")[fact] if r["recorded"].upper is None)


def measures(indicator: str) -> Iterator[Measure]:
    """Of what a figure is made."""
    found = INDICATORS.ask(indicator)
    if isinstance(found, Measure):
        yield found
    else:
        for part in (*found.parts, *found.whole):
            yield from measures(part.indicator)


def making() -> Iterator[World]:
    """The world of a module, with words in English."""
    with translation.override("en"):
        yield World()


def switched_off(patch: pytest.MonkeyPatch) -> None:
    """Let nothing be narrowed or refused by the application itself: it takes every unit for one within reach.

    What is then remembered is told to nobody to whom the application does narrow it.
    """
    others = {"reach": lambda level="": None, "sight": lambda: b"all" + identity.sight()}
    found = Counter[str]()
    for module in [module for name, module in list(sys.modules.items()) if name.startswith("canbo.")]:
        for name, other in others.items():
            if module is not identity and getattr(module, name, None) is getattr(identity, name):
                patch.setattr(module, name, other)
                found[name] += 1
    assert found.keys() == others.keys(), "nothing was switched off"
