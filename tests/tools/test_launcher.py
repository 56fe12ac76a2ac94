"""./canbo prepares its environment once, whole, and by one start at a time.

Run on a small checkout: the real launcher, empty lists of packages and a program that says hello.
"""

import os
import shutil
import stat
import subprocess
import sys
import time

import pytest

from tests.architecture.contracts import ROOT

FAKE_PYTHON = """#!/bin/sh
# A Python as Debian ships it: without ensurepip.
[ "$1" = -I ] || exec {python} "$@"
shift
exec {python} -c 'import importlib.util as u, runpy, sys
found = u.find_spec
u.find_spec = lambda name, *rest: None if name == "ensurepip" else found(name, *rest)
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")' "$@"
"""


@pytest.fixture
def checkout(tmp_path):
    """A checkout that needs no packages."""
    root = tmp_path / "a checkout"
    (root / "requirements").mkdir(parents=True)
    (root / "src/canbo").mkdir(parents=True)
    shutil.copy(ROOT / "canbo", root)
    shutil.copy(ROOT / "requirements/install.py", root / "requirements")
    for name in ("run", "test"):
        (root / f"requirements/{name}.txt").write_text("# nothing\n")
    (root / "src/canbo/__main__.py").write_text("import sys\nprint('hello', sys.argv[1:])\n")
    return root


def command(root, *arguments, **environment):
    """A start of the launcher, not yet waited for."""
    clean = {name: value for name, value in os.environ.items() if name not in ("CANBO_VENV", "PYTHONPATH")}
    return subprocess.Popen(
        [root / "canbo", *arguments],
        env={**clean, "CANBO_PYTHON": sys.executable, **environment},
        cwd=root.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def start(root, *arguments, **environment):
    """Output, messages and exit code of a start."""
    process = command(root, *arguments, **environment)
    out, messages = process.communicate(timeout=300)
    return out, messages, process.returncode


@pytest.mark.turns
def test_two_first_starts_build_one_environment_and_both_run(checkout):
    both = [command(checkout, "one", "two words"), command(checkout, "one", "two words")]
    ended = [process.communicate(timeout=300) for process in both]
    assert [out for out, _ in ended] == ["hello ['one', 'two words']\n"] * 2, ended
    assert sum(messages.count("preparing") for _, messages in ended) == 1

    began = time.monotonic()
    assert start(checkout, "again") == ("hello ['again']\n", "", 0)
    assert time.monotonic() - began < 2


@pytest.mark.turns
def test_what_a_killed_start_left_is_built_again(checkout):
    assert start(checkout)[2] == 0
    (checkout / ".venv/canbo-run.txt").unlink()  # as pip was killed: the list is copied last
    (checkout / ".venv/half").touch()
    out, messages, _ = start(checkout)
    assert (out, messages.count("preparing")) == ("hello []\n", 1)
    assert not (checkout / ".venv/half").exists()


@pytest.mark.turns
def test_a_changed_list_is_installed_and_only_test_adds_the_test_tools(checkout):
    assert start(checkout)[2] == 0
    assert not (checkout / ".venv/canbo-test.txt").exists()
    (checkout / "requirements/run.txt").write_text("# another\n")
    assert start(checkout)[1].count("preparing") == 1
    assert start(checkout, "test")[1].count("the test tools") == 1
    assert start(checkout, "test") == ("hello ['test']\n", "", 0)


@pytest.mark.turns
def test_a_list_that_cannot_be_installed_is_tried_again_next_time(checkout):
    (checkout / "requirements/run.txt").write_text("./nowhere.whl --hash=sha256:00\n")
    for _ in range(2):
        out, messages, code = start(checkout)
        assert (out, code != 0) == ("", True)
        assert "could not install requirements/run.txt" in messages


def test_a_python_without_ensurepip_is_told_with_the_remedy(checkout):
    python = checkout / "debian-python"
    python.write_text(FAKE_PYTHON.format(python=sys.executable))
    python.chmod(python.stat().st_mode | stat.S_IXUSR)
    out, messages, code = start(checkout, CANBO_PYTHON=str(python))
    assert (out, code) == ("", 2)
    assert "apt install python3-venv" in messages
    assert not (checkout / ".venv").exists()


def test_a_folder_that_holds_something_else_is_left_alone(checkout, tmp_path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters/one.txt").touch()
    _, messages, code = start(checkout, CANBO_VENV=str(tmp_path / "letters"))
    assert code == 2
    assert "CANBO_VENV" in messages
    assert (tmp_path / "letters/one.txt").exists()


def test_something_that_is_no_python_is_refused(checkout):
    _, messages, code = start(checkout, CANBO_PYTHON="/bin/false")
    assert code == 2
    assert "3.11 or newer" in messages


def test_the_pinned_lists_name_every_hash_and_no_address():
    for name in ("run", "test"):
        text = (ROOT / f"requirements/{name}.txt").read_text(encoding="utf-8")
        pins = [line for line in text.splitlines() if line and line[0] not in " #"]
        assert all("==" in pin and pin.endswith("\\") for pin in pins), pins
        assert "/" not in text
