"""What the columns of a sheet give: our own files say so in their second line, for any other one a mapping says it.

A mapping is a YAML file, kept beside the files of its source:

    concept: members                      # the list whose facts the rows are
    act: membership.take-over             # the act by which new ones begin, where it is not the usual one
    columns: {Mã số: person, Họ đệm: name, Tên: name, Chi bộ: [unit, file]}
    delimiter: "|"                        # what parts the cells of a text, where that cannot be seen
    headings: [Mã số, Họ đệm, Tên]        # what the columns of a file are called that does not say so itself
    filled: [Mã số]                       # rows with nothing there are no records
    split: {Chi bộ: ","}                  # a cell that holds several things makes as many rows
    values: {stage: {Chính thức: official}}       # what texts stand for
    named: {unit: {beneath: dien-bien, day: 2025-06-30}}   # things given by the name they bear that day, not by code
    prefix: {person: "dien-bien.member."}         # what stands before the codes of the register
    fixed: {stage: official}              # what is so of every row
    dates: ["%d/%m/%Y", "%m/%Y", "%Y"]    # how days are written, where they are texts
    end: inclusive                        # whether the day in `until` is the last one, or the first that is no more
    open_end: ["9999-01-01"]              # texts in `until` that mean: none
    whole: {unit: dien-bien, saying: {ending: left}}   # the file is all there is in this unit (`whole.py`)

A workbook whose sheets are of related things has a list of such mappings, each with its `sheet`: what a sheet brings is
there for those after it, and all are one decision.

Columns that give the same field are put together, in the order in which they are named. Columns that nobody mapped are
left aside, and so are headings of what is never recorded, wherever they stand.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import pydantic
import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from canbo.exchange.columns import WORD_OF, Field, beside, fields
from canbo.exchange.reading.file import Row, Sheet
from canbo.kernel.headings import forbidden
from canbo.kernel.refusal import Mistake
from canbo.kernel.screen import Screen
from canbo.reports.output.excel import unguarded

ISO = ("%Y-%m-%d", "%Y-%m", "%Y")
VIETNAMESE = ("%d/%m/%Y", "%m/%Y", "%Y", "%d-%m-%Y", "%d.%m.%Y")


class Names(BaseModel):
    """Where things lie that a file names, and on which day they are called so."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    beneath: str
    day: dt.date


class Whole(BaseModel):
    """That a file is all there is of its list in a unit on a day, and what an act that ends the rest says besides."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    unit: str = ""
    on: dt.date | None = None
    saying: Mapping[str, str] = {}


class Source(BaseModel):
    """A mapping as somebody wrote it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    concept: str
    act: str = ""
    sheet: str = ""
    encoding: str | None = None
    delimiter: str | None = pydantic.Field(None, min_length=1, max_length=1)
    columns: Mapping[str, str | tuple[str, ...]]
    headings: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()
    split: Mapping[str, str] = {}
    named: Mapping[str, Names] = {}
    values: Mapping[str, Mapping[str, str]] = {}
    prefix: Mapping[str, str] = {}
    fixed: Mapping[str, str | int | bool] = {}
    dates: tuple[str, ...] = (*ISO, *VIETNAMESE)
    end: Literal["inclusive", "exclusive"] = "inclusive"
    open_end: tuple[str, ...] = ()
    whole: Whole | None = None

    @property
    def how(self) -> dict[str, Any]:
        """How the file is to be read."""
        headings = {"": 0} if self.headings else None
        return {"encoding": self.encoding, "delimiter": self.delimiter, "headings": headings}

    @property
    def places(self) -> dict[str, list[str]]:
        """The headings that give each field."""
        found: dict[str, list[str]] = {}
        for heading, some in self.columns.items():
            for name in (some,) if isinstance(some, str) else some:
                found.setdefault(name, []).append(heading)
        return found


def source(path: Path) -> Source:
    """The one mapping in a file."""
    first, *more = sources(path)
    if more:
        raise Mistake("several_mappings", "%(file)s holds several mappings; here one is wanted", file=path.name)
    return first


def sources(path: Path) -> list[Source]:
    """The mapping in a file, or those of the sheets of one workbook; what cannot be is a mistake that says where."""
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
        found = [Source.model_validate(one) for one in (said if isinstance(said, list) and said else [said])]
    except OSError as error:
        raise Mistake("no_mapping", "%(file)s cannot be read: %(why)s", file=path, why=error.strerror) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Mistake("bad_mapping", "%(file)s is no YAML: %(why)s", file=path, why=error) from error
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise Mistake("bad_mapping", "%(file)s is no mapping: %(why)s", file=path, why=wrong) from error
    if len(found) > 1 and not all(one.sheet for one in found):
        raise Mistake("which_sheet", "of several mappings in %(file)s each has to say its sheet", file=path.name)
    return found


