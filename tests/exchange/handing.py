"""Kits as those have them who work on them elsewhere: opened and locked again by other programs than ours."""

import io
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
from msoffcrypto.format.ooxml import OOXMLFile

from tests.acceptance.commands import Said, here
from tests.output.readers import program

MODULE = "user/basic/Standard/Module1.xba"
TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">
Sub Types(file, code, sheet, cell, text)
  Dim how(1) As New com.sun.star.beans.PropertyValue
  how(0).Name = "Hidden" : how(0).Value = True
  how(1).Name = "Password" : how(1).Value = code
  book = StarDesktop.loadComponentFromURL(ConvertToURL(file), "_blank", 0, how())
  book.Sheets.getByIndex(CInt(sheet)).getCellRangeByName(cell).String = text
  book.store()
  book.close(True)
End Sub
</script:module>
"""


@dataclass(frozen=True)
class Handed:
    """A kit as `canbo kit make` gave it."""

    file: Path
    code: str
    told: dict[str, Any]

    @property
    def plain(self) -> bytes:
        """What the code opens."""
        out = io.BytesIO()
        with self.file.open("rb") as file:
            book = OOXMLFile(file)
            book.load_key(password=self.code, verify_password=True)
            book.decrypt(out, verify_integrity=True)
        return out.getvalue()

    @property
    def opened(self) -> "Opened":
        """The same in the hands of another program."""
        return Opened(openpyxl.load_workbook(io.BytesIO(self.plain)))

    def returned(self, *changes: Callable[["Opened"], None], code: str = "") -> Path:
        """The kit as it comes back: changed, saved by another program, locked again."""
        opened, saved = self.opened, io.BytesIO()
        for change in changes:
            change(opened)
        opened.book.save(saved)
        path = self.file.with_name("returned.xlsx")
        with path.open("wb") as out:
            OOXMLFile(saved).encrypt(code or self.code, out)
        return path

    def taken(self, *words: object, file: Path | None = None) -> Said:
        """What `canbo kit take` says of it."""
        return here("kit", "take", file or self.file.with_name("returned.xlsx"), "--code", self.code, "--json", *words)


@dataclass(frozen=True)
class Opened:
    """A kit that somebody works on."""

    book: openpyxl.Workbook

    def names(self, sheet: str) -> list[str]:
        """The fields of a list."""
        return [cell.value for cell in self.book[sheet][2]]

    def records(self, sheet: str) -> list[str]:
        """The keys of its records, in order."""
        return [row[0].value for row in self.book[sheet].iter_rows(min_row=3) if row[0].value]

    def say(self, sheet: str, row: str, **said: Any) -> str:
        """Write into the row of a record (a new one where it is empty); answers the cell of what was said first."""
        page, names = self.book[sheet], self.names(sheet)
        rows = [line[0].row for line in page.iter_rows(min_row=3) if row and line[0].value == row]
        at = rows[0] if rows else page.max_row + 1
        where = [page.cell(at, names.index(name.replace("__", ".")) + 1) for name in said]
        for cell, value in zip(where, said.values(), strict=True):
            cell.value = value
        return where[0].coordinate

    def statement(self, change: Callable[[str], str]) -> None:
        """Change the cells of what the kit says of itself."""
        for (cell,) in self.book["canbo.kit"].iter_rows(max_col=1):
            cell.value = change(cell.value)


def make(folder: Path, unit: str) -> Handed:
    """A kit of a unit."""
    file = folder / "kit.xlsx"
    said = here("kit", "make", "--unit", unit, "--out", file, "--json")
    assert (said.code, said.err) == (0, ""), said.err
    return Handed(file, said.json["code"], said.json)


def typed_in_libreoffice(kit: Handed, folder: Path, sheet: int, cell: str, text: str) -> Path:
    """Open a kit in LibreOffice by its code, type into a cell, save it there as it is locked."""
    office = program("soffice", "libreoffice", package="libreoffice-calc-nogui")
    command = [office, f"-env:UserInstallation={(folder / 'office').as_uri()}", "--headless", "--norestore"]
    subprocess.run([*command, "--terminate_after_init"], capture_output=True, timeout=180, check=False)
    (folder / "office" / MODULE).write_text(TYPES, encoding="utf-8")
    path = folder / "returned.xlsx"
    path.write_bytes(kit.file.read_bytes())
    macro = f"macro:///Standard.Module1.Types({path},{kit.code},{sheet},{cell},{text})"
    done = subprocess.run([*command, macro], capture_output=True, text=True, timeout=180, check=False)
    assert path.read_bytes() != kit.file.read_bytes(), done.stderr
    return path


def codes(said: Said) -> Iterator[tuple[str, str]]:
    """Code and cell of all that was rejected."""
    return ((one["code"], one["cell"]) for one in said.json["rejected"])
