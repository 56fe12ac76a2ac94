"""What tests of data quality share: the sample with what is wrong on purpose, once for a module."""

from collections.abc import Iterator

import pytest

from canbo.access.identity import assume
from canbo.config.secret import command_key
from canbo.kernel.database import Database
from tests import clones
from tests.quality.planted import plant
from tests.web.conftest import asks

__all__ = ["asks"]


@pytest.fixture(scope="module")
def where(small_sample: Database) -> dict[str, str]:
    """The sample with what is wrong on purpose; the codes of the units where it is."""
    return plant()


@pytest.fixture
def everything() -> Iterator[None]:
    """The test itself reads everything again, after it looked as somebody else."""
    yield
    assume(command_key(clones.folder()).hex(), local=False)
