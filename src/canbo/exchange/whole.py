"""A file that is all there is of a list in a unit on a day: what is on file then and not in the file ends that day.

Such a file is read twice: first to find what it has, so that what it has not ends before anything new begins (else a
post would not be free again), then as any other. It is taken as a whole or not at all, for a row that is wrong may be
about what seems to be missing. More than the profile lets end unasked (`settings: missing`) ends only when whoever
imports says how many may. What the mapping fixes for all rows is what the file is about: nothing else ends.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.db import models
from django.db.models import Max, OuterRef, QuerySet, Subquery

from canbo.exchange import intake
from canbo.exchange.columns import UNTIL, WORD_OF, fields
from canbo.exchange.intake import Intake, Planned, Told, decided
from canbo.exchange.layout import Source, Whole
from canbo.exchange.lines import Fault, Line, Lines, Missing, Taken
from canbo.exchange.lying import UNDER
from canbo.exchange.register import TOGETHER, Held, Register
from canbo.kernel.act import ACTIONS, require
from canbo.kernel.profile import profile
from canbo.kernel.refusal import Mistake, Refused
from canbo.kernel.screen import SINCE, UNIT, Screen
from canbo.registry.facts import Decision, Unit
from canbo.registry.ledger import Paper
from canbo.registry.organisations.queries import unit_of
from canbo.registry.staging import Staging
from canbo.registry.tree import Closure, scope
from canbo.reports.question import latest_known

FIRST = 200
"""So many of the records that end are told one by one."""
LIMIT = re.compile(r"(\d{1,9})\s*(%?)")


class Gone(Line):
    """What a file does not have, where a row would stand."""

    def __init__(self, held: Held) -> None:
        super().__init__("", -held.fact, layout=None)  # it stands in no column
        self.what = " · ".join(str(said) for said in held.says.values() if said is not None)

    def fault(self, why: Refused, of: str = "", *, placed: bool = False) -> Fault:
        """Why it cannot end."""
        said = Refused(
            "cannot_end", "%(what)s is not in the file, and cannot end: %(why)s", what=self.what, why=why.sentence
        )
        return Fault("", "", why.code, str(said), 0, "", said)


class WholeIntake(Intake):
    """The import of a file that is all there is."""

    def __init__(
        self, screen: Screen, said: Source | None, staging: Staging, told: Told, whole: Whole, **how: bool
    ) -> None:
        super().__init__(screen, said, staging, told, **how)
        self.whole, self.on = whole, whole.on
        self.unit: Unit = unit_of(whole.unit)
        self.there: set[int] = set()
        self.fixed: Mapping[str, Any] = said.fixed if said else {}
        self.missing = self.taken.missing = Missing(self.unit.code, self.on)

    def read(self, path: Path) -> Taken:
        """End what the file does not have, then take its rows."""
        found = Taken()
        for line in Lines(self.screen, self.said, found).of(path):
            found.rejected.clear()
            if line is None:
                continue
            if self.lines and (line.layout is not self.lines[0].layout or len(self.lines) == TOGETHER):
                self._meet()
            self.lines.append(line)
        self._meet()
        self._end()
        taken = super().read(path)
        if taken.rejected and self.missing.ends:
            taken.warnings.append(
                Refused("wrong_or_missing", "Rows that are wrong may be about records that seem to be missing.")
            )
        return taken

    def _meet(self) -> None:
        if self.lines:
            self.there |= {held.fact for _, held in self._matched() if held}
            self.lines.clear()

    def _same(self, line: Line, about: list[Held]) -> Held | None:
        """What is over by the day of the file is meant by a row only if that says until when it was so."""
        if not line.says.get(UNTIL):
            about = [held for held in about if held.valid.upper is None or held.valid.upper > self.on]
        return super()._same(line, sorted(about, key=lambda held: self.on not in held.valid))

    def _new(self, line: Line) -> Iterator[Planned]:
        """What is new began on the day of the file, unless the row says when."""
        if not line.says.get(SINCE):
            line.says[SINCE] = self.on.isoformat()
        yield from super()._new(line)

    def _lies(self, line: Line, held: Held, name: str, said: str) -> Iterable[Planned]:
        """A unit that the file has elsewhere lies there from the day of the file on."""
        if name != UNDER:
            return super()._lies(line, held, name, said)
        unit = held.says["unit"]
        there = self.lying[name].on(unit, self.on)
        if said == there:
            return ()
        terms = {"unit": unit, "parent": said, "on": self.on.isoformat()}
        return [Planned(line, "changed", self._entry(line, "unit.place" if there else "unit.enter-tree", terms))]

    def _end(self) -> None:
        """Ask whether so much may end, and stage its end: what lies lower in the tree first."""
        keys = self._on_file().values_list("fact", flat=True).iterator(chunk_size=TOGETHER)
        missing = []
        for key in keys:
            self.missing.on_file += 1
            if key not in self.there:
                missing.append(key)
        self.missing.ends = len(missing)
        given = {one.of: one for one in fields(self.screen) if one.of in {*self.closing, UNIT, SINCE}}
        for at in range(0, len(missing), TOGETHER):
            some = Register(self.screen, given).by_key(missing[at : at + TOGETHER])
            self._stage_ends([some[key] for key in missing[at : at + TOGETHER]])

    def _stage_ends(self, some: list[Held]) -> None:
        planned = []
        for held in some:
            line = Gone(held)
            terms = {name: self.whole.saying.get(name) or held.says.get(name) for name in self.closing}
            planned.append(
                Planned(line, "ended", self._entry(line, self.screen.closed_by, {**terms, "on": self.on.isoformat()}))
            )
            if len(self.missing.first) < FIRST:
                self.missing.first[held.fact] = {name: said for name, said in held.says.items() if said is not None}
        self.taken.ended += len(self._sifted(planned))

    def _on_file(self) -> QuerySet:
        """What is on file of what the file is about; what the unit itself is does not lie in it."""
        within = scope(self.unit, self.on, latest_known())
        facts = self.screen.model.objects.filter(within.within(self.on, self.screen.unit), valid__contains=self.on)
        facts = facts.filter(**self._about(), recorded__upper_inf=True)
        if Unit in self.action.introduces:
            facts = facts.exclude(unit=self.unit)
        above = Closure.objects.filter(
            ancestor__in=within.roots, descendant=OuterRef(self.screen.unit), valid__contains=self.on
        )
        depth = Subquery(above.values("descendant").annotate(most=Max("depth")).values("most"))
        return facts.order_by(depth.desc(), "fact")

    def _about(self) -> dict[str, Any]:
        """What is fixed for all rows, as conditions."""
        found = {}
        own = {field.name: field for field in self.screen.model._meta.concrete_fields}
        for name, said in self.fixed.items():
            field = own.get(name.removesuffix(WORD_OF))
            if field and not isinstance(field, models.DateField):
                found[f"{field.name}__code" if field.is_relation else field.name] = said
        return found


def take(
    path: Path,
    screen: Screen,
    said: Source | None,
    *,
    whole: Whole | None = None,
    end_up_to: str = "",
    by: str,
    paper: Paper,
    trial: bool = False,
    good: bool = False,
    told: Told = intake.silent,
) -> Taken:
    """Import a file as `intake.take` does; with `whole`, or a mapping that says so, it is all there is."""
    whole = whole or (said and said.whole)
    if whole is None:
        return intake.take(path, screen, said, by=by, paper=paper, trial=trial, good=good, told=told)
    _check(screen, whole)
    if good:
        raise Mistake("whole_or_not", "A file that is all there is is taken as a whole; correct what is wrong in it.")
    require(by, screen.closed_by, unit_of(whole.unit).pk)

    def read(staging: Staging) -> Taken:
        opening = paper.kind == Decision.OPENING
        taken = WholeIntake(screen, said, staging, told, whole, opening=opening).read(path)
        missing = taken.missing
        if missing and missing.ends > _may_end(missing.on_file, end_up_to):
            missing.asks = _question(missing)
            if not trial and not taken.rejected:
                raise missing.asks
        return taken

    return decided(read, by=by, paper=paper, trial=trial, good=False, told=told)


def how_it_ends(screen: Screen) -> list[Any]:
    """What has to be said of the end of what a file does not have, for no record says it: fields of the fact."""
    if not screen.closed_by:
        return []
    terms = ACTIONS.ask(screen.closed_by).terms.model_fields
    return [screen.model._meta.get_field(name) for name in screen.model.SAYS_HOW_IT_ENDED if name in terms]


def _check(screen: Screen, whole: Whole) -> None:
    if not screen.closed_by:
        raise Refused("never_ends", "What is in this list does not end by an act, so no file can be all of it.")
    if not whole.unit or not whole.on:
        raise Mistake("whole_of_what", "Say of which unit, and on which day, the file is all there is.")
    asked = how_it_ends(screen)
    if unsaid := [field.name for field in asked if not whole.saying.get(field.name)]:
        raise Mistake(
            "how_it_ends", "Say of what the file does not have how it ended: %(fields)s.", fields=", ".join(unsaid)
        )
    if unknown := sorted(whole.saying.keys() - {field.name for field in asked}):
        raise Mistake("says_no_such_thing", "The act that ends it does not say: %(fields)s.", fields=", ".join(unknown))
    for field in asked:
        field.check_code(whole.saying[field.name])


def _may_end(on_file: int, said: str) -> int:
    """How many records may end: as whoever imports says, or what the profile lets end unasked."""
    if not said.strip():
        lets = profile().settings.get("missing", {})
        return max(int(Fraction(lets.get("share", 0)) * on_file), lets.get("records", 0))
    limit = LIMIT.fullmatch(said.strip())
    if limit is None:
        raise Mistake("bad_limit", "“%(said)s” is neither a number of records nor a share: write 120 or 45%", said=said)
    return int(limit[1]) * on_file // 100 if limit[2] else int(limit[1])


def _question(missing: Missing) -> Refused:
    return Refused(
        "would_end_many",
        "Of %(on_file)s records on file in %(unit)s on %(on)s, %(ends)s are not in the file and would end. If that is"
        " meant, say how many may end.",
        on_file=missing.on_file,
        unit=missing.unit,
        on=missing.on,
        ends=missing.ends,
    )