@dataclass(frozen=True)
class Layout:
    """The columns that give each field, and what was left aside."""

    places: Mapping[Field, tuple[int, ...]]
    said: Source
    left: tuple[str, ...] = ()
    never: int = 0
    """Columns of what is never recorded: their number, since nothing more of them is kept."""
    filled: tuple[int, ...] = ()
    split: Mapping[int, str] = field(default_factory=dict)
    fixed: tuple[Field, ...] = ()

    @property
    def given(self) -> dict[str, Field]:
        """The fields that rows give, by what of a fact they are."""
        return {one.of: one for one in (*self.places, *self.fixed)}

    @cached_property
    def columns(self) -> dict[str, int]:
        """The first column that gives each field, by what of a fact that is."""
        return {one.of: places[0] for one, places in self.places.items()}

    def is_record(self, row: Row) -> bool:
        """Is there something in every column in which a record has something?"""
        return all(_text(row, at) for at in self.filled)

    def apart(self, row: Row) -> list[Row]:
        """A row as many times as its cells hold things."""
        found = [row]
        for at, sign in self.split.items():
            found = [_with(one, at, part.strip()) for one in found for part in _text(one, at).split(sign)]
        return found


def _text(row: Row, at: int) -> str:
    value = row.values[at] if at < len(row.values) else None
    return "" if value is None else str(value).strip()


def _with(row: Row, at: int, text: str) -> Row:
    return row._replace(values=[*row.values[:at], text, *row.values[at + 1 :]])


def of(sheet: Sheet, screen: Screen, said: Source | None) -> tuple[Layout, Iterator[Row]]:
    """How a sheet is to be read, and its rows."""
    known = {one.name: one for one in (*fields(screen), *beside(screen))}
    worded = {one.of: one for one in known.values() if one.name.endswith(WORD_OF)}
    headings = list(said.headings) if said and said.headings else sheet.columns
    never = {at for at, heading in enumerate(headings) if heading and forbidden(heading)}
    if said is None:
        return _ours(sheet, known, never, Source(concept=screen.name, columns={}))
    unknown = sorted({*said.places, *said.fixed} - known.keys())
    if unknown:
        told = ", ".join(sorted(name for name, one in known.items() if one.counts))
        raise Mistake(
            "unknown_field", "the mapping names %(names)s; fields are %(known)s", names=", ".join(unknown), known=told
        )
    if missing := sorted({*said.columns, *said.filled, *said.split} - set(headings)):
        raise Mistake("no_column", "%(sheet)s has no column %(names)s", sheet=sheet.name, names=", ".join(missing))
    at = {heading: place for place, heading in enumerate(headings)}
    places = {
        worded.get(name, known[name]): some
        for name, given in said.places.items()
        if (some := tuple(at[heading] for heading in given if at[heading] not in never))
    }
    layout = Layout(
        places,
        said,
        tuple(heading for heading in headings if heading and heading not in said.columns and at[heading] not in never),
        len(never),
        tuple(at[heading] for heading in said.filled),
        {at[heading]: sign for heading, sign in said.split.items()},
        tuple(known[name] for name in said.fixed),
    )
    return layout, sheet.rows


def _ours(
    sheet: Sheet, known: Mapping[str, Field], never: set[int], said: Source
) -> tuple[Layout, Iterator[Row]]:
    rows = own(sheet)
    first = next(rows, None)
    named: dict[int, Any] = {at: value for at, value in enumerate(first.values if first else ()) if value}
    if not named or not set(named.values()) & known.keys():
        raise Mistake(
            "which_columns",
            "the second line of %(sheet)s does not name the fields, as files written here do; import other files by a "
            "mapping (--as FILE.yaml)",
            sheet=sheet.name,
        )
    counts = {at: known[name] for at, name in named.items() if name in known and known[name].counts and at not in never}
    left = tuple(str(name) for at, name in named.items() if name not in known and at not in never)
    return Layout({one: (at,) for at, one in counts.items()}, said, left, len(never)), rows


def own(sheet: Sheet) -> Iterator[Row]:
    """The rows of a file written here, without the apostrophe that text has before what a spreadsheet might run."""
    return sheet.rows if sheet.packed else map(_bare, sheet.rows)


def _bare(row: Row) -> Row:
    return row._replace(values=[unguarded(cell) if isinstance(cell, str) else cell for cell in row.values])
