"""Reads workbooks and comma-separated text from outside: sheets, their headings, and rows of plain cells.

What a limited child process answers is streamed, so that memory stays small whatever the file. Nothing is corrected on
the way: a number kept as text stays text, a day kept as a number stays a number, letters of before Unicode are offered
and converted only for whoever says so. Cells that cannot be taken have no value and say why.
"""

import codecs
import contextlib
import dataclasses
import datetime as dt
import stat
from collections.abc import Iterator, Mapping
from itertools import count, repeat
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from canbo.exchange.reading.blocks import Block, plain
from canbo.exchange.reading.delimited import ENCODINGS
from canbo.exchange.reading.limits import MANIFEST, SIGNATURE, Limits
from canbo.exchange.reading.places import cell
from canbo.exchange.reading.process import answer, crashed
from canbo.exchange.reading.source import moment
from canbo.kernel.legacy import TABLES, Guess
from canbo.kernel.refusal import Mistake, Refused

Value = str | int | float | bool | dt.date | dt.datetime | dt.time | None
PACKED, TEXT = (".xlsx", ".ods"), (".csv", ".tsv", ".txt")
LOCKED = ".xlsx"
"""What a code opens."""
PACKAGE = ".zip"
PIECE = 1 << 20
EPOCHS = {False: dt.date(1899, 12, 30), True: dt.date(1904, 1, 1)}


NONE: Mapping[int, Refused] = MappingProxyType({})


class Row(NamedTuple):
    """A row with something in it: its number, its cells from column A on, and by column what is wrong with a cell.

    A cell merged with one above holds what that says, and is among `flaws` as `merged`; all others there have no value.
    """

    number: int
    values: list[Value]
    flaws: Mapping[int, Refused]

    def cell(self, column: int) -> str:
        """The name of a cell, as C7; columns count from 0."""
        return cell(self.number, column)


@dataclasses.dataclass
class Sheet:
    """A sheet and its rows below the heading, to be read before the next sheet.

    `packed` says whether it is of a workbook, which can mark a text as such. `epoch` is the day 0 of days that are kept
    as numbers. `legacy` tells by column which letters of before Unicode its
    texts look like. `notes` say what was left aside in the file.
    """

    name: str
    packed: bool
    hidden: bool
    heading: int | None
    columns: list[str]
    epoch: dt.date
    legacy: Mapping[int, Guess]
    notes: list[Refused]
    rows: Iterator[Row]


def read(
    path: Path,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    headings: Mapping[str, int] | None = None,
    code: str = "",
    limits: Limits | None = None,
) -> Iterator[Sheet]:
    """The sheets of a file. `encoding` and `delimiter` are what somebody said of its letters and of what parts
    its cells, `headings` of rows, by name of sheet ("": of any other one); 0 where a sheet does not name its columns.
    `code` opens a workbook that has to be locked.

    In a workbook only TCVN3 and VNI mean anything: its texts are converted, but for those that are Vietnamese already.
    """
    limits = limits or Limits()
    if encoding is not None and encoding not in ENCODINGS:
        raise Mistake(
            "no_encoding",
            "there is no encoding %(encoding)s here; say one of %(encodings)s",
            encoding=encoding,
            encodings=", ".join(ENCODINGS),
        )
    packed = _is_packed(path, limits, code)
    order = {
        "path": str(path.absolute()),
        "packed": packed,
        "code": code,
        "encoding": encoding,
        "delimiter": delimiter,
        "legacy": encoding if encoding in TABLES else None,
        "headings": dict(headings or {}),
        "limits": dataclasses.asdict(limits),
    }
    return _sheets(path.name, packed, answer(path.name, order, limits, "locked" if code else "child"))


def parts(path: Path, limits: Limits | None = None) -> Iterator[Sheet]:
    """The parts of an interchange package, likewise: manifest and signature as they are, then its tables."""
    limits = limits or Limits()
    if path.suffix.lower() != PACKAGE or not path.is_file():
        raise Mistake("no_package", "%(file)s is no interchange package, which is a file .zip", file=path.name)
    if path.stat().st_size > limits.size:
        raise _too_large(path, limits)
    order = {
        "path": str(path.absolute()),
        "legacy": None,
        "headings": {"": 1, MANIFEST: 0, SIGNATURE: 0},
        "limits": dataclasses.asdict(limits),
    }
    return _sheets(path.name, False, answer(path.name, order, limits, "package"))


def _is_packed(path: Path, limits: Limits, code: str) -> bool:
    """Is it a workbook rather than text? Refused is what its own first bytes deny, and what is never read here."""
    kind = path.suffix.lower()
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise Mistake("no_file", "%(file)s is no file; check the name", file=path.name)
        with path.open("rb") as file:
            begin = file.read(512)
    except OSError as error:
        raise Mistake(
            "no_file_because", "%(file)s cannot be read (%(why)s); check the name", file=path.name, why=error.strerror
        ) from error
    if kind in (".xlsm", ".xltm", ".xlam"):
        raise Refused("macros", "%(file)s may hold macros, which are never run here; save it as .xlsx", file=path.name)
    if code and kind != LOCKED:
        raise Mistake("unknown_format", "%(file)s is no locked workbook; save it as .xlsx", file=path.name)
    if kind not in (*PACKED, *TEXT):
        raise Mistake("unknown_format", "%(file)s is not read here; save it as .xlsx, .ods or .csv", file=path.name)
    if about.st_size > limits.size:
        raise _too_large(path, limits)
    if not begin.strip(codecs.BOM_UTF8 + b" \t\r\n"):
        raise Mistake("empty", "%(file)s is empty; send the file that holds the rows", file=path.name)
    if not code:
        _as_named(path.name, kind, begin, path)
    return kind in PACKED


