"""The roles of the database and what each may do.

`canbo_owner` owns the tables and migrates; `canbo_app` does everything people do and owns nothing; `canbo_signin` alone
knows accounts, their secrets and sessions, and nothing else;
`canbo_authority` cannot log in and owns the functions that read beyond a reader's rights; `canbo_backup`
reads all rows for dumps. Roles belong to a server, not to a database, so no migration makes them.
"""

from typing import Any

import psycopg
from django.apps import apps
from django.db import connections, models
from psycopg import sql

from canbo.kernel.binaries import OLDEST
from canbo.kernel.cluster import LOGINS, SUPERUSER
from canbo.kernel.database import CREATE, IN_DATABASE, ON_DATABASE, Database
from canbo.kernel.refusal import Refused

SCHEMA = "canbo"
LOADING, READY, LEFT = "loading", "ready", "left for"
"""What the schema says of itself: that its records are not whole yet, that they are, that they were moved elsewhere."""
_NAMES = (
    "canbo_owner", "canbo_app", "canbo_whole", "canbo_file", "canbo_signin", "canbo_authority", "canbo_backup",
)  # fmt: skip
_WITH_PASSWORD = tuple(role for role in LOGINS if role != SUPERUSER)

_MAKE = "DO $$ BEGIN CREATE ROLE {role}; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
_ROLES = (
    "ALTER ROLE canbo_owner LOGIN PASSWORD {canbo_owner}",
    "ALTER ROLE canbo_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOINHERIT PASSWORD {canbo_app}",
    "ALTER ROLE canbo_signin LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD {canbo_signin}",
    "ALTER ROLE canbo_authority NOLOGIN",
    "ALTER ROLE canbo_backup LOGIN BYPASSRLS PASSWORD {canbo_backup}",
    "ALTER ROLE canbo_owner SET search_path = canbo, public",
    "ALTER ROLE canbo_app SET search_path = canbo, public",
    "ALTER ROLE canbo_signin SET search_path = canbo, public",
    "ALTER ROLE canbo_backup SET search_path = canbo, public",
    "GRANT canbo_authority TO canbo_owner",
    "ALTER ROLE canbo_whole NOLOGIN",
    "ALTER ROLE canbo_file NOLOGIN",
    "GRANT canbo_whole, canbo_file TO canbo_app",
)
_ON_SCHEMA = (
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA canbo TO canbo_app, canbo_whole",
    "GRANT USAGE ON SCHEMA canbo TO canbo_app, canbo_whole, canbo_file, canbo_signin, canbo_authority, canbo_backup",
    "GRANT SELECT ON ALL TABLES IN SCHEMA canbo TO canbo_backup",
    "GRANT SELECT ON ALL SEQUENCES IN SCHEMA canbo TO canbo_backup",
    "GRANT SELECT ON django_migrations TO canbo_app, canbo_whole, canbo_file, canbo_signin",
)
_PINNED = """
DO $$ DECLARE name regprocedure; BEGIN
    FOR name IN SELECT oid FROM pg_proc WHERE pronamespace = 'canbo'::regnamespace AND proowner = 'canbo_owner'::regrole
        AND prorettype = 'trigger'::regtype AND NOT coalesce(array_to_string(proconfig, ',') ~ 'search_path', false)
    LOOP EXECUTE format('ALTER FUNCTION %s SET search_path = canbo, public, pg_temp', name); END LOOP;
END $$
"""
"""A trigger reads our tables, whatever the session calls its temporary ones, which come first otherwise."""
LIBRARIES: dict[str, str] = {}
"""What sign-in may do with the tables of a library, by its app; `access` says it. The application may do nothing."""


