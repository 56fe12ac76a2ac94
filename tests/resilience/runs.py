"""What the tests of this folder share: commands as a user types them, in data folders that end with the test."""

import contextlib
import os
import pty
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from canbo.kernel.cluster import Cluster
from tests.clones import ROOT, in_memory

PG_BIN = Path(os.environ["CANBO_PG_BIN"]) if "CANBO_PG_BIN" in os.environ else None
PATIENCE = 900
DEMO = ("demo", "--no-serve", "--size", "0.02")


def surroundings(data: Path, **more: str) -> dict[str, str]:
    """The environment of a user who keeps everything in `data`: no setting of the tests reaches the command."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CANBO_")}
    if PG_BIN:
        kept["CANBO_PG_BIN"] = str(PG_BIN)
    return {**kept, "PYTHONPATH": str(ROOT / "src"), "CANBO_DATA": str(data), **more}


def begin(data: Path, *words: str, **more: str) -> subprocess.Popen[str]:
    """A command in a process of its own, not waited for; what it says is thrown away."""
    return subprocess.Popen(
        [sys.executable, "-m", "canbo", *words], env=surroundings(data, **more),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip


def canbo(data: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A command from start to end."""
    return subprocess.run(
        [sys.executable, "-m", "canbo", *words], env=surroundings(data, **more),
        capture_output=True, text=True, check=False, timeout=PATIENCE,
    )  # fmt: skip


def printed(data: Path, *words: str, **more: str) -> str:
    """What a command prints that must succeed."""
    done = canbo(data, *words, **more)
    assert done.returncode == 0, done.stderr
    return done.stdout


def refused(done: subprocess.CompletedProcess[str], code: str) -> str:
    """What a command said that had to refuse, with this code."""
    assert (done.returncode, done.stdout, f"[{code}]" in done.stderr) == (3, "", True), done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def typed(data: Path, words: tuple[str, ...], *answers: str, **more: str) -> tuple[int, str]:
    """A command at a terminal, its questions for a passphrase answered in turn; its exit code and what was shown."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "canbo", *words]
    with subprocess.Popen(
        command, env=surroundings(data, **more), stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    ) as running:
        os.close(theirs)
        waiting, shown = list(answers), b""
        with contextlib.suppress(OSError):  # that is how a terminal ends on Linux
            while part := os.read(ours, 4096):
                shown += part
                if waiting and shown.endswith(b": "):
                    os.write(ours, f"{waiting.pop(0)}\n".encode())
        os.close(ours)
    assert not waiting, shown
    return running.returncode, shown.decode()


@contextlib.contextmanager
def empty_folder() -> Iterator[Path]:
    """A data folder to be; its server, wherever it came to lie, ends with the block."""
    with tempfile.TemporaryDirectory(prefix="canbo-test-", dir=in_memory()) as name:
        Path(name).chmod(0o755)
        data = Path(name) / "data"
        try:
            yield data
        finally:
            cluster = Cluster(data, PG_BIN)
            cluster.stop()
            for leftover in (cluster.home, cluster.socket):
                shutil.rmtree(leftover, ignore_errors=True)


def kill_postmaster(data: Path) -> None:
    """End the server as a failing machine would, where there is one already."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        pid = (Cluster(data, PG_BIN).pgdata / "postmaster.pid").read_text(encoding="utf-8")
        os.kill(int(pid.split()[0]), signal.SIGKILL)
