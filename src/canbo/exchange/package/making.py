"""Writes a package: its tables, what their fields are, a manifest that names every part by its digest, a signature.

Tables and descriptions of the same records are the same bytes, whoever writes them and whenever.
"""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from typing import IO

from canbo.exchange.export import AsOf, Meet
from canbo.exchange.package.declared import declared
from canbo.exchange.package.described import described
from canbo.exchange.package.gathering import Gathered
from canbo.exchange.package.manifest import FORMAT, VERSION, Manifest, Part
from canbo.exchange.package.signed import signature
from canbo.exchange.package.tables import Table
from canbo.exchange.reading.limits import MANIFEST, SIGNATURE, TABLES
from canbo.kernel.profile import profile
from canbo.reports.output.excel import harmless

FIELDS = "fields.json"
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""When a part was written, as a zip says it: nothing of it is to be read from that."""


def write(unit: str, asof: AsOf, key: bytes, meet: Meet, out: IO[bytes]) -> Manifest:
    """Write the package of a unit as of a day, signed with the key; `meet` is told of everybody named."""
    of = profile()
    said = declared(of)
    found, parts = Gathered(said, unit, asof, meet), {}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        about = json.dumps(described(said, of), ensure_ascii=False, indent=1).encode() + b"\n"
        parts[FIELDS] = _part(packed, FIELDS, lambda put: put(about))
        for table in found.tables:
            name = f"{TABLES}{table.name}.csv"
            parts[name] = _part(packed, name, lambda put, table=table: _table(table, found, put))
        manifest = Manifest(
            format=FORMAT,
            version=VERSION,
            profile=of.name,
            form=said.form.code,
            unit=found.unit.code,
            on=asof.on,
            known=asof.known.isoformat(),
            people=len(found.people),
            parts=parts,
        )
        data = manifest.written()
        packed.writestr(_entry(MANIFEST), data)
        packed.writestr(_entry(SIGNATURE), signature(data, key))
    return manifest


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, LONG_AGO)
    entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
    return entry


def _part(packed: zipfile.ZipFile, name: str, told: Callable[[Callable[[bytes], object]], int | None]) -> Part:
    """Write a part piece by piece; answers how long it is and what its digest is."""
    digest, size = hashlib.sha256(), 0
    with packed.open(_entry(name), "w", force_zip64=True) as part:

        def put(piece: bytes) -> None:
            nonlocal size
            size += len(piece)
            digest.update(piece)
            part.write(piece)

        rows = told(put)
    return Part(bytes=size, sha256=digest.hexdigest(), rows=rows)


def _table(table: Table, found: Gathered, put: Callable[[bytes], object]) -> int:
    """The rows as comma-separated text; what a spreadsheet would take for a formula has an apostrophe before it."""
    names = [one.of for one in table.fields]
    rows = 0
    for row in _lines(names, ([row.get(name, "") for name in names] for row in found.rows(table))):
        put(row)
        rows += 1
    return rows - 1


def _lines(names: list[str], rows: Iterator[list[str]]) -> Iterator[bytes]:
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(names)
    yield _taken(out)
    for row in rows:
        lines.writerow(map(harmless, row))
        yield _taken(out)


def _taken(out: io.StringIO) -> bytes:
    said = out.getvalue().encode()
    out.seek(0)
    out.truncate()
    return said
