"""Setting up: schema, migrations, grants, keys, and the mark that says whether the records are whole.

The comment of the schema `canbo` is 'loading' from the first statement to the last and 'ready' then. Whoever
finds 'loading' with nobody at work begins again from nothing. 'left for …' are records that were moved elsewhere.
"""

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
from django.apps import apps
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql

from canbo.kernel.database import Database
from canbo.kernel.refusal import Mistake, Refused
from canbo.kernel.roles import LEFT, LOADING, READY, check_application, check_owner, grant, make_roles, refuse_left

NODE_SPAN = 10**13
LAST_NODE = 900
"""Keys stay below 2**53, which JavaScript can hold."""
_LOCK = "SELECT pg_try_advisory_lock(hashtext('canbo installation'))"


class _Steps(MigrationExecutor):
    """The migrations, those of libraries first: while there is no register yet, each takes a fraction of the time."""

    def migration_plan(self, targets: Any, clean_start: bool = False) -> Any:
        """What to do to reach the targets, by app."""
        ours = {app.label for app in apps.get_app_configs() if app.name.startswith("canbo.")}
        return super().migration_plan(sorted(targets, key=lambda target: (target[0] in ours, target)), clean_start)


@contextlib.contextmanager
def install(
    database: Database, *, profile: str, node: int = 1, sample: bool = False, fill: Callable[[], None] | None = None
) -> Iterator[bool]:
    """Set up or bring up to date, and mark as ready when the block ends without an error.

    Yields True where the records are new: the block may load a sample with the alias "owner". False says that
    they were ready before and stay as they are. Needs Django set up on the same database (`start("owner")`).
    Refused where another process is installing, or where the records are another profile's, node's or time zone's.
    A `sample` and records in earnest are kept apart: neither is brought up to date as the other, and a sample is
    refused on an embedded server where records in earnest are.
    Records that `fill` brings come to where there are none; when something fails, nothing is left of them.
    """
    if not 1 <= node <= LAST_NODE:
        raise Mistake("node", f"The node is a number from 1 to {LAST_NODE}, one for each server; not {node}.")
    if database.cluster:
        database.ensure_server()
        make_roles(database)
        if sample:
            _not_beside_records(database)
        database.prepare()
    else:
        with database.connect("app") as link:
            check_application(link, installed=False)
    with database.connect("owner", autocommit=True) as keeper:
        check_owner(keeper)
        _alone(keeper)
        fresh = _opened(keeper, database, sample, fill)
        with _whole(keeper, fill):
            _bring_up_to_date(keeper, database, profile, node)
            yield fresh
            _move_keys(keeper, node * NODE_SPAN)
        if fresh:
            keeper.execute("ANALYZE")
        keeper.execute(f"COMMENT ON SCHEMA canbo IS '{READY}'")


def _opened(keeper: psycopg.Connection[Any], database: Database, sample: bool, fill: Any) -> bool:
    """Begin anew unless records are ready, which stay as they are; True where it was begun."""
    refuse_left(state(keeper))
    if state(keeper) != READY:
        _begin(keeper, database)
        return True
    if fill:
        raise not_empty(database)
    _keep_apart(database, sample, is_sample(keeper))
    return False


@contextlib.contextmanager
def _whole(keeper: psycopg.Connection[Any], fill: Callable[[], None] | None) -> Iterator[None]:
    """Let `fill` bring the records; when it fails, or the block does, nothing is left of them."""
    try:
        if fill:
            fill()
        yield
    except BaseException:
        if fill:
            connections["owner"].close()  # it may hold what is to go
            with contextlib.suppress(psycopg.Error):  # a server that ended keeps the mark that says they are not whole
                keeper.execute("DROP SCHEMA IF EXISTS canbo CASCADE")
        raise
    finally:
        connections["owner"].close()


def _bring_up_to_date(keeper: psycopg.Connection[Any], database: Database, profile: str, node: int) -> None:
    steps = _Steps(connections["owner"])
    steps.migrate(steps.loader.graph.leaf_nodes())
    grant("owner")
    _move_keys(keeper, node * NODE_SPAN)
    _identify(profile, node, database.time_zone)
    for app in apps.get_app_configs():
        if hasattr(app, "protect"):
            app.protect("owner")


