"""Who may only count gets the figures of somebody who reads everything, and nothing besides: no record, no few."""

import contextlib
import dataclasses
import datetime as dt
import io
import itertools
import json
import os
import random
import re
from collections import defaultdict
from typing import Any

import psycopg
import pytest
from django.db import connections
from django.test import Client
from openpyxl import load_workbook

from canbo.access import keys
from canbo.access.authority import operator
from canbo.access.identity import assume
from canbo.config.secret import command_key
from canbo.kernel.database import Database
from canbo.kernel.profile import load, profile
from canbo.kernel.refusal import Mistake, Refused
from canbo.registry.facts import Decision
from canbo.registry.ledger import Paper, apply
from canbo.registry.mandates.models import Mandate
from canbo.registry.membership.models import Membership
from canbo.registry.tree import Closure
from canbo.reports import declared
from canbo.reports.book import Report, report
from canbo.reports.declared import Declared
from canbo.reports.indicator import INDICATORS, Measure
from canbo.reports.question import Question, ask
from canbo.reports.text import as_json
from canbo.reports.totals import conditions
from canbo.web import remembering
from tests import clones
from tests.access.identities import soon
from tests.signing_in import signed_in
from tests.web.test_objects import plain, text

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("small_sample")]

SEED = os.environ.get("CANBO_TEST_SEED", "0")
FULL = bool(os.environ.get("CANBO_TEST_FULL"))
PROVINCE, ELSEWHERE = "dien-bien", "lam-dong"
DAYS = [dt.date(2021, 6, 30), dt.date(2024, 5, 1), dt.date(2025, 6, 30), dt.date(2025, 7, 1), dt.date(2026, 1, 31)]
START = dt.date(2020, 12, 1)
ASK = "SELECT grouped, total FROM canbo.total_1(%s, %s::jsonb, %s, %s, %s, %s, %s)"
Raw = psycopg.Connection[Any]


def holder(role: str, unit: str = f"{PROVINCE}.party") -> tuple[int, str]:
    """Somebody of the sample who has a role there, by key and code."""
    held = Mandate.objects.filter(unit__code=unit, role=role, valid__upper_inf=True).order_by("fact")
    return held.values_list("person", "person__code")[0]


@pytest.fixture(autouse=True)
def _everything(small_sample: Database) -> None:
    """The test itself reads everything, also after it looked at a page as somebody else."""
    assume(command_key(clones.folder()).hex(), local=False)


def speaks(raw: Raw, person: int) -> None:
    """Ask on behalf of this person from now on."""
    key = keys.issue(person=person, until=soon(), using="owner")
    raw.execute("SELECT set_config('app.session', %s, false)", [key.hex()])


def asked(raw: Raw, question: Question, indicator: str, by: str = "") -> dict[str, int | None]:
    """What the database answers of a question."""
    said = (question.unit.pk, question.start, question.on, question.known)
    return dict(raw.execute(ASK, [indicator, conditions(question.where), *said, by]).fetchall())


def given(counts: str) -> None:
    """Let statisticians count this, as a set-up does when the profile says so."""
    with connections["owner"].cursor() as owner:
        owner.execute("DELETE FROM canbo.access_sight")
        owner.execute("UPDATE canbo.access_role SET counts = %s WHERE code = 'statistician'", [counts])


def withheld(groups: dict[str, int]) -> dict[str, int | None]:
    """The rule in other words: a group of 1 or 2 and the least of the others; without others nothing is told."""
    small = {name for name, total in groups.items() if total in (1, 2)}
    more = [total for name, total in groups.items() if total > 2]
    if not small:
        return groups
    if not more:
        return {"unknown": None}
    return {name: None if name in small or total == min(more) else total for name, total in groups.items()}


@pytest.fixture(scope="module")
def instants(small_sample: Database) -> list[dt.datetime]:
    """The last instant, and one at which the reorganisation of 2025 was not known yet."""
    first = Decision.objects.filter(acts__name="organisation.merge").order_by("applied_at")[0].applied_at
    return [Decision.objects.latest("applied_at").applied_at, first - dt.timedelta(microseconds=1)]


@pytest.fixture(scope="module")
def units(small_sample: Database) -> list[str]:
    """The province, who serves it, and some of what lies beneath on some day, dissolved units among them."""
    beneath = Closure.objects.filter(ancestor__code__in=(PROVINCE, f"{PROVINCE}.party"), depth__in=(1, 2))
    codes = sorted(set(beneath.values_list("descendant__code", flat=True)))
    return [PROVINCE, f"{PROVINCE}.party", *random.Random(f"{SEED} units").sample(codes, len(codes) if FULL else 20)]


