"""The pages as people meet them: `canbo serve` as a process of its own, on a copy of a sample."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from canbo.kernel.database import Database

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0


def free_port() -> int:
    """A port that nobody listens on."""
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def serving(database: Database, *command: str, settings: str = "") -> Iterator[str]:
    """The address at which the pages of this database are served while the block runs, with other settings if said."""
    port = free_port()
    words = command or (sys.executable, "-m", "canbo", "serve")
    paths = f"{ROOT / 'src'}{os.pathsep}{ROOT}"
    environment = {**os.environ, "PYTHONPATH": paths, "CANBO_DATABASE_NAME": database.name}
    environment |= {"DJANGO_SETTINGS_MODULE": settings} if settings else {}
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(
            [*words, "--port", str(port)], env=environment, cwd="/", stdout=said, stderr=subprocess.STDOUT
        )
        try:
            address = f"http://127.0.0.1:{port}"
            if not _answers(address, process):
                said.seek(0)
                raise AssertionError(f"the server did not answer within {PATIENCE:.0f} s:\n{said.read()}")
            yield address
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _answers(address: str, process: subprocess.Popen) -> bool:
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/static/canbo.svg", timeout=5):
                return True
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    return False
