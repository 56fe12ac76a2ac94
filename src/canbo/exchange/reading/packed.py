"""Looks at a packed workbook before anybody loads it: what it is, how large, and which cells hold no value.

The reader that loads it (calamine) answers nothing for a cell in error and for a formula that was never computed, as
if nobody had filled them in. So every part is unpacked here first, piece by piece, and such cells are looked for. That
also finds what lies about its size, and document types, the way to entity bombs. No Django here.
"""

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.etree import ElementTree
from xml.parsers import expat

from canbo.exchange.reading.limits import Limits
from canbo.exchange.reading.places import cell, place
from canbo.kernel.refusal import Mistake, Refused

PIECE = 1 << 20
SMALL = 16 << 20
"""Bytes that a part which tells of others may have."""
PARTS = 10_000
XLSX, ODS = "xlsx", "ods"
BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError, KeyError,
    ElementTree.ParseError, expat.ExpatError,
)  # fmt: skip
"""What damage may look like to whoever unpacks it."""
ERROR, UNCOMPUTED = "error_value", "not_computed"
EXCEL_PLAIN = (b't="e"', b"t='e'", b"<f", b":f")
ODS_PLAIN = (b'value-type="error"', b"value-type='error'", b"formula=", b"-spanned=")
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass
class Packed:
    """What was found, by sheet: cells without a value (row from 1, column from 0), and those merged in .ods."""

    kind: str
    flaws: dict[str, dict[tuple[int, int], str]] = field(default_factory=dict)
    merged: dict[str, list[tuple[int, int, int, int]]] = field(default_factory=dict)
    since_1904: bool = False
    linked: bool = False


def looked_at(path: str | BinaryIO, limits: Limits) -> Packed:
    """Look through a packed workbook; refused is what is locked, damaged, too large, of another kind or has macros."""
    try:
        with zipfile.ZipFile(path) as packed:
            return _looked_at(packed, limits)
    except BROKEN as error:
        raise _damaged() from error


def _damaged() -> Refused:
    return Mistake("damaged", "%(file)s is damaged or was not sent whole; open it, save it again and send that file")


def _looked_at(packed: zipfile.ZipFile, limits: Limits) -> Packed:
    entries = packed.infolist()
    names = {entry.filename for entry in entries}
    if len(entries) > PARTS or sum(entry.file_size for entry in entries) > limits.unpacked:
        raise Refused(
            "too_large_unpacked",
            "%(file)s unpacks to more than %(limit)s MB; copy its rows into a new workbook, or save it as .csv",
            limit=limits.unpacked >> 20,
        )
    if len(names) < len(entries) or any(entry.compress_type not in (0, zipfile.ZIP_DEFLATED) for entry in entries):
        raise _damaged()
    if any(entry.flag_bits & 1 for entry in entries) or _locked(packed, names):
        raise Refused("locked", "%(file)s is locked with a password; save it without one and send it again")
    found = Packed(_kind(packed, names))
    _no_macros(packed, names)
    found.linked = any(name.startswith("xl/externalLinks/") for name in names)
    sheets = _excel(packed, found) if found.kind == XLSX else {"content.xml": ""}
    for entry in entries:
        if entry.filename.lower().endswith((".xml", ".rels")):
            marked = _unpack(packed, entry, EXCEL_PLAIN if found.kind == XLSX else ODS_PLAIN)
            if marked and entry.filename in sheets:
                cells = (_ExcelCells if found.kind == XLSX else _OdsCells)(sheets[entry.filename], limits)
                cells.read(packed, entry)
                found.flaws |= cells.found
                found.merged |= cells.merged
    return found


def _kind(packed: zipfile.ZipFile, names: set[str]) -> str:
    if "[Content_Types].xml" in names and "xl/workbook.xml" in names:
        return XLSX
    if "mimetype" in names and "content.xml" in names:
        said = packed.open("mimetype").read(100).strip()
        if said == b"application/vnd.oasis.opendocument.spreadsheet":
            return ODS
    raise Mistake(
        "no_workbook", "%(file)s is no workbook, whatever its name says; save the table as .xlsx, .ods or .csv"
    )


def _locked(packed: zipfile.ZipFile, names: set[str]) -> bool:
    listed = "META-INF/manifest.xml"
    return listed in names and b"encryption-data" in _small(packed, listed)


def _no_macros(packed: zipfile.ZipFile, names: set[str]) -> None:
    named = any(name.lower().endswith("vbaproject.bin") or name.startswith(("Basic/", "Scripts/")) for name in names)
    listed = "[Content_Types].xml" in names and b"macroEnabled" in _small(packed, "[Content_Types].xml")
    if named or listed:
        raise Refused(
            "macros", "%(file)s holds macros, which are never run here; save it as .xlsx without macros and send that"
        )


def _small(packed: zipfile.ZipFile, name: str) -> bytes:
    with packed.open(name) as part:
        text = part.read(SMALL + 1)
    if len(text) > SMALL or b"<!DOCTYPE" in text:
        raise _damaged()
    return text


