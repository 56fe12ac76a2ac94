"""A backup comes to an empty installation only, and its records are counted again there."""

import os
from pathlib import Path

from django.apps import apps
from django.db.migrations.loader import MigrationLoader

from canbo.config.backup import Backup, Manifest
from canbo.config.environment import Environment, environment
from canbo.config.secret import FILE as KEY
from canbo.config.secret import only_ours
from canbo.kernel.database import Database
from canbo.kernel.dump import restore, tables
from canbo.kernel.installation import not_empty, state
from canbo.kernel.profile import known
from canbo.kernel.refusal import Refused
from canbo.kernel.roles import READY, refuse_left

_FOREIGN = """
SELECT min(n.nspname || '.' || c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^(canbo$|information_schema$|pg_)'
"""


def refuse_other_key(where: Environment, found: Backup) -> None:
    """The key that is there belongs to these records, or the backup brings none."""
    path, key = where.data / KEY, found.secret_key()
    if key and path.exists() and only_ours(path) != key:
        raise Refused("another_key", "%(path)s is another key than that of the backup; move it away first", path=path)


def refuse_records(database: Database) -> None:
    """Nothing is restored over records or beside them."""
    if database.cluster and not database.cluster.exists:
        return
    database.ensure_server()
    for one in map(database.named, database.siblings()) if database.cluster else [database]:
        with one.connect("owner") as link:
            said, foreign = state(link), link.execute(_FOREIGN).fetchone()[0]
        refuse_left(said)
        if said == READY:
            raise not_empty(one)
        if foreign:
            said = "The database %(name)s is not empty: it holds %(table)s. Restore into a database of its own."
            raise Refused("not_empty", said, name=one.name, table=foreign)


def lay_out_profile(found: Backup, where: Environment) -> Path | None:
    """Where the profile of the backup was laid out, unless it is known here; this process knows it from now on."""
    if found.manifest.profile in known():
        return None
    profiles = found.lay_out_profile(where.data)
    os.environ["CANBO_PROFILES"] = os.pathsep.join(filter(None, [os.environ.get("CANBO_PROFILES"), str(profiles)]))
    return profiles


def fill(found: Backup) -> None:
    """The records into the empty schema: they are understood here, and every table has its rows again."""
    database = environment().database()
    _refuse_newer(found.manifest, database)
    with found.records() as dumped:
        restore(database, dumped)
    with database.connect("owner") as link:
        counted = tables(link)
    if counted != found.manifest.tables:
        wrong = ", ".join(sorted(dict(found.manifest.tables.items() ^ counted.items())))
        raise Refused("rows_missing", "other numbers of rows came back than were saved: %(tables)s", tables=wrong)


def _refuse_newer(manifest: Manifest, database: Database) -> None:
    """An older Canbo or PostgreSQL cannot know what newer ones wrote."""
    ours = {app.label for app in apps.get_app_configs() if app.name.startswith("canbo.")}
    disk = MigrationLoader(None).disk_migrations
    if any(app in ours and (app, name) not in disk for app, name in manifest.migrations):
        said = "The backup was made by Canbo %(version)s, which knows more than this one: install that version first."
        raise Refused("newer_canbo", said, version=manifest.version)
    with database.connect("owner") as link:
        major = link.info.server_version // 10_000
    if major < manifest.postgresql:
        said = "The backup was made on PostgreSQL %(theirs)s; it cannot be brought into %(ours)s, which is older."
        raise Refused("newer_postgresql", said, theirs=manifest.postgresql, ours=major)
