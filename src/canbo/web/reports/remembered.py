"""Reports, figures and bridges as counted before: the same book, unit, day and instant have the same answer."""

import datetime as dt

from canbo.reports import book, frozen
from canbo.reports.book import Figure, Report
from canbo.reports.bridge.waterfall import Bridge
from canbo.reports.bridge.waterfall import bridge as between
from canbo.reports.opened import Source, sources
from canbo.reports.output.compose import compose
from canbo.reports.output.document import Document
from canbo.web.remembering import remembered

Asked = tuple[str, str, dt.date, dt.datetime]
"""Book, unit, day and instant."""


@remembered(16)
def report(asked: Asked) -> Report:
    """A whole book."""
    return book.report(*asked)


@remembered(32)
def document(asked: Asked, language: str) -> Document:
    """A whole book as it is printed."""
    return compose(report(asked), language)


@remembered(128)
def figure(asked: Asked, name: str) -> Figure:
    """One figure of a book."""
    return book.figure(*asked, name)


@remembered(256)
def groups(asked: Asked, name: str, by: str) -> list[tuple[str, int | None]]:
    """One figure by its groups."""
    found = figure(asked, name)
    return found.indicator.groups(found.question, by)


@remembered(128)
def made_of(asked: Asked, name: str) -> list[Source]:
    """The measures of which a figure is made."""
    found = figure(asked, name)
    return list(sources(found.indicator, found.question))


@remembered(1024)
def size(asked: Asked, name: str, place: int) -> int:
    """How many records the measure in this place of a figure has."""
    return made_of(asked, name)[place].size()


@remembered(1024)
def not_shown(asked: Asked, name: str, place: int) -> int:
    """How many more the measure in this place of a figure counts, which the reader may not open."""
    return made_of(asked, name)[place].not_shown()


@remembered(1024)
def keys(asked: Asked, name: str, place: int, start: int, stop: int) -> list[int]:
    """Some of the records of the measure in this place of a figure, by their keys."""
    return made_of(asked, name)[place].keys(slice(start, stop))


@remembered(32)
def later(key: int, now: dt.datetime) -> list[tuple[str, Bridge]]:
    """What was learnt of the figures of a frozen report by an instant."""
    return frozen.later_corrections(frozen.find(key), now)


@remembered(16)
def bridge(asked: Asked, name: str, first: tuple[dt.date, dt.datetime]) -> Bridge:
    """What changed a figure of a book since an earlier day, or since less was known."""
    before, after = figure((*asked[:2], *first), name), figure(asked, name)
    return between(after.line.indicator, before.question, after.question)