def somewhere(chance: random.Random, units: list[str], instants: list[dt.datetime], where: dict) -> Question:
    """A question about a unit that is there on its day."""
    while True:
        on, known = chance.choice(DAYS), chance.choice(instants)
        try:
            unit = chance.choice(units[: chance.choice([2, None])])
            return ask(unit, on, start=chance.choice([START, None]), known=known, where=where)
        except Refused as refused:
            if refused.code not in ("ended", "not_there_yet"):
                raise


def few() -> tuple[str, dict[str, int]]:
    """A unit and the groups of its members by minority, some of which are small and some not."""
    beneath = Closure.objects.filter(
        ancestor__code=f"{PROVINCE}.party", depth__in=(1, 2), valid__contains=dt.date(2024, 5, 1)
    )
    for unit in beneath.order_by("depth", "descendant__code").values_list("descendant__code", flat=True):
        with contextlib.suppress(Refused):
            found = dict(INDICATORS["members"].groups(ask(unit, dt.date(2024, 5, 1)), "minority"))
            if found != withheld(found) and len(found) == len(withheld(found)):
                return unit, found
    raise AssertionError("no unit of the sample has a small group")


def test_every_declared_question_has_the_answer_of_somebody_who_reads_everything(
    raw: Raw, units: list[str], instants: list[dt.datetime]
):
    speaks(raw, holder("statistician")[0])
    chance, some = random.Random(f"{SEED} asked"), defaultdict(int)
    everything = [*Declared.objects.order_by("indicator", "breakdown", "pk")]
    assert {one.breakdown for one in everything} >= {"", "sex", "age_group", "minority", "unit", "event_year", "title"}
    for one in everything * 3 if FULL else chance.sample(everything, 45):
        question, measure = somewhere(chance, units, instants, one.conditions), INDICATORS[one.indicator]
        whole = dict(measure.groups(question, one.breakdown)) if one.breakdown else {"": measure.value(question)}
        expected = withheld(whole) if one.breakdown in profile().settings["sensitive"] else whole
        said = f"{one.indicator} {one.conditions} by {one.breakdown!r}, {question}"
        assert asked(raw, question, one.indicator, one.breakdown) == expected, said
        some[bool(sum(whole.values()))] += 1
    assert some[True] > 8
    unit, groups = few()
    assert asked(raw, ask(unit, dt.date(2024, 5, 1)), "members", "minority") == withheld(groups) != groups


def test_nobody_counts_but_by_a_role_that_does_and_no_further_than_it_reaches(raw: Raw):
    day = DAYS[-1]
    question, other = ask(PROVINCE, day), ask(ELSEWHERE, day)
    assert asked(raw, question, "members") == {}, "nobody"
    for role in ("organiser", "inspector"):
        speaks(raw, holder(role)[0])
        assert asked(raw, question, "members") == {}, f"{role} reads, and has nothing to count"
    speaks(raw, holder("statistician", f"{ELSEWHERE}.party")[0])
    assert asked(raw, question, "members") == {}, "of another province"
    assert asked(raw, other, "members")[""] > 500
    units = "SELECT canbo.units_1(canbo.counts_1('members')), canbo.units_1(canbo.reach_1('internal'))"
    counted, read = raw.execute(units).fetchone()
    assert set(counted) == set(read), "one role gives both"
    assert len(counted) == len(read) > 50
    for lens in ("canbo_whole", "canbo_file"):
        raw.execute("SELECT set_config('app.session', '', false)")
        raw.execute(f"SET ROLE {lens}")
        assert asked(raw, other, "members") == {}, lens


def test_a_role_counts_what_it_says_and_nothing_else(raw: Raw):
    speaks(raw, holder("statistician")[0])
    question = ask(PROVINCE, DAYS[-1])
    try:
        given("{members}")
        assert asked(raw, question, "members")[""] > 500
        assert asked(raw, question, "incumbents") == {}
    finally:
        given("{*}")
    assert asked(raw, question, "incumbents")[""] > 10