def script(database: str, time_zone: str) -> str:
    """The SQL for the administrator of a given server, for `psql`; passwords come as variables.

    Running it again changes nothing but the passwords.
    """
    passwords = {role: f":'{role}'" for role in _WITH_PASSWORD}
    create = CREATE.format(database=f'"{database}"', template="template0")
    exists = f"SELECT FROM pg_database WHERE datname = '{database}'"
    zone = f"ALTER DATABASE \"{database}\" SET timezone = '{time_zone}'"
    lines = [
        "-- The roles and the database of Canbo. An administrator of the server runs it, with new passwords:",
        f"--   psql -d postgres {' '.join(f'-v {role}=…' for role in _WITH_PASSWORD)} -f this-file",
        "-- then let Canbo know (the last only where `canbo init` runs):",
        f"--   CANBO_DATABASE_URL=postgresql://canbo_app:…@host/{database}",
        f"--   CANBO_SIGNIN_DATABASE_URL=postgresql://canbo_signin:…@host/{database}",
        f"--   CANBO_BACKUP_DATABASE_URL=postgresql://canbo_backup:…@host/{database}",
        f"--   CANBO_OWNER_DATABASE_URL=postgresql://canbo_owner:…@host/{database}",
        "\\set ON_ERROR_STOP on",
        "SET client_min_messages = warning;",
        *(f"{_MAKE.format(role=role)};" for role in _NAMES),
        *(f"{statement.format(**passwords)};" for statement in _ROLES),
        f"SELECT $${create}$$ WHERE NOT EXISTS ({exists}) \\gexec",
        *(f"{statement.format(database=f'{chr(34)}{database}{chr(34)}')};" for statement in ON_DATABASE),
        f"{zone};",
        f'\\connect "{database}"',
        "SET client_min_messages = warning;",
        *(f"{statement};" for statement in IN_DATABASE),
    ]
    return "\n".join(lines) + "\n"


def make_roles(database: Database) -> None:
    """Make the roles of the embedded server where they are absent, with the passwords of its passfile."""
    assert database.cluster, "the roles of a given server are made by its administrator"
    database.cluster.admit()
    rows = (line.split(":") for line in database.cluster.passfile.read_text(encoding="utf-8").splitlines())
    passwords = {row[3]: sql.Literal(row[4]) for row in rows}
    with database.named("postgres").connect("superuser") as server:  # one transaction
        server.execute("SELECT pg_advisory_xact_lock(hashtext('canbo roles'))")
        for role in _NAMES:
            server.execute(sql.SQL(_MAKE).format(role=sql.Identifier(role)))
        for statement in _ROLES:
            server.execute(sql.SQL(statement).format(**passwords))


def grant(alias: str = "owner") -> None:
    """Give the roles what they may do in the schema, anew: the application gets each model's `APP_MAY`, sign-in its
    `SIGNIN_MAY`.

    Both are lists of privileges as SQL writes them ("SELECT, INSERT, UPDATE (recorded)"); see `may`.
    """
    with connections[alias].cursor() as cursor:
        cursor.execute(_PINNED)
        cursor.execute("REVOKE ALL ON ALL TABLES IN SCHEMA canbo FROM canbo_app, canbo_whole, canbo_file, canbo_signin")
        for statement in _ON_SCHEMA:
            cursor.execute(statement)
        for model in apps.get_models(include_auto_created=True):
            if model._meta.managed and not model._meta.proxy:
                table = sql.Identifier(SCHEMA, model._meta.db_table)
                for role, rights in may(model).items():
                    if rights:
                        statement = sql.SQL("GRANT {} ON {} TO {}")
                        cursor.execute(statement.format(sql.SQL(rights), table, sql.Identifier(role)))


def may(model: type[models.Model]) -> dict[str, str]:
    """What the two roles that serve people may do with a table: what our model says (without a word the application
    reads it, sign-in does not know it), and nothing but what `LIBRARIES` says with those of a library.
    """
    if model.__module__.startswith("canbo."):
        return {"canbo_app": getattr(model, "APP_MAY", "SELECT"), "canbo_signin": getattr(model, "SIGNIN_MAY", "")}
    return {"canbo_app": "", "canbo_signin": LIBRARIES.get(model._meta.app_label, "")}


