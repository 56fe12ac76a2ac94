"""Report books: chapters of figures, equations between them, and the verdict on what was published.

A book is data of the profile: `books/<name>/book.yaml` for everybody, and beside it a file named after a unit for
what that unit's report says besides. A figure names an indicator, its conditions, and its own dates where it has any.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from canbo.kernel.profile import Profile, profile
from canbo.kernel.refusal import Mistake
from canbo.reports.claims import FAILS, Claim, claims, verdict
from canbo.reports.indicator import INDICATORS
from canbo.reports.pictures import PictureLine
from canbo.reports.question import Question, ask

COUNTED, PUBLISHED = "counted", "published"
_JULY = 7


class FigureLine(BaseModel):
    """One figure of a book. `start` and `on` are its own dates; without them it takes the report's."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    indicator: str
    where: Mapping[str, Any] = {}
    on: dt.date | None = None
    start: dt.date | None = None


class Equation(BaseModel):
    """Figures that add up: the sum of `left` is the sum of `right`, as counted or as published."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    of: str = COUNTED


class Chapter(BaseModel):
    """A chapter: its heading is the profile's word for `chapter.<id>`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    figures: tuple[FigureLine, ...]


class Pages(BaseModel):
    """One file of a book.

    `start` is the first day of flows that name none: a date, or the first day of the `year`, `half-year` or `month`
    of the report. `issuer` says which of the organisations that serve a place issues its report.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    start: dt.date | Literal["year", "half-year", "month"] | None = None
    issuer: Mapping[str, Any] = {}
    chapters: tuple[Chapter, ...] = ()
    equations: tuple[Equation, ...] = ()
    pictures: tuple[PictureLine, ...] = ()


@dataclass
class Figure:
    """A figure computed: its line, the question, its value and base, and the verdict where something was published."""

    line: FigureLine
    question: Question
    value: int | Fraction | None
    base: int | None
    claim: Claim | None = None
    verdict: str | None = None

    @property
    def indicator(self) -> Any:
        """The indicator behind it."""
        return INDICATORS.ask(self.line.indicator)


@dataclass
class Report:
    """A book asked for a unit and a day: everything in it is as known at one instant."""

    book: str
    question: Question
    chapters: list[tuple[str, list[Figure]]] = field(default_factory=list)
    equations: list[dict[str, Any]] = field(default_factory=list)
    pictures: tuple[PictureLine, ...] = ()
    issuer: Mapping[str, Any] = field(default_factory=dict)

    def figures(self) -> Iterator[Figure]:
        """All figures, in the order of the book."""
        for _, figures in self.chapters:
            yield from figures

    def gaps(self) -> list[str]:
        """What does not hold: figures whose claim fails and equations, by their id."""
        failing = [figure.line.id for figure in self.figures() if figure.verdict == FAILS]
        return failing + [equation["id"] for equation in self.equations if not equation["holds"]]


def books(of: Profile) -> list[str]:
    """The names of the books that a profile has."""
    return sorted(path.parent.name for path in of.files("books", "*/book.yaml"))


def pages(of: Profile, name: str, unit: str) -> list[Pages]:
    """The files of a book that apply to a unit, the common one first."""
    if name not in books(of):
        known = ", ".join(books(of))
        raise Mistake("unknown_book", "there is no book “%(name)s”; the profile has: %(known)s", name=name, known=known)
    files = [of.folder / "books" / name / "book.yaml", of.folder / "books" / name / f"{unit}.yaml"]
    found = []
    for path in files:
        if path.exists():
            try:
                found.append(Pages.model_validate(of.read("books", name, path.name)))
            except ValidationError as error:
                file = f"books/{name}/{path.name}"
                raise Mistake("bad_book", "the file %(file)s is wrong: %(why)s", file=file, why=error) from error
    return found


def definition_hash(parts: list[Pages]) -> str:
    """What a frozen report keeps of its definition."""
    text = json.dumps([part.model_dump(mode="json") for part in parts], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def report(name: str, unit: str, on: dt.date, known: dt.datetime | None = None) -> Report:
    """Ask a whole book: the instant of knowledge is fixed once and used for every figure."""
    parts = pages(profile(), name, unit)
    question = asked(parts, unit, on, known)
    made = Report(name, question, pictures=tuple(picture for part in parts for picture in part.pictures))
    made.issuer = next((part.issuer for part in reversed(parts) if part.issuer), {})
    published = claims(question.unit, on, question.known)
    periods: dict[tuple, Question] = {}
    for part in parts:
        for chapter in part.chapters:
            figures = [_figure(line, question, published, periods) for line in chapter.figures]
            made.chapters.append((chapter.id, figures))
    computed = {figure.line.id: figure for figure in made.figures()}
    for part in parts:
        made.equations += [_equation(equation, computed) for equation in part.equations]
    return made


def asked(parts: list[Pages], unit: str, on: dt.date, known: dt.datetime | None = None) -> Question:
    """What a book asks of a unit and a day, before any figure adds its conditions and dates."""
    return ask(unit, on, start=_start(parts, on), known=known)


def figure(name: str, unit: str, on: dt.date, known: dt.datetime | None, id_: str) -> Figure:
    """One figure of a book, asked alone."""
    parts = pages(profile(), name, unit)
    lines = {line.id: line for part in parts for chapter in part.chapters for line in chapter.figures}
    if id_ not in lines:
        raise Mistake(
            "unknown_figure",
            "the report “%(book)s” of %(unit)s has no figure “%(figure)s”",
            book=name,
            unit=unit,
            figure=id_,
        )
    question = asked(parts, unit, on, known)
    return _figure(lines[id_], question, claims(question.unit, on, question.known), {})


def _start(parts: list[Pages], on: dt.date) -> dt.date | None:
    """The last file that says where flows begin decides."""
    said = next((part.start for part in reversed(parts) if part.start), None)
    first = {"year": 1, "half-year": 1 if on.month < _JULY else _JULY, "month": on.month}
    return on.replace(month=first[said], day=1) if said in first else said


def _figure(
    line: FigureLine, question: Question, published: Mapping[str, Claim], periods: dict[tuple, Question]
) -> Figure:
    period = (line.start, line.on)
    if period not in periods:
        periods[period] = question.during(line.start, line.on)
    own = periods[period].narrowed(line.where)
    indicator = INDICATORS.ask(line.indicator)
    value = indicator.value(own)
    claim = published.get(line.id)
    return Figure(line, own, value, indicator.base(own), claim, verdict(claim, value) if claim else None)


def _equation(equation: Equation, computed: Mapping[str, Figure]) -> dict[str, Any]:
    def side(names: tuple[str, ...]) -> int | Fraction | None:
        unknown = [name for name in names if name not in computed]
        if unknown:
            names = ", ".join(unknown)
            raise Mistake("bad_book", "%(of)s: there is no figure %(names)s", of=equation.id, names=names)
        figures = [computed[name] for name in names]
        if equation.of == PUBLISHED:
            printed = [Fraction(figure.claim.printed) if figure.claim else None for figure in figures]
            return None if None in printed else sum(printed)
        return sum(figure.value or 0 for figure in figures)

    left, right = side(equation.left), side(equation.right)
    holds = left == right or None in (left, right)
    return {"id": equation.id, "left": left, "right": right, "holds": holds}
