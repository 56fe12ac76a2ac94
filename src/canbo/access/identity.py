"""On whose behalf this process asks the database: whoever holds the key of its transactions, or nobody.

A page runs each request as the person who is signed in; a command as the named person or system role whose key it was
given. Without a key the database shows nothing.
"""

from typing import Any

from django.db import connections
from django.db.backends.signals import connection_created

_process: dict[str, str] = {}


def assume(connection: Any, key: str, *, local: bool) -> None:
    """Ask on behalf of whoever holds this key (64 hexadecimal digits), for the transaction or the whole connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.session', %s, %s)", [key, local])
        cursor.execute("SELECT CASE WHEN canbo.sees_all_1() THEN 'canbo_whole' ELSE 'canbo_app' END")
        cursor.execute("SELECT set_config('role', %s, %s)", [*cursor.fetchone(), local])


def run_as(key: str) -> None:
    """Let this process ask on behalf of the holder of a key, on every connection that it opens from now on."""
    _process["key"] = key
    connection_created.connect(_tell, dispatch_uid="canbo.access.identity")
    connections["default"].close()  # one that is open already asks on behalf of nobody


def _tell(connection: Any, **_: Any) -> None:
    if connection.alias == "default" and (key := _process.get("key")):
        assume(connection, key, local=False)
