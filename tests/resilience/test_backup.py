"""A backup is whole or absent, replaces nothing, and comes to an empty place only; records move to a given server."""

import contextlib
import hashlib
import io
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from canbo.cli.test import SECOND_SERVER
from canbo.config.backup import Manifest, opened
from canbo.config.environment import Environment
from canbo.config.move import there
from canbo.kernel.cluster import Cluster
from canbo.kernel.database import Database
from canbo.kernel.dump import dump, snapshot
from canbo.kernel.installation import state
from canbo.kernel.profile import PACKAGED
from canbo.kernel.refusal import Mistake, Refused
from canbo.kernel.roles import make_roles
from tests import clones
from tests.resilience.runs import PG_BIN, begin, canbo, empty_folder, printed, refused, surroundings

pytestmark = pytest.mark.database

FULL = bool(os.environ.get("CANBO_TEST_FULL"))
SEED = os.environ.get("CANBO_TEST_SEED", "0")
LAST = "FROM canbo.django_migrations WHERE app = 'socialaccount' AND name LIKE '0006%'"
"""A migration that may be run again."""
PLACES = 200 if FULL else 20
TURN = random.Random(f"{SEED} backup").choice(["killed", "disk"])


def takes_turns(name: str) -> Callable[[Callable], Callable]:
    """Of these a plain run has one, which the commit chooses, and `--full` has all."""
    return (lambda test: test) if name == TURN else pytest.mark.full


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "all.canbo"


