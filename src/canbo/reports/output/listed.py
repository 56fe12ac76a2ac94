"""The records behind each figure of a report in words: what, whose, where, from when to when, by which decision.

A figure is asked for all its records at once, and a name that one figure has learnt serves the others: what a province
counts twenty times is named once.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.utils.translation import override

from canbo.kernel.periods import DAY
from canbo.kernel.profile import profile
from canbo.registry.facts import Fact, Person, Unit, content
from canbo.reports.book import Report
from canbo.reports.naming import Naming
from canbo.reports.opened import BASE, Source, sources
from canbo.reports.output.document import Listed, Row
from canbo.reports.said import FIELDS, KINDS, NEVER_SHOWN, said
from canbo.reports.text import not_shown

ONE_DAY = dt.timedelta(days=1)
_SHARED = ("fact", "unit", "valid", "start_precision", "end_precision", "opened_by__decision__symbol")


Meet = Callable[[Iterable[int]], None]
"""Is told of the people whom the records name."""


def listed(made: Report, language: str, meet: Meet) -> Callable[[Row], list[Listed]]:
    """What gives a figure's records, those of its base after the others, in the moment they are written."""
    figures = {figure.line.id: figure for figure in made.figures()}
    names: dict[dt.date, Naming] = {}

    def of(row: Row) -> list[Listed]:
        figure = figures[row.id]
        made_of = list(sources(figure.indicator, figure.question))
        related = any(source.side == BASE for source in made_of)
        found = []
        with override(language):
            for source in made_of:
                on, known = source.question.on, source.question.known
                part = profile().word(f"text.{_PARTS[source.side == BASE]}", language) if related else ""
                tell = _counted_once if source.measure.counting else _facts
                found += tell(source, part, names.setdefault(on, Naming(on, known)))
                if told := not_shown(source.not_shown(), language):
                    found.append(Listed(part, "", told, "", None, None, "", ""))
                meet([*names[on].people, *names[on].codes[Person]])
        return found

    return of


_PARTS = ("numerator", "denominator")


def _counted_once(source: Source, part: str, names: Naming) -> Iterator[Listed]:
    """The people, units or posts of which a measure counts each once."""
    column = source.measure.counting
    model = source.measure.model._meta.get_field(column).related_model
    keys = source.keys(slice(None))
    names.learn((model, key) for key in keys)
    kind = _signed(str(FIELDS[column]), source)
    for key in keys:
        code, name = names.named(model, key)
        yield Listed(part, kind, name or code, "", None, None, "", code)


def _facts(source: Source, part: str, names: Naming) -> Iterator[Listed]:
    """The facts that a measure counts. What ends after its day lasts on it."""
    model, on = source.measure.model, source.question.on
    fields = content(model)
    rows = source.measure.shown(source.question).order_by("fact")
    rows = list(rows.values_list(*_SHARED, *(field.attname for field in fields)))
    learnt = [(field.related_model, place) for place, field in enumerate(fields, len(_SHARED)) if field.is_relation]
    names.learn((thing, row[place]) for thing, place in learnt for row in rows if row[place])
    kind, told = _signed(str(KINDS[model._meta.model_name]), source), _Told(model, names)
    for fact, unit, valid, since_to, until_to, symbol, *values in rows:
        ended = valid.upper is not None and valid.upper <= on
        since = (valid.lower, since_to) if valid.lower else None
        until = (valid.upper - ONE_DAY, until_to) if ended else None
        yield Listed(part, kind, told.label(values, unit, ended), _name(names, unit), since, until, symbol, str(fact))


class _Told:
    """Says what facts of one kind say; a word that many of them share is looked up once."""

    def __init__(self, model: type[Fact], names: Naming) -> None:
        self.names = names
        fields = content(model)
        places = {field.name: place for place, field in enumerate(fields)}
        self.fields = [
            (field, place, places.get(f"{field.name}_precision"), field.name in model.SAYS_HOW_IT_ENDED)
            for place, field in enumerate(fields)
            if field.name not in ("unit", *NEVER_SHOWN)
        ]
        self.words: dict[tuple[str, str, str], str] = {}

    def label(self, values: list[Any], unit: int, ended: bool) -> str:
        """A fact field by field, as far as it says anything."""
        return " · ".join(self._texts(values, unit, ended))

    def _texts(self, values: list[Any], unit: int, ended: bool) -> Iterator[str]:
        for field, place, precisely, about_the_end in self.fields:
            value = values[place]
            if value in (None, "", [], False) or (about_the_end and not ended):
                continue
            if field.is_relation:
                code, name = self.names.within(field.related_model, value, unit)
                yield name or code
                continue
            precision = DAY if precisely is None else values[precisely]
            key = (field.name, str(value), precision)
            if key not in self.words:
                self.words[key] = said(field, value, precision)
            yield self.words[key]


def _name(names: Naming, unit: int) -> str:
    code, name = names.named(Unit, unit)
    return name or code


def _signed(kind: str, source: Source) -> str:
    """The kind of a record; one that is taken away from the figure says so."""
    return f"− {kind}" if source.sign < 0 else kind
