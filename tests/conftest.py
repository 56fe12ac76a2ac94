"""What every test may ask for: a database of its own, reached as the role of the application.

`db` (or the mark `django_db`) works on this worker's copy inside a transaction that is rolled back.
`fresh_database` is a new copy for one test that commits or starts commands. Nobody gets the user's own data:
the environment is set here.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.utils.translation.reloader import translation_file_changed

from canbo.config.catalogues import compile_catalogues
from canbo.config.secret import secret_key
from canbo.kernel.database import Database
from tests import clones

_KEPT = {f"CANBO_{name}" for name in ("PG_BIN", "TEST_DATA", "TEST_FULL", "TEST_SEED", "TEST_TURNS", "VENV", "PYTHON")}
for _name in [name for name in os.environ if name.startswith("CANBO_") and name not in _KEPT]:
    del os.environ[_name]
os.environ["CANBO_DATA"] = str(clones.folder())
settings.A_MINUTE = dict.fromkeys(settings.A_MINUTE, 10**6)  # tests ask more than anybody reads; their own test counts
settings.SECRET_KEY = secret_key(clones.folder())  # settings may have been read before, with another folder
compile_catalogues(clones.folder())
translation_file_changed(None, Path("django.mo"))  # Django reads a catalogue once, and may have read the old one


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of the tests that take turns a plain `canbo test` runs one in three, others with each commit."""
    turns = os.environ.get("CANBO_TEST_TURNS")
    if turns:
        left = [item for item in items if item.get_closest_marker("turns") and _in_turn(item) != (turns == "taken")]
        kept = set(items) - set(left)
        items[:] = [item for item in items if item in kept]
        config.hook.pytest_deselected(items=left)


def _in_turn(item: pytest.Item) -> bool:
    said = f"{os.environ.get('CANBO_TEST_SEED', '0')} {item.nodeid}"
    return hashlib.sha256(said.encode()).digest()[0] % 3 == 0


@pytest.fixture(scope="session")
def template_database(django_test_environment: None, django_db_blocker: Any) -> Iterator[Database]:
    """The migrated database that copies are made of; nobody connects to it."""
    with django_db_blocker.unblock(), clones.template() as template:
        yield template


@pytest.fixture(scope="session")
def django_db_setup(template_database: Database, django_db_blocker: Any) -> Iterator[None]:
    """One copy for each worker, in the place of Django's own test database, which needs rights `app` must
    not have.
    """
    with django_db_blocker.unblock(), clones.clone(template_database) as copy, clones.aimed(copy):
        yield


@pytest.fixture
def fresh_database(
    django_db_setup: None, template_database: Database, django_db_blocker: Any
) -> Iterator[Database]:
    """A copy for this test alone: whatever it commits is gone afterwards. Commands it starts see the same
    copy.
    """
    with django_db_blocker.unblock(), clones.clone(template_database) as copy, clones.aimed(copy):
        yield copy


@pytest.fixture
def owner_connection(fresh_database: Database) -> Iterator[psycopg.Connection[Any]]:
    """The role that owns the tables, on this test's own copy; each statement commits."""
    with fresh_database.connect("owner", autocommit=True) as connection:
        yield connection


@pytest.fixture
def app_connection(fresh_database: Database) -> Iterator[psycopg.Connection[Any]]:
    """The role of the application, on this test's own copy; each statement commits."""
    with fresh_database.connect("app", autocommit=True) as connection:
        clones.speak(connection)
        yield connection


def _sampled(sample: str, unblock: Any) -> Iterator[Database]:
    with unblock.unblock(), clones.template(sample) as source, clones.clone(source) as copy, clones.aimed(copy):
        yield copy


@pytest.fixture(scope="module")
def small_sample(django_db_setup: None, django_db_blocker: Any) -> Iterator[Database]:
    """The four provinces with a fiftieth of their people; the tests of the module work on one copy."""
    yield from _sampled("small", django_db_blocker)


@pytest.fixture(scope="module")
def full_sample(django_db_setup: None, django_db_blocker: Any) -> Iterator[Database]:
    """The four provinces as published; the tests of the module work on one copy."""
    yield from _sampled("full", django_db_blocker)


@pytest.fixture(scope="module")
def association(django_db_setup: None, django_db_blocker: Any) -> Iterator[Database]:
    """The second profile's sample; the tests of the module work on one copy."""
    yield from _sampled("association", django_db_blocker)
