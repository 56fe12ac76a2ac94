"""The printed report as one neutral model: whatever prints it – web, Word, PDF, Excel – says the same.

Everything a reader sees is text here already, in the language asked for; beside the text of a number stands the number
itself, for those who calculate with it.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

COLUMNS = ("number", "figure", "value", "base", "verdict")
"""The columns of a chapter's table, by the words that head them."""


@dataclass(frozen=True)
class Row:
    """A figure: its number in the report, label, text and value, base, and the verdict where something was published.

    `places` are the decimals that the text shows; `percent` says that it shows hundredths of the value.
    """

    id: str
    number: str
    label: str
    text: str
    value: int | float | None
    places: int = 0
    percent: bool = False
    base: int | None = None
    base_text: str = ""
    verdict: str = ""
    note: str = ""
    footnotes: tuple[int, ...] = ()
    href: str = ""

    @property
    def machine(self) -> str:
        """The value as programs read it; empty where there is none."""
        return "" if self.value is None else str(self.value)


class Listed(NamedTuple):
    """A record behind a figure, in words; `since` and `until`, its last day, come with how precisely they are known.

    `part` says to which side of a share it belongs; `decision` is the symbol of the one that opened it.
    """

    part: str
    kind: str
    label: str
    unit: str
    since: tuple[dt.date, str] | None
    until: tuple[dt.date, str] | None
    decision: str
    key: str


@dataclass(frozen=True)
class Picture:
    """A picture as the table beside it: bars by segments. `description` is for those who cannot see it."""

    id: str
    number: str
    title: str
    kind: str
    head: str
    bars: tuple[str, ...]
    segments: tuple[str, ...]
    keys: tuple[tuple[str, ...], ...]
    """The key of each cell, `<bar>/<segment>`: it stays when words change."""
    cells: tuple[tuple[int | float | None, ...], ...]
    texts: tuple[tuple[str, ...], ...]
    shares: tuple[str, ...] = ()
    """Of parts: the share of each in its whole."""
    description: str = ""
    drawing: str = ""
    """SVG for the page that shows it; empty until a renderer of pages puts it there."""

    @property
    def table(self) -> list[tuple[str, tuple[str, ...], str]]:
        """The rows of the table beside it: bar, texts of its segments, share."""
        return list(zip(self.bars, self.texts, self.shares or ("",) * len(self.bars), strict=True))


@dataclass(frozen=True)
class Chapter:
    """A chapter: its heading, figures, footnotes with their numbers, and pictures."""

    id: str
    number: str
    title: str
    rows: tuple[Row, ...]
    footnotes: tuple[tuple[int, str], ...] = ()
    pictures: tuple[Picture, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of its table: bases and verdicts only where some figure has one."""
        empty = {name for name in ("base", "verdict") if not any(getattr(row, name) for row in self.rows)}
        return tuple(column for column in COLUMNS if column not in empty)


@dataclass(frozen=True)
class Sum:
    """An equation with both sides; a side is empty where not everything was published."""

    id: str
    label: str
    left: str
    right: str
    sign: str
    verdict: str
    note: str


@dataclass(frozen=True)
class Gap:
    """What does not hold, and the words that explain it; empty where nobody explained it yet."""

    id: str
    label: str
    explanation: str


@dataclass(frozen=True)
class Document:
    """A report ready to be printed. `words` are the headings that a renderer puts between the parts."""

    book: str
    unit: str
    on: dt.date
    known: dt.datetime
    language: str
    motto: str
    issuer: str
    title: str
    subject: str
    as_of: str
    period: str
    known_text: str
    chapters: tuple[Chapter, ...]
    sums: tuple[Sum, ...]
    gaps: tuple[Gap, ...]
    words: Mapping[str, str] = field(repr=False)
    anchor: str = ""
    """How far the audit log had come when this left the house; empty on a page."""

    def rows(self) -> Iterator[Row]:
        """All figures, in the order of the report."""
        for chapter in self.chapters:
            yield from chapter.rows

    def pictures(self) -> Iterator[Picture]:
        """All pictures, in the order of the report."""
        for chapter in self.chapters:
            yield from chapter.pictures

    def linked(self, href: Callable[[Row], str]) -> "Document":
        """The same document with a link for each figure, for pages that open its records."""
        return self._each(lambda chapter: replace(chapter, rows=tuple(replace(r, href=href(r)) for r in chapter.rows)))

    def drawn(self, drawing: Callable[[Picture], str]) -> "Document":
        """The same document with its pictures drawn, for pages."""
        return self._each(
            lambda chapter: replace(chapter, pictures=tuple(replace(p, drawing=drawing(p)) for p in chapter.pictures))
        )

    def _each(self, change: Callable[[Chapter], Chapter]) -> "Document":
        return replace(self, chapters=tuple(change(chapter) for chapter in self.chapters))
