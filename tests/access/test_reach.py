"""Only the database decides: what each of two hundred people sees is what a naive reading of the rules allows."""

import datetime as dt
import os
import random
import secrets
from typing import Any

import psycopg
import pytest
from django.db import connections

from canbo.access import keys
from canbo.access.models import Card, Custody, Key
from canbo.kernel.levels import LOG, OPEN, level
from canbo.registry.facts import Person
from tests.access.identities import NUMBER, Identity, make, soon
from tests.access.naive import Naive, owned, protected

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("small_sample")]

SEED = os.environ.get("CANBO_TEST_SEED", "0")
FULL = bool(os.environ.get("CANBO_TEST_FULL"))
ASKED = range(NUMBER) if FULL else sorted(random.Random(f"{SEED} asked").sample(range(NUMBER), 40))
TABLES = [model for model in protected() if level(model) not in (None, LOG)]
SECRET = [model for model in protected() if level(model) is None]
"""What only sign-in reads and writes."""
LOGS = [model for model in protected() if level(model) == LOG]
PARTS = ("nguyen", "van a", "thi", "_an", "an%", "hoa\\")
"""Of names as they are looked for, also with what LIKE takes for signs."""
FILES = 12
"""How many files each of them tries to open."""


@pytest.fixture(scope="module")
def today(small_sample: Any) -> dt.date:
    """The day that the database takes for today."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT canbo.today()")
        return cursor.fetchone()[0]


@pytest.fixture(scope="module")
def identities(today: dt.date) -> list[Identity]:
    """The sample, with two hundred more people who may see something or nothing."""
    return make(random.Random(f"{SEED} identities"), today)


@pytest.fixture(scope="module")
def naive(identities: Any, today: dt.date) -> Naive:
    """The rules, applied to all rows."""
    return Naive(today)


@pytest.fixture(scope="module")
def people(identities: Any) -> dict[str, int]:
    """Everybody by code."""
    return dict(Person.objects.using("owner").values_list("code", "pk"))


def assumed(raw: psycopg.Connection[Any], key: bytes | str) -> None:
    """Speak with this key from now on."""
    raw.execute("SELECT set_config('app.session', %s, false)", [key.hex() if isinstance(key, bytes) else key])


def shown(raw: psycopg.Connection[Any], model: Any, all_of_them: int) -> set[Any] | int:
    """The keys of the rows that the database shows; only their number where that is all there are.

    Nothing is shown either of a table for which the role has no right at all.
    """
    table, key = model._meta.db_table, model._meta.pk.column
    try:
        (count,) = raw.execute(f"SELECT count(*) FROM {table}").fetchone()
    except psycopg.errors.InsufficientPrivilege:
        return set()
    if count == all_of_them:
        return count
    return {row for (row,) in raw.execute(f"SELECT {key} FROM {table}").fetchall()}


def compare(raw: psycopg.Connection[Any], naive: Naive, model: Any, expected: set[Any], said: str) -> None:
    """The database shows these rows of a table and no others."""
    there = len(naive.tables[model._meta.db_table])
    found = shown(raw, model, there)
    if isinstance(found, int):
        assert len(expected) == there, f"{said}: {model.__name__} shows all, {there - len(expected)} leak"
    else:
        leaks, missing = found - expected, expected - found
        assert (len(leaks), len(missing)) == (0, 0), f"{said}: {model.__name__} leaks {leaks}, misses {missing}"


@pytest.mark.parametrize("number", ASKED)
def test_everybody_sees_what_a_naive_reading_of_the_rules_allows(
    number: int, identities: list[Identity], naive: Naive, people: dict[str, int], raw: psycopg.Connection[Any]
):
    who = identities[number]
    person, key = people[who.code], keys.issue(person=people[who.code], until=soon(), using="owner")
    if number % 2:  # as pages do; else nothing is remembered
        raw.execute("SELECT canbo.look_1(%s)", [key.hex()])
    assumed(raw, key)
    for what in ("internal", "personal", "writes"):
        (reached,) = raw.execute("SELECT canbo.units_1(canbo.reach_1(%s))", [what]).fetchone()
        assert set(reached) == naive.reach(person, what), f"{who}: {what}"
        assert len(reached) == len(set(reached))
    (counted,) = raw.execute("SELECT canbo.units_1(canbo.counts_1('members'))").fetchone()
    assert set(counted) == naive.reach(person, "counts"), f"{who}: counts"
    for part in PARTS:
        (found,) = raw.execute("SELECT canbo.called_1(%s, 1000000)", [part]).fetchone()
        assert sorted(found) == sorted(naive.called(person, part)), f"{who}: {part}"
    for model in TABLES:
        compare(raw, naive, model, naive.sees(person, model), str(who))
    raw.execute("SET ROLE canbo_whole")
    for model in TABLES:
        wanted = len(naive.tables[model._meta.db_table]) if level(model) == OPEN else 0
        assert raw.execute(f"SELECT count(*) FROM {model._meta.db_table}").fetchone() == (wanted,), f"{who}: {model}"


def test_too_many_of_a_name_and_too_short_a_text_are_not_told(
    identities: list[Identity], naive: Naive, people: dict[str, int], raw: psycopg.Connection[Any]
):
    who = max(identities, key=lambda one: len(naive.called(people[one.code], "nguyen")))
    many = len(naive.called(people[who.code], "nguyen"))
    assert many > 1

    def told(part: str, most: int) -> int | None:
        return raw.execute("SELECT cardinality(canbo.called_1(%s, %s))", [part, most]).fetchone()[0]

    assert told("nguyen", many) is None  # nobody asks
    assumed(raw, keys.issue(person=people[who.code], until=soon(), using="owner"))
    assert (told("nguyen", many), told("nguyen", many - 1), told("ng", 1_000_000)) == (many, None, None)


@pytest.mark.parametrize("number", ASKED)
def test_everybody_opens_the_files_that_a_naive_reading_of_the_rules_allows(
    number: int, identities: list[Identity], naive: Naive, people: dict[str, int], raw: psycopg.Connection[Any]
):
    who, chance = identities[number], random.Random(f"{SEED} files {number}")
    person = people[who.code]
    assumed(raw, keys.issue(person=person, until=soon(), using="owner"))
    closed = [code for code in people if code.startswith("file.")]
    near = naive.reach(person, "personal")
    within = sorted({one for one, unit in naive.cards if unit in near})
    files = [person, *(people[code] for code in chance.sample(closed, 6)), *chance.sample(list(people.values()), FILES)]
    files += chance.sample(within, min(len(within), FILES))
    raw.execute("SET ROLE canbo_file")
    for whose in files:
        raw.execute("SELECT set_config('app.opened', %s, false)", [str(whose)])
        (opened,) = raw.execute("SELECT canbo.opened_1()").fetchone()
        assert (opened == whose) == naive.may_open(person, whose), f"{who} opens {whose} of {naive.homes(whose)}"
    for whose in files[:2]:
        raw.execute("SELECT set_config('app.opened', %s, false)", [str(whose)])
        for model in TABLES:
            compare(raw, naive, model, naive.reads_of(person, whose, model), f"{who} reads {whose}")


def test_every_unit_has_the_keeper_and_every_person_the_cards_that_follow_from_the_facts(naive: Naive, identities: Any):
    kept = {(row["keeper_id"], row["unit_id"]) for row in naive.tables["access_custody"] if row["since"] <= naive.today}
    assert kept == {(keeper, unit) for keeper, units in naive.custody.items() for unit in units}
    cards = [(row["person_id"], row["unit_id"]) for row in naive.tables["access_card"]]
    assert len(cards) == len(set(cards))
    assert set(cards) == naive.cards
    assert {Card, Custody} <= set(TABLES)


def test_every_table_has_rows_to_show_and_none_is_left_out(naive: Naive, identities: Any):
    assert [model.__name__ for model in TABLES if not naive.tables[model._meta.db_table]] == []


@pytest.mark.parametrize("way", ["unset", "guessed", "no key", "ended", "expired", "upper case", "longer"])
def test_nobody_sees_a_row_whatever_they_say(
    way: str, naive: Naive, identities: list[Identity], people: dict[str, int], raw: psycopg.Connection[Any]
):
    sees = next(people[who.code] for who in identities if naive.reach(people[who.code], "personal"))
    now = dt.datetime.now(dt.UTC)
    until = now - dt.timedelta(seconds=1) if way == "expired" else soon()
    key = keys.issue(person=sees, until=until, using="owner").hex()
    if way == "ended":
        Key.objects.using("owner").filter(person=sees).update(ended_at=now)
    said = {"guessed": secrets.token_hex(32), "no key": "'; --", "upper case": key.upper() + " ", "longer": key + "00"}
    if way != "unset":
        assumed(raw, said.get(way, key))
    for role in ("canbo_app", "canbo_whole", "canbo_file"):
        raw.execute(f"SET ROLE {role}")
        raw.execute("SELECT set_config('app.opened', %s, false)", [str(sees)])
        said = raw.execute("SELECT canbo.me_1(), canbo.opened_1(), canbo.units_1(canbo.reach_1('personal'))")
        assert said.fetchone() == (None, None, [])
        for model in TABLES:
            if level(model) != OPEN:
                assert shown(raw, model, len(naive.tables[model._meta.db_table])) == set(), f"{role}: {model.__name__}"


def test_no_role_of_the_application_may_look_at_keys_and_accounts(identities: Any, raw: psycopg.Connection[Any]):
    assert Key in SECRET
    for role in ("canbo_app", "canbo_whole", "canbo_file"):
        raw.execute(f"SET ROLE {role}")
        for model in SECRET:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                raw.execute(f"SELECT count(*) FROM {model._meta.db_table}")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            raw.execute("SELECT * FROM canbo.held_1(1)")


def test_the_log_is_read_by_whoever_audits_and_what_concerns_them_by_everybody(
    identities: list[Identity], naive: Naive, people: dict[str, int], raw: psycopg.Connection[Any]
):
    other = people["file.0"]
    found = set()
    auditing = next(number for number, one in enumerate(identities) if naive.audits(people[one.code]))
    for number in (*ASKED[:40], auditing):
        person = people[identities[number].code]
        assumed(raw, keys.issue(person=person, until=soon(), using="owner"))
        may = naive.audits(person)
        found.add(may)
        assert answers(raw, "audit_log_1(0, 1)") == may, identities[number]
        assert answers(raw, f"audit_read_of_1({other})") == may, identities[number]
        assert answers(raw, f"audit_read_of_1({person})")
    assert found == {True, False}
    assumed(raw, "")
    assert not answers(raw, "audit_log_1(0, 1)")
    assert not answers(raw, f"audit_read_of_1({other})")


def answers(raw: psycopg.Connection[Any], function: str) -> bool:
    """Does a function answer, rather than refuse?"""
    try:
        raw.execute(f"SELECT * FROM canbo.{function}")
    except psycopg.errors.InsufficientPrivilege:
        return False
    return True


@pytest.mark.parametrize("model", LOGS, ids=lambda model: model.__name__)
def test_nobody_reads_the_log_but_through_its_functions(model: Any, identities: Any, raw: psycopg.Connection[Any]):
    connections["owner"].cursor().execute("SELECT canbo.audit_seal_1(10)")
    assert owned(model._meta.db_table), "there is something to show"
    assert shown(raw, model, -1) == set()


def test_no_setting_of_the_clock_moves_the_day_on_which_authority_ends(
    today: dt.date, identities: list[Identity], people: dict[str, int], raw: psycopg.Connection[Any]
):
    for who in identities[:NUMBER:5]:
        assumed(raw, keys.issue(person=people[who.code], until=soon(), using="owner"))
        reached = set()
        for zone in ("Asia/Ho_Chi_Minh", "Etc/GMT+12", "Etc/GMT-14"):
            raw.execute("SELECT set_config('TimeZone', %s, false)", [zone])
            reached.add(tuple(sorted(raw.execute("SELECT canbo.units_1(canbo.reach_1('internal'))").fetchone()[0])))
        assert len(reached) == 1, who
