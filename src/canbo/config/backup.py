"""A backup: one file with all records of one instant, and what of the installation is not in the database.

It is a zip archive: `records.dump` for pg_restore, the folder of a profile that does not come with Canbo, and
`manifest.json`, which says what there is and what it hashes to. With a passphrase the whole archive is encrypted
(`kernel/encrypted.py`) and holds the `secret-key` too, which never leaves the installation in the clear.
"""

import contextlib
import fcntl
import hashlib
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Literal

from pydantic import BaseModel, ConfigDict

from canbo import __version__
from canbo.config.secret import FILE as KEY
from canbo.config.secret import secret_key
from canbo.kernel.database import Database
from canbo.kernel.dump import BLOCK, dump, programs, snapshot, tables
from canbo.kernel.encrypted import INTRO, Encrypting, Unreadable, WrongPassphrase, decrypting
from canbo.kernel.periods import this_instant
from canbo.kernel.profile import PACKAGED, known
from canbo.kernel.refusal import Refused

MANIFEST, RECORDS, PROFILES = "manifest.json", "records.dump", "profiles"
_ARCHIVE = b"PK\x03\x04"
_LARGEST_MANIFEST = 2**24
_BROKEN = (Unreadable, zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, ValueError)


class Manifest(BaseModel):
    """What a backup says of itself: of which installation it is, and how much of everything has to come back."""

    model_config = ConfigDict(extra="forbid")

    format: Literal["canbo backup 1"] = "canbo backup 1"
    version: str = __version__
    made: str
    postgresql: int
    """The version of the programs that wrote the records: older ones cannot read them."""
    profile: str
    node: int
    time_zone: str
    sample: bool
    anchor: str
    """How many rows of the audit log were sealed, and the hash of the last seal; empty before any."""
    migrations: list[tuple[str, str]]
    tables: dict[str, int]
    """How many rows each table has."""
    parts: dict[str, str]
    """The SHA-256 of everything else in the file, by name."""


def write(database: Database, data: Path, file: Path, passphrase: str = "") -> Manifest:
    """Write a backup of a database and of the installation in `data` while others work; whole, or not at all."""
    try:
        with _whole(file) as out:
            stream: Any = Encrypting(out, passphrase) if passphrase else out
            with zipfile.ZipFile(stream, "w") as archive:
                manifest = _fill(archive, database)
                if passphrase:
                    _add(archive, manifest, KEY, secret_key(data).encode())
                archive.writestr(MANIFEST, manifest.model_dump_json(indent=1))
            if passphrase:
                stream.finish()
    except OSError as error:
        raise Refused("unwritable", "%(file)s cannot be written: %(why)s", file=file, why=error.strerror) from error
    return manifest


def _fill(archive: zipfile.ZipFile, database: Database) -> Manifest:
    """The records as one snapshot shows them, and the profile."""
    with snapshot(database) as (link, seen):
        version = programs(database, link.info.server_version // 10_000).major
        manifest = _about(link, version)
        with archive.open(RECORDS, "w", force_zip64=True) as part:
            hashing = _Hashing(part)
            dump(database, seen, hashing)
        manifest.parts[RECORDS] = hashing.digest.hexdigest()
    for name, path in own_profile(manifest.profile).items():
        _add(archive, manifest, name, path.read_bytes())
    return manifest


def own_profile(profile: str) -> dict[str, Path]:
    """The files of a profile that does not come with Canbo, or not so, by their names in a backup."""
    folder = known().get(profile, PACKAGED / profile)
    if folder.parent == PACKAGED:
        return {}
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(PurePosixPath(PROFILES, profile, path.relative_to(folder).as_posix())): path for path in paths}


def _about(link: Any, version: int) -> Manifest:
    about = "SELECT profile, node, time_zone, sample IS NOT NULL FROM canbo.kernel_installation"
    profile, node, zone, sample = link.execute(about).fetchone()
    last = "SELECT last || ' ' || encode(hash, 'hex') FROM canbo.kernel_seal ORDER BY block DESC LIMIT 1"
    anchor = link.execute(last).fetchone()
    return Manifest(
        made=this_instant().isoformat(timespec="seconds"),
        postgresql=version,
        profile=profile,
        node=node,
        time_zone=zone,
        sample=sample,
        anchor=anchor[0] if anchor else "",
        migrations=link.execute("SELECT app, name FROM canbo.django_migrations ORDER BY id").fetchall(),
        tables=tables(link),
        parts={},
    )


def _add(archive: zipfile.ZipFile, manifest: Manifest, name: str, content: bytes) -> None:
    archive.writestr(name, content)
    manifest.parts[name] = hashlib.sha256(content).hexdigest()