def _too_large(path: Path, limits: Limits) -> Refused:
    return Refused(
        "too_large", "%(file)s has more than %(limit)s MB; split it", file=path.name, limit=limits.size >> 20
    )


def _as_named(name: str, kind: str, begin: bytes, path: Path) -> None:
    """The first bytes are what the name says."""
    if begin.startswith(b"\xd0\xcf\x11\xe0"):
        with path.open("rb") as file:
            locked = "EncryptedPackage".encode("utf-16-le") in file.read(PIECE)
        if locked:
            raise Refused(
                "locked", "%(file)s is locked with a password; save it without one and send it again", file=name
            )
        raise Mistake("old_workbook", "%(file)s is a workbook of before 2007; open it and save it as .xlsx", file=name)
    packed = begin.startswith(b"PK")
    web = begin.lstrip(codecs.BOM_UTF8 + b" \t\r\n").lower().startswith((b"<html", b"<!doctype", b"<table", b"<?xml"))
    if packed != (kind in PACKED) or web:
        raise Mistake(
            "not_as_named",
            "what %(file)s holds is not what %(ending)s says; open it, save it as .xlsx and send that file",
            file=name,
            ending=kind,
        )


@contextlib.contextmanager
def _understood(name: str) -> Iterator[None]:
    """What the child says is what a child may say; whatever else it is, nothing of it is believed."""
    try:
        yield
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise crashed(name) from error


def _sheets(name: str, packed: bool, told: Iterator[Any]) -> Iterator[Sheet]:
    """The answer cut at its sheets; a refusal in it is raised where it stands."""
    waiting: list[Any] = []

    def rows(sheet: str) -> Iterator[Row]:
        with _understood(name):
            for said in told:
                if isinstance(said, dict):
                    waiting.append(_accepted(name, said))
                    return
                if isinstance(said, Block):
                    yield from map(Row, count(said.first), said.rows, repeat(NONE))
                else:
                    yield from (_row(sheet, one) for one in said)
            raise RuntimeError("the rows of a sheet are read while its file is")

    try:
        with _understood(name):
            waiting.append(_accepted(name, next(told)))
        while waiting and "sheet" in (said := waiting.pop()):
            with _understood(name):
                sheet = _sheet(name, packed, said, rows(said["sheet"]))
            yield sheet
            for _ in sheet.rows:
                pass
    finally:
        told.close()  # type: ignore[attr-defined]


def _accepted(name: str, said: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(said, dict):
        raise TypeError(said)
    if "refused" in said:
        mistaken, code, sentence, facts = said["refused"]
        raise (Mistake if mistaken else Refused)(code, sentence, **{"file": name, **facts})
    return said


def _sheet(name: str, packed: bool, said: dict[str, Any], rows: Iterator[Row]) -> Sheet:
    row, columns, _ = said["heading"]
    if not all(isinstance(one, str) for one in (said["sheet"], *columns)) or not isinstance(row, int | None):
        raise TypeError(said)
    looks = {int(column): Guess(*guessed) for column, guessed in said["legacy"].items()}
    notes = [_note(name) for _ in said["notes"]]
    epoch = EPOCHS[said["since_1904"]]
    return Sheet(said["sheet"], packed, said["hidden"], row, columns, epoch, looks, notes, rows)


def _note(name: str) -> Refused:
    return Refused(
        "external_links",
        "%(file)s refers to other workbooks; they are not opened, and its cells are taken as last computed",
        file=name,
    )


def _row(sheet: str, said: list[Any]) -> Row:
    number, values = int(said[0]), plain(said[1])
    if len(said) == 2:
        return Row(number, values, NONE)
    for column in said[2]:
        values[column] = moment(values[column])
    return Row(number, values, {int(at): _flaw(flaw, sheet, cell(number, int(at))) for at, flaw in said[3].items()})


def _flaw(code: str, sheet: str, place: str) -> Refused:
    """What is wrong with a cell, with the remedy."""
    return FLAWS[code].about(sheet=sheet, cell=place)


_KNOWN = (
    Refused("merged", "%(sheet)s %(cell)s is merged with a cell above; what that says is taken"),
    Refused("error_value", "%(sheet)s %(cell)s holds a formula in error; correct it"),
    Refused("not_computed", "%(sheet)s %(cell)s holds a formula that was never computed; open the file and save it"),
    Refused("control_characters", "%(sheet)s %(cell)s holds control characters, which no text has; type it again"),
    Refused("too_long", "%(sheet)s %(cell)s holds a longer text than any cell may; shorten it"),
    Refused("no_number", "%(sheet)s %(cell)s holds a number that nobody can count with; correct it"),
)
FLAWS = {flaw.code: flaw for flaw in _KNOWN}
