"""A list as a file that can be imported again, row by row: the query of the page with the columns of `columns`.

Text that a spreadsheet might take for a formula is marked as quoted in a workbook and unchanged; in CSV, which cannot
mark anything, an apostrophe stands before it, and before text that looks as if it had one (`harmless`), so that
`unguarded` gives back every text as it was.
"""

import csv as csv_
import datetime as dt
import io
import json as json_
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice
from typing import IO, Any, NamedTuple, Protocol

from django.db.models import QuerySet
from django.utils.translation import get_language

from canbo.exchange import parquet, workbook
from canbo.exchange.columns import COUNTED, Field, fields
from canbo.kernel.audit import anchor
from canbo.kernel.periods import DAY as TO_THE_DAY
from canbo.kernel.periods import MONTH, YEAR
from canbo.kernel.profile import profile
from canbo.kernel.screen import DAY, SINCE, UNIT, UNTIL, WORD, Screen
from canbo.registry.organisations.queries import named
from canbo.registry.papers import counted_from
from canbo.reports.output.excel import harmless

BATCH = 2000
IN_MEMORY = 2**20
BOM = "\ufeff"
ONE_DAY = dt.timedelta(days=1)
_ISO = {TO_THE_DAY: 10, MONTH: 7, YEAR: 4}
Meet = Callable[[Iterable[int]], None]
"""Is told of the people whom the rows name."""


class AsOf(Protocol):
    """The day and the instant of a list."""

    on: dt.date
    known: dt.datetime


class Listed(Protocol):
    """A list as somebody asked for it (`web/generic/listing.py`): what it is narrowed to, and its rows in order."""

    screen: Screen
    asof: AsOf
    narrowing: dict[str, str]

    def of(self, *wanted: str) -> QuerySet:
        """Its rows as tuples of these paths."""


class Day(NamedTuple):
    """A day, and how exactly it is known."""

    first: dt.date
    precision: str = TO_THE_DAY

    @property
    def text(self) -> str:
        """As somebody would type it."""
        return self.first.isoformat()[: _ISO[self.precision]]


@dataclass(frozen=True)
class Sheet:
    """What is written: a list, its columns, and whoever has to be told whom they name."""

    listing: Listed
    fields: tuple[Field, ...]
    meet: Meet

    @cached_property
    def about(self) -> dict[str, str]:
        """What the file says of itself: of what, as of when, narrowed to what, and how far the audit log had come."""
        asof, found = self.listing.asof, anchor()
        said = {"concept": self.listing.screen.name, "on": asof.on.isoformat(), "known": asof.known.isoformat()}
        return said | {"language": get_language(), **_narrowed(self.listing.narrowing), "anchor": found or ""}

    @cached_property
    def title(self) -> str:
        """What the profile calls the list."""
        return profile().word(f"screen.{self.listing.screen.name}", get_language())

    def batches(self) -> Iterator[list[list[Any]]]:
        """The rows as plain values in the order of the fields, so many at a time: nothing is held but these."""
        wanted = [(one.path, one.precision, one.whom) for one in self.fields]
        paths = list(dict.fromkeys(path for path in chain(*wanted) if path))
        place, units = {path: at for at, path in enumerate(paths)}, _Units(self.listing.asof)
        counted: dict[int, dt.date] = {}
        makes = [_maker(one, place, units, counted) for one in self.fields]
        whom = [(place[one.whom], place[one.path]) for one in self.fields if one.whom]
        of_units = [place[one.path] for one in self.fields if one.kind == UNIT]
        begins = any(one.kind == COUNTED for one in self.fields)
        rows = self.listing.of(*paths).iterator(chunk_size=BATCH)
        while batch := list(islice(rows, BATCH)):
            self.meet({row[key] for row in batch for key, code in whom if row[code]})
            units.learn({row[at] for row in batch for at in of_units})
            counted.clear()
            if begins:
                counted.update(counted_from(self.listing.screen.model, [row[place["pk"]] for row in batch]))
            yield [[make(row) for make in makes] for row in batch]

    def rows(self) -> Iterator[list[Any]]:
        """The rows one by one."""
        return chain.from_iterable(self.batches())


class _Units(dict[int, str]):
    """What units are called; those of a batch are asked together."""

    def __init__(self, asof: AsOf) -> None:
        super().__init__()
        self.asof = asof

    def learn(self, keys: set[int | None]) -> None:
        new = keys - {None} - self.keys()
        found = named(new, self.asof.on, self.asof.known) if new else {}
        self.update({key: being.name for key, being in found.items()})


