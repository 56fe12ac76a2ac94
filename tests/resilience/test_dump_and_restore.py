"""A backup, made while others write, locked and restored elsewhere, keeps every figure, row, rule, key, word and the
audit chain; without the passphrase, or altered, it leaves nothing.
"""

import contextlib
import shutil
import threading
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from allauth.usersessions.models import UserSession

from canbo.cli.backup import of_file
from canbo.config.backup import opened
from canbo.config.environment import Environment
from canbo.config.restore import profile_laid_out
from canbo.kernel import audit
from canbo.kernel.cluster import Cluster
from canbo.kernel.database import Database
from canbo.kernel.instants import day
from canbo.kernel.profile import PACKAGED, profile
from canbo.kernel.refusal import Refused
from canbo.kernel.roles import check_application
from canbo.registry.facts import Person
from canbo.reports.answer import answer, catalogue
from canbo.reports.book import report
from canbo.reports.indicator import INDICATORS
from canbo.reports.question import ask
from canbo.reports.text import as_json
from tests import clones
from tests.clones import aimed
from tests.resilience.runs import PG_BIN, canbo, empty_folder, printed, refused, typed
from tests.signing_in import account_of, new_session

pytestmark = pytest.mark.database

WHERE = {"over": "0.5", "by": "2024-12-31", "place_kind": "village"}
"""What some indicators have to be told."""
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'canbo' ORDER BY 1"
CONTENT = "SELECT count(*), sum(hashtextextended(row::text, 0)) FROM canbo.{} row"
ANEW = {
    "kernel_audit", "kernel_seal", "kernel_sealed", "kernel_unsealed", "access_key", "access_title", "reports_declared",
    "django_session", "usersessions_usersession",
}  # fmt: skip
"""The log, which goes on; sessions and keys; what set-up derives from the profile."""
SIGNED_IN = """
SELECT (SELECT count(*) FROM usersessions_usersession), (SELECT count(*) FROM django_session),
       (SELECT count(*) FROM access_key WHERE person_id IS NOT NULL AND ended_at IS NULL)
"""
CLOSURE = "SELECT ancestor_id, descendant_id, depth, valid FROM registry_closure ORDER BY 1, 2, 4"
SEQUENCES = """
SELECT sequencename, start_value, last_value FROM pg_sequences
WHERE schemaname = 'canbo' AND sequencename LIKE 'registry%' ORDER BY 1
"""
GRANTS = """
SELECT table_name, privilege_type, grantee FROM information_schema.table_privileges
WHERE table_schema = 'canbo' AND grantee LIKE 'canbo%' ORDER BY 1, 2, 3
"""
FUNCTIONS = """
SELECT proname, pg_get_userbyid(proowner), proacl::text, proconfig FROM pg_proc
WHERE pronamespace = 'canbo'::regnamespace ORDER BY oid::regprocedure::text
"""
POLICIES = "SELECT tablename, policyname, roles, cmd, qual IS NULL, with_check IS NULL FROM pg_policies ORDER BY 1, 2"
SECRET = "sáu từ không ai đoán ra"
PROFILE = "vietnam-province"
WORDS = Path(PROFILE, "words", "vi.yaml")
"""What a department words otherwise than the profile that comes with Canbo."""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where profiles lie: the one that comes with Canbo, with words of the department."""
    folder = tmp_path_factory.mktemp("own")
    shutil.copytree(PACKAGED / PROFILE, folder / PROFILE)
    with (folder / WORDS).open("a", encoding="utf-8") as words:
        words.write("# ours\n")
    return folder


@pytest.fixture(scope="module")
def locked(small_sample: Database, own: Path, django_db_blocker: Any) -> Path:
    """A backup of the small sample, taken while somebody was signed in and rows were written, locked by what was typed
    at a keyboard that writes marks apart from their letters.
    """
    file, said = own / "all.canbo", unicodedata.normalize("NFD", SECRET)
    with django_db_blocker.unblock():
        who = Person.objects.order_by("pk").first().code
        where = {"session_key": new_session(who), "ip": "127.0.0.1", "user_agent": ""}
        UserSession.objects.create(user=account_of(who), **where)
    settings = {"CANBO_DATABASE_NAME": small_sample.name, "CANBO_PROFILES": str(own)}
    with writing(small_sample):
        code, shown = typed(clones.folder(), ("backup", "--encrypt", str(file)), said, said, **settings)
    assert (code, said in shown, SECRET in shown) == (0, False, False), shown
    return file


@pytest.fixture(scope="module")
def phrase(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the passphrase, for nobody else."""
    file = tmp_path_factory.mktemp("phrase") / "phrase"
    file.write_text(f"{SECRET}\n", encoding="utf-8")
    file.chmod(0o600)
    return file


