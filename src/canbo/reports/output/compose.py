"""Composing the printed document of a report: every number and word as text, counted at the report's own instant."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from canbo.kernel.profile import profile
from canbo.registry.organisations.models import Organisation
from canbo.registry.places.models import Place
from canbo.registry.tree import Service
from canbo.reports.book import Figure, Report
from canbo.reports.claims import EXACT, FAILS, HOLDS, ROUNDS
from canbo.reports.indicator import INDICATORS, STOCK
from canbo.reports.output.counts import count
from canbo.reports.output.document import Chapter, Document, Gap, Picture, Row, Sum
from canbo.reports.pictures import AGAINST, BARS, PARTS, SHARES, STACKED, PictureLine, name_of
from canbo.reports.question import Question
from canbo.reports.text import (
    day,
    exact,
    group,
    is_part,
    label,
    moment,
    number,
    percent,
    places,
    published,
    short_day,
    shown,
)

_WORDS = """
    contents chapter number figure value base verdict picture share part total equation equations left right result gaps
    unexplained page records back kind key label more numerator denominator indicator since until unit
    decision refreshable
"""
WORDS = tuple(_WORDS.split())
"""What the renderers put between the parts of a document, by the profile's words `text.<name>`."""


def compose(made: Report, language: str, explained: Mapping[str, str] | None = None, anchor: str = "") -> Document:
    """The document of a report in a language; `explained` are the words for what does not hold, by its id.

    `anchor` is that of the audit log, for what leaves the house.
    """
    return _Composer(made, language).document(explained or {}, anchor)


