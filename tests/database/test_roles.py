"""What each role may do, and which roles Canbo refuses to work as."""

import re

import psycopg
import pytest
from django.apps import apps

from canbo.kernel.database import Database
from canbo.kernel.refusal import Refused
from canbo.kernel.roles import check_application, check_signin, may

pytestmark = pytest.mark.database

OWNED = """
SELECT c.relname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = 'canbo_app'
UNION ALL SELECT p.proname FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner WHERE r.rolname = 'canbo_app'
UNION ALL SELECT n.nspname FROM pg_namespace n JOIN pg_roles r ON r.oid = n.nspowner WHERE r.rolname = 'canbo_app'
UNION ALL SELECT d.datname FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba WHERE r.rolname = 'canbo_app'
"""


def test_the_application_owns_nothing(owner_connection: psycopg.Connection):
    assert owner_connection.execute(OWNED).fetchall() == []


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE canbo.mine (n int)",
        "CREATE TABLE public.mine (n int)",
        "CREATE SCHEMA mine",
        "CREATE FUNCTION canbo.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "ALTER TABLE canbo.kernel_audit ADD mine int",
        "ALTER TABLE canbo.kernel_audit DISABLE TRIGGER ALL",
        "DROP TABLE canbo.kernel_audit",
        "TRUNCATE canbo.kernel_audit",
        "UPDATE canbo.kernel_audit SET actor = 'nobody'",
        "DELETE FROM canbo.kernel_audit",
        "UPDATE canbo.kernel_installation SET node = 2",
        "DELETE FROM canbo.django_migrations",
        "COMMENT ON SCHEMA canbo IS 'ready'",
        "SET session_replication_role = replica",
        "SET ROLE canbo_owner",
        "SET ROLE canbo_authority",
        "ALTER ROLE canbo_app BYPASSRLS",
        "CREATE ROLE mine",
        "COPY canbo.kernel_audit TO '/tmp/mine'",
        "SELECT pg_read_file('/etc/passwd')",
    ],
)
def test_the_application_cannot(app_connection: psycopg.Connection, statement: str):
    with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.FeatureNotSupported)):
        app_connection.execute(statement)


def test_the_application_can_stage_and_record(app_connection: psycopg.Connection):
    app_connection.execute("CREATE TEMPORARY TABLE staging (n int)")
    insert = "INSERT INTO kernel_audit (kind, actor, what, count, digest) VALUES ('freeze', 'a', 'b', 1, '')"
    app_connection.execute(insert)
    assert app_connection.execute("SELECT count(*) FROM kernel_audit").fetchone() == (1,)


def test_what_the_application_may_is_what_the_models_say(owner_connection: psycopg.Connection):
    """Whole-table privileges only; a list of columns shows up as a privilege of those columns."""
    found = owner_connection.execute(
        "SELECT table_name, string_agg(privilege_type, ', ' ORDER BY privilege_type)"
        " FROM information_schema.role_table_grants WHERE grantee = 'canbo_app' AND table_schema = 'canbo' GROUP BY 1"
    ).fetchall()
    declared = {"django_migrations": "SELECT"}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            whole = re.sub(r"\w+ \(.*?\)", "", may(model)["canbo_app"])
            if named := sorted(re.findall(r"\w+", whole)):
                declared[model._meta.db_table] = ", ".join(named)
    assert dict(found) == declared


def test_the_backup_reads_everything_and_writes_nothing(fresh_database: Database):
    with fresh_database.connect("backup", autocommit=True) as backup:
        for model in apps.get_models():
            backup.execute(f'SELECT count(*) FROM canbo."{model._meta.db_table}"')
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            backup.execute("DELETE FROM canbo.kernel_audit")


def test_the_application_is_let_in(app_connection: psycopg.Connection):
    check_application(app_connection)


@pytest.mark.parametrize(
    ("role", "sentence"),
    [
        ("superuser", "postgres is a superuser"),
        ("owner", "canbo_owner, which owns the table"),
        ("backup", "canbo_backup passes row security"),
    ],
)
def test_a_role_that_no_rule_binds_is_refused(fresh_database: Database, role: str, sentence: str):
    with fresh_database.connect(role) as connection, pytest.raises(Refused, match=sentence) as refusal:
        check_application(connection)
    assert "canbo_app" in str(refusal.value)


def test_the_role_of_sign_in_is_let_in_beside_the_application(fresh_database: Database):
    with fresh_database.connect("signin") as signin, fresh_database.connect("app") as app:
        check_signin(signin, app)


@pytest.mark.parametrize(
    ("role", "sentence"),
    [
        ("superuser", "postgres is a superuser"),
        ("owner", "canbo_owner, which owns the table"),
        ("app", "canbo_app may read or write"),
    ],
)
def test_another_role_is_refused_in_the_place_of_sign_in(fresh_database: Database, role: str, sentence: str):
    of = fresh_database.connect
    with of(role) as link, of("app") as app, pytest.raises(Refused, match=sentence):
        check_signin(link, app)


@pytest.mark.parametrize("right", ["SELECT", "SELECT (password)", "UPDATE (is_active)", "INSERT"])
def test_nothing_is_done_while_the_application_may_read_or_write_an_account(fresh_database: Database, right: str):
    with fresh_database.connect("owner", autocommit=True) as owner:
        owner.execute(f"GRANT {right} ON canbo.access_account TO canbo_app")
    of, said = fresh_database.connect, "canbo_app may read or write the table access_account"
    with of("signin") as signin, of("app") as app, pytest.raises(Refused, match=said):
        check_signin(signin, app)


def test_a_member_of_a_mighty_role_is_refused_too(fresh_database: Database):
    with fresh_database.connect("superuser") as server:
        server.execute("CREATE ROLE canbo_test_climber")
        server.execute("GRANT canbo_owner TO canbo_test_climber")
        server.execute("SET ROLE canbo_test_climber")
        with pytest.raises(Refused, match="canbo_test_climber, which owns the table"):
            check_application(server)
        server.rollback()


def test_no_function_that_decides_is_deceived_by_a_temporary_table(owner_connection: psycopg.Connection):
    loose = owner_connection.execute(
        """SELECT proname FROM pg_proc WHERE pronamespace = 'canbo'::regnamespace
               AND (prosecdef OR prorettype = 'trigger'::regtype)
               AND NOT coalesce(array_to_string(proconfig, ';') ~ 'search_path=canbo(, public)?, pg_temp(;|$)',
                                false)"""
    ).fetchall()
    assert loose == [], "its search_path ends with pg_temp, which otherwise comes first"
