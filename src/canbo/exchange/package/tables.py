"""What each table of a package holds: a row for each fact, said by what the acts ask by which such facts begin and end.

No row has a key: keys are those of one installation. What an act introduces (a unit, a post, a person) has one row:
what was so last, since it is on file. A stretch of membership says how it began (`entry`), as far as the package shows
that; of what began before, or elsewhere, it is an opening balance.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from canbo.exchange.columns import CODE, Field, asked, fields
from canbo.exchange.package.declared import Declared, lists
from canbo.kernel.act import ACTIONS, Action
from canbo.kernel.periods import Partial
from canbo.kernel.screen import SINCE, UNTIL, Screen
from canbo.registry.membership.models import Entry, Membership

ENTRY, ENDING = "entry", "ending"
Row = dict[str, Any]
"""What a row says, by field; nothing is None."""


GOES_ON = {Entry.STAGE: "stage", Entry.TRANSFER: "unit", Entry.CATEGORY: "category"}
"""How a stretch of membership goes on from the one before, and the one field that is then different."""


@dataclass(frozen=True)
class Table:
    """One table: the list whose facts its rows are."""

    screen: Screen

    @property
    def name(self) -> str:
        """By which its part is called."""
        return self.screen.name

    @cached_property
    def action(self) -> Action:
        """The act by which such facts begin."""
        return ACTIONS.ask(self.screen.opened_by)

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """Its columns: what rows are about, since when, then the rest."""
        closing = ACTIONS.ask(self.screen.closed_by).terms.model_fields if self.screen.closed_by else {}
        ends = {UNTIL} if closing or "until" in self.action.terms.model_fields else set()
        wanted = {*asked(self.screen), *closing, *ends, *({ENTRY} if self.stretches else ())}
        found = [one for one in fields(self.screen, words=False) if one.counts and one.of in wanted]
        return tuple(sorted(found, key=lambda one: (one.of != self.about, one.of != SINCE)))

    @cached_property
    def about(self) -> str:
        """The field that names what a row is about."""
        names = [one.name for one in self.screen.model._meta.concrete_fields]
        if self.introduces:
            terms = {term: field for field, term in asked(self.screen).items()}
            return terms[CODE]
        return "person" if "person" in names else "unit"

    @property
    def introduces(self) -> bool:
        """Is a row what there is of its thing, so that there is one of each?"""
        return bool(self.action.introduces)

    @property
    def stretches(self) -> bool:
        """Do its rows go on from one another?"""
        return self.screen.model is Membership

    def written(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows, in order of what they are about and since when, as a package says them."""
        for _, some in groupby(rows, key=lambda row: row[self.about]):
            yield from self._of_one(list(some))

    def _of_one(self, rows: list[Row]) -> list[Row]:
        if self.introduces:
            return [rows[-1] | {SINCE: rows[0][SINCE]}]
        return list(_began(rows)) if self.stretches else rows


def _began(rows: list[Row]) -> Iterator[Row]:
    """The stretches of one member, each with how it began as far as those before it show that."""
    before: Row | None = None
    for row in rows:
        entry = row[ENTRY]
        if entry in (Entry.ADMISSION, Entry.READMISSION) and (before or entry == Entry.ADMISSION):
            entry = Entry.READMISSION if before else Entry.ADMISSION
        elif not (before and goes_on(before, row)):
            entry = Entry.BALANCE
        before = row
        yield row | {ENTRY: str(entry)}


def goes_on(before: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    """Is this stretch of membership the one before, changed in just what its beginning says?"""
    changed = GOES_ON.get(row.get(ENTRY))
    ended, since = before.get(UNTIL), row.get(SINCE)
    if not (changed and ended and since) or before.get(ENDING) or Partial.of(ended).after != Partial.of(since).first:
        return False
    same = ("person", *(name for name in GOES_ON.values() if name != changed))
    return len(ended) == len(since) and all((before.get(name) or None) == (row.get(name) or None) for name in same)


def tables(of: Declared) -> list[Table]:
    """The tables of a package in the order in which they are taken."""
    return [Table(lists()[name]) for name in of.lists]
