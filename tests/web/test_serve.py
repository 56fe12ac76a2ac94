"""`canbo serve`: answers this machine only, says so, and refuses what it cannot do before it starts anything."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

import pytest

from canbo.cli.serve import check
from canbo.kernel.database import Database
from canbo.kernel.refusal import Refused

SECURELY = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}
"""What the web server in front says."""


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "canbo.example", "::"])
def test_another_address_than_of_this_machine_is_refused_with_the_reason(host: str):
    with pytest.raises(Refused, match="passwords in the open") as refusal:
        check(host, free_port())
    assert refusal.value.code == "loopback_only"


def test_a_port_that_is_taken_is_refused_and_a_free_one_is_not():
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(Refused, match="Choose another --port"):
            check("127.0.0.1", other.getsockname()[1])
    check("127.0.0.1", free_port())


def test_a_name_without_https_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CANBO_NAME", "canbo.example")
    with pytest.raises(Refused, match="CANBO_HTTPS=1"):
        check("127.0.0.1", free_port())
    monkeypatch.setenv("CANBO_HTTPS", "1")
    check("127.0.0.1", free_port())


@pytest.fixture
def served(association: Database) -> Iterator[tuple[str, subprocess.Popen]]:
    """The pages of the second profile, served by the command."""
    with running() as found:
        yield found


@pytest.mark.database
def test_under_a_name_everything_goes_by_https_and_passkeys_are_offered(association: Database):
    with running("--name", "canbo.example", CANBO_HTTPS="1") as (address, _):
        reached(address).close()
        asked = urllib.request.Request(f"{address}/account/sign-in", headers={"Host": "canbo.example", **SECURELY})
        with urllib.request.urlopen(asked, timeout=5) as page:
            assert "max-age=31536000" in page.headers["Strict-Transport-Security"]
            cookie = page.headers["Set-Cookie"].strip()
            assert cookie.startswith("__Host-canbo-csrf=")
            assert "Secure" in cookie
            assert "passkey_login" in page.read().decode()
        other = urllib.request.Request(address, headers={"Host": "evil.example", **SECURELY})
        with pytest.raises(urllib.error.HTTPError, match="400"):
            urllib.request.urlopen(other, timeout=5)


@contextmanager
def running(*more: str, **said: str) -> Iterator[tuple[str, subprocess.Popen]]:
    """The command, and where it serves."""
    port = free_port()
    words = [sys.executable, "-m", "canbo", "serve", "--port", str(port), *more]
    source = os.pathsep.join(path for path in sys.path if path)
    with subprocess.Popen(
        words, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": source, **said}
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
    assert page.url == f"{address}/account/sign-in", "whoever comes is asked to sign in"
    assert '<html lang="en">' in page.read().decode()
    with urllib.request.urlopen(f"{address}/static/canbo.css", timeout=5) as style:
        assert style.headers["Content-Type"].startswith("text/css")
    assert "to this machine only" in process.stderr.readline()


def reached(address: str):
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with suppress(OSError):
            return urllib.request.urlopen(address, timeout=5)
        time.sleep(0.2)
    raise AssertionError("the server did not answer")
