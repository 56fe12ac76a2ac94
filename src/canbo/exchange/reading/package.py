"""Opens an interchange package: every part is the one that its manifest names, before any row of it is read.

Run as a program it is `child` for packages, with the same limits. Manifest and signature come first, as they are, for
whoever asked to prove; then the tables, each a sheet named like its part. No Django here.
"""

import base64
import hashlib
import io
import json
import re
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from canbo.exchange.reading import child, delimited
from canbo.exchange.reading.limits import MANIFEST, SIGNATURE, TABLES, Limits
from canbo.exchange.reading.packed import BROKEN
from canbo.exchange.reading.source import Raw, Source
from canbo.kernel.refusal import Mistake, Refused

SMALL, PARTS = 1 << 20, 100
"""Bytes of the parts that tell of others, and how many parts there may be."""
PIECE, LETTERS = 1 << 20, 30_000
"""Bytes read at a time, and letters of one cell of the answer."""
_NAME = re.compile(r"(data/)?[a-z0-9][a-z0-9-]*\.[a-z]{3,4}", re.ASCII)


def sheets(order: Mapping[str, Any], limits: Limits, enter: Callable[[str], None]) -> Iterator[Source]:
    """What a package holds: manifest and signature in base64, then its tables."""
    try:
        with zipfile.ZipFile(order["path"]) as packed:
            entries = _entries(packed, limits)
            manifest = _small(packed, entries, MANIFEST)
            yield Source(MANIFEST, _told(manifest))
            yield Source(SIGNATURE, _told(_small(packed, entries, SIGNATURE)))
            listed = _listed(manifest)
            _prove(packed, entries, listed)
            for name in listed:
                if name.startswith(TABLES):
                    enter(name)
                    yield Source(name, _rows(packed, name, limits))
    except BROKEN as error:
        raise Mistake("damaged_package", "%(file)s is damaged or was not sent whole; have it sent again") from error


def _entries(packed: zipfile.ZipFile, limits: Limits) -> dict[str, zipfile.ZipInfo]:
    """The parts by name; refused before anything is unpacked is what no package holds."""
    found = packed.infolist()
    if len(found) > PARTS or sum(one.file_size for one in found) > limits.unpacked:
        raise Refused(
            "package_too_large",
            "%(file)s unpacks to more than %(limit)s MB, most of it in “%(part)s”; have smaller packages made",
            limit=limits.unpacked >> 20,
            part=max(found, key=lambda one: one.file_size).filename[:80],
        )
    for one in found:
        if not _NAME.fullmatch(one.filename):
            raise Refused(
                "strange_part",
                "%(file)s has a part “%(part)s”, which no package has; nothing of it is taken. Have it made anew",
                part=one.filename[:80],
            )
        if one.flag_bits & 1 or one.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused(
                "locked_part",
                "the part “%(part)s” of %(file)s is encrypted or packed otherwise than packages are; have it made anew",
                part=one.filename,
            )
    if len({one.filename for one in found}) < len(found):
        raise zipfile.BadZipFile("a name that two parts have")
    return {one.filename: one for one in found}


def _small(packed: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo], name: str) -> bytes:
    if name not in entries:
        raise _missing(name)
    if entries[name].file_size > SMALL:
        raise zipfile.BadZipFile(name)
    return packed.read(name)


def _missing(name: str) -> Refused:
    return Mistake("missing_part", "the part “%(part)s” of %(file)s is missing; have the package sent again", part=name)


def _told(data: bytes) -> Iterator[tuple[int, Raw]]:
    text = base64.b64encode(data).decode()
    pieces = (text[at : at + LETTERS] for at in range(0, len(text), LETTERS))
    return ((number, [piece]) for number, piece in enumerate(pieces, 1))


def _listed(manifest: bytes) -> dict[str, tuple[int, str]]:
    """Size and digest of each part that the manifest names."""
    try:
        parts = json.loads(manifest)["parts"].items()
        return {str(name): (int(said["bytes"]), str(said["sha256"])) for name, said in parts}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Mistake(
            "no_parts", "the part “%(part)s” of %(file)s does not name its parts; have it made anew", part=MANIFEST
        ) from error


def _prove(
    packed: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo], listed: Mapping[str, tuple[int, str]]
) -> None:
    """Every part that is listed is there and says what was listed, and there is no other one."""
    for name, (size, digest) in listed.items():
        if name not in entries:
            raise _missing(name)
        if (entries[name].file_size, _digest(packed, name)) != (size, digest):
            raise Refused(
                "changed_part",
                "the part “%(part)s” of %(file)s is not the one that its manifest names; have the package sent again",
                part=name,
            )
    if more := entries.keys() - listed.keys() - {MANIFEST, SIGNATURE}:
        raise Refused(
            "unlisted_part",
            "%(file)s has a part “%(part)s” that its manifest does not name; nothing of it is taken. Have it made anew",
            part=min(more),
        )


def _digest(packed: zipfile.ZipFile, name: str) -> str:
    found = hashlib.sha256()
    with packed.open(name) as part:
        while piece := part.read(PIECE):
            found.update(piece)
    return found.hexdigest()


def _rows(packed: zipfile.ZipFile, name: str, limits: Limits) -> Iterator[tuple[int, Raw]]:
    """The rows of a table; what is wrong with one is said of its part."""
    try:
        with packed.open(name) as part, io.TextIOWrapper(part, encoding="utf-8-sig", newline="") as text:
            yield from delimited.rows(text, limits, ",")
    except Refused as refusal:
        raise refusal.about(**{**refusal.facts, "file": name}) from refusal


if __name__ == "__main__":
    sys.exit(child.main(sheets))
