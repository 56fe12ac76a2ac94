"""The book of one decision: the facts its acts read, moved in memory in the order of the acts, written once.

A plan never touches the database. It finds facts with `the` and `all`, and says `open`, `close`, `change` or
`correct`. Because the whole decision has one instant, an act that touches what an earlier act of the same decision
wrote is folded into it: per fact at most one version is retired and one is written.
"""

import datetime as dt
import functools
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from canbo.kernel.coded import Coded
from canbo.kernel.periods import DAY, Partial
from canbo.kernel.refusal import Mistake, Refused
from canbo.registry.facts import Fact, Identity, content


@dataclass(slots=True, frozen=True)
class ActLine:
    """One act of a decision, as its plan and the sheets know it."""

    pk: int
    seq: int
    name: str
    on: dt.date
    reason: str


@dataclass(slots=True, eq=False)
class Version:
    """One fact as the decision sees it: content by column, validity, the acts behind it, and whether it was touched."""

    model: type[Fact]
    values: dict[str, Any]
    start: dt.date | None
    end: dt.date | None
    opened_by: int
    closed_by: int | None = None
    start_precision: str = DAY
    end_precision: str = DAY
    fact: int | None = None
    loaded: int | None = None
    known: dt.datetime | None = None
    """Since when the register knows what was loaded."""
    touched_by: int | None = None
    asserted_by: int | None = None
    aside: bool = False
    """Set aside: from this decision on the register no longer holds that it was ever so."""
    row: list[Any] | None = None
    """Its row on the sheet, when an earlier decision of the same batch wrote it."""

    def on(self, day: dt.date) -> bool:
        """Is the fact valid on that day?"""
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)

    def __getitem__(self, name: str) -> Any:
        if name == "fact":
            return self.fact
        return self.values[name if name in self.values else f"{name}_id"]


