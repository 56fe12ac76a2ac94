"""Every rule finds what a plain reading of all records finds: what is planted, what the sample has, nothing near it."""

import datetime as dt
import os
import random
from collections import Counter, defaultdict
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from django.db import transaction

from canbo.access import keys
from canbo.access.identity import assume
from canbo.kernel.act import ACTIONS
from canbo.kernel.instants import today
from canbo.kernel.refusal import Refused
from canbo.registry.facts import Person, Unit
from canbo.registry.store import fact_kinds
from canbo.reports.quality import rule as declared
from canbo.reports.quality.asked import Asked
from canbo.reports.quality.rule import RULES, name, rules
from canbo.reports.quality.tally import FEWEST, Tally, tally
from canbo.reports.quality.workbench import asked_of, before, beyond, parts, quarters, whole
from canbo.reports.question import latest_known
from tests.access.identities import soon
from tests.access.naive import Naive
from tests.quality.naive import LOOKED_AT, NOTES, PERSONAL, Found, Plain
from tests.quality.planted import DAY, NEAR, PLANTED, READERS, corrected, documented

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("everything")]

DAYS = (DAY, dt.date(2024, 5, 1), dt.date(2026, 2, 15))
Known = dt.datetime | None
THEN = dt.datetime(2024, 6, 30, 12, tzinfo=dt.UTC)
TIMES = [(day, known) for day in DAYS for known in (None, THEN)]
ASKING = [(code, alone) for code in READERS for alone in (False, True)]
if not os.environ.get("CANBO_TEST_FULL"):  # else a few: others with each seed
    chance = random.Random(os.environ.get("CANBO_TEST_SEED", "0"))
    telling = [("q.reads.over", False), ("q.reads.numbers", False)]
    TIMES, ASKING = [TIMES[0], chance.choice(TIMES[1:])], [*telling, chance.choice(sorted({*ASKING} - {*telling}))]


@pytest.fixture(scope="module")
def naive(where: dict[str, str]) -> Naive:
    """All rows, and who may read which of them today."""
    return Naive(today())


def found(asked: Asked) -> set[Found]:
    """What the rules find."""
    return {
        (rule.name, name(model), *row)
        for rule in rules()
        for model in rule.models
        for row in rule.rows(model, asked).values_list("fact", "unit")
    }


def test_each_rule_finds_what_is_planted_and_not_what_comes_near(naive: Naive):
    people = {key: code for code, key in Person.objects.values_list("code", "pk")}
    units = {key: code for code, key in Unit.objects.values_list("code", "pk")}
    plain = Plain(naive.tables, DAY, latest_known())
    said = defaultdict(set)
    for rule, kind, fact, unit in found(Asked(DAY, latest_known())):
        (row,) = plain.by(kind, "fact")[fact]
        said[rule].add(f"{kind} {people[row['person_id']] if 'person_id' in row else units[unit]}")
    assert {rule: some - said[rule] for rule, some in PLANTED.items() if some - said[rule]} == {}
    assert {rule: some & said[rule] for rule, some in NEAR.items() if some & said[rule]} == {}
    assert set(PLANTED) | {"unconfirmed"} == {rule.name for rule in rules()}
    assert said["unconfirmed"]


@pytest.mark.parametrize(("day", "known"), TIMES)
def test_every_rule_finds_exactly_what_a_plain_reading_finds(naive: Naive, day: dt.date, known: Known):
    known = known or latest_known()
    plain, mine = Plain(naive.tables, day, known).found(), found(Asked(day, known))
    assert {rule.name for rule in rules()} == set(LOOKED_AT)
    assert (mine - plain, plain - mine) == (set(), set())
    assert len(mine) > 100


@pytest.mark.parametrize("known", [None, THEN])
def test_what_is_counted_of_units_is_what_is_found_there(
    naive: Naive, where: dict[str, str], known: dt.datetime | None
):
    known = known or latest_known()
    day = DAYS[1] if known == THEN else DAY
    plain = Plain(naive.tables, day, known)
    findings, records = plain.found(), plain.records()
    keys = dict(Unit.objects.values_list("code", "pk"))
    units = ["dien-bien", *([where["over"], where["cell"]] if day == DAY else [])]
    everywhere = tally(Asked(day, known))
    each = parts([keys[code] for code in units], Asked(day, known), everywhere)
    for code in units:
        roots = plain.roots(keys[code])
        here = {unit for unit in {u for *_, u in findings} | {u for _, u in records} if plain.lies_beneath(unit, roots)}
        mine = whole(tally(asked_of(code, day, known)))
        assert mine == each[keys[code]], code
        assert mine.found == Counter((rule, kind) for rule, kind, _, unit in findings if unit in here), code
        assert mine.records == sum(many for (_, unit), many in records.items() if unit in here), code
        flawed = {(kind, fact) for rule, kind, fact, unit in findings if unit in here and rule not in NOTES}
        assert mine.flawed == len(flawed), code
        assert mine.score == Fraction(mine.records - len(flawed), mine.records), code
    assert whole(everywhere).records == records.total()
    assert whole(everywhere).flawed > 0


