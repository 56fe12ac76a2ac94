"""From the embedded server to a given one: where to, that nobody works meanwhile, and what is remembered."""

import os
from urllib.parse import parse_qs, urlsplit

from canbo.config.backup import Manifest
from canbo.config.environment import Environment
from canbo.config.restore import refuse_records
from canbo.kernel.database import Database
from canbo.kernel.installation import leave
from canbo.kernel.refusal import Mistake, Refused

_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND usename LIKE 'canbo%' AND pid <> pg_backend_pid()
"""


def there(where: Environment, url: str) -> Database:
    """The database that an address names, which has to be ready and empty; no password stands in the address."""
    if where.database().cluster is None:
        raise Refused("given_server", "the records are on a given server already; its administrator moves them")
    said = urlsplit(url)
    if said.scheme not in ("postgresql", "postgres") or not said.path.strip("/"):
        raise Mistake("address", "write postgresql://HOST:PORT/DATABASE?passfile=FILE")
    asked = parse_qs(said.query)
    if said.password or "password" in asked:
        raise Mistake(
            "password_in_address",
            "whoever lists processes reads what is typed here: put the passwords into a file nobody else may read, "
            "a line *:*:*:ROLE:PASSWORD for each role, and name it in the address (?passfile=FILE)",
        )
    if not all(os.path.isabs(file) for file in asked.get("passfile", ())):
        raise Mistake("relative_passfile", "commands are typed anywhere: name the passfile from the root on")
    target = Database.given(url, where.database().time_zone, where.pg_bin)
    for role in ("app", "signin", "backup"):
        target.connect(role).close()
    refuse_records(target)
    return target


def refuse_at_work(source: Database) -> None:
    """Whatever somebody enters while records move would stay behind."""
    source.ensure_server()
    with source.connect("superuser") as server:
        others = server.execute(_OTHERS).fetchone()[0]
    if others:
        raise Refused("at_work", "pages are served here or commands work: end them first (Ctrl-C in `canbo serve`)")


def settle(where: Environment, target: Database, made: Manifest) -> None:
    """Work there from now on, unless somebody worked here meanwhile, of which there is a row in the log."""
    source = where.database()
    refuse_at_work(source)
    with source.connect("owner") as owner:
        if owner.execute("SELECT count(*) FROM canbo.kernel_audit").fetchone()[0] != made.tables["kernel_audit"]:
            raise Refused(
                "at_work",
                "somebody worked here while the records moved. Work goes on here; empty the database there before you "
                "move again (DROP SCHEMA canbo CASCADE)",
            )
        where.remember(target, sample=made.sample)
        leave(owner, f"the database {target.name} at {target.dsn('app').get('host', 'localhost')}")