@pytest.fixture(scope="module")
def saved(template_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of an installation that was only set up, by a version that knew one migration less."""
    file = tmp_path_factory.mktemp("backup") / "all.canbo"
    with clones.clone(template_database) as source:
        with source.connect("owner") as owner:
            assert owner.execute(f"DELETE {LAST}").rowcount == 1
        printed(clones.folder(), "backup", str(file), CANBO_DATABASE_NAME=source.name)
    return file


@pytest.fixture
def given(template_database: Database) -> Iterator[Database]:
    """An empty database of the tests' server, as its administrator made it ready."""
    empty = template_database.named(f"test_{os.getpid()}_given")
    empty.prepare()
    yield empty
    empty.drop()


def address(database: Database) -> str:
    """As somebody types it: no password, and the roles that go by their own names."""
    return f"postgresql:///{database.name}?host={database.cluster.socket}&passfile={database.cluster.passfile}"


def settings(database: Database) -> dict[str, str]:
    """The environment of an installation on a given server."""
    there = Database.given(address(database), "Asia/Ho_Chi_Minh")
    urls = {"": there.url, "OWNER_": there.owner_url, "SIGNIN_": there.signin_url, "BACKUP_": there.backup_url}
    return {f"CANBO_{role}DATABASE_URL": url for role, url in urls.items()}


def left(database: Database) -> list[tuple]:
    """What stands in a database besides what its administrator put there."""
    found = "SELECT n.nspname || '.' || relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
    with database.connect("owner") as link:
        return link.execute(f"{found} WHERE n.nspname !~ '^(pg_|information_schema$)'").fetchall()


def test_a_backup_is_for_its_owner_only_says_what_it_holds_and_goes_over_no_file(saved: Path):
    assert saved.stat().st_mode & 0o777 == 0o600
    with opened(saved, str) as found:
        assert found.archive.namelist() == ["records.dump", "manifest.json"]
        assert re.fullmatch(r"\d+ [0-9a-f]{64}", found.manifest.anchor)
        assert found.manifest.tables["kernel_installation"] == 1
    before = saved.read_bytes()
    refused(canbo(clones.folder(), "backup", str(saved)), "exists")
    assert saved.read_bytes() == before


def test_no_backup_is_restored_over_or_beside_records(saved: Path):
    said = refused(canbo(clones.folder(), "restore", str(saved)), "not_empty")
    assert "set CANBO_DATA to an empty folder" in said


def whole_of(saved: Path) -> tuple[Manifest, bytes]:
    """What the file holds, read without us."""
    with zipfile.ZipFile(saved) as archive:
        return Manifest.model_validate_json(archive.read("manifest.json")), archive.read("records.dump")


@pytest.mark.parametrize("changed", ["cut", "flipped"])
def test_a_file_that_was_cut_off_or_changed_is_refused_before_anything_is_done(saved: Path, file: Path, changed: str):
    whole, chance = saved.read_bytes(), random.Random(f"{SEED} {changed}")
    for place in [0, 4, len(whole) - 1, *(chance.randrange(len(whole)) for _ in range(PLACES))]:
        odd = bytearray(whole[:place] if changed == "cut" else whole)
        if changed == "flipped":
            odd[place] ^= 1 << chance.randrange(8)
        file.write_bytes(odd)
        with contextlib.suppress(Refused), opened(file, str) as found:
            assert changed == "flipped", "what was cut off is refused wherever it was cut"
            unread = "a date or a mark of the archive that nobody reads"
            assert (found.manifest, found.records().read()) == whole_of(saved), unread


def test_other_files_are_refused_in_words(file: Path, tmp_path: Path):
    with zipfile.ZipFile(file, "w") as other:
        other.writestr("xl/workbook.xml", "<workbook/>")
    for content in (file.read_bytes(), b"", b"SELECT 1;", b"age-encryption.org/v1\n-> X25519 abc\n"):
        file.write_bytes(content)
        with pytest.raises(Refused, match=r"is no backup of Canbo|is cut off or was changed"), opened(file, str):
            pass
    with pytest.raises(Refused, match="cannot be read: No such file"), opened(tmp_path / "none", str):
        pass


def test_a_password_of_an_address_stands_in_no_command_line(given: Database, monkeypatch: pytest.MonkeyPatch):
    lines = given.cluster.passfile.read_text().splitlines()
    (secret,) = [line.split(":")[4] for line in lines if ":canbo_backup:" in line]
    url = f"postgresql://canbo_backup:{secret}@/{given.name}?host={given.cluster.socket}"
    there, typed = Database(given.name, None, backup_url=url, programs=PG_BIN), []

    class Watched(subprocess.Popen):
        def __init__(self, words: list, **options: Any) -> None:
            typed.append(" ".join(map(str, words)))
            super().__init__(words, **options)

    monkeypatch.setattr(subprocess, "Popen", Watched)
    with snapshot(there) as (_, seen), io.BytesIO() as out:
        dump(there, seen, out)
        assert out.getvalue().startswith(b"PGDMP")
    assert [line for line in typed if "pg_dump" in line and "passfile=" in line]
    assert secret not in " ".join(typed)


def rewritten(saved: Path, file: Path, most: int | None = None, **said: object) -> Path:
    """The same backup with another manifest, as somebody would write it who means it, and a profile of its own."""
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(file, "w") as new:
        manifest = json.loads(old.read("manifest.json")) | said
        contents = {"records.dump": old.read("records.dump")[:most]}
        for path in (PACKAGED / "vietnam-province").rglob("*.yaml"):
            contents[f"profiles/{path.relative_to(PACKAGED)}"] = path.read_bytes()
        for name, content in contents.items():
            new.writestr(name, content)
            manifest["parts"][name] = hashlib.sha256(content).hexdigest()
        new.writestr("manifest.json", json.dumps(manifest))
    return file


def test_what_does_not_come_back_whole_leaves_nothing(saved: Path, file: Path, given: Database, tmp_path: Path):
    with opened(saved, str) as found:
        counts = found.manifest.tables
        newer = [*found.manifest.migrations, ("registry", "9999_later")]
    before = left(given)
    cases = {
        "rows_missing": {"tables": counts | {"registry_act": 7}},
        "other_canbo": {"migrations": newer},
        "old_programs": {"postgresql": 99},
        "pg_restore_failed": {"most": 500_000},
    }
    chosen = cases if FULL else random.Random(f"{SEED} whole").sample(sorted(cases), 1)
    for code in chosen:
        file.unlink(missing_ok=True)
        place = {"CANBO_DATA": str(tmp_path / "own"), **settings(given)}
        refused(canbo(tmp_path / "own", "restore", str(rewritten(saved, file, **cases[code])), **place), code)
        assert left(given) == before
        assert not (tmp_path / "own" / "profiles").exists()
    with given.connect("owner", autocommit=True) as owner:
        owner.execute("CREATE SCHEMA theirs CREATE TABLE theirs.ledger (n int)")
    said = refused(canbo(tmp_path / "own", "restore", str(saved), **settings(given)), "not_empty")
    assert "it holds theirs.ledger" in said


@takes_turns("killed")
def test_a_killed_backup_leaves_no_file_and_the_next_one_writes_it(full_log: Database, file: Path):
    place = {"CANBO_DATABASE_NAME": full_log.name}
    running = begin(clones.folder(), "backup", str(file), **place)
    draft = file.with_name(f".{file.name}.part")
    deadline = time.monotonic() + 60
    while not (draft.exists() and draft.stat().st_size > 100_000):
        assert running.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.001)
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert not file.exists()
    printed(clones.folder(), "backup", str(file), **place)
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    with opened(file, str) as found:
        assert found.manifest.tables["kernel_audit"] >= LINES


