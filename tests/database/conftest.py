"""What tests of the ledger may ask for: a small register."""

from collections.abc import Iterator

import pytest

from tests.generative.register import plain, set_up


@pytest.fixture
def small_register(request: pytest.FixtureRequest) -> Iterator[None]:
    """Two levels of units, four people, two posts: committed to a copy where another transaction has to see them."""
    request.getfixturevalue("fresh_database" if "fresh_database" in request.fixturenames else "db")
    with plain():
        set_up()
        yield