class _Composer:
    """Turns one report into one document."""

    def __init__(self, made: Report, language: str) -> None:
        self.made, self.language, self.question = made, language, made.question
        self.values = {figure.line.id: figure.value for figure in made.figures()}
        self.labels = {figure.line.id: label(figure, language) for figure in made.figures()}

    def word(self, path: str, **values: Any) -> str:
        """The profile's word, filled in."""
        return profile().word(path, self.language).format(**values) if values else profile().word(path, self.language)

    def document(self, explained: Mapping[str, str], anchor: str) -> Document:
        asked, named = self.question, _named(self.question)
        on, start = day(asked.on, self.language), day(asked.start, self.language)
        motto = self.word("text.motto")
        return Document(
            book=self.made.book,
            unit=asked.unit.code,
            on=asked.on,
            known=asked.known,
            language=self.language,
            motto="" if motto == "text.motto" else motto,
            issuer=_issuer(asked, self.made.issuer) or named,
            title=self.word(f"book.{self.made.book}"),
            subject=named,
            as_of=self.word("text.as_of", on=on),
            period=self.word("text.period", start=start, on=on),
            known_text=self.word("text.known", known=moment(asked.known, self.language)),
            chapters=tuple(self._chapters()),
            sums=tuple(self._sum(equation) for equation in self.made.equations),
            gaps=tuple(self._gap(gap, explained) for gap in self.made.gaps()),
            words={name: self.word(f"text.{name}") for name in WORDS},
            anchor=self.word("text.anchor", anchor=anchor) if anchor else "",
        )

    def _chapters(self) -> Iterator[Chapter]:
        pictures = 0
        # Two files of a book may speak of one thing: their chapters of one name are printed as one.
        merged: dict[str, list[Figure]] = {}
        for chapter, figures in self.made.chapters:
            merged.setdefault(chapter, []).extend(figures)
        footnotes: list[str] = []
        for order, (chapter, figures) in enumerate(merged.items(), 1):
            before = len(footnotes)
            rows = tuple(self._row(f, f"{order}.{place}", footnotes, before) for place, f in enumerate(figures, 1))
            lines = [line for line in self.made.pictures if line.chapter == chapter]
            drawn = [self._picture(line, str(pictures + place)) for place, line in enumerate(lines, 1)]
            pictures += len(lines)
            notes = tuple(enumerate(footnotes[before:], before + 1))
            kept = tuple(picture for picture in drawn if any(any(cells) for cells in picture.cells))
            yield Chapter(chapter, str(order), self.word(f"chapter.{chapter}"), rows, notes, kept)

    def _row(self, figure: Figure, order: str, footnotes: list[str], before: int) -> Row:
        marks = []
        for note in self._footnotes(figure):
            if note not in footnotes[before:]:
                footnotes.append(note)
            marks.append(footnotes.index(note, before) + 1)
        whole = figure.value is None or isinstance(figure.value, int) or figure.value.denominator == 1
        return Row(
            id=figure.line.id,
            number=order,
            label=self.labels[figure.line.id],
            text=shown(figure, self.language),
            value=exact(figure.value),
            places=0 if whole and not is_part(figure) else places(figure),
            percent=is_part(figure),
            base=figure.base,
            base_text="" if figure.base is None else number(figure.base, self.language),
            verdict=figure.verdict or "",
            note=self._note(figure),
            footnotes=tuple(marks),
        )

    def _footnotes(self, figure: Figure) -> Iterator[str]:
        """The figure's own dates, and what "about" means."""
        asked, report = figure.question, self.question
        flows = figure.indicator.kind != STOCK
        start, on = short_day(asked.start, self.language), short_day(asked.on, self.language)
        if flows and (asked.start, asked.on) != (report.start, report.on):
            yield self.word("text.in_period", start=start, on=on)
        elif asked.on != report.on:
            yield self.word("text.at_day", on=on)
        if figure.claim and figure.claim.relation != EXACT:
            yield self.word(f"relation_note.{figure.claim.relation}")

    def _note(self, figure: Figure) -> str:
        """The verdict, and what was published where that reads differently."""
        if not figure.verdict:
            return ""
        said = self.word(f"verdict.{figure.verdict}")
        printed = published(figure, self.language)
        if figure.claim.relation != EXACT:
            printed = self.word(f"relation.{figure.claim.relation}", printed=printed)
        elif figure.verdict in (HOLDS, ROUNDS):
            return said
        return f"{said} ({self.word('text.published', printed=printed)})"

    def _sum(self, equation: Mapping[str, Any]) -> Sum:
        verdict = HOLDS if equation["holds"] else FAILS
        left, right = (
            "" if equation[side] is None else number(equation[side], self.language) for side in ("left", "right")
        )
        name = self.word(f"equation.{equation['id']}")
        sign = "=" if equation["holds"] else "≠"
        return Sum(equation["id"], name, left, right, sign, verdict, self.word(f"verdict.{verdict}"))

    def _gap(self, gap: str, explained: Mapping[str, str]) -> Gap:
        name = self.labels.get(gap) or self.word(f"equation.{gap}")
        return Gap(gap, name, explained.get(gap, "").strip())

    def _picture(self, line: PictureLine, order: str) -> Picture:
        counted = count(line, self.question, self.values)
        none = self.word("text.withheld") if line.kind in (BARS, STACKED, SHARES) else ""
        texts = tuple(tuple(none if n is None else number(n, self.language) for n in cells) for cells in counted.cells)
        bars, segments = self._axes(line, counted.bars, counted.segments)
        shares = ()
        if line.kind == PARTS:
            shares = tuple(percent(_share(*cells), self.language) for cells in counted.cells)
        head = self.word("text.figure") if line.kind == PARTS else self.word(f"breakdown.{name_of(line.bars)}")
        told = "; ".join(f"{bar}: {', '.join(filter(None, row))}" for bar, row in zip(bars, texts, strict=True))
        return Picture(
            id=line.id,
            number=order,
            title=self.word(f"picture.{line.id}"),
            kind=line.kind,
            head=_upper(head),
            bars=bars,
            segments=segments,
            keys=tuple(tuple(f"{bar}/{segment}" for segment in counted.segments) for bar in counted.bars),
            cells=counted.cells,
            texts=texts,
            shares=shares,
            description=f"{', '.join(segments)}. {told}" if len(segments) > 1 else told,
        )

    def _axes(
        self, line: PictureLine, bars: tuple[str, ...], segments: tuple[str, ...]
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The words of bars and segments."""
        if line.kind == PARTS:
            return tuple(self.labels[bar] for bar in bars), (self.word("text.part"), self.word("text.total"))
        indicator = INDICATORS.ask(line.indicator)

        def words(by: str, keys: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(_upper(group(indicator, by, key, self.language)) for key in keys)

        named = words(name_of(line.bars), bars)
        if line.kind == BARS:
            return named, (self.word("text.value"),)
        if line.kind == AGAINST:
            both = (line.indicator, line.against.indicator)[: len(segments)]
            return named, tuple(self.word(f"indicator.{name}") for name in both)
        return named, words(name_of(line.segments), segments)


def _share(part: int, whole: int) -> Fraction | None:
    """A part of a whole as an exact fraction; None of nothing."""
    return Fraction(part, whole) if whole else None


def _upper(word: str) -> str:
    return word[:1].upper() + word[1:]


def _named(question: Question) -> str:
    """The unit's name on the day of the report."""
    for model in (Place, Organisation):
        name = model.objects.asof(question.on, question.known).filter(unit=question.unit).values_list("name", flat=True)
        if found := name.first():
            return found
    return question.unit.code


def _issuer(question: Question, kind: Mapping[str, Any]) -> str:
    """Of the organisations that serve the place, the one of the kind that the book names."""
    if not kind:
        return ""
    serving = Service.objects.asof(question.on, question.known).filter(place=question.unit).values("unit")
    kinds = profile().where("organisation_kind", **kind)
    found = Organisation.objects.asof(question.on, question.known).filter(unit__in=serving, kind__in=kinds)
    return found.order_by("unit__code").values_list("name", flat=True).first() or ""
