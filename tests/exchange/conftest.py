"""A commune in which tests of exchange act on behalf of its people."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest

from canbo.access import keys
from canbo.access.first import begin
from canbo.access.identity import run_as
from canbo.config import secret
from canbo.config.environment import environment
from canbo.config.signed_in import forget, keep
from canbo.kernel.database import Database
from canbo.registry.facts import Person
from tests import clones

SINCE = "2026-01-01"
FIRST = [
    ("organisation.establish", {"code": "top", "kind": "provincial-party", "name": "Top"}),
    ("organisation.establish", {"code": "east", "kind": "commune-party", "name": "East", "under": "top"}),
    ("organisation.establish", {"code": "cell", "kind": "cell", "name": "Cell", "under": "east"}),
    ("organisation.establish", {"code": "other", "kind": "cell", "name": "Other", "under": "east"}),
    *(
        ("person.register", {"code": person, "unit": unit, "name": f"Nguyễn Thị {person.capitalize()}"})
        for person, unit in (("mai", "top"), ("lan", "top"), ("hoa", "cell"), ("sen", "other"))
    ),
    *(
        ("membership.take-over", {"person": person, "unit": unit, "stage": "official"})
        for person, unit in (("hoa", "cell"), ("sen", "other"))
    ),
    ("mandate.give", {"person": "mai", "unit": "top", "role": "head"}),
    ("mandate.give", {"person": "hoa", "unit": "cell", "role": "cell-head"}),
    ("mandate.give", {"person": "lan", "unit": "east", "role": "inspector"}),
]
"""A commune with two cells; who heads it all, who heads one of them, who only reads it."""


@pytest.fixture
def as_(fresh_database: Database) -> Iterator[Callable[[str], None]]:
    """`as_("hoa")`: commands ask on behalf of a person from now on."""
    begin([(name, {"on": SINCE} | said) for name, said in FIRST], by="the installer", symbol="1-QĐ/TU")

    def speak(person: str) -> None:
        known = Person.objects.using("owner").get(code=person)
        key = keys.issue(person=known.pk, until=dt.datetime.now(dt.UTC) + dt.timedelta(hours=1), using="owner")
        keep(environment(), person, key)

    yield speak
    forget(environment())
    run_as(secret.command_key(clones.folder()).hex())
