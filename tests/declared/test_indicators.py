"""Every indicator, whatever it is: its value is its records, its groups add up, and its periods split."""

import datetime as dt
import random

import pytest

from canbo.kernel.levels import PERSONAL, level
from canbo.kernel.profile import load
from canbo.kernel.refusal import Mistake
from canbo.registry.store import fact_kinds
from canbo.reports.book import books, pages
from canbo.reports.indicator import FLOW, INDICATORS, Measure
from canbo.reports.question import ask

pytestmark = [pytest.mark.usefixtures("small_sample"), pytest.mark.django_db]

UNITS = {
    "dien-bien": dt.date(2024, 5, 1),
    "nghe-an": dt.date(2023, 10, 14),
    "lam-dong": dt.date(2024, 6, 30),
    "ninh-thuan": dt.date(2025, 1, 2),
}
START = dt.date(2021, 1, 1)


def asked_in_books() -> dict[str, dict]:
    """For each indicator, conditions under which a book asks it."""
    profile = load("vietnam-province")
    lines = [
        line
        for name in books(profile)
        for unit in UNITS
        for part in pages(profile, name, unit)
        for chapter in part.chapters
        for line in chapter.figures
    ]
    return {line.indicator: dict(line.where) for line in lines}


ASKED = asked_in_books()


def question(indicator, unit, **options):
    measure = INDICATORS[indicator]
    where = ASKED.get(indicator, {})
    if isinstance(measure, Measure) and not set(measure.parameters) <= set(where):
        where = {"place_kind": "enterprise", "over": "1/2", "by": "2024-12-31"}
        where = {name: where[name] for name in measure.parameters}
    return ask(unit, UNITS[unit], start=START, where=where, **options)


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("indicator", sorted(INDICATORS))
def test_a_figure_is_the_count_of_its_records(indicator, unit):
    measure, asked = INDICATORS[indicator], question(indicator, unit)
    records = measure.records(asked)
    if isinstance(measure, Measure):
        rows = measure.rows(asked)
        counted = sum(getattr(row, measure.summing) for row in rows) if measure.summing else len(records)
        assert measure.value(asked) == counted
        assert len({(record["kind"], record["key"]) for record in records}) == len(records)
    else:
        assert measure.base(asked) is None or (measure.value(asked) is None) == (measure.base(asked) == 0)


@pytest.mark.parametrize(
    ("indicator", "by"), [(name, by) for name in sorted(INDICATORS) for by in INDICATORS[name].by], ids=str
)
def test_groups_add_up_to_the_figure_and_name_the_unknown(indicator, by):
    measure, asked = INDICATORS[indicator], question(indicator, "dien-bien")
    groups = measure.groups(asked, by)
    assert groups[-1][0] == "unknown"
    assert sum(value for _, value in groups) == measure.value(asked)


@pytest.mark.parametrize("indicator", sorted(n for n, i in INDICATORS.items() if i.kind == FLOW))
def test_a_flow_splits_at_any_day(indicator):
    middle = START + dt.timedelta(days=random.Random(indicator).randrange(900))
    measure, whole = INDICATORS[indicator], question(indicator, "dien-bien")
    first, second = whole.during(START, middle), whole.during(middle + dt.timedelta(days=1), whole.on)
    assert measure.value(first) + measure.value(second) == measure.value(whole)


def test_what_left_the_tree_counts_where_it_lay_on_its_last_day():
    year = {"start": dt.date(2025, 1, 1), "where": {"kind": "district-party"}}
    dissolved = INDICATORS["organisations_dissolved"]
    assert dissolved.value(ask("dien-bien", dt.date(2025, 12, 31), **year)) == 10
    assert dissolved.value(ask("dien-bien", dt.date(2025, 6, 30), **year)) == 0


@pytest.mark.parametrize("indicator", sorted(n for n, i in INDICATORS.items() if isinstance(i, Measure)))
def test_a_figure_that_facts_about_people_decide_is_as_personal_as_these(indicator):
    measure = INDICATORS[indicator]
    statement, _ = measure.shown(question(indicator, "dien-bien")).query.sql_with_params()
    personal = {kind for kind in fact_kinds() if level(kind) == PERSONAL and f'"{kind._meta.db_table}"' in statement}
    assert (measure.level == PERSONAL) is bool(personal), personal


def test_an_unknown_breakdown_or_condition_is_a_mistake_that_says_what_there_is():
    with pytest.raises(Mistake, match="has no breakdown “star-sign”; it has: sex"):
        INDICATORS["members"].groups(question("members", "dien-bien"), "star-sign")
    with pytest.raises(Mistake, match="knows no condition “belief”"):
        INDICATORS["members"].value(ask("dien-bien", UNITS["dien-bien"], where={"belief": "x"}))
