"""Whatever the two points: the parts add up exactly, and open exactly the acts that a naive replay finds."""

import datetime as dt
import os
import random
from typing import Any

import pytest
from django.db import connections

from canbo.registry.facts import Act
from canbo.registry.store import fact_kinds
from canbo.reports.bridge.waterfall import bridge
from canbo.reports.indicator import INDICATORS, Measure
from canbo.reports.question import Question, ask
from tests.bridge.changed import change
from tests.bridge.meanings import MEANINGS
from tests.bridge.replay import FIRST, LAST, Point, Replay, Tables

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("small_sample")]

SEED = os.environ.get("CANBO_TEST_SEED", "0")
FULL = bool(os.environ.get("CANBO_TEST_FULL"))
PAIRS = 200 if FULL else 10
UNITS = ("dien-bien", "nghe-an", "lam-dong", "ninh-thuan", "dien-bien.muong-nhe")
LAST_DAY = {"ninh-thuan": dt.date(2025, 6, 30), "dien-bien.muong-nhe": dt.date(2025, 6, 30)}
TURN = dt.date(2025, 7, 1)
NARROWER: dict[str, list[dict[str, Any]]] = {
    "members": [{}, {"sex": ["female"]}, {"stage": ["probationary"]}],
    "incumbents": [{}, {"title": ["party-secretary"]}],
    "seats": [{}, {"level": ["district"]}],
    "places": [{"kind": ["commune"]}, {"kind": ["district", "village"]}, {}],
    "organisations": [{}, {"kind": ["cell", "grassroots-cell"]}],
    "members_admitted_covering": [{"place_kind": ["enterprise"]}, {"place_kind": ["village"]}],
    "organisations_covering": [{"place_kind": ["enterprise"]}, {"place_kind": ["village"]}],
    "organisations_established_covering": [{"place_kind": ["enterprise"]}],
    "confidence_low_over": [{"over": ["1/2"]}],
    "goals_due": [{"by": ["2024-12-31"]}],
    "documents": [{"subject": ["personnel"]}, {}],
}


@pytest.fixture(scope="module")
def instants(small_sample: Any) -> list[dt.datetime]:
    """The sample, corrected and annulled here and there; when that became known."""
    return change(random.Random(f"{SEED} changed"))


@pytest.fixture(scope="module")
def tables(instants: Any) -> Tables:
    """Every row of every kind, read as they stand."""
    rows: dict[str, Any] = {}
    with connections["default"].cursor() as cursor:
        for model in fact_kinds():
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")
            names = [column.name for column in cursor.description]
            rows[model._meta.model_name] = [told(dict(zip(names, row, strict=True))) for row in cursor.fetchall()]
    rows["acts"] = dict(Act.objects.values_list("pk", "name"))
    return Tables(rows)


def told(row: dict[str, Any]) -> dict[str, Any]:
    """A row with the edges of its two periods as plain values."""
    row |= {"since": row["valid"].lower or FIRST, "until": row["valid"].upper or LAST}
    return row | {"learnt": row["recorded"].lower, "forgotten": row["recorded"].upper}


def a_day(chance: random.Random, unit: str) -> dt.date:
    """Any day of the years told, often one close to the day on which the territory changed."""
    if chance.random() < 0.3 and unit not in LAST_DAY:
        return TURN + dt.timedelta(days=chance.randint(-3, 3))
    span = LAST_DAY.get(unit, dt.date(2026, 3, 1)) - dt.date(2021, 1, 1)
    return dt.date(2021, 1, 1) + dt.timedelta(days=chance.randrange(span.days))


def an_instant(chance: random.Random, instants: list[dt.datetime]) -> dt.datetime | None:
    """Now, before or after a correction or annulment, or years ago."""
    drawn = chance.random()
    if drawn < 0.4:
        return None
    if drawn < 0.8:
        return chance.choice(instants) - chance.choice([dt.timedelta(0), dt.timedelta(microseconds=1)])
    return dt.datetime(2022, 1, 1, tzinfo=dt.UTC) + dt.timedelta(days=chance.randrange(1400))


def a_point(chance: random.Random, unit: str, instants: list[dt.datetime]) -> Question:
    on = a_day(chance, unit)
    start = on - dt.timedelta(days=chance.randrange(400))
    return ask(unit, on, start=start, known=an_instant(chance, instants))


def plain(question: Question, where: dict[str, list]) -> Point:
    named = tuple((name, tuple(values)) for name, values in where.items())
    return Point(question.unit.pk, question.on, question.start, question.known, named)


@pytest.mark.django_db
def test_every_stock_and_flow_has_a_meaning_of_its_own():
    measures = {name for name, indicator in INDICATORS.items() if isinstance(indicator, Measure)}
    assert measures == set(MEANINGS)


@pytest.mark.django_db
@pytest.mark.parametrize("number", range(PAIRS))
def test_the_parts_are_those_of_a_naive_replay(number: int, instants: Any, tables: Tables):
    chance = random.Random(f"{SEED} bridge {number}")
    unit = UNITS[number % len(UNITS)] if number < len(UNITS) else chance.choice(UNITS)
    moment = random.Random(f"{SEED} points {number}")
    first, second = a_point(moment, unit, instants), a_point(moment, unit, instants)
    # A slice asks a fifth of the indicators of each pair, so that ten pairs ask every one of them twice.
    for name in sorted(MEANINGS) if FULL else sorted(MEANINGS)[number % 5 :: 5]:
        where = chance.choice(NARROWER.get(name, [{}]))
        asked = {key: value[0] if key in MEANINGS[name].told else value for key, value in where.items()}
        one, two = first.narrowed(asked), second.narrowed(asked)
        made = bridge(name, one, two)
        replay = Replay(tables, MEANINGS[name])
        here, there = plain(first, where), plain(second, where)
        replay.run(here, there)
        said = f"{name} {where} of {unit}: {first.on} {first.known} → {second.on} {second.known}"
        assert (made.opening, made.closing) == (replay.value(here), replay.value(there)), said
        assert made.opening + sum(part.value for part in made.parts) == made.closing, said
        assert theirs(made) == ours(replay), said


def theirs(made: Any) -> dict[tuple, tuple]:
    """Per cause: by how much, and the acts and versions opened."""
    found: dict[tuple, list] = {}
    for part in made.parts:
        assert part.count, "no part is empty"
        found.setdefault((part.why, part.act, part.ending, part.count > 0), []).append(part)
    merged = {}
    for cause, parts in found.items():
        acts = set().union(*(part.acts for part in parts)) if cause[0] != "about" else set()
        versions = set().union(*(part.versions for part in parts))
        merged[cause] = (sum(part.count for part in parts), acts, versions)
    return merged


def ours(replay: Replay) -> dict[tuple, tuple]:
    return {
        cause: (sum(found.values()), set(found) - {0} if cause[0] != "about" else set(), replay.behind[cause])
        for cause, found in replay.found.items()
    }