@pytest.fixture(scope="module")
def restored(locked: Path, phrase: Path) -> Iterator[Database]:
    """An installation of its own with what the backup held."""
    with empty_folder() as data:
        done = canbo(data, "restore", str(locked), "--passphrase", str(phrase))
        assert (done.returncode, f"set CANBO_PROFILES={data / 'profiles'}\n" in done.stderr) == (0, True), done.stderr
        yield Database("demo_vietnam_province", Cluster(data, PG_BIN))


@contextlib.contextmanager
def writing(database: Database) -> Iterator[None]:
    """Rows of the log are added all the time while the block runs, each in a transaction of its own."""
    insert = "INSERT INTO kernel_audit (kind, actor, what) VALUES ('list', 'writer', 'on and on')"
    done, begun = threading.Event(), threading.Event()

    def write() -> None:
        with database.connect("app", autocommit=True) as link:
            while not done.is_set():
                link.execute(insert)
                begun.set()
                time.sleep(0.005)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        assert begun.wait(10)
        yield
    finally:
        done.set()
        thread.join()


def rows(database: Database, statement: str) -> list[tuple]:
    with database.connect("owner") as link:
        return link.execute(statement).fetchall()


def reports() -> list[dict[str, Any]]:
    """The report of each part of the sample."""
    told = [profile().read("sample", path.name).get("report") for path in profile().files("sample")]
    return [as_json(report(one["book"], one["unit"], one["day"]), "vi") for one in told if one]


def figures() -> list[dict[str, Any]]:
    """Every indicator on one day with its records."""
    question = ask("dien-bien", day("2024-05-01"), start=day("2021-01-01"))
    found = []
    for said in catalogue():
        needed = {name: WHERE[name] for name in getattr(INDICATORS[said["indicator"]], "parameters", ())}
        found.append(answer(said["indicator"], question.narrowed(needed), records=True))
    return found


def test_every_report_and_every_figure_is_the_same(small_sample: Database, restored: Database, django_db_blocker: Any):
    with django_db_blocker.unblock():
        before = reports(), figures()
        with aimed(restored):
            after = reports(), figures()
    assert len(before[0]) == 4
    assert sum(figure["value"] not in (0, None) for figure in before[1]) >= 20, "figures of nothing prove nothing"
    assert after == before


def contents(database: Database) -> dict[str, tuple]:
    """How many rows each table has, and the sum of what each of them says."""
    with database.connect("owner") as link:
        names = [name for (name,) in link.execute(TABLES).fetchall()]
        return {name: link.execute(CONTENT.format(name)).fetchone() for name in names}


def test_every_row_of_every_table_is_the_same_but_of_the_log_and_what_set_up_makes_anew(
    small_sample: Database, restored: Database
):
    before, after = contents(small_sample), contents(restored)
    assert sum(count for name, (count, _) in before.items() if name not in ANEW) > 10_000
    assert {name for name in before if after[name] != before[name]} <= ANEW


@pytest.mark.parametrize(
    "what",
    [CLOSURE, SEQUENCES, GRANTS, FUNCTIONS, POLICIES],
    ids=["closure", "sequences", "grants", "functions", "policies"],
)
def test_the_tree_the_keys_and_the_rights_are_the_same(small_sample: Database, restored: Database, what: str):
    before = rows(small_sample, what)
    assert before
    assert rows(restored, what) == before


def test_the_log_goes_on_where_it_was_saved(small_sample: Database, restored: Database, django_db_blocker: Any):
    """The chain is the same up to the backup, the writer's rows are some of all, and then it says that it came back."""
    with django_db_blocker.unblock():
        before = list(audit.lines())
        with aimed(restored):
            after, found = list(audit.lines()), audit.verify()
    assert after[: len(before)] == before
    saved, later = ([line["what"] for line in part if "number" in line] for part in (before, after[len(before) :]))
    assert {"backup", "on and on"} <= {*saved}
    assert (found.faults, found.waiting) == ([], 0)
    assert {*later[:-1]} == {"on and on"}
    assert later[-1].startswith("restored from the backup of ")
    written = "SELECT count(*) FROM kernel_audit WHERE actor = 'writer'"
    assert rows(restored, written)[0][0] < rows(small_sample, written)[0][0]


