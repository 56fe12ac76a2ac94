"""The key that signs what a browser brings back: made once, kept beside the records, readable by nobody else."""

import contextlib
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from canbo.kernel.refusal import Refused

FILE = "secret-key"
COMMANDS = "commands-key"
KITS, PACKAGES = b"canbo kits", b"canbo packages"
"""What makes other keys of the same secret."""


def secret_key(data: Path) -> str:
    """The key of the installation in `data`; two processes that both need it first get the same one."""
    return _kept(data / FILE)


def command_key(data: Path, *, make: bool = False) -> bytes:
    """The key by which commands speak to the database on behalf of a system role; empty where there is none."""
    path = data / COMMANDS
    return hashlib.sha256(_kept(path).encode()).digest() if make or path.exists() else b""


def kits_key(data: Path) -> bytes:
    """The key that signs the kits which this installation hands out; it goes with `secret_key`, into backups too."""
    return hmac.digest(secret_key(data).encode(), KITS, "sha256")


def packages_key(data: Path) -> bytes:
    """The private key that signs the packages which this installation gives away; it goes with `secret_key` too."""
    return hmac.digest(secret_key(data).encode(), PACKAGES, "sha256")


def _kept(path: Path) -> str:
    if not path.exists():
        write_secret(path, secrets.token_urlsafe(48))
    return only_ours(path)


def only_ours(path: Path, encoding: str = "ascii") -> str:
    """What a secret file says; refused where others may read it."""
    mode = path.stat().st_mode & 0o777
    if mode & 0o077:
        raise Refused("secret_key_open", f"{path} may be read by others (mode {mode:o}). Run `chmod 600 {path}`.")
    return path.read_text(encoding=encoding).strip()


def write_secret(path: Path, text: str) -> None:
    """Write a file for nobody else, unless it is there; whole under another name first: nobody reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
