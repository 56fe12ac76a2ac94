"""`canbo test`: everything the continuous check runs, on a machine where nothing was prepared by hand."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated
from xml.etree import ElementTree

import typer

from canbo.kernel.refusal import Mistake

ROOT = Path(__file__).resolve().parents[3]
SECOND_SERVER = Path("/usr/lib/postgresql/15/bin")
WORKERS = "2"
WHOLE_FILES = ("--dist", "loadfile")
"""A file's tests go to one worker, so that what its fixtures load is loaded once."""
_ONCE = (
    "acceptance", "access", "bridge", "declared", "exchange", "output", "quality", "resilience", "security", "web",
)  # fmt: skip
ONCE = (*(f"tests/{name}" for name in _ONCE), "tests/audit/test_command.py", "tests/database/test_installation.py")
"""What reads by the queries that other tests ask of both servers: without `--full` it runs on the first alone. With it
the second takes the slices of a run without.
"""
OUTCOMES = ("passed", "failed", "errors", "skipped", "left out")
NOTHING = 5  # pytest found no test
PROGRAMS = (
    (("chromium", "chromium-browser", "google-chrome"), "chromium fonts-liberation", False),
    (("pdftotext",), "poppler-utils", False),
    (("soffice", "libreoffice"), "libreoffice-writer-nogui libreoffice-calc-nogui", True),
)
"""Programs the tests use, by any of these names; the packages of Debian; whether only the slow tests use them."""


@dataclass
class Run:
    """What ran so far: name, seconds and success of each step, and the sum of all tests' outcomes."""

    steps: list[tuple[str, float, bool]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(OUTCOMES, 0))
    notes: list[str] = field(default_factory=list)

    def step(self, name: str, command: list[str], *, may_be_empty: bool = False, **environment: str) -> None:
        """Run one command in the checkout, its output shown as it comes. No test at all is a failure."""
        typer.echo(f"\n── {name}")
        began = time.monotonic()
        code = subprocess.run(command, cwd=ROOT, env=surroundings() | environment, check=False).returncode
        self.steps.append((name, time.monotonic() - began, code == 0 or (may_be_empty and code == NOTHING)))

    def pytest(self, name: str, markers: list[str], chosen: list[str], **environment: str) -> None:
        """Run pytest as a step and add its outcomes to the sum; what was chosen may leave nothing to run."""
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder, "outcomes.xml")
            spread = ["-n", WORKERS, *WHOLE_FILES, f"--junitxml={report}"]
            command = [sys.executable, "-m", "pytest", *spread, *markers, *chosen]
            self.step(name, command, may_be_empty=bool(chosen), **environment)
            if report.exists():
                self.add(ElementTree.parse(report).getroot())  # noqa: S314 - written by the pytest just run

    def add(self, suites: ElementTree.Element) -> None:
        """Add the outcomes of a JUnit report."""
        for suite in suites.iter("testsuite"):
            sums = {word: int(suite.get(key, 0)) for word, key in JUNIT.items()}
            self.counts["passed"] += int(suite.get("tests", 0)) - sum(sums.values())
            for word, number in sums.items():
                self.counts[word] += number

    @property
    def holds(self) -> bool:
        """Whether every step succeeded."""
        return all(success for _, _, success in self.steps)

    def close(self) -> None:
        """Print the time of each step, what did not run, and the one line that sums it up."""
        typer.echo("")
        for name, seconds, success in self.steps:
            typer.echo(f"{seconds:8.1f} s  {'ok    ' if success else 'FAILED'}  {name}")
        for note in self.notes:
            typer.echo(f"{'':10}  note    {note}")
        words = [f"{number} {word}" for word, number in self.counts.items() if number or word == "passed"]
        total = sum(seconds for _, seconds, _ in self.steps)
        broken = [name for name, _, success in self.steps if not success]
        ending = f" (not ok: {', '.join(broken)})" if broken else ""
        typer.echo(f"===== {', '.join(words)} in {total:.2f}s{ending} =====")


JUNIT = {"failed": "failures", "errors": "errors", "skipped": "skipped"}


