"""The test database: built once as owner, copied for whoever tests, never the user's own.

A template is keyed by everything that shapes its rows: migrations, models, roles, sample, profiles. It is
finished under another name and renamed, so whoever sees it may copy it. Runs hold a shared lock on their
template; templates that nobody holds and copies whose run has died are dropped by the next run.
"""

import contextlib
import fcntl
import hashlib
import itertools
import os
from collections.abc import Iterator
from pathlib import Path

from django.db import connections

from canbo.kernel.binaries import Binaries
from canbo.kernel.cluster import Cluster
from canbo.kernel.database import Database
from canbo.kernel.installation import install
from canbo.kernel.roles import make_roles

ROOT = Path(__file__).resolve().parent.parent
SHAPING = (
    "src/canbo/**/migrations/*.py",
    "src/canbo/**/models.py",
    "src/canbo/**/*.sql",
    "src/canbo/registry/facts.py",
    "src/canbo/kernel/roles.py",
    "src/canbo/kernel/installation.py",
    "src/canbo/sample/**/*",
    "src/canbo/profiles/**/*",
)
PROFILE = "vietnam-province"
_numbers = itertools.count(1)


def folder() -> Path:
    """Where the server of the tests lives: one for each checkout and major version of PostgreSQL."""
    override = os.environ.get("CANBO_PG_BIN")
    major = Binaries.find(Path(override) if override else None).major
    if chosen := os.environ.get("CANBO_TEST_DATA"):
        return Path(chosen) / str(major)
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "canbo-tests" / f"{hashlib.sha256(bytes(ROOT)).hexdigest()[:8]}-{major}"


def cluster() -> Cluster:
    """The server of the tests: like ours, but a crash of the machine may cost its data."""
    programs = os.environ.get("CANBO_PG_BIN")
    return Cluster(Path(os.environ["CANBO_DATA"]), Path(programs) if programs else None, durable=False)


def key() -> str:
    """The name of the template for the code as it is now."""
    digest = hashlib.sha256()
    for path in sorted({path for pattern in SHAPING for path in ROOT.glob(pattern)}):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes() + b"\0")
    return f"template_{digest.hexdigest()[:16]}"


@contextlib.contextmanager
def template() -> Iterator[Database]:
    """The finished template, built by the first who asks; held while the block runs."""
    server = cluster()
    server.start()
    wanted = Database(key(), server)
    with contextlib.ExitStack() as held:
        with (server.data / "building.lock").open("w") as building:
            fcntl.flock(building, fcntl.LOCK_EX)
            lock = held.enter_context((server.data / f"{wanted.name}.lock").open("w"))
            fcntl.flock(lock, fcntl.LOCK_SH)
            if not wanted.exists():
                make_roles(wanted)
                build(wanted)
            _sweep(wanted)
        yield wanted


def build(wanted: Database) -> None:
    """Migrate as owner, as `canbo init` does, then give the database its final name."""
    draft = wanted.named(f"{wanted.name}_draft")
    draft.drop()
    with aimed(draft), install(draft, profile=PROFILE):
        pass
    draft.rename(wanted.name)


@contextlib.contextmanager
def clone(source: Database) -> Iterator[Database]:
    """A copy that belongs to the block."""
    copy = source.named(f"test_{os.getpid()}_{next(_numbers)}")
    copy.create(template=source.name)
    try:
        yield copy
    finally:
        copy.drop()


@contextlib.contextmanager
def aimed(database: Database) -> Iterator[None]:
    """Let Django's connections, and commands started from here, work on this database while the block
    runs.
    """
    before = {alias: dict(values) for alias, values in connections.settings.items()}
    name = os.environ.get("CANBO_DATABASE_NAME")
    _aim(database.django())
    os.environ["CANBO_DATABASE_NAME"] = database.name
    try:
        yield
    finally:
        _aim(before)
        os.environ.pop("CANBO_DATABASE_NAME")
        if name:
            os.environ["CANBO_DATABASE_NAME"] = name


def _aim(databases: dict[str, dict]) -> None:
    for alias, values in databases.items():
        connections[alias].close()
        connections[alias].settings_dict.update(values)


def _sweep(wanted: Database) -> None:
    """Drop templates that no run holds and copies of runs that are dead."""
    with wanted.named("postgres").connect("superuser", autocommit=True) as server:
        names = [name for (name,) in server.execute("SELECT datname FROM pg_database").fetchall()]
    for name in names:
        if name.startswith("test_") and not _lives(int(name.split("_")[1])):
            wanted.named(name).drop()
        elif name.startswith("template_") and not name.startswith(wanted.name):
            path = wanted.cluster.data / f"{name.removesuffix('_draft')}.lock"
            with path.open("w") as lock, contextlib.suppress(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                wanted.named(name).drop()
                path.unlink(missing_ok=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
