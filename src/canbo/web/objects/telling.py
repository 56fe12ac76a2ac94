"""Versions of facts as rows that people read: what is so, where, from when to when, and by which decision."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, gettext

from canbo.kernel.periods import DAY
from canbo.registry.facts import Identity, Unit, content
from canbo.registry.papers import Ground, behind
from canbo.registry.versions import Version
from canbo.reports.said import FIELDS, KINDS, NEVER_SHOWN, counted, day, said
from canbo.rules.governing import Cited, cited
from canbo.web.asof import AsOf, link
from canbo.web.objects.names import Names, Piece
from canbo.web.objects.words import CONFIDENCE, PARTS, act

ONE_DAY = dt.timedelta(days=1)
OTHERS = ("former", "other")
"""Fields by which a person's record names another number: told on the page of that person too."""
DOT = format_html(' <span class="quiet">{}</span> ', "·")


@dataclass(frozen=True)
class Rule:
    """An article told: its document, which leads to its page where the register holds it, and how sure we are."""

    document: Piece
    text: str
    unsure: str


@dataclass(frozen=True)
class Row:
    """A version told: `until` is its last day, empty while it lasts on the day of the page.

    `counted` says from which day on it is counted, where what came before rests on an opening balance alone.
    """

    version: Version
    kind: str
    pieces: tuple[Piece, ...]
    unit: Piece
    since: str
    counted: str
    until: str
    href: str
    why: str
    opened: Ground | None
    closed: Ground | None
    papers: tuple[Piece, ...]

    @property
    def begun(self) -> str:
        """Since when it is so, and counted."""
        return format_html('{} <span class="quiet">{}</span>', self.since, self.counted) if self.counted else self.since

    @property
    def told(self) -> str:
        """What the version says, in one line."""
        return format_html_join(DOT, "{}", ((piece.html,) for piece in self.pieces)) or self.kind


class Telling:
    """Tells versions as of a page's dates.

    Within somebody's `file` the links stay within it. If `lasting`, what ended after the day of the page still lasts
    on it; else the page is about the versions themselves, and their acts are told with the documents behind.
    """

    def __init__(
        self,
        asof: AsOf,
        versions: Sequence[Version],
        *more: tuple[type[Identity], int],
        lasting: bool = True,
        file: str = "",
    ):
        self.asof, self.lasting, self.file = asof, lasting, file
        self.names = Names(asof, [*more, *(pair for version in versions for pair in _named(version))])
        wanted = {a for version in versions for a in version.acts.values()}
        self.grounds = behind(wanted, asof.known, documents=not lasting)
        self._cited: dict[tuple[int, int], tuple[Cited, ...]] = {}

    def row(self, version: Version, subject: type[Identity] | None = None) -> Row:
        """A version, without naming the thing that the page is about."""
        kind, key = version.kind, str(version.fact)
        ended = self.ended(version)
        opened = self.grounds.get(version.opened_by)
        closed = self.grounds.get(version.closed_by) if ended and version.closed_by else None
        return Row(
            version,
            str(KINDS.get(kind, kind)),
            tuple(self.pieces(version, subject)),
            self.names.unit(version.unit),
            day(version.since, version.start_precision),
            counted(opened.counted(version.since) if opened else None),
            day(version.until - ONE_DAY, version.end_precision) if ended and version.until else "",
            link(self.asof, "record", kind, key, file=self.file),
            link(self.asof, "why", kind, key, file=self.file),
            opened,
            closed,
            tuple(self._papers(opened, closed)),
        )

    def _papers(self, *grounds: Ground | None) -> Iterator[Piece]:
        """The decisions, each once."""
        for decision, symbol in {ground.decision: ground.symbol for ground in grounds if ground}.items():
            yield Piece(symbol, link(self.asof, "decision", decision))

    def ended(self, version: Version) -> bool:
        """Has it ended by the day of the page?"""
        return version.until is not None and (not self.lasting or version.until <= self.asof.on)

    def pieces(self, version: Version, subject: type[Identity] | None = None) -> Iterator[Piece]:
        """What a version says, field by field, as far as it says anything."""
        for field in content(version.model):
            hidden = field.name in NEVER_SHOWN or field.name == "unit"
            about_the_end = field.name in version.model.SAYS_HOW_IT_ENDED and not self.ended(version)
            itself = field.is_relation and field.related_model is subject and field.name not in OTHERS
            if hidden or about_the_end or itself:
                continue
            value = version.content[field.attname]
            if value not in (None, "", [], False):
                yield self._piece(version, field, value)

    def cites(self, versions: Iterable[Version]) -> None:
        """Have the articles at hand that governed the acts; `versions` are all of what the page is about."""
        written = ((version.fact, version.asserted_by, version.content) for version in versions)
        self._cited = cited(written, self.grounds, self.asof.known)

    def acts(self, version: Version) -> list[tuple[str, str, Ground, list[Rule]]]:
        """The acts behind a version: what each did to it, how it is called, what it stands on, and by which articles.

        That the act which opened or ended something also made it known goes without saying.
        """
        silent = version.asserted_by in (version.opened_by, version.closed_by)
        parts = {part: key for part, key in version.acts.items() if part != "asserted_by" or not silent}
        return [
            (str(PARTS[part]), act(self.grounds[key].act), self.grounds[key], list(self._rules(version, key)))
            for part, key in parts.items()
        ]

    def _rules(self, version: Version, key: int) -> Iterator[Rule]:
        for one in self._cited.get((version.fact, key), ()):
            href = link(self.asof, "document", one.document) if one.document else ""
            unsure = "" if one.article.sure else str(CONFIDENCE[one.article.confidence])
            yield Rule(Piece(one.article.document, href), one.article.article[get_language()], unsure)

    def _piece(self, version: Version, field: models.Field, value: Any) -> Piece:
        label = str(FIELDS[field.name])
        if field.is_relation:  # a post is named without the unit that stands beside it
            return self.names.of(field.related_model, value, label, beside=version.unit)
        if isinstance(field, models.BooleanField):
            return Piece(label, label=gettext("Note"))
        if isinstance(field, models.DateField):
            value = dt.date.fromisoformat(value)
        return Piece(said(field, value, version.content.get(f"{field.name}_precision", DAY)), label=label)


def _named(version: Version) -> Iterator[tuple[type[Identity], int]]:
    """The things that a version names."""
    yield Unit, version.unit
    for field in content(version.model):
        if field.is_relation and field.name != "unit" and (key := version.content[field.attname]):
            yield field.related_model, key


def known_now(versions: Iterable[Version], on: dt.date) -> list[Version]:
    """What the register held of these, as far as it began by a day; the latest first."""
    held = [v for v in versions if v.known_until is None and (v.since is None or v.since <= on)]
    return sorted(held, key=lambda v: (v.since or dt.date.min, v.known_from, v.pk), reverse=True)


def known_otherwise(versions: Sequence[Version], on: dt.date) -> list[Version]:
    """What the register once held and then put right; that something has ended since is no other knowledge."""
    held = {(v.kind, v.fact): v for v in versions if v.known_until is None}
    retired = [v for v in versions if v.known_until is not None and (v.since is None or v.since <= on)]
    return [v for v in retired if not ((now := held.get((v.kind, v.fact))) and _only_ended(v, now))]


def _only_ended(before: Version, after: Version) -> bool:
    ends = after.model.SAYS_HOW_IT_ENDED
    same = all(before.content[name] == after.content[name] for name in before.content if name not in ends)
    return same and before.until is None and (before.since, before.unit) == (after.since, after.unit)
