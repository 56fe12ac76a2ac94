"""`canbo demo` killed at any moment: the next start brings everything to the end an undisturbed run has."""

import contextlib
import os
import random
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from canbo.kernel.cluster import Cluster
from canbo.kernel.database import Database
from canbo.kernel.installation import state
from tests.resilience.runs import DEMO, PATIENCE, PG_BIN, begin, canbo, empty_folder, kill_postmaster, printed

FIGURE = ("figure", "members", "--unit", "dien-bien", "--on", "2024-05-01", "--json")
FULL = bool(os.environ.get("CANBO_TEST_FULL"))
MOMENTS = 20 if FULL else 1


@dataclass(frozen=True)
class Undisturbed:
    """What a run says that nobody kills, and how many seconds it takes."""

    seconds: float
    reports: str
    figure: str
    check: tuple[int, str]


@pytest.fixture(scope="module")
def undisturbed() -> Iterator[Undisturbed]:
    with empty_folder() as data:
        began = time.monotonic()
        reports = printed(data, *DEMO)
        seconds = time.monotonic() - began
        yield Undisturbed(seconds, reports, printed(data, *FIGURE), checked(data))


def checked(data: Path) -> tuple[int, str]:
    """How `canbo check` ends and what it prints."""
    done = canbo(data, "check")
    return done.returncode, done.stdout


def test_what_an_undisturbed_run_loads_is_consistent(undisturbed: Undisturbed):
    code, said = undisturbed.check
    assert code == 0, said


@dataclass(frozen=True)
class Blow:
    """A kill after this part of the whole run, of the server too or of the command alone."""

    after: float
    server: bool

    def __str__(self) -> str:
        percent = int(self.after * 100)  # cut, not rounded: so no two of the equal parts share one
        return f"{percent}%{' with the server' if self.server else ''}"


def blows() -> list[Blow]:
    """One in each of `MOMENTS` equal parts of the run, at random within it; the seed repeats them."""
    chance = random.Random(os.environ.get("CANBO_TEST_SEED", "0"))
    return [Blow((part + chance.random()) / MOMENTS, chance.random() < 0.4) for part in range(MOMENTS)]


@pytest.mark.parametrize("blow", blows(), ids=str)
def test_the_start_after_a_kill_ends_as_if_nothing_had_happened(blow: Blow, undisturbed: Undisturbed):
    seconds = undisturbed.seconds
    for _ in range(6):
        with empty_folder() as data:
            ended = strike(data, blow, seconds)
            if ended is None:
                assert_recovers(data, blow, undisturbed)
                return
        seconds = min(seconds, ended) * 0.95  # other work on the machine has ended: it was done before the blow
    raise AssertionError(f"six runs were over before {blow} of {seconds:.0f} s")


def strike(data: Path, blow: Blow, seconds: float) -> float | None:
    """Kill a run of about that many seconds; the seconds it really took if it ended before the blow."""
    began = time.monotonic()
    started = begin(data, *DEMO)
    with contextlib.suppress(subprocess.TimeoutExpired):
        started.wait(timeout=blow.after * seconds)
        return time.monotonic() - began
    started.kill()
    started.wait()
    if blow.server:
        kill_postmaster(data)
    return None


def assert_recovers(data: Path, blow: Blow, undisturbed: Undisturbed) -> None:
    """The next start, and all that is asked then, say what they say where nothing was killed."""
    if not blow.server:  # a question would bring the server back before the next start has to
        assert_whole_or_refused(canbo(data, *FIGURE), undisturbed)
    again = canbo(data, *DEMO)
    assert (again.returncode, again.stdout) == (0, undisturbed.reports), again.stderr
    assert printed(data, *FIGURE) == undisturbed.figure
    assert checked(data) == undisturbed.check


def assert_whole_or_refused(asked: subprocess.CompletedProcess[str], undisturbed: Undisturbed) -> None:
    """Nothing is ever answered from records half loaded: it is the right answer or a refusal in words."""
    if asked.returncode == 0:
        assert asked.stdout == undisturbed.figure
    else:
        assert (asked.returncode, asked.stdout) == (3, "")
        assert "canbo demo" in asked.stderr
        assert "Traceback" not in asked.stderr


@pytest.mark.turns
def test_while_it_loads_a_question_is_refused_and_a_second_start_waits_its_turn():
    with empty_folder() as data:
        loading = begin(data, *DEMO)
        try:
            database = until_it_loads(data)
            asked = canbo(data, *FIGURE, CANBO_DATABASE_NAME=database.name)
            second = canbo(data, *DEMO)
            assert loading.poll() is None, "the load was over too soon for this test to say anything"
        finally:
            loading.kill()
            loading.wait()
        assert (asked.returncode, asked.stdout) == (3, "")
        assert "is still being loaded" in asked.stderr
        assert (second.returncode, second.stdout) == (3, "")
        assert "Another process is setting up" in second.stderr


def until_it_loads(data: Path) -> Database:
    """The database of the sample, as soon as it says that it is being loaded."""
    database = Database("demo_vietnam_province", Cluster(data, PG_BIN))
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with contextlib.suppress(psycopg.OperationalError), psycopg.connect(**database.dsn("owner")) as owner:
            if state(owner) == "loading":
                return database
        time.sleep(0.05)
    raise AssertionError("nothing was ever loaded")