def test(
    full: Annotated[bool, typer.Option("--full", help="Run the slow tests too (marked `full`).")] = False,
    arguments: Annotated[list[str] | None, typer.Argument(help="After `--`: arguments for pytest.")] = None,
) -> None:
    """Check the checkout: ruff, import contracts, all tests, and the database tests on PostgreSQL 15."""
    if not (ROOT / "tests" / "architecture").is_dir():
        raise Mistake("no_checkout", "The tests are not in the installed package: run ./canbo test in a checkout.")
    run = Run()
    get_programs(run, full=full)
    run.step("ruff", [sys.executable, "-m", "ruff", "check", "--output-format=concise", "."])
    run.step("import contracts", [sys.executable, "-m", "tests.architecture.contracts"])
    chosen = list(arguments or [])
    some = {"CANBO_TEST_FULL": "", "CANBO_TEST_TURNS": "" if chosen else "taken"}
    slices = {"CANBO_TEST_SEED": seed()}
    slices |= {"CANBO_TEST_FULL": "1", "CANBO_TEST_TURNS": ""} if full else some
    others = None if full else left_out(chosen, **slices)
    run.pytest("tests", only(full), chosen, **slices)
    run.counts["left out"] = listed(others)
    if SECOND_SERVER.is_dir():
        slices |= some | {"CANBO_PG_BIN": str(SECOND_SERVER)}
        left = [] if full else [f"--ignore={folder}" for folder in ONCE]
        run.pytest("database tests on PostgreSQL 15", [*only(full, "database"), *left], chosen, **slices)
    else:
        run.notes.append(f"the database tests did not run on PostgreSQL 15: no {SECOND_SERVER} here")
    run.close()
    raise typer.Exit(0 if run.holds else 1)


def surroundings() -> dict[str, str]:
    """The environment of the tests: settings of an installation do not reach them, nor do they its data."""
    kept = ("CANBO_PG_BIN", "CANBO_TEST_DATA", "CANBO_PYTHON", "CANBO_VENV")
    return {name: value for name, value in os.environ.items() if not name.startswith("CANBO_") or name in kept}


def only(full: bool, marker: str = "") -> list[str]:
    """pytest's choice by markers: `marker` alone where given, the slow ones only when asked for."""
    wanted = [marker] if marker else []
    wanted += [] if full else ["not full"]
    return ["-m", " and ".join(wanted)] if wanted else []


def left_out(chosen: list[str], **slices: str) -> subprocess.Popen[str]:
    """Begin to list the tests that only `--full` runs, or another commit."""
    marked = "full"
    if slices["CANBO_TEST_TURNS"]:
        marked, slices["CANBO_TEST_TURNS"] = "full or turns", "others"
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-m", marked, *chosen]
    return subprocess.Popen(command, cwd=ROOT, env=surroundings() | slices, stdout=subprocess.PIPE, text=True)


def listed(collection: subprocess.Popen[str] | None) -> int:
    """How many tests a collection names."""
    return sum("::" in line for line in collection.communicate()[0].splitlines()) if collection else 0


def seed() -> str:
    """The seed of random slices: the commit, so that a run can be repeated and the next commit differs."""
    command = ["git", "rev-parse", "HEAD"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return found.stdout.strip() if found.returncode == 0 else "0"


def get_programs(run: Run, *, full: bool) -> None:
    """Install Debian's browser and readers of documents where that is possible; elsewhere say how.

    A test fails while one is absent. The office that reads Word and Excel files is for the slow tests only.
    """
    missing = [
        packages
        for names, packages, slow in PROGRAMS
        if (full or not slow) and not any(shutil.which(name) for name in names)
    ]
    if not missing:
        return
    wanted = " ".join(missing)
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        install = f"apt-get -qq -o Dpkg::Use-Pty=0 install -y --no-install-recommends {wanted}"
        run.step("apt-get update", ["apt-get", "-qq", "update"], **quiet)
        run.step(f"apt-get install {wanted}", install.split(), **quiet)
    else:
        run.notes.append(f"programs are missing (Debian, Ubuntu: sudo apt-get install {wanted})")
