"""A backup comes to an empty installation only, and its records are counted again there."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.db.migrations.loader import MigrationLoader

from canbo.config.backup import PROFILES, Backup, Manifest, own_profile
from canbo.config.environment import Environment, environment
from canbo.config.secret import FILE as KEY
from canbo.config.secret import only_ours
from canbo.kernel.database import Database
from canbo.kernel.dump import restore, tables
from canbo.kernel.installation import not_empty, state
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


@contextlib.contextmanager
def profile_laid_out(found: Backup, where: Environment) -> Iterator[Path | None]:
    """Where the profile of the backup lies from now on, unless the same is known here; gone when the block fails."""
    brought = found.profile()
    place = where.data / PROFILES
    known = {name: path.read_bytes() for name, path in own_profile(found.manifest.profile).items()}
    if not brought or brought == known:
        yield None
        return
    if brought and place.exists():
        said = "The backup brings a profile, and other files are in %(place)s: move them away first"
        raise Refused("profiles_there", said, place=place)
    where.database().ensure_server()  # makes the folder, with the rights that it has to have
    try:
        for name, content in brought.items():
            (where.data / name).parent.mkdir(parents=True, exist_ok=True)
            (where.data / name).write_bytes(content)
        os.environ["CANBO_PROFILES"] = os.pathsep.join(filter(None, [str(place), os.environ.get("CANBO_PROFILES")]))
        yield place
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise


def fill(found: Backup) -> None:
    """The records into the empty schema: they are understood here, and every table has its rows again."""
    database = environment().database()
    _refuse_unknown(found.manifest)
    with found.records() as dumped:
        restore(database, dumped)
    with database.connect("owner") as link:
        counted = tables(link)
    if counted != found.manifest.tables:
        wrong = ", ".join(sorted(dict(found.manifest.tables.items() ^ counted.items())))
        raise Refused("rows_missing", "other numbers of rows came back than were saved: %(tables)s", tables=wrong)


def _refuse_unknown(manifest: Manifest) -> None:
    """Records are brought up to date from states that this version knows, and from no other."""
    ours = {app.label for app in apps.get_app_configs() if app.name.startswith("canbo.")}
    disk = MigrationLoader(None).disk_migrations
    if any(app in ours and (app, name) not in disk for app, name in manifest.migrations):
        said = "The records were made by Canbo %(version)s, and this one does not know them: restore with that version."
        raise Refused("other_canbo", said, version=manifest.version)
