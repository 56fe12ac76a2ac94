"""The strings of the pages that are to be translated, read from code and templates, and the catalogues beside them.

`python -m tests.web.messages` adds to both catalogues what is new and takes out what is gone; translate it then.
"""

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src/canbo"
LOCALE = SOURCE / "locale"
KEYWORDS = {"_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "gettext_noop": None}
NOISE = tuple(f'"{name}' for name in ("Project-Id", "Report-", "POT-", "PO-", "Last-", "Language-Team", "Generated-"))
Message = str | tuple[str, str]
REFUSALS = {"Refused": (2,), "Mistake": (2,)}
MET = (
    "web", "exchange", "access/accounts.py", "access/invitations.py", "access/viewing.py", "reports",
    "kernel/declare.py", "kernel/instants.py", "registry/versions.py", "registry/organisations/queries.py",
    "registry/merging/queries.py",
    *(f"registry/{name}/actions.py" for name in ("membership", "merging", "organisations", "requests", "service")),
    *(f"registry/{name}.py" for name in ("annul", "book", "papers", "store", "verbs")), "access/authority.py",
    *(f"cli/{name}.py" for name in ("bridge", "figure", "proofread", "report", "unit")),
)  # fmt: skip
"""Whose refusals a reader of pages and reports may meet: their sentences are strings of the pages."""
APART = tuple(
    f"reports/{name}.py"
    for name in ("collecting", "merging", "signing", "rollup", "output/refresh", "output/splice", "output/package")
)
"""Those that only a command that writes can meet; they speak English."""


def messages() -> dict[Message, list[str]]:
    """Every source string with the files that say it; a pair has a plural."""
    found: dict[Message, list[str]] = {}
    for path, method, text in _sources():
        keywords = KEYWORDS | (REFUSALS if meets(path) else {})
        for _, said, _, _ in extract(method, io.BytesIO(text.encode()), keywords, options={"encoding": "utf-8"}):
            found.setdefault(said if isinstance(said, str) else tuple(said), []).append(
                path.relative_to(ROOT).as_posix()
            )
    return found


def meets(path: Path) -> bool:
    """May somebody who only reads meet what this file refuses?"""
    name = path.relative_to(SOURCE).as_posix()
    return name.startswith(MET) and name not in APART


def _sources() -> Iterator[tuple[Path, str, str]]:
    for path in sorted(SOURCE.rglob("*.py")):
        if "gettext" in (text := path.read_text(encoding="utf-8")) or meets(path):
            yield path, "python", text
    for path in sorted(SOURCE.rglob("templates/**/*.html")):
        text = path.read_text(encoding="utf-8")
        yield path, "javascript", templatize(text)


def catalogue(language: str) -> Catalog:
    """What is translated into a language."""
    with (LOCALE / language / "LC_MESSAGES/django.po").open("rb") as file:
        return read_po(file, locale=language)


def languages() -> list[str]:
    """The languages that have a catalogue."""
    return sorted(path.name for path in LOCALE.iterdir() if (path / "LC_MESSAGES/django.po").exists())


def update(language: str) -> list[Message]:
    """Bring a catalogue in line with the sources; answers what is not translated."""
    old, new = catalogue(language), Catalog(locale=language, domain="django", fuzzy=False, header_comment="")
    for said in messages():
        known = old.get(said if isinstance(said, str) else said[0])
        new.add(said, known.string if known else "")
    write(language, new)
    return missing(language)


def write(language: str, entries: Catalog) -> None:
    """Write a catalogue in the order of its strings, without what changes though no string did."""
    text = io.BytesIO()
    write_po(text, entries, width=120, sort_output=True)
    lines = [line for line in text.getvalue().decode().splitlines(keepends=True) if not line.startswith(NOISE)]
    (LOCALE / language / "LC_MESSAGES/django.po").write_text("".join(lines).lstrip("\n"), encoding="utf-8")


def missing(language: str) -> list[Message]:
    """The strings that the sources say and a language does not."""
    known = catalogue(language)
    translated = [(said, known.get(said if isinstance(said, str) else said[0])) for said in messages()]
    return [said for said, entry in translated if not entry or not _whole(entry.string)]


def _whole(translation: object) -> bool:
    return all(translation) if isinstance(translation, list | tuple) else bool(translation)


if __name__ == "__main__":
    for name in languages():
        for said in update(name):
            print(name, repr(said))
