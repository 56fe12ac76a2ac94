"""Packages as another system makes them: by what is written of the format, and wrong in whatever way is asked."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.acceptance.commands import Said, here

THEIRS = Ed25519PrivateKey.from_private_bytes(b"another installation's own key!!")


@dataclass
class Packed:
    """A package that is taken apart; `own` are parts that stay as they were sealed."""

    tables: dict[str, str]
    about: dict[str, Any]
    own: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def of(cls, path: Path) -> "Packed":
        """Open what `canbo package export` wrote."""
        with zipfile.ZipFile(path) as packed:
            parts = {name: packed.read(name) for name in packed.namelist()}
        tables = {name[5:-4]: data.decode() for name, data in parts.items() if name.startswith("data/")}
        about = json.loads(parts["manifest.json"])
        return cls(tables, about, {name: parts[name] for name in ("fields.json", "signature.txt")})

    def parts(self, key: Ed25519PrivateKey | None = THEIRS, **about: Any) -> dict[str, bytes]:
        """The parts, with a manifest of them and signed anew; without a key the signature stays what it was."""
        data = {f"data/{name}.csv": text.encode() for name, text in self.tables.items()}
        listed = {
            name: {"bytes": len(said), "sha256": hashlib.sha256(said).hexdigest()}
            for name, said in {"fields.json": self.own["fields.json"], **data}.items()
        }
        manifest = json.dumps({**self.about, "parts": listed, **about}, ensure_ascii=False).encode()
        signed = self.own["signature.txt"]
        if key:
            said = key.sign(b"canbo-package-1\n" + manifest).hex()
            signed = f"canbo-package-1 {key.public_key().public_bytes_raw().hex()} {said}\n".encode()
        return {"manifest.json": manifest, "signature.txt": signed, "fields.json": self.own["fields.json"], **data}

    def file(self, path: Path, **about: Any) -> Path:
        """The package as a file, signed by another installation."""
        return zipped(path, self.parts(**about))


def zipped(path: Path, parts: Mapping[str, bytes]) -> Path:
    """Parts in a file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in parts.items():
            packed.writestr(name, data)
    path.write_bytes(out.getvalue())
    return path


def mark() -> str:
    """The mark of the other installation, as its people tell it."""
    return hashlib.sha256(THEIRS.public_key().public_bytes_raw()).hexdigest()[:32]


def sent(unit: str, on: object, path: Path) -> Path:
    """The package of a unit."""
    said = here("package", "export", "--unit", unit, "--on", on, "--out", path, "--json")
    assert (said.code, said.err) == (0, ""), said.err
    return path


def brought(path: Path, *words: object) -> Said:
    """What `canbo package import` says of it."""
    return here("package", "import", path, "--json", *words)
