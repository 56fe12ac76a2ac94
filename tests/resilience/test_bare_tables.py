"""Loading drops keys and indexes and makes them again: the database is the same afterwards."""

import subprocess

import pytest
from django.db import connections

from canbo.kernel.binaries import Binaries
from canbo.kernel.database import Database
from canbo.registry import store
from canbo.registry.facts import Act, Person
from canbo.registry.takeover import bare
from tests.resilience.runs import PG_BIN

pytestmark = pytest.mark.database


def definition(database: Database) -> list[str]:
    """The whole schema as SQL, without the token that newer programs print anew each time."""
    program = Binaries.find(PG_BIN).folder / "pg_dump"
    words = [program, "--schema-only", f"--dbname={database.address('owner')}"]
    lines = subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()
    return [line for line in lines if not line.startswith(("\\restrict", "\\unrestrict"))]


def test_tables_laid_bare_for_loading_get_back_every_key_index_and_rule(fresh_database: Database):
    before = definition(fresh_database)
    tables = [model._meta.db_table for model in (*store.fact_kinds(), Act, Person)]
    with connections["owner"].cursor() as cursor, bare(cursor, tuple(tables)):
        assert len(definition(fresh_database)) < len(before)
    assert definition(fresh_database) == before
