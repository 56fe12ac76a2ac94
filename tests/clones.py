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
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from django.db import connections

from canbo.access import keys
from canbo.access.authority import operator
from canbo.access.identity import run_as
from canbo.config.secret import command_key
from canbo.kernel.binaries import Binaries
from canbo.kernel.cluster import Cluster
from canbo.kernel.database import Database
from canbo.kernel.installation import install
from canbo.kernel.profile import load
from canbo.kernel.roles import make_roles
from canbo.sample.load import load_sample

ROOT = Path(__file__).resolve().parent.parent
SHAPING = (
    "src/canbo/**/migrations/*.py",
    "src/canbo/**/models.py",
    "src/canbo/**/*.sql",
    "src/canbo/access/protect.py",
    "src/canbo/kernel/levels.py",
    "src/canbo/registry/**/*.py",
    "src/canbo/kernel/roles.py",
    "src/canbo/kernel/database.py",
    "src/canbo/kernel/installation.py",
    "src/canbo/sample/**/*",
    "src/canbo/profiles/**/*",
)
MEMORY = Path("/dev/shm")
ENOUGH = 4 * 2**30
PROFILE = "vietnam-province"
SAMPLES: dict[str, dict] = {
    "": {},
    "small": {"size": 0.02},
    "full": {"size": 1},
    "association": {"profile": "association"},
}
"""What a template may hold: nothing, the sample at a size, or that of another profile."""
_numbers = itertools.count(1)


def folder() -> Path:
    """Where the server of the tests lives: one for each checkout and major version of PostgreSQL.

    In memory where there is plenty: a copy makes 1,300 files, which takes eight times as long on a disk.
    """
    override = os.environ.get("CANBO_PG_BIN")
    major = Binaries.find(Path(override) if override else None).major
    if chosen := os.environ.get("CANBO_TEST_DATA"):
        return Path(chosen) / str(major)
    name = f"{hashlib.sha256(bytes(ROOT)).hexdigest()[:8]}-{major}"
    memory = MEMORY / f"canbo-tests-{os.geteuid()}-{name}"
    if memory.exists() or in_memory():
        return memory
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "canbo-tests" / name


def in_memory() -> Path | None:
    """A folder held in memory that has room for databases, where the machine has one."""
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH else None


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
def template(sample: str = "") -> Iterator[Database]:
    """The finished template (with one of `SAMPLES`), built by the first who asks; held while the block runs."""
    server = cluster()
    server.start()
    wanted = Database(f"{key()}{sample and '_'}{sample}", server)
    with contextlib.ExitStack() as held:
        with (server.data / "building.lock").open("w") as building:
            fcntl.flock(building, fcntl.LOCK_EX)
            lock = held.enter_context((server.data / f"{wanted.name}.lock").open("w"))
            fcntl.flock(lock, fcntl.LOCK_SH)
            if not wanted.exists():
                make_roles(wanted)
                build(wanted, sample)
            _sweep(wanted)
        yield wanted


def build(wanted: Database, sample: str) -> None:
    """Migrate as owner, as `canbo init` does, load the sample, then give the database its final name."""
    told = SAMPLES[sample]
    draft = wanted.named(f"{wanted.name}_draft")
    draft.drop()
    with aimed(draft), install(draft, profile=told.get("profile", PROFILE)):
        admit()
        if sample:
            load_sample(load(told.get("profile", PROFILE)), by=operator(), size=told.get("size", 1))
    draft.rename(wanted.name)


def admit() -> None:
    """Let tests read and write all of the current database, as commands do in a sample."""
    keys.admit(command_key(folder(), make=True), "sample")
    connections["default"].close()  # one that was opened before asks on behalf of nobody


def speak(link: psycopg.Connection[Any]) -> None:
    """Let a raw connection of the application ask as commands do in a sample: it may read and write everything."""
    link.execute("SELECT set_config('app.session', %s, false)", [command_key(folder()).hex()])
    link.execute("SET ROLE canbo_whole")


@contextlib.contextmanager
def clone(source: Database) -> Iterator[Database]:
    """A copy that belongs to the block; this process asks of it what commands may in a sample."""
    run_as(command_key(folder()).hex())
    copy = source.named(f"test_{os.getpid()}_{next(_numbers)}")
    copy.copy(source.name)
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
        elif name.startswith("template_") and not name.startswith(key()):
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
