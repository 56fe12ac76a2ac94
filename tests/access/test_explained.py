"""Who can see this and why: the page names whoever the database lets read a record, nobody else, and by what."""

import datetime as dt
import os
import random
from typing import Any

import psycopg
import pytest
from django.db import connections

from canbo.access import keys
from canbo.kernel.levels import BORNE, INTERNAL, PERSONAL, PUBLIC, level
from canbo.registry.facts import Person
from canbo.registry.mandates.models import Mandate
from canbo.registry.people.models import Particulars
from canbo.registry.service.models import Employment
from canbo.registry.versions import kinds
from tests import clones
from tests.access.happenings import decide
from tests.access.identities import KINDS, NUMBER, Identity, make, soon

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("small_sample")]

SEED = os.environ.get("CANBO_TEST_SEED", "0")
FULL = bool(os.environ.get("CANBO_TEST_FULL"))
MANY = NUMBER if FULL else len(KINDS)
"""Identities: all of them, or one of every kind."""
EACH = 6 if FULL else 1
"""Records of each kind of fact that are asked about."""
FILES = 40 if FULL else 5
"""People whose names are asked about."""
ASKED = [model for model in kinds().values() if level(model) in (INTERNAL, PERSONAL, BORNE)]
COLUMNS = ("person", "role", "over", "kind", "fact", "act", "post", "giver", "way", "at", "keeper", "file")


@pytest.fixture(scope="module")
def today(small_sample: Any) -> dt.date:
    """The day that the database takes for today."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT canbo.today()")
        return cursor.fetchone()[0]


@pytest.fixture(scope="module")
def identities(today: dt.date) -> list[Identity]:
    """The sample, with more people who may see something or nothing; the first one has a role that goes no further than
    what lies under its unit, whatever place that serves.
    """
    found = make(random.Random(f"{SEED} explained"), today, MANY)
    given = {"person": found[0].code, "unit": "dien-bien.party", "role": "employer", "on": today}
    decide("narrow", today, [("mandate.give", given)])
    return found


@pytest.fixture(scope="module")
def people(identities: list[Identity]) -> dict[str, int]:
    """The identities' keys by code."""
    codes = [who.code for who in identities]
    return dict(Person.objects.using("owner").filter(code__in=codes).values_list("code", "pk"))


@pytest.fixture(scope="module")
def records(identities: list[Identity], people: dict[str, int]) -> list[tuple]:
    """(Model, key of the version, unit, person) of some records of every kind that not everybody sees; people too."""
    chance, found = random.Random(f"{SEED} records"), []
    for model in ASKED:
        fields = {field.name for field in model._meta.fields}
        rows = model.objects.using("owner").filter(recorded__upper_inf=True).order_by("pk")
        rows = list(rows.values_list("pk", "unit_id", *(["person_id"] if "person" in fields else [])))
        near = [row for row in rows if row[-1] in people.values()] if "person" in fields else []
        some = {*chance.sample(rows, min(EACH, len(rows))), *chance.sample(near, min(EACH, len(near)))}
        found += [(model, *row, *([] if "person" in fields else [None])) for row in sorted(some)]
    found += nearby(people, chance)
    everybody = sorted(Person.objects.using("owner").values_list("pk", flat=True))
    closed = Person.objects.using("owner").filter(code__startswith="file.").values_list("pk", flat=True)
    some = [*chance.sample(everybody, FILES), *chance.sample(sorted(closed), min(FILES, len(closed)))]
    return list(dict.fromkeys(found + [(Person, key, None, key) for key in some]))


def nearby(people: dict[str, int], chance: random.Random) -> list[tuple]:
    """Files and employments that lie where some roles end: in the places that their unit serves, and not beneath it."""
    held = Mandate.objects.using("owner").filter(person__in=people.values(), recorded__upper_inf=True)
    found = []
    for unit in sorted(set(held.values_list("unit", flat=True))):
        with connections["owner"].cursor() as cursor:
            ways = "canbo.units_1(canbo.reached_1(ARRAY[%(unit)s], {}))"
            wide, beneath = ways.format("ARRAY[%(unit)s]"), ways.format("'{}'")
            cursor.execute(f"SELECT {wide}, {beneath}", {"unit": unit})
            wide, beneath = map(set, cursor.fetchone())
        for model in (Employment, Particulars):
            rows = model.objects.using("owner").filter(recorded__upper_inf=True, unit__in=wide - beneath).order_by("pk")
            some = list(rows.values_list("pk", "unit_id", "person_id"))
            found += [(model, *row) for row in chance.sample(some, min(len(some), 1))]
    return found


def assumed(raw: psycopg.Connection[Any], person: int) -> None:
    """Speak as this person from now on."""
    key = keys.issue(person=person, until=soon(), using="owner")
    raw.execute("RESET ROLE")
    raw.execute("SELECT set_config('app.session', %s, false)", [key.hex()])


def asked(raw: psycopg.Connection[Any], record: tuple) -> list[dict[str, Any]]:
    """Who may read a record, as `access/explaining.py` asks."""
    model, _, unit, person = record
    told = "internal" if level(model) == INTERNAL else "personal"
    unit, person = (None, person) if level(model) == BORNE else (unit, None if told == "internal" else person)
    rows = raw.execute("SELECT * FROM canbo.readers_1(%s, %s, %s)", [told, unit, person]).fetchall()
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


def unnamed(reason: dict[str, Any]) -> str:
    """What of a reason is said of whoever it is."""
    return str([reason[name] for name in ("role", "over", "kind", "act", "way", "file")])