class _Hashing:
    """Passes on what is written to it and knows the hash of it all."""

    def __init__(self, out: Any) -> None:
        self._out, self.digest = out, hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        return self._out.write(data)


@contextlib.contextmanager
def _whole(file: Path) -> Iterator[BinaryIO]:
    """A file for nobody else that stands under its name when the block has ended well, and leaves nothing otherwise.

    What a killed process left of it, the next one that writes the same file goes over.
    """
    refuse_existing(file)
    draft = file.with_name(f".{file.name}.part")
    with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as out:
        try:
            fcntl.flock(out, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refused("being_written", "another process is writing %(file)s", file=file) from error
        try:
            out.truncate()
            yield out
            out.flush()
            os.fsync(out.fileno())
            refuse_existing(file)
            draft.rename(file)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise


def refuse_existing(file: Path) -> None:
    """Refuse to write over a file: it may be the only backup there is."""
    if file.exists():
        raise Refused("exists", "%(file)s is there already, and a backup replaces no file; name another", file=file)


@dataclass
class Backup:
    """A backup that was opened and hashes to what its manifest says."""

    manifest: Manifest
    archive: zipfile.ZipFile

    def records(self) -> BinaryIO:
        """The records, for pg_restore."""
        return self.archive.open(RECORDS)

    def secret_key(self) -> str:
        """The key of the installation; empty in a backup without passphrase."""
        return self.archive.read(KEY).decode("ascii") if KEY in self.manifest.parts else ""

    def profile(self) -> dict[str, bytes]:
        """The files of the profile, where it does not come with Canbo, by their names below a folder."""
        names = [name for name in self.manifest.parts if PurePosixPath(name).parts[0] == PROFILES]
        return {name: self.archive.read(name) for name in names}


@contextlib.contextmanager
def opened(file: Path, passphrase: Callable[[], str]) -> Iterator[Backup]:
    """Open a backup, asking for the passphrase where it needs one, and look through all of it first."""
    try:
        source = file.open("rb")
    except OSError as error:
        raise Refused("unreadable", "%(file)s cannot be read: %(why)s", file=file, why=error.strerror) from error
    with source:
        archive = _archive(source, file, passphrase)
        with archive:
            yield Backup(_looked_through(archive, file), archive)


def _archive(source: BinaryIO, file: Path, passphrase: Callable[[], str]) -> zipfile.ZipFile:
    start = source.read(len(INTRO))
    source.seek(0)
    if not start.startswith((INTRO, _ARCHIVE)):
        raise Refused("foreign_file", "%(file)s is no backup of Canbo", file=file)
    try:
        return zipfile.ZipFile(decrypting(source, passphrase()) if start == INTRO else source)
    except WrongPassphrase as error:
        raise Refused("wrong_passphrase", "the passphrase does not open %(file)s", file=file) from error
    except _BROKEN as error:
        raise _damaged(file, error) from error


def _looked_through(archive: zipfile.ZipFile, file: Path) -> Manifest:
    """The manifest, once everything hashes to what it says and nothing else is there."""
    if MANIFEST not in archive.namelist():
        raise Refused("foreign_file", "%(file)s is no backup of Canbo", file=file)
    try:
        if archive.getinfo(MANIFEST).file_size > _LARGEST_MANIFEST:
            raise ValueError(f"{MANIFEST} is too large")
        manifest = Manifest.model_validate_json(archive.read(MANIFEST))
        if sorted(archive.namelist()) != sorted([MANIFEST, *manifest.parts]) or RECORDS not in manifest.parts:
            raise ValueError(f"{MANIFEST} names other parts than there are")
        for name, expected in manifest.parts.items():
            if _odd(name) or _digest(archive, name) != expected:
                raise ValueError(f"{name} is not what {MANIFEST} says")
    except _BROKEN as error:
        raise _damaged(file, error) from error
    return manifest


def _odd(name: str) -> bool:
    """Would a part be written outside of the folder for profiles?"""
    parts = PurePosixPath(name).parts
    return name not in (RECORDS, KEY) and (parts[:1] != (PROFILES,) or ".." in parts or len(parts) < 3)


def _digest(archive: zipfile.ZipFile, name: str) -> str:
    hashing = hashlib.sha256()
    with archive.open(name) as part:
        while block := part.read(BLOCK):
            hashing.update(block)
    return hashing.hexdigest()


def _damaged(file: Path, error: Exception) -> Refused:
    why = str(error).splitlines()[0] if str(error) else type(error).__name__
    said = "%(file)s is cut off or was changed (%(why)s): take another copy of it"
    return Refused("damaged_backup", said, file=file, why=why)