def _narrowed(narrowing: dict[str, str]) -> dict[str, str]:
    """What was typed to find somebody may be a name, and is left out as in the log."""
    return {name: said for name, said in narrowing.items() if name != "q"}


def _maker(
    one: Field, place: dict[str, int], units: _Units, counted: dict[int, dt.date]
) -> Callable[[Sequence[Any]], Any]:
    """What makes the value of a field of a row; nothing is None, so that no text is empty."""
    at, exact = place[one.path], place.get(one.precision)
    if one.kind == SINCE:
        return lambda row: Day(row[at].lower, row[exact]) if row[at].lower else None
    if one.kind == UNTIL:
        return lambda row: Day(row[at].upper - ONE_DAY, row[exact]) if row[at].upper else None
    if one.kind == DAY:
        return lambda row: Day(row[at], row[exact] if exact is not None else TO_THE_DAY) if row[at] else None
    if one.kind == COUNTED:
        return lambda row: Day(counted[row[at]]) if row[at] in counted else None
    if one.kind == UNIT:
        return lambda row: units.get(row[at])
    if one.kind == WORD:
        return lambda row: one.words.get(row[at], row[at]) or None
    return lambda row: None if row[at] == "" else row[at]


def csv(sheet: Sheet, out: IO[bytes]) -> None:
    """Comma-separated text; a last column without cells says in its heading what the file is."""
    text = io.TextIOWrapper(out, encoding="utf-8", newline="")
    text.write(BOM)
    lines = csv_.writer(text)
    about = "; ".join(f"{name}: {said}" for name, said in sheet.about.items() if said)
    lines.writerow([*(one.label for one in sheet.fields), f"{sheet.title}; {about}"])
    lines.writerow([*(one.name for one in sheet.fields), "about"])
    lines.writerows([*map(_plain, row), ""] for row in sheet.rows())
    text.detach()


def _plain(value: Any) -> Any:
    """A value as text: days as one types them, TRUE and FALSE, codes of a list apart by semicolons."""
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, list):
        return harmless("; ".join(value))
    return _text(value)


def _text(value: Any) -> Any:
    if isinstance(value, Day):
        return value.text
    return value.isoformat() if isinstance(value, dt.datetime) else value


def json(sheet: Sheet, out: IO[bytes]) -> None:
    """An object: what the file is, its fields with their words, and a row a line."""
    told = [
        {"name": one.name, "label": one.label, "kind": one.kind, "counts": one.counts, "words": dict(one.words)}
        for one in sheet.fields
    ]
    head = json_.dumps({"about": sheet.about, "fields": told}, ensure_ascii=False, indent=1)
    out.write(f'{head[:-2]},\n "rows": ['.encode())
    names, before = [one.name for one in sheet.fields], "\n"
    for row in sheet.rows():
        said = json_.dumps(dict(zip(names, map(_text, row), strict=True)), ensure_ascii=False)
        out.write(f"{before}{said}".encode())
        before = ",\n"
    out.write(b"\n]}\n")


def xlsx(sheet: Sheet, out: IO[bytes]) -> None:
    """A workbook: the rows, and a second sheet with the words that may be chosen."""
    with workbook.Book(out, sheet.title, sheet.fields, about=json_.dumps(sheet.about, ensure_ascii=False)) as book:
        for row in sheet.rows():
            book.row(row)


def as_parquet(sheet: Sheet, out: IO[bytes]) -> None:
    """A Parquet file (`parquet`)."""
    parquet.write(sheet.fields, sheet.batches(), {"canbo": json_.dumps(sheet.about, ensure_ascii=False)}, out)


@dataclass(frozen=True)
class Form:
    """A form of file: what it is called where files travel, how it is written, and whether words count in it."""

    content_type: str
    write: Callable[[Sheet, IO[bytes]], None]
    words: bool


FORMS = {
    "xlsx": Form("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx, words=True),
    "csv": Form("text/csv; charset=utf-8", csv, words=True),
    "json": Form("application/json", json, words=False),
    "parquet": Form("application/vnd.apache.parquet", as_parquet, words=False),
}


def export(listing: Listed, form: str, meet: Meet, out: IO[bytes]) -> None:
    """Write a list in one of `FORMS`; `meet` is told of everybody named. Words are those of the active language."""
    how = FORMS[form]
    how.write(Sheet(listing, fields(listing.screen, words=how.words), meet), out)


def as_file(form: str, meet: Meet, listing: Listed) -> IO[bytes]:
    """The same as a file that is gone once it is closed."""
    file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - whoever reads it closes it
    export(listing, form, meet, file)
    file.seek(0)
    return file