def shown(raw: psycopg.Connection[Any], records: list[tuple]) -> set[int]:
    """Places of the records that whoever speaks is shown: within reach, or in a file that opens."""
    found = set()
    for model in {record[0] for record in records}:
        wanted = {record[1]: place for place, record in enumerate(records) if record[0] is model}
        rows = raw.execute(f"SELECT id FROM {model._meta.db_table} WHERE id = ANY (%s)", [list(wanted)]).fetchall()
        found |= {wanted[key] for (key,) in rows}
    opened = {}
    for place, (model, _, _, person) in enumerate(records):
        if place not in found and person is not None and level(model) in (PERSONAL, BORNE):
            if person not in opened:
                raw.execute("SELECT set_config('app.opened', %s, false)", [str(person)])
                opened[person] = raw.execute("SELECT canbo.opened_1()").fetchone()[0] == person
            found |= {place} if opened[person] else set()
    return found


@pytest.fixture(scope="module")
def reasons(small_sample: Any, identities: Any, records: list[tuple]) -> list[list[dict[str, Any]]]:
    """Everybody who may read each record, asked by whoever may see all."""
    with small_sample.connect("app", autocommit=True) as raw:
        clones.speak(raw)
        return [asked(raw, record) for record in records]


@pytest.fixture(scope="module")
def sees(small_sample: Any, identities: list[Identity], people: dict[str, int], records: list[tuple]) -> dict:
    """The places of the records that the database shows to each identity."""
    found = {}
    with small_sample.connect("app", autocommit=True) as raw:
        for who in identities:
            assumed(raw, people[who.code])
            found[people[who.code]] = shown(raw, records)
    return found


def test_whoever_is_named_is_shown_the_record_and_nobody_else_is(
    identities: list[Identity], people: dict[str, int], records: list[tuple], reasons: list, sees: dict
):
    met = set()
    for place, record in enumerate(records):
        named = {reason["person"] for reason in reasons[place]}
        for who in identities:
            person = people[who.code]
            assert (person in named) == (place in sees[person]), f"{who} and {record}: {reasons[place]}"
            met.add(person in named)
    assert met == {True, False}


def test_officers_of_the_sample_who_are_named_are_shown_the_record_too(
    people: dict[str, int], records: list[tuple], reasons: list, raw: psycopg.Connection[Any]
):
    others = sorted({r["person"] for some in reasons for r in some if r["kind"] != "own"} - set(people.values()))
    assert len(others) > 5
    for person in random.Random(f"{SEED} others").sample(others, min(len(others), 20 if FULL else 4)):
        assumed(raw, person)
        named = {place for place, some in enumerate(reasons) if person in {reason["person"] for reason in some}}
        assert shown(raw, records) == named


def test_it_is_said_to_whoever_may_read_the_record_and_names_nobody_beyond_their_sight(
    identities: list[Identity], people: dict[str, int], records: list[tuple], reasons: list, sees: dict, raw
):
    hidden = 0
    for who in identities:
        person = people[who.code]
        assumed(raw, person)
        known = {key for (key,) in raw.execute("SELECT id FROM registry_person").fetchall()} | {person}
        for place in range(0, len(records), 1 if FULL else 5):
            said = asked(raw, records[place])
            if place not in sees[person]:
                assert said == [], f"{who}: {records[place]}"
                continue
            whole = reasons[place]
            assert sorted(map(unnamed, said)) == sorted(map(unnamed, whole))
            named = {r[n] for r in said for n in ("person", "giver")} - {None}
            assert named == {r[n] for r in whole for n in ("person", "giver")} & known
            assert all(r["fact"] is None for r in said if r["person"] is None)
            hidden += sum(r["person"] is None for r in said)
    assert hidden


def test_every_way_is_met_and_every_reason_names_its_fact(reasons: list):
    told = [reason for some in reasons for reason in some]
    assert {reason["way"] for reason in told} == {"own", "beneath", "place"}
    assert {reason["kind"] for reason in told} == {"own", "incumbency", "mandate", "delegation"}
    assert any(reason["keeper"] for reason in told), "a unit that ended is kept by another one"
    for reason in told:
        if reason["kind"] != "own":
            assert reason["fact"]
            assert reason["act"]
        assert (reason["giver"] is None) == (reason["kind"] != "delegation")
        assert (reason["post"] is None) == (reason["kind"] != "incumbency")


def test_nobody_learns_of_units_and_people_that_do_not_belong_together(
    identities: list[Identity], people: dict[str, int], records: list[tuple], sees: dict, raw
):
    """The unit within one's own reach and somebody else's file are no record."""
    who = max(people.values(), key=lambda person: len(sees[person]))
    assumed(raw, who)
    units = raw.execute("SELECT canbo.units_1(canbo.reach_1('personal'))").fetchone()[0]
    beyond = [record[3] for place, record in enumerate(records) if record[0] is Person and place not in sees[who]]
    assert units
    assert beyond
    for person in beyond:
        assert raw.execute("SELECT * FROM canbo.readers_1('personal', %s, %s)", [units[0], person]).fetchall() == []
    for wrong in ("writes", "grants", ""):
        assert raw.execute("SELECT * FROM canbo.readers_1(%s, %s, NULL)", [wrong, units[0]]).fetchall() == []


def test_what_whoever_is_signed_in_may_read_is_asked_of_nobody():
    assert {level(model) for model in kinds().values()} == {PUBLIC, INTERNAL, PERSONAL, BORNE}
