"""How many records there are, unit by unit, and what is found among them: asked of the database in one statement."""

import contextlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import CharField, Count, QuerySet, Value

from canbo.registry.facts import Fact
from canbo.registry.merging.queries import alone
from canbo.reports.quality.asked import Asked
from canbo.reports.quality.rule import Rule, fields, looked_at, name, rules

FEWEST = 3
"""Of the records of fewer people no score is told: it would say something of each of them."""
STEPS = 1000
_TALLY = """
WITH found (what, rule, kind, unit, fact) AS MATERIALIZED ({found}),
flawed AS (SELECT DISTINCT kind, unit, fact FROM found)
SELECT what, rule, kind, unit, count(*) FROM found GROUP BY 1, 2, 3, 4
UNION ALL SELECT 'flawed', '', '', unit, count(*) FROM flawed GROUP BY unit
UNION ALL {counted}
"""
_NOTHING = "SELECT '', '', '', 0::bigint, 0::bigint WHERE false"
PERSON = "person"


@dataclass
class Tally:
    """Records by kind, how many of them have a finding that lowers the score, and findings by rule and kind."""

    kinds: Counter[str] = field(default_factory=Counter)
    flawed: int = 0
    found: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, other: "Tally") -> None:
        """Count what another tally counts too."""
        self.kinds.update(other.kinds)
        self.flawed += other.flawed
        self.found.update(other.found)

    def of(self, rule: str) -> dict[str, int]:
        """What a rule found, by kind."""
        return {kind: many for (found, kind), many in sorted(self.found.items()) if found == rule}

    @property
    def records(self) -> int:
        """How many records there are."""
        return self.kinds.total()

    @property
    def score(self) -> Fraction | None:
        """The share of records without a finding; None where there are none, or of too few people to tell."""
        of_people = [model for model in _kinds() if self.kinds[name(model)] and PERSON in fields(model)]
        each = (self.kinds[name(model)] for model in of_people if [PERSON] in alone(model))
        if not self.records or (of_people and max(each, default=0) < FEWEST):
            return None
        return Fraction(self.records - self.flawed, self.records)

    @property
    def said(self) -> Fraction | None:
        """The score as it is told: to a tenth of a percent, rounded down, so that it is whole only where all are."""
        return None if self.score is None else Fraction(int(self.score * STEPS), STEPS)


def tally(asked: Asked) -> dict[int, Tally]:
    """What there is in each unit itself, by its key; units without any record are left out."""
    flaws = [_named(rule.rows(model, asked), "found", rule.name, model, "fact") for rule, model in _asked(scored=True)]
    counts = [_counted(looked_at(model, asked), "records", "", model) for model in _kinds()]
    counts += [_counted(rule.rows(model, asked), "found", rule.name, model) for rule, model in _asked(scored=False)]
    found: dict[int, Tally] = defaultdict(Tally)
    for what, rule, kind, unit, many in _rows(flaws, counts):
        if what == "records":
            found[unit].kinds[kind] = many
        elif what == "found":
            found[unit].found[rule, kind] = many
        else:
            found[unit].flawed = many
    return dict(found)


def _asked(*, scored: bool) -> list[tuple[Rule, type[Fact]]]:
    return [(rule, model) for rule in rules() if rule.scored == scored for model in rule.models]


def _kinds() -> list[type[Fact]]:
    """The kinds of records that rules look at which lower the score."""
    return list(dict.fromkeys(model for _, model in _asked(scored=True)))


def _named(rows: QuerySet, what: str, rule: str, model: type[Fact], *more: str) -> QuerySet:
    said = {"what": what, "rule": rule, "called": name(model)}
    texts = {column: Value(text, CharField()) for column, text in said.items()}
    return rows.order_by().annotate(**texts).values_list(*texts, "unit", *more)


def _counted(rows: QuerySet, what: str, rule: str, model: type[Fact]) -> QuerySet:
    return _named(rows, what, rule, model).annotate(many=Count("pk"))


def _rows(flaws: Iterable[QuerySet], counts: Iterable[QuerySet]) -> list[tuple[Any, ...]]:
    """One statement: every rule is a set of rows, narrowed to the units asked about."""
    (found, those), (counted, these) = _united(flaws), _united(counts)
    if not counted:
        return []
    statement = _TALLY.format(found=found or _NOTHING, counted=counted)
    with connection.cursor() as cursor:
        cursor.execute(statement, (*those, *these))
        return cursor.fetchall()


def _united(queries: Iterable[QuerySet]) -> tuple[str, tuple[Any, ...]]:
    """The rows of all; what can have none, as the profile has it, is left out."""
    parts: list[tuple[str, tuple[Any, ...]]] = []
    for query in queries:
        with contextlib.suppress(EmptyResultSet):
            parts.append(query.query.sql_with_params())
    return " UNION ALL ".join(sql for sql, _ in parts), tuple(value for _, values in parts for value in values)
