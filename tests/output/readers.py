"""Other programs that read what a report was written to, and what a figure says in the JSON."""

import csv
import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

from lxml import etree

from tests.acceptance.commands import here

PROVINCES = {"dien-bien": "2024-05-01", "nghe-an": "2023-10-14", "lam-dong": "2024-06-30", "ninh-thuan": "2025-01-02"}
LANGUAGES = ("vi", "en", "de")
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def written(folder: Path, unit: str, on: str, language: str, kind: str, *more: object, book: str = "term") -> Path:
    """The file that `canbo report` writes; it ends with 1 where a figure does not hold, and with nothing else."""
    file = folder / f"{book}-{unit}-{language}.{kind}"
    asked = ("report", book, "--unit", unit, "--on", on, "--lang", language, "--format", kind, "--out", file, *more)
    said = here(*asked)
    assert said.code in (0, 1), said.err
    return file


def told(unit: str, on: str, language: str, book: str = "term") -> list[dict[str, Any]]:
    """The figures as the JSON has them, each with the number as `printed`."""
    report = here("report", book, "--unit", unit, "--on", on, "--lang", language, "--format", "json").json
    for figure in report["figures"]:
        figure["printed"] = re.search(r": ([^:]*?)(?: \([^()]*\))?$", figure["text"])[1]
    return report["figures"]


def program(*names: str, package: str) -> str:
    """A program's path, or a failure that says how to get it."""
    found = next(filter(None, map(shutil.which, names)), None)
    assert found, f"no {names[0]}: `apt-get install {package}` (Debian, Ubuntu), then run again"
    return found


def text_of_pdf(file: Path) -> str:
    """The text of a PDF as poppler reads it, line by line as it stands on the page."""
    command = [program("pdftotext", package="poppler-utils"), "-layout", str(file), "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def converted(file: Path, kind: str, folder: Path) -> Path:
    """What LibreOffice makes of a file."""
    office = program("soffice", "libreoffice", package="libreoffice-writer-nogui libreoffice-calc-nogui")
    profile = f"-env:UserInstallation={(folder / 'office').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", kind, "--outdir", str(folder), str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
    made = folder / f"{file.stem}.{kind.partition(':')[0]}"
    assert made.exists(), done.stderr
    return made


def rows_of_csv(file: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.read_text(encoding="utf-8"))))


def part(file: Path, name: str = "word/document.xml") -> bytes:
    with zipfile.ZipFile(file) as archive:
        return archive.read(name)


def fields(file: Path) -> dict[str, str]:
    """The content controls of a Word file: tag → text, read by a parser that knows nothing of ours."""
    found = {}
    for control in etree.fromstring(part(file)).iter(f"{WORD}sdt"):
        tag = control.find(f"{WORD}sdtPr/{WORD}tag").get(f"{WORD}val")
        found[tag] = "".join(text.text or "" for text in control.iter(f"{WORD}t"))
    return found


def prose(file: Path) -> list[bytes]:
    """Every run of a Word file that is in no field of ours and no picture, canonically, in order."""
    root = etree.fromstring(part(file))
    ours = [
        control
        for control in root.iter(f"{WORD}sdt")
        if control.find(f"{WORD}sdtPr/{WORD}tag").get(f"{WORD}val").startswith("canbo:")
    ]
    inside = {run for control in ours for run in control.iter(f"{WORD}r")}
    runs = [run for run in root.iter(f"{WORD}r") if run not in inside and run.find(f"{WORD}drawing") is None]
    return [etree.tostring(run, method="c14n") for run in runs]


def lines_with(text: str, number: str, printed: str) -> bool:
    """Does a row of a table begin with this number and show this figure?"""
    return bool(re.search(rf"^\s*{re.escape(number)}\s.*\s{re.escape(printed)}(\s|$)", text, re.MULTILINE))
