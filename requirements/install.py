"""Build the environment of ./canbo: `install.py FOLDER SET…` with sets `run` and `test`.

Plain Python 3.11 without any library, because nothing is installed yet. Safe against a kill at any moment
and against a second copy at the same time: the lock falls with the last process that builds (pip inherits it,
so an orphaned pip is waited for), a marker stands in the folder while pip works, and the list of a set is
copied in only when the set is whole.
Exit codes: 0 ready, 2 the machine lacks something (the message says what), else pip's own.
"""

import fcntl
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

LISTS = Path(__file__).resolve().parent


def main(folder: Path, sets: list[str]) -> int:
    """Make `folder` hold exactly the pinned sets; wait while another start does the same."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open(f"{folder}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        missing = [name for name in sets if not is_installed(folder, name)]
        if not missing:
            return 0
        if "run" in missing or (folder / "canbo-unfinished").exists() or not python_of(folder).exists():
            missing = sets
            if problem := why_not(folder):
                print(f"canbo: {problem}", file=sys.stderr)
                return 2
            say(folder, sets)
            create(folder, lock.fileno())
        else:
            say(folder, missing)
        return fill(folder, missing, lock.fileno())


def is_installed(folder: Path, name: str) -> bool:
    """Whether the set was finished from the list as it stands now."""
    copy = folder / f"canbo-{name}.txt"
    return python_of(folder).exists() and copy.exists() and copy.read_bytes() == list_of(name).read_bytes()


def why_not(folder: Path) -> str | None:
    """What stands in the way of an environment, with the remedy."""
    if importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        return (
            f"{sys.executable} has no ensurepip, so it cannot make an environment. Debian and Ubuntu ship it "
            f"apart: apt install python3-venv (or python{version}-venv), then start again."
        )
    if folder.is_dir() and any(folder.iterdir()) and not (folder / "pyvenv.cfg").exists():
        return f"{folder} holds something else than an environment; name another folder in CANBO_VENV."
    return None


def say(folder: Path, sets: list[str]) -> None:
    """The one line printed while installing."""
    what = "the test tools" if sets == ["test"] else "a Python environment"
    print(f"canbo: preparing {what} in {folder} (once; up to a few minutes) …", file=sys.stderr, flush=True)


def create(folder: Path, lock: int) -> None:
    """An empty environment; whatever a killed start or an older list left there goes first."""
    for copy in folder.glob("canbo-*.txt"):  # before anything else: from here on it is not whole
        copy.unlink()
    shutil.rmtree(folder, ignore_errors=True)
    # The real file, not `python3`: after an upgrade of the system the link then dangles and is noticed.
    command = [os.path.realpath(sys.executable), "-I", "-m", "venv", folder]
    subprocess.run(command, check=True, pass_fds=[lock])


def fill(folder: Path, sets: list[str], lock: int) -> int:
    """Install the sets, each exactly as pinned; returns pip's exit code."""
    marker = folder / "canbo-unfinished"
    marker.touch()
    options = ["-qq", "--disable-pip-version-check", "--no-input", "--no-deps", "--require-hashes"]
    for name in sets:
        pip = [python_of(folder), "-I", "-m", "pip", "install", *options, "-r", list_of(name)]
        code = subprocess.run(pip, check=False, pass_fds=[lock]).returncode
        if code:
            print(f"canbo: pip could not install requirements/{name}.txt (see above).", file=sys.stderr)
            return code
    marker.unlink()
    for name in sets:
        shutil.copyfile(list_of(name), folder / f"canbo-{name}.txt")
    return 0


def python_of(folder: Path) -> Path:
    """The interpreter of the environment."""
    return folder / "bin" / "python"


def list_of(name: str) -> Path:
    """The pinned list of a set."""
    return LISTS / f"{name}.txt"


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).absolute(), sys.argv[2:]))