def test_who_counts_gets_nothing_that_is_not_declared(raw: Raw):
    speaks(raw, holder("statistician")[0])
    question = ask(PROVINCE, DAYS[-1])
    assert asked(raw, question, "members")[""] > 500
    for where in ({"who__ethnic_group": "mong"}, {"sex": "female", "stage": "official"}, {"person": 1}):
        assert asked(raw, question.narrowed(where), "members") == {}
    assert asked(raw, question, "members", "person") == {}
    assert asked(raw, question, "members; SELECT 1") == {}
    assert raw.execute("SELECT count(*) FROM registry_membership").fetchone() == (0,)
    assert raw.execute("SELECT count(*) FROM registry_person").fetchone() == (0,)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE canbo.reports_declared SET statement = 'SELECT name, 3 FROM registry_particulars'",
        "INSERT INTO canbo.reports_declared SELECT 1, 'x', '{}', '', false, 'SELECT name, 3 FROM registry_particulars'",
        "UPDATE canbo.access_role SET counts = '{*}'",
        "SELECT canbo.reached_1(ARRAY[1], ARRAY[1])",
        "SET ROLE canbo_authority",
    ],
    ids=["change a question", "add a question", "give oneself a role", "reach by choice", "be the authority"],
)
def test_what_the_function_rests_on_is_out_of_reach(raw: Raw, statement: str):
    speaks(raw, holder("statistician")[0])
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        raw.execute(statement)


def test_the_function_is_not_deceived_by_temporary_tables(raw: Raw):
    speaks(raw, holder("statistician")[0])
    question = ask(PROVINCE, DAYS[-1])
    before = asked(raw, question, "members")
    raw.execute("CREATE TEMPORARY TABLE reports_declared AS SELECT * FROM canbo.reports_declared")
    raw.execute("UPDATE pg_temp.reports_declared SET statement = 'SELECT name, 3 FROM registry_particulars'")
    raw.execute("CREATE TEMPORARY TABLE registry_service AS SELECT * FROM canbo.registry_service WHERE false")
    raw.execute("SET search_path = pg_temp, canbo, public")
    assert asked(raw, question, "members") == before


def test_no_withheld_group_follows_from_the_total_and_the_others():
    """For every table of up to four groups: a reader who knows the rule is left with two numbers for each at least."""
    names = ["a", "b", "c", "d"]
    tables = [some for many in (1, 2, 3, 4) for some in itertools.product(range(8 if many < 4 else 6), repeat=many)]
    told = defaultdict(list)
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            """SELECT t.n, w.grouped, w.total FROM unnest(%s::text[]) WITH ORDINALITY t (totals, n),
                      canbo.withhold_1((%s::text[])[1:cardinality(t.totals::bigint[])], t.totals::bigint[]) w""",
            [["{" + ",".join(map(str, some)) + "}" for some in tables], names],
        )
        shown = defaultdict(dict)
        for number, grouped, total in cursor.fetchall():
            shown[number - 1][grouped] = total
    for number, totals in enumerate(tables):
        table = dict(zip(names, totals, strict=False))
        assert shown[number] == withheld(table), table
        seen = {name: total for name, total in shown[number].items() if table.get(name) != 0}
        told[sum(totals), tuple(seen.items())].append(table)
    for (_, seen), possible in told.items():
        for name, total in seen:
            if total is None and name in names:
                assert len({table[name] for table in possible}) > 1, possible


AT = "?on=2024-05-01"
BOOK = f"/report/term/{PROVINCE}"
COUNTED = "<dt>Party members</dt>"
"""What the first page says where it counts people."""


@pytest.fixture(scope="module")
def whole(small_sample: Database) -> Report:
    """The report of the province as somebody reads it who reads everything."""
    return report("term", PROVINCE, dt.date(2024, 5, 1))


@pytest.fixture
def counter(whole: Any) -> Client:
    """Reads as the statistician of the province."""
    client = signed_in(Client(), holder("statistician")[1])
    client.cookies["django_language"] = "en"
    remembering.forget()
    return client


def shown(page: str) -> tuple[int, int]:
    """How many records a figure's page lists, and how many it says are not shown."""
    told = plain(page)
    listed, hidden = re.search(r"Records \(([\d,]+)\)", told), re.search(r"([\d,]+) not shown", told)
    return int(listed[1].replace(",", "")), int(hidden[1].replace(",", "")) if hidden else 0


def test_the_report_of_who_counts_is_that_of_who_reads(counter: Client, whole: Report):
    told = json.loads(counter.get(f"/file/json/en/term/{PROVINCE}{AT}").content)
    assert told["figures"] == as_json(whole, "en")["figures"]
    assert told["equations"] == as_json(whole, "en")["equations"]
    assert COUNTED in text(counter, "/")


