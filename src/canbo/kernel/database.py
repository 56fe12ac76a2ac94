"""Where the records are: a database of the embedded server, or of one that the administrator gives by URL.

Five roles connect, each for its own work: "app" (everything people do; owns nothing), "signin" (accounts, their
secrets and sessions, which "app" cannot read), "owner" (migrations and loading), "backup" (dumps), "superuser" (of the
embedded server only: makes roles and databases).
"""

import contextlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from canbo.kernel.cluster import PORT, SUPERUSER, TIME_ZONE, Cluster
from canbo.kernel.refusal import Refused

Role = Literal["app", "signin", "owner", "backup", "superuser"]

ON_DATABASE = (
    "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
    "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO canbo_app, canbo_whole",
    "GRANT CONNECT ON DATABASE {database} TO canbo_backup, canbo_signin",
)
CREATE = "CREATE DATABASE {database} OWNER canbo_owner ENCODING 'UTF8' TEMPLATE {template}"
_LEAKPROOF = (
    "range_contains_elem(anyrange, anyelement)", "range_contains(anyrange, anyrange)",
    "range_overlaps(anyrange, anyrange)", "daterange_subdiff(date, date)",
    "tstzrange_subdiff(timestamptz, timestamptz)", "lower(anyrange)", "upper(anyrange)", "upper_inf(anyrange)",
)  # fmt: skip
IN_DATABASE = (
    "CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA public",
    *(f"ALTER FUNCTION pg_catalog.{name} LEAKPROOF" for name in _LEAKPROOF),
)
"""What an administrator does within the database. Questions about days are marked as telling nobody what they are asked
of (of dates and instants they raise no error): only then does the planner, under row-level security, use statistics and
indexes for them. Without the marks all stays right, and the home page takes a hundred times as long (ADR 14).
"""


