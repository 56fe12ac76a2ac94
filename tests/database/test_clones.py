"""The test database itself: copies, roles, rollback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection, connections

from canbo.config import start
from canbo.kernel.database import Database

pytestmark = pytest.mark.database


@pytest.mark.django_db
def test_the_usual_test_runs_as_the_application_in_a_transaction():
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user, current_user, current_database(), current_setting('search_path')")
        assert cursor.fetchone() == ("canbo_app", "canbo_whole", connection.settings_dict["NAME"], "canbo, public")
    assert connection.in_atomic_block


def test_a_fresh_database_is_another_copy_and_commits(fresh_database: Database):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database(), current_setting('TimeZone')")
        assert cursor.fetchone() == (fresh_database.name, "Asia/Ho_Chi_Minh")
        cursor.execute("INSERT INTO kernel_audit (kind, actor, what, count, digest) VALUES ('freeze', 'a', 'b', 1, '')")
    with fresh_database.connect("owner") as other:
        assert other.execute("SELECT count(*), min(id) FROM kernel_audit").fetchone() == (1, 10**13)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT current_user, current_database()")
        assert cursor.fetchone() == ("canbo_owner", fresh_database.name)


def test_what_another_test_committed_is_gone(fresh_database: Database):
    with fresh_database.connect("owner") as other:
        assert other.execute("SELECT count(*) FROM kernel_audit").fetchone() == (0,)


def test_a_command_started_from_a_test_sees_its_copy(fresh_database: Database):
    script = (
        "from canbo.config.start import start; start(); "
        "from django.db import connection; print(connection.settings_dict['NAME'])"
    )
    said = subprocess.check_output(
        [sys.executable, "-c", script],
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(start.__file__).parents[2])},
    )
    assert said.strip() == fresh_database.name