def _excel(packed: zipfile.ZipFile, found: Packed) -> dict[str, str]:
    """The name of the sheet that each part is; notes from which day serial numbers count."""
    book = ElementTree.fromstring(_small(packed, "xl/workbook.xml"))  # noqa: S314 - no document type, a child with limits
    links = ElementTree.fromstring(_small(packed, "xl/_rels/workbook.xml.rels"))  # noqa: S314 - the same
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    sheets = {}
    for element in book.iter():
        kind = element.tag.rpartition("}")[2]
        if kind == "workbookPr":
            found.since_1904 = element.get("date1904") in ("1", "true", "on")
        elif kind == "sheet":
            target = targets.get(element.get(RELATION), "")
            sheets[posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")] = element.get("name", "")
    return sheets


def _unpack(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, marks: tuple[bytes, ...]) -> bool:
    """Unpack a part to its end, which proves its size; does it hold one of the marks?"""
    before, marked, begun = b"", False, False
    for piece in _pieces(packed, entry):
        seen = before + piece
        if not begun and not seen.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            raise _damaged()
        if b"<!DOCTYPE" in seen or b"<!ENTITY" in seen:
            raise Refused(
                "document_type",
                "%(file)s declares a document type, which no workbook does; copy its rows into a new workbook",
            )
        marked = marked or any(mark in seen for mark in marks)
        before, begun = piece[-32:], True
    return marked


def _pieces(packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    with packed.open(entry) as part:
        while piece := part.read(PIECE):
            yield piece


class _Cells:
    """Walks through a part and keeps the cells that are in error or were never computed."""

    def __init__(self, sheet: str, limits: Limits) -> None:
        self.sheet, self.most = sheet, limits.flaws
        self.found: dict[str, dict[tuple[int, int], str]] = {}
        self.merged: dict[str, list[tuple[int, int, int, int]]] = {}
        self.count, self.row, self.column = 0, 0, -1

    def read(self, packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
        """Read the part to its end."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler, parser.EndElementHandler = self.begins, self.ends
        parser.CharacterDataHandler = self.says
        for piece in _pieces(packed, entry):
            parser.Parse(piece)
        parser.Parse(b"", True)

    def begins(self, tag: str, said: dict[str, str]) -> None:
        """An element begins."""

    def ends(self, tag: str) -> None:
        """An element ends."""

    def says(self, text: str) -> None:
        """Text within an element."""

    def keep(self, row: int, column: int, flaw: str) -> None:
        """Note a cell; too many of them are no oversight but a file that nobody computed."""
        self.found.setdefault(self.sheet, {})[row, column] = flaw
        self.count += 1
        if self.count > self.most:
            first = next(iter(next(iter(self.found.values()))))
            raise Refused(
                "nothing_computed",
                "sheet “%(sheet)s” of %(file)s has more than %(limit)s cells without a value, the first is %(cell)s;"
                " open the file in a spreadsheet, let it compute, save it and send it again",
                sheet=self.sheet,
                limit=self.most,
                cell=cell(*first),
            )


class _ExcelCells(_Cells):
    kind, formula, value, inside = "", False, False, False

    def begins(self, tag: str, said: dict[str, str]) -> None:
        """Rows and cells may leave their names out: then they follow the one before."""
        name = tag.rpartition(" ")[2]
        if name == "row":
            self.row, self.column = _number(said.get("r"), self.row + 1), -1
        elif name == "c":
            self.row, self.column = place(said.get("r", "")) or (self.row, self.column + 1)
            self.kind, self.formula, self.value = said.get("t", "n"), False, False
        elif name == "f":
            self.formula = True
        self.inside = name == "v"

    def says(self, text: str) -> None:
        """A value is there once it says something."""
        self.value = self.value or self.inside

    def ends(self, tag: str) -> None:
        """A computed text may be empty; a number may not."""
        name = tag.rpartition(" ")[2]
        if name == "v":
            self.inside, self.value = False, self.value or self.kind == "str"
        elif name == "c" and self.kind == "e":
            self.keep(self.row, self.column, ERROR)
        elif name == "c" and self.formula and not self.value:
            self.keep(self.row, self.column, UNCOMPUTED)


class _OdsCells(_Cells):
    after, next_column = 1, 0

    def begins(self, tag: str, said: dict[str, str]) -> None:
        """Rows and cells say how often they are repeated; a flaw is told of the first."""
        where, _, name = tag.rpartition(" ")
        if not where.endswith("table:1.0"):
            return
        if name == "table":
            self.sheet, self.after = said.get(f"{where} name", ""), 1
        elif name == "table-row":
            self.row, self.next_column = self.after, 0
            self.after += _number(said.get(f"{where} number-rows-repeated"), 1)
        elif name in ("table-cell", "covered-table-cell"):
            kinds = {value for key, value in said.items() if key.endswith(" value-type")}
            if "error" in kinds:
                self.keep(self.row, self.next_column, ERROR)
            elif f"{where} formula" in said and not kinds:
                self.keep(self.row, self.next_column, UNCOMPUTED)
            tall, wide = (_number(said.get(f"{where} number-{way}-spanned"), 1) for way in ("rows", "columns"))
            if tall > 1 or wide > 1:
                end = (self.row + tall - 1, self.next_column + wide - 1)
                self.merged.setdefault(self.sheet, []).append((self.row, self.next_column, *end))
            self.next_column += _number(said.get(f"{where} number-columns-repeated"), 1)


def _number(said: str | None, otherwise: int) -> int:
    return int(said) if said and said.isascii() and said.isdigit() and len(said) < 9 else otherwise
