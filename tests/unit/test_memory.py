"""The search for circles is off for as long as many rows are at hand, whatever happens to them."""

import gc

import pytest

from canbo.kernel.memory import uncollected


def broken() -> None:
    with uncollected():
        with uncollected():
            assert not gc.isenabled()
        assert not gc.isenabled()
        raise KeyError


def test_the_search_for_circles_is_as_it_was_afterwards():
    assert gc.isenabled()
    with pytest.raises(KeyError):
        broken()
    assert gc.isenabled()