def state(connection: psycopg.Connection[Any]) -> str | None:
    """'loading', 'ready', 'left for …', or None where nothing was ever set up."""
    return connection.execute("SELECT obj_description(to_regnamespace('canbo'), 'pg_namespace')").fetchone()[
        0
    ]


def not_empty(database: Database) -> Refused:
    """The refusal to bring records to where there are some."""
    return Refused(
        "not_empty",
        f"The database {database.name} holds records, and a backup replaces none. Restore it elsewhere: set CANBO_DATA "
        "to an empty folder or, on a given server, CANBO_DATABASE_URL to an empty database.",
    )


def leave(connection: psycopg.Connection[Any], target: str) -> None:
    """Let the records say that they were moved: nothing works on them any more."""
    connection.execute(sql.SQL("COMMENT ON SCHEMA canbo IS {}").format(sql.Literal(f"{LEFT} {target}")))


def is_sample(connection: psycopg.Connection[Any]) -> bool:
    """Whether records that are ready are invented."""
    return connection.execute("SELECT sample IS NOT NULL FROM canbo.kernel_installation").fetchone()[0]


def _not_beside_records(database: Database) -> None:
    """Commands work on what was made last, so a sample never comes to where somebody works in earnest."""
    for name in database.siblings():
        with database.named(name).connect("owner") as other:
            if state(other) == READY:
                _keep_apart(database.named(name), True, is_sample(other))


def _keep_apart(database: Database, wanted: bool, held: bool) -> None:
    if wanted and not held:
        raise Refused(
            "in_earnest",
            f"The database {database.name} is an installation in earnest (`canbo init`): no sample comes to it or "
            "beside it. Give the sample a place of its own: set CANBO_DATA to another folder or, on a given server, "
            "CANBO_DATABASE_URL to another database.",
        )
    if held and not wanted:
        raise Refused(
            "is_a_sample",
            f"The database {database.name} holds a sample; `canbo demo` brings it up to date. Work in earnest begins "
            "in another database: unset CANBO_DATABASE_NAME or, on a given server, change CANBO_DATABASE_URL.",
        )


def _alone(keeper: psycopg.Connection[Any]) -> None:
    """Be the only installer; one killed a moment ago needs a moment to be gone."""
    deadline = time.monotonic() + 5
    while not keeper.execute(_LOCK).fetchone()[0]:
        if time.monotonic() > deadline:
            raise Refused(
                "being_installed", "Another process is setting up this database. Wait for it to end."
            )
        time.sleep(0.05)


def _begin(keeper: psycopg.Connection[Any], database: Database) -> None:
    zone = sql.Literal(database.time_zone)
    with keeper.transaction():
        keeper.execute("DROP SCHEMA IF EXISTS canbo CASCADE")
        keeper.execute("CREATE SCHEMA canbo AUTHORIZATION canbo_owner")
        keeper.execute(f"COMMENT ON SCHEMA canbo IS '{LOADING}'")
        keeper.execute(database.sql("ALTER DATABASE {database} SET timezone = {zone}", zone=zone))


def _move_keys(keeper: psycopg.Connection[Any], first: int) -> None:
    """Let every bigint key that still counts below this node's range go on at its `first`."""
    below = keeper.execute(
        "SELECT sequencename FROM pg_sequences WHERE schemaname = 'canbo' AND data_type = 'bigint'::regtype"
        " AND greatest(coalesce(last_value, 0), start_value) < %s",
        [first],
    ).fetchall()
    for (name,) in below:
        restart = sql.SQL("ALTER SEQUENCE {} START WITH {} RESTART")
        keeper.execute(restart.format(sql.Identifier("canbo", name), sql.Literal(first)))


def _identify(profile: str, node: int, time_zone: str) -> None:
    known, _ = (
        apps.get_model("kernel", "Installation")
        .objects.using("owner")
        .get_or_create(pk=1, defaults={"profile": profile, "node": node, "time_zone": time_zone})
    )
    if (known.profile, known.node, known.time_zone) != (profile, node, time_zone):
        raise Refused(
            "installed_otherwise",
            f"This database holds the profile {known.profile} as node {known.node} in the time zone "
            f"{known.time_zone}, not {profile} as node {node} in {time_zone}. "
            "Take another database (CANBO_DATABASE_NAME) or another CANBO_DATA.",
        )
