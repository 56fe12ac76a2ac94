"""Setting up: once, again, broken off, twice at a time, on a given server."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from canbo.kernel.cluster import Cluster
from canbo.kernel.database import CREATE, ON_DATABASE, Database
from canbo.kernel.installation import NODE_SPAN, install, state
from canbo.kernel.refusal import Mistake, Refused
from tests.clones import PROFILE, aimed, in_memory

pytestmark = pytest.mark.database

ROOT = Path(__file__).resolve().parents[2]
PG_BIN = Path(os.environ["CANBO_PG_BIN"]) if "CANBO_PG_BIN" in os.environ else None


def canbo(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command as its user would, without any setting of the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CANBO_")}
    if PG_BIN:
        kept["CANBO_PG_BIN"] = str(PG_BIN)
    return subprocess.run(
        [sys.executable, "-m", "canbo", *words],
        env={**kept, "PYTHONPATH": str(ROOT / "src"), **environment},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture
def data() -> Iterator[Path]:
    """An empty data directory; its server ends with the test."""
    with tempfile.TemporaryDirectory(prefix="canbo-test-", dir=in_memory()) as name:
        Path(name).chmod(0o755)
        yield Path(name) / "data"
        Cluster(Path(name) / "data", PG_BIN).stop()


def test_what_is_ready_stays_and_is_brought_up_to_date(fresh_database: Database, owner_connection: psycopg.Connection):
    with fresh_database.connect("owner") as owner:
        owner.execute("INSERT INTO kernel_audit (kind, actor, what, count, digest) VALUES ('freeze', 'a', 'b', 1, '')")
    owner_connection.execute("REVOKE ALL ON kernel_audit FROM canbo_whole")
    with install(fresh_database, profile=PROFILE) as fresh:
        assert not fresh
        assert state(owner_connection) == "ready"
    assert owner_connection.execute("SELECT has_table_privilege('canbo_whole', 'kernel_audit', 'SELECT')").fetchone()[0]
    with fresh_database.connect("owner") as owner:
        assert owner.execute("SELECT count(*) FROM kernel_audit").fetchone() == (1,)


def test_what_was_broken_off_is_begun_again(fresh_database: Database, owner_connection: psycopg.Connection):
    owner_connection.execute("COMMENT ON SCHEMA canbo IS 'loading'")
    owner_connection.execute("CREATE TABLE half_loaded (n int)")
    with install(fresh_database, profile=PROFILE) as fresh:
        assert fresh
        assert state(owner_connection) == "loading"
    assert state(owner_connection) == "ready"
    assert owner_connection.execute("SELECT to_regclass('canbo.half_loaded')").fetchone() == (None,)


@pytest.mark.turns
@pytest.mark.parametrize("done", [(), ON_DATABASE], ids=["made", "granted"])
def test_a_database_that_a_killed_start_only_began_to_make_is_finished(fresh_database: Database, done: tuple[str, ...]):
    begun = fresh_database.named(f"{fresh_database.name}_begun")
    with begun.named("postgres").connect("superuser", autocommit=True) as server:
        for statement in (CREATE, *done):
            server.execute(begun.sql(statement, template=sql.Identifier("template0")))
    try:
        with aimed(begun), install(begun, profile=PROFILE) as fresh:
            assert fresh
        with begun.connect("superuser") as inside:
            assert inside.execute("SELECT count(*) FROM pg_extension WHERE extname = 'btree_gist'").fetchone() == (1,)
            public = "SELECT has_database_privilege('public', current_database(), 'connect')"
            assert inside.execute(public).fetchone() == (False,)
    finally:
        begun.drop()


@pytest.mark.turns
def test_an_error_while_loading_leaves_it_unready(fresh_database: Database, owner_connection: psycopg.Connection):
    owner_connection.execute("COMMENT ON SCHEMA canbo IS 'loading'")
    with pytest.raises(ZeroDivisionError), install(fresh_database, profile=PROFILE):
        raise ZeroDivisionError
    assert state(owner_connection) == "loading"


@pytest.mark.turns
def test_only_one_installs_at_a_time(fresh_database: Database):
    second = pytest.raises(Refused, match="Another process is setting up")
    with install(fresh_database, profile=PROFILE), second, install(fresh_database, profile=PROFILE):
        pass


def test_another_profile_or_node_needs_another_database(fresh_database: Database):
    with pytest.raises(Refused, match="not elsewhere as node 1"), install(fresh_database, profile="elsewhere"):
        pass
    with pytest.raises(Refused, match="as node 2"), install(fresh_database, profile=PROFILE, node=2):
        pass


@pytest.mark.parametrize("node", [0, -1, 901])
def test_a_node_outside_of_its_range_is_refused(node: int):
    with pytest.raises(Mistake, match="from 1 to 900"), install(None, profile=PROFILE, node=node):
        pass


@pytest.mark.turns
def test_keys_begin_in_the_range_of_the_node(fresh_database: Database):
    other = fresh_database.named(f"{fresh_database.name}_node")
    try:
        with aimed(other), install(other, profile=PROFILE, node=7):
            pass
        with other.connect("owner") as owner:
            starts = owner.execute(
                "SELECT DISTINCT start_value FROM pg_sequences"
                " WHERE schemaname = 'canbo' AND data_type = 'bigint'::regtype"
            ).fetchall()
            assert starts == [(7 * NODE_SPAN,)]
            insert = (
                "INSERT INTO kernel_audit (kind, actor, what) VALUES ('freeze', '', '') RETURNING id"
            )
            assert owner.execute(insert).fetchone() == (7 * NODE_SPAN,)
    finally:
        other.drop()


def test_init_in_an_empty_folder_and_again(data: Path):
    first = canbo("init", CANBO_DATA=str(data))
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.startswith(f"Set up: profile vietnam-province, node 1, host={data}/server/socket")
    assert canbo("init", CANBO_DATA=str(data)).stdout.startswith("Up to date")
    assert canbo("server", "status", CANBO_DATA=str(data)).stdout.startswith("running: database canbo")
    passwords = [line.split(":")[4] for line in (data / "passwords").read_text().splitlines()]
    dsn = canbo("server", "dsn", CANBO_DATA=str(data)).stdout
    assert not [secret for secret in passwords if secret in dsn]
    with psycopg.connect(dsn) as app:
        assert app.execute("SELECT current_user").fetchone() == ("canbo_app",)


@pytest.mark.parametrize("words", [("--help",), ("status",), ("server", "status"), ("init", "--print-roles")])
def test_commands_that_need_no_records_start_nothing(data: Path, words: tuple[str, ...]):
    canbo(*words, CANBO_DATA=str(data))
    assert not data.exists()


def prepared(data: Path) -> tuple[Cluster, dict[str, str]]:
    """A bare server on which psql ran the script of --print-roles, and the settings that name it."""
    given = Cluster(data, PG_BIN)
    given.start()
    administrator = Database("postgres", given)
    script = canbo("init", "--print-roles", CANBO_DATA=str(data.parent / "own")).stdout
    roles = ("canbo_owner", "canbo_app", "canbo_signin", "canbo_backup")
    for _ in range(2):  # a second run changes nothing
        done = subprocess.run(
            ["psql", "-X", "-q", administrator.address("superuser"), *(f"-v{role}=s3cret'{role}" for role in roles)],
            input=script, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")
    url = "postgresql://{0}:s3cret'{0}@/canbo?host=" + str(given.socket)
    return given, {
        "CANBO_DATABASE_URL": url.format("canbo_app"),
        "CANBO_OWNER_DATABASE_URL": url.format("canbo_owner"),
        "CANBO_SIGNIN_DATABASE_URL": url.format("canbo_signin"),
        "CANBO_DATA": str(data.parent / "own"),
    }


@pytest.mark.turns
def test_a_given_server_is_prepared_by_its_administrator(data: Path):
    """The script of --print-roles, run by psql on a bare server, is all that Canbo needs there."""
    given, urls = prepared(data)
    done = canbo("init", **urls)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Set up")
    assert "s3cret" not in done.stdout
    assert canbo("init", **urls).stdout.startswith("Up to date")
    assert not (data.parent / "own/server").exists()
    script = "from canbo.config.start import start; start(anybody=True); print('in')"
    for role, code in (("", 0), ("OWNER_", 1)):
        told = {**os.environ, **urls, "PYTHONPATH": str(ROOT / "src")}
        told["CANBO_DATABASE_URL"] = urls[f"CANBO_{role}DATABASE_URL"]
        told.pop("CANBO_DATABASE_NAME", None)
        done = subprocess.run([sys.executable, "-c", script], env=told, capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stderr
    assert "which owns the table" in done.stderr
    same = urls["CANBO_DATABASE_URL"]
    for url, said in (("", "needs CANBO_SIGNIN_DATABASE_URL"), (same, "canbo_app may read or write")):
        refused = canbo("check", **(urls | {"CANBO_SIGNIN_DATABASE_URL": url}))
        assert (refused.returncode, said in refused.stderr) == (3, True), refused.stderr
    mighty = given.passfile.read_text().split(":")[4].split()[0]
    superuser = f"postgresql://postgres:{mighty}@/canbo?host={given.socket}"
    for wrong, said in (
        ({"CANBO_OWNER_DATABASE_URL": ""}, "needs CANBO_OWNER_DATABASE_URL"),
        ({"CANBO_OWNER_DATABASE_URL": superuser}, "does not set up a database as postgres"),
        ({"CANBO_DATABASE_URL": superuser}, "postgres is a superuser"),
    ):
        refused = canbo("init", **(urls | wrong))
        assert (refused.returncode, said in refused.stderr) == (3, True), refused.stderr


@pytest.mark.turns
def test_an_installation_that_knew_no_role_of_sign_in_gets_it_and_loses_nothing(data: Path):
    """As an earlier version left it: no such role, no password for it, no table of accounts."""
    assert canbo("init", CANBO_DATA=str(data)).returncode == 0
    database = Database("canbo", Cluster(data, PG_BIN))
    with database.connect("superuser", autocommit=True) as server:
        server.execute("DROP OWNED BY canbo_signin")
        server.execute("DROP ROLE canbo_signin")
    kept = [line for line in database.cluster.passfile.read_text().splitlines() if ":canbo_signin:" not in line]
    database.cluster.passfile.write_text("\n".join(kept) + "\n")
    refused = canbo("audit", "verify", CANBO_DATA=str(data))
    assert (refused.returncode, "Run `canbo init`" in refused.stderr) == (3, True), refused.stderr
    again = canbo("init", CANBO_DATA=str(data))
    assert (again.returncode, again.stderr) == (0, "")
    lines = database.cluster.passfile.read_text().splitlines()
    assert lines[:-1] == kept, "the other roles keep their passwords"
    assert database.cluster.passfile.stat().st_mode & 0o777 == 0o600
    assert canbo("audit", "verify", CANBO_DATA=str(data)).returncode == 0


def test_an_address_where_nobody_answers_is_named_without_its_password(data: Path):
    url = f"postgresql://canbo_owner:s3cret@/canbo?host={data}"
    told = canbo("init", CANBO_DATABASE_URL=url, CANBO_OWNER_DATABASE_URL=url, CANBO_DATA=str(data))
    assert told.returncode == 3
    assert f"canbo_owner@{data}/canbo cannot be used" in told.stderr
    assert "s3cret" not in told.stderr