_WHO = """
SELECT current_user, current_setting('server_version_num')::int,
       (SELECT string_agg(r.rolname || CASE WHEN r.rolsuper THEN ' is a superuser'
                                            ELSE ' passes row security' END, ', ')
          FROM pg_roles r WHERE (r.rolsuper OR r.rolbypassrls) AND pg_has_role(r.oid, 'MEMBER') AND
               (NOT me.rolsuper OR r.oid = me.oid)),
       (SELECT min(c.relname::text) FROM pg_class c
         WHERE c.relnamespace = to_regnamespace('canbo') AND pg_has_role(c.relowner, 'MEMBER')),
       obj_description(to_regnamespace('canbo'), 'pg_namespace')
  FROM pg_roles me WHERE me.rolname = current_user
"""


def check_owner(connection: psycopg.Connection[Any]) -> None:
    """Refuse to set up as anybody but the owner: what another role makes lies elsewhere and belongs to it."""
    (user,) = connection.execute("SELECT current_user").fetchone()
    if user != "canbo_owner":
        raise Refused(
            "not_the_owner",
            f"Canbo does not set up a database as {user}. Let CANBO_OWNER_DATABASE_URL name the role canbo_owner "
            "(`canbo init --print-roles` shows how it is made).",
        )


def check_application(connection: psycopg.Connection[Any], *, installed: bool = True) -> None:
    """Refuse to work as a role that no policy binds, on a server too old, or on records half loaded.

    Before anything is `installed` only the server and the role are looked at.
    """
    _, version, *_, state = connection.execute(_WHO).fetchone()
    if version < OLDEST * 10_000:
        raise Refused(
            "postgresql_too_old",
            f"Canbo needs PostgreSQL {OLDEST} or newer; this server is {version // 10_000}.",
        )
    _bound(connection, "CANBO_DATABASE_URL", "canbo_app")
    refuse_left(state)
    if installed and state != READY:
        what = "is still being loaded, or loading was broken off" if state else "holds nothing yet"
        raise Refused("not_installed", f"The database {what}. Run `canbo init` or `canbo demo` (again).")


def refuse_left(state: str | None) -> None:
    """Refuse to work on records that were moved: what is entered in two places never comes together again."""
    if state and state.startswith(LEFT):
        raise Refused(
            "left",
            f"The records of this database were {state}. Here they are kept as they were then, and nothing works on "
            "them: unset CANBO_DATABASE_NAME, or see docs/howto/backup.md, *Back again*.",
        )


_SECRETS = """
SELECT min(c.relname::text) FILTER (WHERE has_any_column_privilege(%s, c.oid, 'SELECT, INSERT, UPDATE')), count(*)
  FROM pg_class c
 WHERE c.relnamespace = to_regnamespace('canbo') AND c.relkind = 'r' AND has_table_privilege(c.oid, 'INSERT')
"""


def check_signin(signin: psycopg.Connection[Any], app: psycopg.Connection[Any]) -> None:
    """Refuse to work where the role of sign-in is bound by nothing, has no accounts to know, or shares what it knows
    with the role of the application.
    """
    _bound(signin, "CANBO_SIGNIN_DATABASE_URL", "canbo_signin")
    (user,) = app.execute("SELECT current_user").fetchone()
    shared, known = signin.execute(_SECRETS, [user]).fetchone()
    if not known:
        raise Refused(
            "not_up_to_date",
            "The records were set up by an earlier version, which knew no accounts. Run `canbo init` (or `canbo demo`, "
            "for its sample): it brings them up to date and keeps them.",
        )
    if shared:
        raise Refused(
            "accounts_open",
            f"Canbo does not work while {user} may read or write the table {shared}, which only sign-in may know. "
            "Give the two roles different names and run `canbo init`.",
        )


def _bound(connection: psycopg.Connection[Any], setting: str, role: str) -> None:
    user, _, mighty, owned, _ = connection.execute(_WHO).fetchone()
    remedy = f"Let {setting} name the role {role} (`canbo init --print-roles` shows how it is made)."
    if mighty:
        raise Refused("role_too_mighty", f"Canbo does not work as {user}: {mighty}, no rule would bind it. {remedy}")
    if owned:
        raise Refused("role_owns_tables", f"Canbo does not work as {user}, which owns the table {owned}. {remedy}")