LINES = 100_000


@pytest.fixture
def full_log(template_database: Database) -> Iterator[Database]:
    """A log so long that it takes a while to write it down."""
    rows = "INSERT INTO kernel_audit (kind, actor, what) SELECT 'list', md5(n::text), md5((-n)::text)"
    with clones.clone(template_database) as copy:
        with copy.connect("owner") as owner:
            owner.execute("ALTER TABLE kernel_audit DISABLE TRIGGER audit_queue")
            owner.execute(f"{rows} FROM generate_series(1, {LINES}) n")
        yield copy


@takes_turns("disk")
def test_a_disk_that_is_full_leaves_nothing(full_log: Database, file: Path):
    words = ("-c", 'ulimit -f 256 && exec "$0" -m canbo backup "$1"')
    done = subprocess.run(
        ["sh", *words, sys.executable, str(file)], env=surroundings(clones.folder(), CANBO_DATABASE_NAME=full_log.name),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "cannot be written: File too large" in refused(done, "unwritable")
    assert list(file.parent.iterdir()) == []


@pytest.fixture
def elsewhere(template_database: Database) -> Iterator[Database]:
    """An empty database of another server, of an older PostgreSQL where there is one, as its administrator made it
    ready.
    """
    with empty_folder() as data:
        other = template_database.named(f"moved_{os.getpid()}")
        if SECOND_SERVER.is_dir():
            other = replace(other, cluster=Cluster(data, SECOND_SERVER))
            other.ensure_server()
            make_roles(other)
        other.drop()
        other.prepare()
        yield other
        other.drop()


@pytest.mark.full
def test_records_move_to_a_given_server_and_the_old_ones_say_so(saved: Path, file: Path, elsewhere: Database):
    with empty_folder() as data:
        printed(data, "restore", str(saved))
        old = Database("canbo", Cluster(data, PG_BIN))
        url = address(elsewhere)
        with pytest.raises(Mistake, match="whoever lists processes"):
            there(Environment(data=data), url.replace("///", "//canbo_app:s3cret@/"))
        with old.connect("app"):
            refused(canbo(data, "move", url), "at_work")
        assert printed(data, "move", url).startswith("Moved to ")
        assert printed(data, "audit", "verify").endswith(" 0 faults\n")
        printed(data, "backup", str(file))
        with opened(file, str) as found:
            assert found.manifest.tables["kernel_installation"] == 1
        with elsewhere.connect("owner") as link:
            assert state(link) == "ready"
            said = "SELECT count(*) FROM canbo.kernel_audit WHERE what LIKE 'restored from the backup of %'"
            assert link.execute(said).fetchone() == (2,), "once into the folder, once to the server"
            assert link.execute(f"SELECT {LAST}").rowcount == 1, "and brought up to date"
        with old.connect("owner") as link:
            assert state(link) == f"left for the database {elsewhere.name} at {elsewhere.cluster.socket}"
            assert link.execute(said).fetchone() == (1,)
        assert "were left for" in refused(canbo(data, "audit", "verify", CANBO_DATABASE_NAME="canbo"), "left")