@pytest.mark.parametrize(("code", "alone"), ASKING)
def test_each_reader_is_told_what_lies_within_their_reach(
    naive: Naive, monkeypatch: pytest.MonkeyPatch, code: str, alone: bool
):
    """Of what they may read they are told all, and nobody is accused of what only they cannot see."""
    known, person = latest_known(), Person.objects.get(code=code).pk
    tables = dict(naive.tables)
    for table, model in ((one._meta.db_table, one) for one in fact_kinds()):
        seen = naive.sees(person, model) if tables[table] else ()
        tables[table] = [row for row in tables[table] if row["id"] in seen]
    near = {has: naive.reach(person, has) for has in ("internal", "personal")}
    everything, mine = Plain(naive.tables, DAY, known), Plain(tables, DAY, known)
    if alone:
        monkeypatch.setattr(declared, "reach", lambda level="": None)
    told = asking(person, lambda: found(Asked(DAY, known)))
    if alone:
        shown = {(kind, row["fact"]) for kind in PERSONAL for row in mine.rows(kind)}
        assert {(kind, fact) for _, kind, fact, _ in told if kind in PERSONAL} <= shown
        return
    wanted = {
        (rule, kind, fact, unit)
        for rule, kind, fact, unit in mine.found()
        if unit in near["personal" if kind in PERSONAL or rule == "leaderless" else "internal"]
        and (rule != "stranger" or not torn(everything, unit, near["personal"]))
    }
    assert (told - wanted, wanted - told) == (set(), set())
    assert told <= everything.found()
    assert bool(told) == bool(near["internal"])


def torn(plain: Plain, over: int, near: set[int]) -> bool:
    """Did anything beyond reach ever lie beneath a unit?"""
    return any(plain.ever_beneath(row["id"], over) for row in plain.tables["registry_unit"] if row["id"] not in near)


def asking(person: int, what: Callable[[], Any]) -> Any:
    """What somebody is answered."""
    with transaction.atomic():
        assume(keys.issue(person=person, until=soon(), using="owner").hex())
        return what()


def test_who_reads_numbers_only_is_told_in_how_many_units_people_are_not_looked_at(where: dict[str, str]):
    def told() -> tuple[int, Tally]:
        asked = asked_of(where["over"], DAY, latest_known())
        return beyond(asked), whole(tally(asked))

    people = {code: Person.objects.get(code=code).pk for code in READERS}
    everything = told()
    few, numbers = asking(people["q.reads.numbers"], told)
    assert few == len(asked_of(where["over"], DAY, latest_known()).scope.units(DAY)) > 3
    assert set(numbers.kinds) == {"organisation", "postrecord"}
    assert asking(people["q.reads.over"], told) == everything == (0, everything[1])
    with pytest.raises(Refused, match="not within your reach"):
        asking(people["q.reads.cell"], told)


def test_of_fewer_than_three_people_no_share_is_told():
    few, more = Tally(Counter(membership=2, organisation=5)), Tally(Counter(membership=3, organisation=5), flawed=2)
    assert FEWEST == 3
    assert few.score is None
    assert more.score == Fraction(6, 8)
    assert Tally(Counter(organisation=1), flawed=1).score == 0
    assert Tally(Counter(incumbency=9, organisation=5)).score is None
    assert Tally().score is None


def test_before_is_as_it_was_and_as_was_known_then(where: dict[str, str]):
    assert quarters(dt.date(2026, 6, 1)) == [
        dt.date(2026, 3, 31), dt.date(2025, 12, 31), dt.date(2025, 9, 30), dt.date(2025, 6, 30),
    ]  # fmt: skip
    told = before("dien-bien", dt.date(2025, 1, 31), latest_known())
    assert [then.on.isoformat() for then in told] == ["2024-03-31", "2024-06-30", "2024-09-30", "2024-12-31"]
    for then in told:
        known = dt.datetime.combine(then.on, dt.time.max, dt.timezone(dt.timedelta(hours=7)))
        assert then.whole == whole(tally(asked_of("dien-bien", then.on, known)))
    assert len({then.whole.records for then in told}) > 1
    assert told[0].whole != whole(tally(asked_of("dien-bien", told[0].on, latest_known())))


def test_what_is_mended_is_found_no_more_and_still_was_then(where: dict[str, str]):
    def unborn(known: dt.datetime) -> int:
        return whole(tally(asked_of(where["cell"], DAY, known))).found["birthday", "particulars"]

    earlier = latest_known()
    count = unborn(earlier)
    assert unborn(corrected(90, "q.grown-by-year", "2008-12-30")) == count
    assert (unborn(corrected(91, "q.unborn", "1980-01-01")), unborn(earlier)) == (count - 1, count)


def test_a_decision_has_its_document_from_the_instant_at_which_it_is_registered(where: dict[str, str]):
    def missing(known: dt.datetime) -> int:
        return whole(tally(asked_of(where["cell"], DAY, known))).found["source-missing", "membership"]

    earlier = latest_known()
    now = documented(92, 2, where["over"])
    assert missing(now) < missing(earlier)


def test_every_rule_is_mended_by_an_act_that_there_is():
    assert {act for rule in RULES.values() for act in rule.mends} <= set(ACTIONS)