def test_the_key_of_the_installation_came_with_it_and_commands_work(restored: Database):
    data = restored.cluster.data
    assert (data / "secret-key").read_text() == (clones.folder() / "secret-key").read_text()
    assert (data / "secret-key").stat().st_mode & 0o777 == 0o600
    assert (data / "commands-key").read_text() != (clones.folder() / "commands-key").read_text()
    assert printed(data, "audit", "verify").endswith(" 0 not sealed yet, 0 faults\n")


def test_everybody_signs_in_again(small_sample: Database, restored: Database):
    assert rows(small_sample, SIGNED_IN) == [(1, 1, 1)]
    assert rows(restored, SIGNED_IN) == [(0, 0, 0)]


def test_a_profile_of_ones_own_came_with_it_though_another_of_its_name_comes_with_canbo(own: Path, restored: Database):
    there, back = (
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.yaml")}
        for folder in (own, restored.cluster.data / "profiles")
    )
    assert there[WORDS].endswith(b"# ours\n")
    assert back == there


def test_only_its_passphrase_opens_it_and_what_fails_writes_nothing(locked: Path, tmp_path: Path):
    data, other = tmp_path / "data", tmp_path / "phrase"
    code, shown = typed(data, ("restore", str(locked)), f"{SECRET} hoặc khác")
    assert (code, "the passphrase does not open" in shown, "khác" in shown) == (3, True, False), shown
    done = canbo(data, "restore", str(locked))
    assert (done.returncode, "name a file with its passphrase" in done.stderr) == (2, True), done.stderr
    other.write_text(SECRET, encoding="utf-8")
    with pytest.raises(Refused, match=f"may be read by others .* Run `chmod 600 {other}`"):
        of_file(other)
    assert not data.exists()


def test_one_bit_in_the_middle_is_noticed_before_anything_is_written(locked: Path, phrase: Path, tmp_path: Path):
    altered, data, odd = bytearray(locked.read_bytes()), tmp_path / "data", tmp_path / "odd.canbo"
    altered[len(altered) // 2] ^= 1
    odd.write_bytes(altered)
    said = refused(canbo(data, "restore", str(odd), "--passphrase", str(phrase)), "damaged_backup")
    assert f"{odd} is cut off or was changed" in said
    assert not data.exists()


def test_a_passphrase_is_long_and_typed_twice_alike(tmp_path: Path):
    words = ("backup", "--encrypt", str(tmp_path / "none.canbo"))
    code, shown = typed(clones.folder(), words, "một hai ba bốn", "một hai ba năm", "ngắn quá", "ngắn quá")
    assert (code, "do not match" in shown, "12 characters or more" in shown) == (2, True, True), shown
    assert list(tmp_path.iterdir()) == []


def test_other_files_in_the_place_of_the_profile_are_left_alone(locked: Path, tmp_path: Path):
    theirs = tmp_path / "profiles" / "notes.txt"
    theirs.parent.mkdir()
    theirs.write_text("ours")
    with (
        opened(locked, lambda: SECRET) as found,
        pytest.raises(Refused, match=f"other files are in {theirs.parent}: move them away"),
        profile_laid_out(found, Environment(data=tmp_path)),
    ):
        pass
    assert theirs.read_text() == "ours"


def test_the_application_works_on_it_and_keys_go_on_above(restored: Database):
    insert = "INSERT INTO kernel_audit (kind, actor, what) VALUES ('freeze', 'a', 'b') RETURNING id"
    with restored.connect("app") as app:
        check_application(app)
        clones.speak(app)
        (last,) = app.execute("SELECT max(id) FROM kernel_audit").fetchone()
        assert app.execute(insert).fetchone()[0] > last > 10**13
        app.rollback()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE registry_membership SET stage = stage",
        "UPDATE registry_placement SET valid = daterange('2020-01-01', NULL)",
        "DELETE FROM registry_membership",
        "DELETE FROM registry_placement",
    ],
)
def test_the_triggers_still_refuse_edits(restored: Database, statement: str):
    with restored.connect("owner") as owner, pytest.raises(psycopg.errors.Error, match=r"never edited|Cannot delete"):
        owner.execute(statement)


def test_the_constraints_still_refuse_a_second_parent(restored: Database):
    twice = """
    INSERT INTO registry_placement (fact, unit_id, valid, start_precision, end_precision, recorded, opened_by_id,
                                    asserted_by_id, parent_id)
    SELECT -1, unit_id, valid, start_precision, end_precision, recorded, opened_by_id, asserted_by_id, parent_id
    FROM registry_placement WHERE upper_inf(recorded) LIMIT 1
    """
    with restored.connect("owner") as owner, pytest.raises(psycopg.errors.IntegrityError):
        owner.execute(twice)
