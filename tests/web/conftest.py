"""What tests of pages may ask for: somebody who visits the pages of a sample."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from canbo.kernel.database import Database
from canbo.registry.mandates.models import Mandate
from tests.signing_in import signed_in


@pytest.fixture(scope="module")
def _province(small_sample: Database) -> Database:
    return small_sample


@pytest.fixture
def visitor(_province: Database) -> Client:
    """Reads the pages of the four provinces with a fiftieth of their people; in English, so that tests read well."""
    return _speaking("en")


@pytest.fixture
def officer(_province: Database) -> Client:
    """The same pages in the profile's first language."""
    return signed_in(Client())


@pytest.fixture
def member(association: Database) -> Client:
    """Reads the pages of the second profile."""
    return signed_in(Client())


def _speaking(language: str) -> Client:
    client = signed_in(Client())
    client.cookies["django_language"] = language
    return client


@pytest.fixture
def organiser(_province: Database) -> Client:
    """Who keeps the files of another province than the one that most tests are about."""
    held = Mandate.objects.filter(unit__code="lam-dong.party", role="organiser", valid__upper_inf=True)
    return english(held.order_by("fact").values_list("person__code", flat=True)[0])


def english(person: str) -> Client:
    client = signed_in(Client(), person)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def asks() -> Callable[[Client, str], int]:
    """How many questions to the database a page needs, the frame of its transaction not counted."""

    def count(client: Client, address: str) -> int:
        with CaptureQueriesContext(connection) as said:
            client.get(address).close()
        return sum(query["sql"] not in ("BEGIN", "COMMIT", "ROLLBACK") for query in said.captured_queries)

    return count
