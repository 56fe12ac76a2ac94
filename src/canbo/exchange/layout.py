"""What the columns of a sheet give: our own files say so in their second line, for any other one a mapping says it.

A mapping is a YAML file, kept beside the files of its source:

    concept: members                      # the list whose facts the rows are
    act: membership.take-over             # the act by which new ones begin, where it is not the usual one
    columns: {Mã số: person, Chi bộ: unit, Ngày vào Đảng: since}
    values: {stage: {Chính thức: official}}       # what texts stand for
    prefix: {person: "dien-bien.member."}         # what stands before the codes of the register
    fixed: {stage: official}              # what is so of every row
    dates: ["%d/%m/%Y", "%m/%Y", "%Y"]    # how days are written, where they are texts
    end: inclusive                        # whether the day in `until` is the last one, or the first that is no more
    open_end: ["9999-01-01"]              # texts in `until` that mean: none

Columns that nobody mapped are left aside, and so are headings of what is never recorded, wherever they stand.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from canbo.exchange.columns import Field, fields
from canbo.exchange.reading.file import Row, Sheet
from canbo.kernel.headings import forbidden
from canbo.kernel.refusal import Mistake
from canbo.kernel.screen import Screen

ISO = ("%Y-%m-%d", "%Y-%m", "%Y")
VIETNAMESE = ("%d/%m/%Y", "%m/%Y", "%Y", "%d-%m-%Y", "%d.%m.%Y")


class Source(BaseModel):
    """A mapping as somebody wrote it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    concept: str
    act: str = ""
    sheet: str = ""
    encoding: str | None = None
    columns: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]] = {}
    prefix: Mapping[str, str] = {}
    fixed: Mapping[str, str] = {}
    dates: tuple[str, ...] = (*ISO, *VIETNAMESE)
    end: Literal["inclusive", "exclusive"] = "inclusive"
    open_end: tuple[str, ...] = ()


def source(path: Path) -> Source:
    """The mapping in a file; what cannot be is a mistake that says where."""
    try:
        return Source.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise Mistake("no_mapping", "%(file)s cannot be read: %(why)s", file=path, why=error.strerror) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Mistake("bad_mapping", "%(file)s is no YAML: %(why)s", file=path, why=error) from error
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise Mistake("bad_mapping", "%(file)s: %(why)s", file=path, why=wrong) from error


@dataclass(frozen=True)
class Layout:
    """The fields that the columns of a sheet give, by the place of the column, and what was left aside."""

    places: Mapping[int, Field]
    said: Source
    left: tuple[str, ...] = ()
    never: int = 0
    """Columns of what is never recorded: their number, since nothing more of them is kept."""
    ours: bool = True
    fields: Mapping[str, Field] = field(default_factory=dict)


def of(sheet: Sheet, screen: Screen, said: Source | None) -> tuple[Layout, Iterator[Row]]:
    """How a sheet is to be read, and its rows."""
    known = {one.name: one for one in fields(screen)}
    never = {at for at, heading in enumerate(sheet.columns) if heading and forbidden(heading)}
    if said is None:
        return _ours(sheet, known, never, Source(concept=screen.name, columns={}))
    missing = sorted(set(said.columns) - set(sheet.columns))
    unknown = sorted({*said.columns.values(), *said.fixed} - known.keys())
    if unknown:
        told = ", ".join(sorted(name for name, one in known.items() if one.counts))
        raise Mistake("unknown_field", "the mapping names %(names)s; fields are %(known)s", names=unknown, known=told)
    if missing:
        raise Mistake("no_column", "%(sheet)s has no column %(names)s", sheet=sheet.name, names=", ".join(missing))
    places = {
        at: known[said.columns[heading]]
        for at, heading in enumerate(sheet.columns)
        if heading in said.columns and at not in never
    }
    left = tuple(name for at, name in enumerate(sheet.columns) if name and at not in {*places, *never})
    return Layout(places, said, left, len(never), False, known), sheet.rows


def _ours(
    sheet: Sheet, known: Mapping[str, Field], never: set[int], said: Source
) -> tuple[Layout, Iterator[Row]]:
    first = next(sheet.rows, None)
    named: dict[int, Any] = {at: value for at, value in enumerate(first.values if first else ()) if value}
    if not named or not set(named.values()) & known.keys():
        raise Mistake(
            "which_columns",
            "the second line of %(sheet)s does not name the fields, as files written here do; import other files by a "
            "mapping (--as FILE.yaml)",
            sheet=sheet.name,
        )
    places = {at: known[name] for at, name in named.items() if name in known and known[name].counts and at not in never}
    left = tuple(str(name) for at, name in named.items() if name not in known and at not in never)
    return Layout(places, said, left, len(never), True, known), sheet.rows
