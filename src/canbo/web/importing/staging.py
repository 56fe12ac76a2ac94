"""A file between the steps of its import: on disk in a form that only the page with its ticket can open, for an hour.

Browsers do not send a file again by themselves, so that it is kept while somebody looks at the preview. The ticket
stands in the form alone: from it and the account follow the name of the file and the key that encrypts it, so that
neither a backup nor whoever reads the disk finds what the file says, least of all what is never recorded. It goes with
the import, when it is dropped, and after an hour.
"""

import contextlib
import hashlib
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from canbo.kernel.refusal import Refused

HOUR = 60 * 60
GONE = "no_such_upload"
MOST = 3
"""So many files of one account lie there; a further one takes the place of the oldest."""
LONGEST = 80
"""Letters of the name of a file that are kept: enough to know it again, and short enough for every disk."""
ONCE = bytes(12)
"""A key encrypts one file, so that its nonce may be any."""


def keep(name: str, data: bytes, account: int) -> str:
    """Keep a file for the page of this account that has the ticket."""
    purge()
    lying = sorted(settings.INCOMING.glob(f"{account}-*"), key=lambda path: path.stat().st_mtime)
    for path in lying[: max(0, len(lying) + 1 - MOST)]:
        path.unlink(missing_ok=True)
    ticket = secrets.token_urlsafe(32)
    path, key = _place(ticket, account)
    path.touch(0o600)
    given = Path(name)
    head = f"{given.stem[:LONGEST]}{given.suffix[:8]}\0".encode()
    path.write_bytes(AESGCM(key).encrypt(ONCE, head + data, None))
    return ticket


@contextlib.contextmanager
def opened(ticket: str, account: int) -> Iterator[Path]:
    """The file under its own name, for as long as the block reads it."""
    path, key = _place(ticket, account)
    try:
        name, _, data = AESGCM(key).decrypt(ONCE, path.read_bytes(), None).partition(b"\0")
    except (OSError, InvalidTag) as error:
        raise Refused(
            GONE, "This file is no longer kept: it was imported or dropped, or an hour went by. Choose it again."
        ) from error
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        file = Path(folder, name.decode())
        file.touch(0o600)
        file.write_bytes(data)
        yield file


def forget(ticket: str, account: int) -> None:
    """Keep it no longer."""
    _place(ticket, account)[0].unlink(missing_ok=True)


def purge() -> None:
    """Remove what has lain for an hour, whoever left it."""
    before = time.time() - HOUR
    for path in settings.INCOMING.glob("*"):
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < before:
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def _place(ticket: str, account: int) -> tuple[Path, bytes]:
    settings.INCOMING.mkdir(mode=0o700, parents=True, exist_ok=True)
    name, key = (hashlib.sha256(f"{what} {account} {ticket}".encode()) for what in ("name", "key"))
    return settings.INCOMING / f"{account}-{name.hexdigest()}", key.digest()
