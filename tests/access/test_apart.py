"""Accounts are apart: the role of the pages reads and writes none of their tables, that of sign-in nothing else."""

import psycopg
import pytest
from django.apps import apps

from canbo.access.rights import Router, of_accounts
from canbo.kernel.database import Database
from canbo.registry.facts import Person

pytestmark = pytest.mark.database

TABLES = sorted(
    model._meta.db_table for model in apps.get_models(include_auto_created=True) if of_accounts(model)
)
OTHERS = sorted(
    model._meta.db_table
    for model in apps.get_models(include_auto_created=True)
    if not of_accounts(model) and model._meta.managed
)
SECRET = {"access_account", "access_key", "access_invitation", "access_memory", "django_session", "mfa_authenticator"}


def test_the_tables_of_accounts_are_known():
    assert set(TABLES) >= SECRET
    assert "registry_person" in OTHERS


@pytest.mark.parametrize("table", TABLES)
def test_the_role_of_the_pages_can_do_nothing_with_a_table_of_accounts(fresh_database: Database, table: str):
    with fresh_database.connect("app", autocommit=True) as app:
        ((column, *_),) = app.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 LIMIT 1", [table]
        ).fetchall()
        for statement in (
            f"SELECT count(*) FROM {table}", f"SELECT {column} FROM {table}", f"INSERT INTO {table} DEFAULT VALUES",
            f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}", f"TRUNCATE {table}",
        ):  # fmt: skip
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(statement)


def test_the_role_of_sign_in_can_do_nothing_with_any_other_table(fresh_database: Database):
    with fresh_database.connect("signin", autocommit=True) as signin:
        for table in OTHERS:
            for statement in (f"SELECT count(*) FROM {table}", f"INSERT INTO {table} DEFAULT VALUES"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    signin.execute(statement)
        signin.execute("SELECT count(*) FROM access_account")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE access_account SET login = 'x'",
        "UPDATE access_account SET person_id = 1",
        "DELETE FROM access_account",
        "UPDATE access_key SET person_id = 1",
        "UPDATE access_key SET digest = ''",
        "DELETE FROM access_key",
        "UPDATE access_invitation SET used_at = NULL, digest = ''",
        "INSERT INTO account_emailaddress (email) VALUES ('x')",
        "INSERT INTO auth_group (name) VALUES ('x')",
        "CREATE TABLE canbo.mine (n int)",
        "SET ROLE canbo_owner",
        "SET ROLE canbo_app",
        "ALTER ROLE canbo_signin BYPASSRLS",
    ],
)
def test_the_role_of_sign_in_neither_moves_accounts_nor_rises(fresh_database: Database, statement: str):
    with (
        fresh_database.connect("signin", autocommit=True) as signin,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        signin.execute(statement)


def test_the_role_of_sign_in_owns_nothing(fresh_database: Database):
    with fresh_database.connect("signin") as signin:
        assert signin.execute(
            "SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = current_user"
        ).fetchone() == (0,)
        assert (
            signin.execute(
                "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
            == (False,) * 4
        )


def test_what_belongs_to_accounts_goes_over_the_connection_of_sign_in_and_nothing_else_does():
    router = Router()
    for model in apps.get_models():
        wanted = "signin" if of_accounts(model) else None
        assert (router.db_for_read(model), router.db_for_write(model)) == (wanted, wanted)
    known = Person()
    known._state.db = "signin"
    assert router.db_for_read(Person, instance=known) == "default"