def test_what_is_listed_and_what_is_not_shown_make_up_the_figure(counter: Client, whole: Report):
    measures = {f.line.id: f.value for f in whole.figures() if isinstance(f.indicator, Measure)}
    read = {name for name, value in measures.items() if value and name.startswith(("organisations", "documents"))}
    for name in ("members", "movements.total", *sorted(read)[:2]):
        listed, hidden = shown(text(counter, f"{BOOK}/{name}{AT}"))
        assert listed + hidden == measures[name], name
        assert bool(hidden) is (name not in read), name


def test_who_may_open_some_of_it_sees_these_and_how_many_more_there_are(whole: Report):
    """Somebody has the totals of the province and the files of one part of it."""
    below = Membership.objects.filter(unit__code__startswith=f"{PROVINCE}.", valid__contains=dt.date(2024, 5, 1))
    unit, person = below.filter(valid__upper_inf=True).order_by("fact").values_list("unit__code", "person__code")[0]
    acts = [("mandate.give", {"on": "2026-01-01", "person": person, "unit": unit, "role": "cell-head"})]
    acts.append(("mandate.give", acts[0][1] | {"unit": f"{PROVINCE}.party", "role": "statistician"}))
    apply(by=operator(), decided_by=Paper(symbol="9-QĐ/X", signed_on="2026-01-01"), acts=acts)
    mine = below.filter(unit__code=unit, recorded__upper_inf=True).count()
    client = signed_in(Client(), person)
    client.cookies["django_language"] = "en"
    total = next(f.value for f in whole.figures() if f.line.id == "members")
    assert shown(text(client, f"{BOOK}/members{AT}")) == (mine, total - mine)
    assert 0 < mine < total
    book = load_workbook(io.BytesIO(client.get(f"/file/xlsx/en/half-year/{PROVINCE}{AT}").content), read_only=True)
    sheet = next(book[name] for name in book.sheetnames if name.endswith(" Members"))
    lines = [row for row in sheet.iter_rows(min_row=3, values_only=True) if any(row)]
    assert len(lines) == mine + 1
    assert f"{total - mine:,} not shown" in " ".join(filter(None, map(str, lines[-1])))


def test_a_small_group_is_withheld_with_the_next_one_but_not_from_who_may_open_the_records():
    unit, groups = few()
    for role in ("statistician", "organiser"):
        client = signed_in(Client(), holder(role)[1])
        client.cookies["django_language"] = "en"
        page = text(client, f"/report/term/{unit}/members{AT}&by=minority")
        table = plain(page[page.index('class="narrow"') : page.index('id="records"')])
        expected = groups if role == "organiser" else withheld(groups)
        for name, total in expected.items():
            assert f" {name.capitalize()} {'withheld' if total is None else f'{total:,}'} " in table, role


def test_a_bridge_needs_the_records(counter: Client):
    assert "What changed it since" not in plain(text(counter, f"{BOOK}/members{AT}"))
    told = text(counter, f"/bridge/members/{PROVINCE}{AT}&book=term&figure=members&from=2022-01-01", 409)
    assert "not within your reach" in plain(told)


def test_what_was_remembered_is_not_told_to_who_may_no_longer_count(counter: Client):
    text(counter, f"{BOOK}/members{AT}")
    try:
        given("{}")
        told = plain(text(counter, f"{BOOK}/members{AT}", 409))
        home = text(counter, "/")
    finally:
        given("{*}")
    assert "not within your reach" in told
    assert COUNTED not in home
    text(counter, f"{BOOK}/members{AT}")


@pytest.mark.parametrize(
    "said",
    [
        {"reads": ["internal"], "counts": ["members", "nothing-of-the-kind"]},
        {"reads": ["internal"], "counts": ["dues_paid_share"]},
        {"reads": ["internal"], "counts": ["places"]},
        {"reads": [], "counts": ["members"]},
    ],
    ids=["unknown", "made of others", "about no people", "reads nothing"],
)
def test_a_profile_that_lets_a_role_count_what_cannot_be_counted_is_a_mistake(said: dict, monkeypatch):
    roles = {"mandate_role": {"clerk": said}}
    monkeypatch.setattr(declared, "profile", lambda: dataclasses.replace(load(profile().name), vocabularies=roles))
    with pytest.raises(Mistake, match="the role “clerk” counts"):
        declared.declare("owner")
