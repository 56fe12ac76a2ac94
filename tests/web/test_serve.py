"""`canbo serve`: answers this machine only, says so, and refuses what it cannot do before it starts anything."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, suppress

import pytest

from canbo.cli.serve import check
from canbo.kernel.database import Database
from canbo.kernel.refusal import Refused


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "canbo.example", "::"])
def test_another_address_than_of_this_machine_is_refused_with_the_reason(host: str):
    with pytest.raises(Refused, match="nobody signs in yet") as refusal:
        check(host, free_port())
    assert refusal.value.code == "loopback_only"


def test_a_port_that_is_taken_is_refused_and_a_free_one_is_not():
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(Refused, match="Choose another --port"):
            check("127.0.0.1", other.getsockname()[1])
    check("127.0.0.1", free_port())


@pytest.fixture
def served(association: Database) -> Iterator[tuple[str, subprocess.Popen]]:
    """The pages of the second profile, served by the command."""
    port = free_port()
    words = [sys.executable, "-m", "canbo", "serve", "--port", str(port)]
    source = os.pathsep.join(path for path in sys.path if path)
    with subprocess.Popen(
        words, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": source}
    ) as process:
        yield f"http://127.0.0.1:{port}", process
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            raise


@pytest.mark.database
def test_the_pages_are_served_with_style_and_policy(served: tuple[str, subprocess.Popen]):
    address, process = served
    page = reached(address)
    assert page.status == 200
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in page.headers
    assert '<html lang="en">' in page.read().decode()
    with urllib.request.urlopen(f"{address}/static/canbo.css", timeout=5) as style:
        assert style.headers["Content-Type"].startswith("text/css")
    assert "to this machine only: nobody signs in yet" in process.stderr.readline()


def reached(address: str):
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with suppress(OSError):
            return urllib.request.urlopen(address, timeout=5)
        time.sleep(0.2)
    raise AssertionError("the server did not answer")
