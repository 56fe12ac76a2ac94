"""What was counted once is remembered: at a fixed instant of knowledge the answer never changes.

A decision takes an instant after all others, so nothing can come to be known at an instant that has passed. The
process keeps what was asked last; another database, another profile, or a later `known` is another question.
"""

import datetime as dt
from functools import lru_cache

from django.db import connection

from canbo.kernel.profile import profile
from canbo.reports import book
from canbo.reports.book import Figure, Report
from canbo.reports.bridge.waterfall import Bridge
from canbo.reports.bridge.waterfall import bridge as between
from canbo.reports.opened import Source, sources
from canbo.reports.output.compose import compose
from canbo.reports.output.document import Document

Asked = tuple[str, str, dt.date, dt.datetime]
"""Book, unit, day and instant."""


def _here() -> tuple[str, str, str]:
    """Which records are asked."""
    settings = connection.settings_dict
    return f"{settings['HOST']}:{settings['PORT']}", str(settings["NAME"]), profile().name


def report(asked: Asked) -> Report:
    """A whole book."""
    return _report(_here(), asked)


def document(asked: Asked, language: str) -> Document:
    """A whole book as it is printed."""
    return _document(_here(), asked, language)


def figure(asked: Asked, name: str) -> Figure:
    """One figure of a book."""
    return _figure(_here(), asked, name)


def groups(asked: Asked, name: str, by: str) -> list[tuple[str, int]]:
    """One figure by its groups."""
    return _groups(_here(), asked, name, by)


def size(asked: Asked, name: str, place: int) -> int:
    """How many records the measure in this place of a figure has."""
    return _size(_here(), asked, name, place)


def keys(asked: Asked, name: str, place: int, start: int, stop: int) -> list[int]:
    """Some of the records of the measure in this place of a figure, by their keys."""
    return _keys(_here(), asked, name, place, start, stop)


def made_of(asked: Asked, name: str) -> list[Source]:
    """The measures of which a figure is made."""
    return _made_of(_here(), asked, name)


def bridge(asked: Asked, name: str, first: tuple[dt.date, dt.datetime]) -> Bridge:
    """What changed a figure of a book since an earlier day, or since less was known."""
    return _bridge(_here(), asked, name, first)


def forget() -> None:
    """Count everything anew when it is asked next."""
    for remembering in (_report, _document, _figure, _groups, _made_of, _size, _keys, _bridge):
        remembering.cache_clear()


@lru_cache(maxsize=16)
def _report(here: tuple[str, ...], asked: Asked) -> Report:
    name, unit, on, known = asked
    return book.report(name, unit, on, known)


@lru_cache(maxsize=32)
def _document(here: tuple[str, ...], asked: Asked, language: str) -> Document:
    return compose(_report(here, asked), language)


@lru_cache(maxsize=128)
def _figure(here: tuple[str, ...], asked: Asked, name: str) -> Figure:
    unit_book, unit, on, known = asked
    return book.figure(unit_book, unit, on, known, name)


@lru_cache(maxsize=256)
def _groups(here: tuple[str, ...], asked: Asked, name: str, by: str) -> list[tuple[str, int]]:
    found = _figure(here, asked, name)
    return found.indicator.groups(found.question, by)


@lru_cache(maxsize=128)
def _made_of(here: tuple[str, ...], asked: Asked, name: str) -> list[Source]:
    found = _figure(here, asked, name)
    return list(sources(found.indicator, found.question))


@lru_cache(maxsize=1024)
def _size(here: tuple[str, ...], asked: Asked, name: str, place: int) -> int:
    return _made_of(here, asked, name)[place].size()


@lru_cache(maxsize=1024)
def _keys(here: tuple[str, ...], asked: Asked, name: str, place: int, start: int, stop: int) -> list[int]:
    return _made_of(here, asked, name)[place].keys(slice(start, stop))


@lru_cache(maxsize=16)
def _bridge(here: tuple[str, ...], asked: Asked, name: str, first: tuple[dt.date, dt.datetime]) -> Bridge:
    unit_book, unit, *_ = asked
    before = _figure(here, (unit_book, unit, *first), name)
    after = _figure(here, asked, name)
    return between(after.line.indicator, before.question, after.question)