@dataclass(frozen=True)
class Database:
    """One database, of the embedded `cluster` or, where that is None, of the server that the URLs name.

    Making one touches nothing: no server is started, no file written.
    """

    name: str
    cluster: Cluster | None
    url: str = ""
    owner_url: str = ""
    signin_url: str = ""
    backup_url: str = ""
    time_zone: str = TIME_ZONE
    programs: Path | None = None

    @classmethod
    def given(cls, url: str, time_zone: str, programs: Path | None = None) -> "Database":
        """The database that one address names for all roles: each goes by its own name, passwords stand in the passfile
        that the address names.
        """
        said = urlsplit(url)
        place = said.netloc.rpartition("@")[2]
        roles = ("app", "owner", "signin", "backup")
        urls = (said._replace(netloc=f"canbo_{role}@{place}").geturl() for role in roles)
        return cls(said.path.strip("/"), None, *urls, time_zone, programs)

    def named(self, name: str) -> "Database":
        """Another database of the same embedded server."""
        return replace(self, name=name)

    def ensure_server(self) -> None:
        """Start the embedded server unless it runs; a given server is its administrator's business."""
        if self.cluster:
            self.cluster.start()

    def dsn(self, role: Role) -> dict[str, Any]:
        """What `psycopg.connect(**…)` needs for a role. No password stands in it when the server is
        embedded.
        """
        if self.cluster:
            user = SUPERUSER if role == "superuser" else f"canbo_{role}"
            return {
                "host": str(self.cluster.socket), "port": str(PORT), "user": user, "dbname": self.name,
                "passfile": str(self.cluster.passfile),
            }  # fmt: skip
        urls = {"app": self.url, "owner": self.owner_url, "signin": self.signin_url, "backup": self.backup_url}
        url = urls.get(role, "")
        if not url:
            setting = f"CANBO_{role.upper()}_DATABASE_URL"
            setting = setting if role in urls else "the embedded server (no CANBO_DATABASE_URL)"
            raise Refused("no_such_role", f"On a given server, what the role {role} does needs {setting}.")
        return conninfo_to_dict(url)

    def connect(self, role: Role, **options: Any) -> psycopg.Connection[Any]:
        """A connection of its own; a failure says where and as whom it was tried."""
        dsn = self.dsn(role)
        try:
            return psycopg.connect(**dsn, **options)
        except psycopg.OperationalError as error:
            raise unreachable(dsn, error) from error

    def address(self, role: Role) -> str:
        """The connection string for `psql`, without password (the embedded server's stand in the
        passfile).
        """
        return make_conninfo(**{key: value for key, value in self.dsn(role).items() if key != "password"})

    def django(self) -> dict[str, dict[str, Any]]:
        """Django's DATABASES: "default" is the application, "signin" the role that knows accounts, "owner" the one that
        migrates and loads.
        """
        aliases = {"default": self._django("app")}
        if self.cluster or self.signin_url:
            aliases["signin"] = self._django("signin")
        if self.cluster or self.owner_url:
            aliases["owner"] = self._django("owner")
        return aliases

    def _django(self, role: Role) -> dict[str, Any]:
        dsn = self.dsn(role)
        keys = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
        known = {key: dsn.pop(name) for key, name in keys.items() if name in dsn}
        return {
            "ENGINE": "django.db.backends.postgresql",
            "TIME_ZONE": self.time_zone,
            "OPTIONS": dsn,
            **known,
        }

    def exists(self) -> bool:
        """Whether the embedded server holds this database."""
        with self._server() as server:
            return bool(
                server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.name]).fetchone()
            )

    def siblings(self) -> list[str]:
        """The databases of the embedded server that belong to us, this one among them if it exists."""
        with self._server() as server:
            rows = server.execute(
                "SELECT datname FROM pg_database WHERE pg_get_userbyid(datdba) = 'canbo_owner' ORDER BY 1"
            )
            return [name for (name,) in rows]

    def prepare(self) -> None:
        """Make this database on the embedded server unless it is there, and finish what a killed start left undone.

        One at a time: a database cannot be made inside a transaction.
        """
        with self._server() as server:
            server.execute("SELECT pg_advisory_lock(hashtext('canbo database'))")
            with contextlib.suppress(psycopg.errors.DuplicateDatabase):
                server.execute(self.sql(CREATE, template=sql.Identifier("template0")))
            for statement in ON_DATABASE:
                server.execute(self.sql(statement))
            with self.connect("superuser", autocommit=True) as inside:
                for statement in IN_DATABASE:
                    inside.execute(statement)

    def copy(self, template: str) -> None:
        """Make this database on the embedded server as a copy of `template`, which nobody may use then."""
        with self._server() as server:
            server.execute(self.sql(CREATE, template=sql.Identifier(template)))
            for statement in ON_DATABASE:
                server.execute(self.sql(statement))

    def drop(self) -> None:
        """Remove this database of the embedded server and end its connections; nothing where there is
        none.
        """
        with self._server() as server:
            server.execute(self.sql("DROP DATABASE IF EXISTS {database} WITH (FORCE)"))

    def rename(self, name: str) -> "Database":
        """Give this database of the embedded server, which nobody uses, another name."""
        with self._server() as server:
            server.execute(self.sql("ALTER DATABASE {database} RENAME TO {name}", name=sql.Identifier(name)))
        return self.named(name)

    def sql(self, statement: str, **parts: sql.Composable) -> sql.Composed:
        """A statement in which `{database}` is this database."""
        return sql.SQL(statement).format(database=sql.Identifier(self.name), **parts)

    def _server(self) -> psycopg.Connection[Any]:
        return self.named("postgres").connect("superuser", autocommit=True)


def unreachable(dsn: dict[str, Any], error: Exception) -> Refused:
    """The refusal that says which database did not answer, with what remedy; never a password."""
    place = f"{dsn.get('user', '')}@{dsn.get('host', 'localhost')}/{dsn.get('dbname', '')}"
    return Refused(
        "database_unreachable",
        f"The database {place} cannot be used: {str(error).strip()}\n"
        "Where nothing is set up yet, run `canbo demo` or `canbo init`; otherwise see `canbo server status`.",
    )
