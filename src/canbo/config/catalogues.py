"""The translations of the pages: `.po` files in the package, compiled when they are newer than what was compiled.

Compiled catalogues lie beside their source, or in the data folder where the package may not be written to.
"""

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

PACKAGED = Path(__file__).parent.parent / "locale"
DOMAIN = "LC_MESSAGES/django"


def compile_catalogues(data: Path) -> None:
    """Compile what is not compiled yet or is older than its source; some file dates when nothing is to be done."""
    for source in sorted(PACKAGED.glob(f"*/{DOMAIN}.po")):
        name = source.relative_to(PACKAGED).with_suffix(".mo")
        places = [PACKAGED / name, data / "locale" / name]
        if not any(_fresh(place, source) for place in places):
            _compile(source, next(place for place in places if _writable(place.parent)))


def folders(data: Path) -> list[Path]:
    """Where Django looks for catalogues, the first that holds one wins."""
    return [data / "locale", PACKAGED]


def _fresh(compiled: Path, source: Path) -> bool:
    """Compiled from exactly this source: it carries the same date."""
    return compiled.exists() and compiled.stat().st_mtime_ns == source.stat().st_mtime_ns


def _writable(folder: Path) -> bool:
    existing = next(place for place in (folder, *folder.parents) if place.exists())
    return os.access(existing, os.W_OK)


def _compile(source: Path, target: Path) -> None:
    with source.open("rb") as file:
        catalogue = read_po(file, domain="django")
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(f".{os.getpid()}")
    with draft.open("wb") as file:
        write_mo(file, catalogue)
    stamp = source.stat().st_mtime_ns
    os.utime(draft, ns=(stamp, stamp))
    draft.replace(target)