@dataclass
class Book:
    """What is known now of the things a decision names, and what the decision makes of it."""

    ids: dict[type[Identity], dict[str, int]]
    unused: dict[type[Identity], list[int]]
    free: dict[type[Identity], dict[str, int]] = field(default_factory=dict)
    """Codes whose introduction was annulled, with the keys that they had."""
    versions: list[Version] = field(default_factory=list)
    introduced: list[tuple[type[Identity], dict[str, Any]]] = field(default_factory=list)
    again: list[tuple[type[Identity], dict[str, Any]]] = field(default_factory=list)
    _found: dict[tuple[type[Fact], str], dict[Any, list[Version]]] = field(default_factory=dict)
    _good: set[tuple[type[Fact], str, str]] = field(default_factory=set)
    """Codes that stood the check: a decision says the same few again and again."""

    def id(self, model: type[Identity], code: str) -> int:
        """The key of what `code` names; an unknown code is a mistake that says what was looked for."""
        try:
            return self.ids[model][code]
        except KeyError:
            kind = model.__name__.lower()
            raise Mistake(
                "unknown_code",
                "there is no %(kind)s with the code '%(unknown)s'; mend the code, or introduce the %(kind)s by an"
                " earlier act",
                kind=kind,
                unknown=code,
            ) from None

    def new(self, model: type[Identity], code: str, act: ActLine, **more: Any) -> int:
        """Introduce an identity under a code that nobody has yet; `more` are its further columns."""
        _check_text("code", code, model._meta.get_field("code").max_length)
        if code in self.ids[model]:
            kind = model.__name__.lower()
            raise Refused("code_taken", "the code '%(taken)s' already names a %(kind)s", taken=code, kind=kind)
        key = self.free.get(model, {}).pop(code, None)
        written = self.introduced if key is None else self.again
        key = self.unused[model].pop() if key is None else key
        self.ids[model][code] = key
        written.append((model, {"id": key, "code": code, "introduced_by_id": act.pk, **more}))
        return key

    def index(self, model: type[Fact], name: str, versions: Iterable[Version]) -> None:
        """Make known facts findable by one of their columns; the door calls this before the plans run."""
        shelf = self._found.setdefault((model, name), defaultdict(list))
        for version in versions:
            shelf[version[name]].append(version)

    def all(self, model: type[Fact], on: dt.date | None = None, **where: Any) -> list[Version]:
        """The known facts of a kind with these contents, valid on a day when one is given."""
        for name in where:
            if (model, name) in self._found:
                found = self._found[model, name].get(where[name], ())
                break
        else:
            raise RuntimeError(
                f"an action that asks for {model.__name__} by {sorted(where)} must declare it in `reads`"
            )
        there = (v for v in found if v.start != v.end and not v.aside and (on is None or v.on(on)))
        return [v for v in there if all(v[name] == value for name, value in where.items())]

    def lasting(self, model: type[Fact], on: dt.date, **where: Any) -> list[Version]:
        """The known facts of a kind with these contents that are so on a day or later."""
        return [v for v in self.all(model, **where) if v.end is None or v.end > on]

    def the(self, model: type[Fact], on: dt.date, **where: Any) -> Version:
        """The one fact of a kind with these contents on a day; none or several is a refusal."""
        found = self.all(model, on, **where)
        if len(found) == 1:
            return found[0]
        kind = model._meta.verbose_name
        if not found:
            where = {"kind": str(kind), "on": on}
            raise Refused("not_so_that_day", "there is no %(kind)s on %(on)s that this act could rest on", **where)
        several = {"many": len(found), "kind": str(kind), "on": on}
        raise Refused("several_that_day", "there are %(many)s of %(kind)s on %(on)s; say which", **several)

    def open(
        self, model: type[Fact], act: ActLine, since: Partial, until: Partial | None = None, **values: Any
    ) -> Version:
        """Begin a fact: valid from the first day of `since`, to the last day of `until` when one is given."""
        columns = {f.attname: values.pop(f.name) if f.name in values else f.get_default() for f in content(model)}
        if values:
            raise RuntimeError(f"{model.__name__} has no {sorted(values)}")
        _check(model, columns, self._good)
        version = Version(
            model=model,
            values=columns,
            start=since.first,
            end=until.after if until else None,
            opened_by=act.pk,
            closed_by=act.pk if until else None,
            start_precision=since.precision,
            end_precision=until.precision if until else DAY,
            touched_by=act.pk,
        )
        if version.end is not None and version.end <= version.start:
            raise _backwards(since, until)
        self.versions.append(version)
        for (indexed, name), shelf in self._found.items():
            if indexed is model:
                shelf[version[name]].append(version)
        return version

    def close(self, version: Version, act: ActLine, on: Partial, **values: Any) -> None:
        """End a fact: `on` is the first day on which it is no longer so, or the month or year in which it ended.

        Of a month or year that is the day after its last; where an end within it is known already, that stays.
        """
        end = on.first if on.precision == DAY else on.after
        if on.precision == DAY or version.end is None or end < version.end:
            self._end(version, act, on, end)
        self._touch(version, act, values)

    def change(self, version: Version, act: ActLine, on: Partial, **values: Any) -> Version:
        """It is different from a day on: the fact ends and one with the new content goes on in its place."""
        until, precision = version.end, version.end_precision
        ended_by = version.closed_by
        before = {f.name: version.values[f.attname] for f in content(version.model)}
        about_end = version.model.SAYS_HOW_IT_ENDED
        self._end(version, act, on, on.first)
        self._touch(version, act, {n: version.model._meta.get_field(n).get_default() for n in about_end})
        follower = self.open(version.model, act, on, **{**before, **values})
        follower.end, follower.end_precision, follower.closed_by = until, precision, ended_by
        return follower

    def _end(self, version: Version, act: ActLine, on: Partial, end: dt.date) -> None:
        if version.start is not None and end <= version.start:
            raise Refused(
                "ends_before_it_begins",
                "it holds since %(since)s, so it cannot end on %(on)s; correct or annul what is wrong",
                since=version.start,
                on=on,
            )
        version.end, version.end_precision, version.closed_by = end, on.precision, act.pk

    def correct(
        self, version: Version, act: ActLine, since: Partial | None = None, until: Partial | None = None, **values: Any
    ) -> None:
        """We had it wrong: the same fact, said rightly. Needs a reason, which the act keeps."""
        if not act.reason:
            raise Refused("correction_without_reason", "a correction needs a reason")
        if since:
            version.start, version.start_precision = since.first, since.precision
        if until:
            version.end, version.end_precision, version.closed_by = until.after, until.precision, act.pk
        if version.start and version.end and version.end <= version.start:
            raise _backwards(version.start, version.end)
        self._touch(version, act, values)

    def set_aside(self, version: Version, act: ActLine) -> None:
        """We had it wrong altogether: what was known is kept as what was known, and nothing takes its place."""
        self.correct(version, act)
        version.aside = True

    def _touch(self, version: Version, act: ActLine, values: dict[str, Any]) -> None:
        for name, value in values.items():
            version.values[version.model._meta.get_field(name).attname] = value
            shelf = self._found.get((version.model, name))
            if shelf is not None and version not in shelf[value]:
                shelf[value].append(version)
        _check(version.model, version.values, self._good)
        if version.touched_by is None and (version.loaded is not None or version.row is not None):
            self.versions.append(version)
        version.touched_by = act.pk


def _check(model: type[Fact], columns: dict[str, Any], good: set[tuple[type[Fact], str, str]]) -> None:
    """Every code is one of the profile's, every text and number fits its column; a mistake names the field."""
    for column, most in _checked(model):
        value = columns[column.attname]
        if isinstance(column, Coded):
            if (said := (model, column.name, value)) not in good:
                column.check_code(value)
                good.add(said)
        elif isinstance(column, ArrayField):
            for code in value:
                column.base_field.check_code(code)
        elif isinstance(value, str):
            _check_text(column.name, value, most)
        elif isinstance(value, int) and not 0 <= value <= most:
            said = {"field": column.name, "value": value, "most": most}
            raise Mistake("out_of_range", "%(field)s: %(value)s is not between 0 and %(most)s", **said)


def _backwards(since: Any, until: Any) -> Refused:
    days = {"since": since, "until": until}
    return Refused("ends_before_it_begins", "the period %(since)s to %(until)s ends before it begins", **days)


def _check_text(name: str, text: str, most: int | None) -> None:
    if most is not None and len(text) > most:
        said = {"field": name, "most": most, "many": len(text)}
        raise Mistake("too_long", "%(field)s: at most %(most)s characters, not %(many)s", **said)


@functools.cache
def _checked(model: type[Fact]) -> tuple[tuple[models.Field, int | None], ...]:
    """The fields of a kind that can be wrong, each with the longest text or greatest number it holds."""
    return tuple(
        (column, _GREATEST.get(column.get_internal_type(), column.max_length))
        for column in content(model)
        if isinstance(column, models.CharField | models.IntegerField | ArrayField)
    )


_GREATEST = {"PositiveSmallIntegerField": 2**15 - 1, "PositiveIntegerField": 2**31 - 1, "BigIntegerField": 2**63 - 1}
