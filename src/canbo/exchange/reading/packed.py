"""Looks through a packed workbook before anything of it is told: what it is, how large, which cells hold no value.

The reader that loads it (calamine) answers nothing for a cell in error and for a formula that was never computed, as
if nobody had filled them in. So every part is unpacked here too, piece by piece, and such cells are looked for: at a
glance where there may be any, and only there by walking through all of them. That also finds what lies about its size,
and document types, the way to entity bombs. No Django here.
"""

import contextlib
import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
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
TYPED = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
EXCEL_MARKS = tuple(
    map(re.compile, (rb"""t\s*=\s*["']e["']""", rb"</f>(?!<v>[^<])", rb"<f[^<]*?/>(?!<v>[^<])", rb":f[\s/>]"))
)
"""A cell in error, formulas without a value behind them, and formulas whose elements are written with a prefix."""
ODS_MARKS = tuple(map(re.compile, (rb"""value-type\s*=\s*["']error["']""", rb"formula\s*=", rb"-spanned\s*=")))
CELL_ENDS, LEAST = b"</c>", 64
"""No mark reaches beyond the end of a cell; where none ends, so many bytes are looked at again."""
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass
class Packed:
    """What was found, by sheet: cells without a value (row from 1, column from 0), and those merged in .ods."""

    kind: str
    flaws: dict[str, dict[tuple[int, int], str]] = field(default_factory=dict)
    merged: dict[str, list[tuple[int, int, int, int]]] = field(default_factory=dict)
    since_1904: bool = False
    linked: bool = False


def looked_at(file: str | io.BytesIO, limits: Limits) -> Callable[[], Packed]:
    """Look at what a packed workbook says of itself; what is given looks through its parts.

    Either refuses: what is locked, damaged, too large, of another kind or has macros.
    """
    with _sound():
        packed = zipfile.ZipFile(file)
        found, sheets = _begun(packed, limits)

    def through() -> Packed:
        with _sound(), packed:
            for entry in packed.infolist():
                if entry.filename.lower().endswith((".xml", ".rels")):
                    _through(packed, entry, sheets.get(entry.filename), found, limits)
        return found

    if found.kind == XLSX:
        return through
    looked = through()  # first: of an .ods whose elements do not end calamine never finds the end
    return lambda: looked


@contextlib.contextmanager
def _sound() -> Iterator[None]:
    try:
        yield
    except BROKEN as error:
        raise _damaged() from error


def _damaged() -> Refused:
    return Mistake("damaged", "%(file)s is damaged or was not sent whole; open it, save it again and send that file")


def _begun(packed: zipfile.ZipFile, limits: Limits) -> tuple[Packed, dict[str, str]]:
    """What the directory and the parts that tell of others say; the names of the sheets by part."""
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
    return found, _excel(packed, found) if found.kind == XLSX else {"content.xml": ""}


def _through(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, sheet: str | None, found: Packed, limits: Limits) -> None:
    marks = () if sheet is None else EXCEL_MARKS if found.kind == XLSX else ODS_MARKS
    if _unpack(packed, entry, marks) or (marks and found.kind == ODS):
        cells = (_ExcelCells if found.kind == XLSX else _OdsCells)(sheet or "", limits)
        cells.read(packed, entry)
        found.flaws |= cells.found
        found.merged |= cells.merged


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


def _unpack(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, marks: tuple[re.Pattern[bytes], ...]) -> bool:
    """Unpack a part to its end, which proves its size; does it hold one of the marks?"""
    before, marked, begun = b"", False, False
    for piece in _pieces(packed, entry):
        seen = before + piece
        if not begun and not seen[:PIECE].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            raise _damaged()
        if TYPED.search(seen):
            raise Refused(
                "document_type",
                "%(file)s declares a document type, which no workbook does; copy its rows into a new workbook",
            )
        end = seen.rfind(CELL_ENDS, max(len(before) - len(CELL_ENDS), 0)) + len(CELL_ENDS) if marks else 0
        if end < len(CELL_ENDS):
            end = len(seen)
        marked = marked or any(mark.search(seen, 0, end) for mark in marks)
        before, begun = seen[min(end, max(len(seen) - LEAST, 0)) :], True
    return marked or any(mark.search(before) for mark in marks)


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
