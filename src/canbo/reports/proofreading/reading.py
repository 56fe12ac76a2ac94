"""Reads a report from a .txt, .docx, .pdf or .html file; what cannot be read is a mistake that says what to do."""

import os
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

from canbo.kernel.refusal import Mistake

LARGEST = 20 << 20
SECONDS = 60
TEXT = (".txt", ".md")
PARSED = (".docx", ".pdf", ".html", ".htm")
PACKAGES = Path(__file__).parents[3]


def text_of(path: Path) -> str:
    """The text of a file as composed letters (NFC); Word, PDF and HTML are taken apart in a limited child process."""
    kind = path.suffix.lower()
    if kind not in (*TEXT, *PARSED):
        raise Mistake(
            "unknown_format", "%(file)s is not read here; save it as .txt, .docx, .pdf or .html", file=path.name
        )
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise Mistake(
                "too_large",
                "%(file)s has more than %(limit)s MB; split it, or save it as .txt",
                file=path.name,
                limit=LARGEST >> 20,
            )
        data = path.read_bytes()
    except OSError as error:
        raise Mistake(
            "no_file", "%(file)s cannot be read (%(why)s); check the name", file=path, why=error.strerror
        ) from error
    text = _plain(path, data) if kind in TEXT else _parsed(path, kind, data)
    return unicodedata.normalize("NFC", text)


def _plain(path: Path, data: bytes) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Mistake(
            "not_utf8", "%(file)s is not UTF-8 text; save it again with the encoding UTF-8", file=path.name
        ) from error


def _parsed(path: Path, kind: str, data: bytes) -> str:
    command = [sys.executable, "-m", "canbo.reports.proofreading.extract", kind]
    known = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "HOME", "VIRTUAL_ENV")}
    try:
        done = subprocess.run(
            command,
            input=data,
            capture_output=True,
            timeout=SECONDS,
            check=False,
            env={**known, "PYTHONPATH": str(PACKAGES)},
        )
    except subprocess.TimeoutExpired as error:
        raise Mistake("too_slow", "%(file)s takes too long to read; save it as .txt", file=path.name) from error
    if done.returncode == 4:
        why = done.stderr.decode("utf-8", "replace")
        raise Mistake(
            "unreadable",
            "%(file)s cannot be read: %(why)s; open it and save it again, or as .txt",
            file=path.name,
            why=why,
        )
    absent = re.search(r"No module named '([\w.]+)'", done.stderr.decode("utf-8", "replace"))
    if done.returncode == 5 or (done.returncode and absent):
        name = absent.group(1) if absent else done.stderr.decode("utf-8", "replace")
        raise Mistake(
            "missing_library",
            "%(file)s needs the library %(name)s, which is not installed: pip install %(name)s, or save it as .txt",
            file=path.name,
            name=name,
        )
    if done.returncode:
        raise Mistake("unreadable", "%(file)s needs too much memory or time to read; save it as .txt", file=path.name)
    return done.stdout.decode("utf-8")
