"""Every list, file, page, search and figure shows each reader exactly what a plain reading of the rules allows.

In two ways: as the pages are, and with what they narrow of themselves switched off, so that the database alone decides.
With `--full` all two hundred read every list, each half of the lists in one way and half in the other, and the rest in
either; else forty read one or two of the lists each, and some of them the rest: others with each seed. Lists are taken
from their shelf: a new one is read without a word here.
"""

import datetime as dt
import os
import random
import re
from collections import Counter
from functools import partial
from itertools import islice
from typing import Any

import pytest
from django.apps import apps
from django.db.models.sql.constants import INNER
from django.test import Client

from canbo.kernel.levels import BORNE, INTERNAL, PERSONAL, level
from canbo.kernel.periods import this_instant
from canbo.kernel.profile import profile
from canbo.kernel.screen import SCREENS, Screen
from canbo.registry.facts import Decision, Person
from canbo.registry.people.models import Particulars
from canbo.registry.service.models import Incumbency
from canbo.reports import book as reports
from canbo.reports.collection import Collection
from canbo.reports.freeze import FrozenReport
from canbo.web.asof import AsOf
from canbo.web.generic.export import harmless
from canbo.web.generic.listing import ROWS, Listing
from canbo.web.generic.views import begun, title
from canbo.web.objects.pages import SIZE
from canbo.web.search import GROUPS, MOST
from tests.access.identities import NUMBER
from tests.access.pages import Page, exported, read, turned
from tests.access.plain import Reader
from tests.access.world import SEED, WAYS, World, measures, switched_off

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("small_sample")]

FULL = bool(os.environ.get("CANBO_TEST_FULL"))
ASKED = range(NUMBER) if FULL else sorted(random.Random(f"{SEED} asked").sample(range(NUMBER), 40))
EVERY = 2 if FULL else 20
"""Everybody reads one list of so many in one way."""
LONG, LONGEST = 6 * ROWS if FULL else ROWS, 3000
"""Of longer lists two pages are read, and a file of the longest only by some."""
THEN = dt.date(2024, 5, 1)
VALUE = re.compile(r'class="figure-value">([^<]*)')


@pytest.fixture
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """As the pages are, or with nothing that they narrow or refuse of themselves."""
    if request.param == WAYS[1]:
        switched_off(monkeypatch)
    return request.param


def readers(one_in: int) -> Any:
    """Who reads, and in which way: everybody in one or the other, of the lists in both; or one of so many."""
    some = [(number, WAYS[at % 2]) for at, number in enumerate(ASKED if FULL else ASKED[::one_in])]
    both = [(number, way) for number in ASKED for way in WAYS]
    return pytest.mark.parametrize(("number", "way"), both if FULL and one_in == 1 else some, indirect=["way"])


def turn(number: int, way: str) -> list[Screen]:
    """The lists that somebody reads in this way."""
    offered = sorted(filter(begun, SCREENS))
    shift = random.Random(f"{SEED} lists").randrange(EVERY) + (WAYS.index(way) if FULL else 0)
    return [SCREENS[name] for place, name in enumerate(offered) if (place + number + shift) % EVERY == 0]


def expected(reader: Reader, screen: Screen) -> tuple[Counter, Counter, Counter]:
    """The rows of a list as a page shows them, as text and as a workbook."""
    cells = [reader.cells(screen, row) for row in reader.rows(screen)]
    return (
        Counter(tuple(text for text, _ in row) for row in cells),
        Counter(tuple(str(v) if isinstance(v, int) else harmless(t) for t, v in row) for row in cells),
        Counter(tuple(kept(*cell) for cell in row) for row in cells),
    )


def kept(text: str, value: Any) -> Any:
    """A value as a workbook keeps it."""
    if isinstance(value, dt.date):
        return dt.datetime.combine(value, dt.time())
    return value if isinstance(value, int) else text or None


def differ(found: Counter, wanted: Counter, said: object) -> None:
    """Nothing more and nothing less."""
    leaks, missing = found - wanted, wanted - found
    assert (leaks.total(), missing.total()) == (0, 0), f"{said}: leaks {leaks}, misses {missing}"


COUNTED = re.compile(r" counted from .*")
"""What a list says beside the day on which something began that an opening balance brought in (`test_counted`)."""


@readers(1)
def test_every_list_and_its_files_show_what_the_rules_allow(number: int, way: str, world: World):
    reader, client = world.reader(number)
    for screen in turn(number, way):
        said = f"{world.identities[number]}, {way}: {screen.name}"
        page, text, book = reader.shared(screen.name, screen, partial(expected, reader))
        total = page.total()
        shown = Counter()
        pages = turned(client, f"/list/{screen.name}")
        for part in islice(pages, 2 if total > LONG else None):
            assert length(part) == total, said
            shown.update(tuple(COUNTED.sub("", cell) for cell in row) for row in part.rows)
        assert not shown - page, f"{said} leaks {shown - page}"
        assert shown.total() == min(total, 2 * ROWS if total > LONG else total), f"{said} misses {page - shown}"
        if total <= LONGEST or number % 25 == 0:
            form = ("csv", "xlsx")[number % 2]
            differ(exported(client, screen.name, form), text if form == "csv" else book, f"{said} {form}")


def length(page: Page) -> int:
    """How many rows a list says it has."""
    assert page.status == 200
    found = re.search(r'<strong role="status">([\d,]+) rows?<', page.main)
    return int(found[1].replace(",", ""))


def test_no_list_loses_a_row_with_what_its_reader_may_not_know(world: World):
    """Whoever sees a row about a person sees that person; who else it names is joined so that they may be absent."""
    tables = {model._meta.db_table: level(model) for model in apps.get_models()}
    lists = sorted(filter(begun, SCREENS))
    for name in lists:
        query = Listing(SCREENS[name], AsOf(world.today, this_instant())).rows.query
        str(query)  # settles how tables are joined
        joins = [join for join in query.alias_map.values() if getattr(join, "join_type", None) == INNER]
        for join in joins:
            if tables[join.table_name] in (INTERNAL, PERSONAL, BORNE):
                assert join.join_cols == (("person_id", "id"),), f"{name} loses rows with {join.table_name}"
    assert len(lists) > 15


@readers(6)
def test_a_list_narrowed_to_a_unit_or_a_choice_shows_what_the_rules_allow(number: int, way: str, world: World):
    reader, client = world.reader(number)
    chance = random.Random(f"{SEED} narrowed {number} {way}")
    reached = sorted(world.naive.reach(reader.person, "internal"))
    for screen in turn(number + 1, way):
        if screen.unit:
            unit = chance.choice(reached or sorted(world.units))
            wanted = Counter(tuple(text for text, _ in reader.cells(screen, r)) for r in reader.beneath(screen, unit))
            at = world.units[unit]
            page = read(client, f"/list/{screen.name}", unit=at)
            assert length(page) == wanted.total(), f"{world.identities[number]}: {screen.name} of {at}"
            assert not Counter(page.rows) - wanted
        for column in screen.choices[:1]:
            rows = [(reader.value(screen, row, column.path), row) for row in reader.rows(screen)]
            code = chance.choice(sorted(profile().vocabulary(column.vocabulary)))
            page = read(client, f"/list/{screen.name}", **{column.name: code})
            assert length(page) == sum(value == code for value, _ in rows), f"{screen.name} {column.name}={code}"


@readers(8)
def test_search_finds_what_the_rules_allow(number: int, way: str, world: World):
    reader, client = world.reader(number)
    chance = random.Random(f"{SEED} search {number} {way}")
    seen = [row["name"] for row in reader.all(Particulars)]
    texts = [
        chance.choice(sorted(world.called)),
        chance.choice(sorted(world.people)),
        chance.choice(sorted(world.units.values())),
    ]
    texts += [text for name in chance.sample(seen, min(len(seen), 1)) for text in (name, name.split()[0])]
    for text in texts:
        groups = read(client, "/search", q=text).groups
        for name in filter(begun, GROUPS):
            screen = SCREENS[name]
            wanted = Counter(tuple(t for t, _ in reader.cells(screen, row)) for row in reader.called(screen, text))
            found = Counter(groups[title(name)].rows) if title(name) in groups else Counter()
            said = f"{world.identities[number]}, {way}: {text} in {name}"
            assert not found - wanted, f"{said} leaks {found - wanted}"
            assert found.total() == min(MOST, wanted.total()), f"{said} misses some of {wanted}"


@readers(8)
def test_a_person_is_shown_with_what_the_rules_allow_and_no_more_reasons(number: int, way: str, world: World):
    reader, client = world.reader(number)
    chance = random.Random(f"{SEED} people {number} {way}")
    near = sorted(reader.sees(Person))
    closed = sorted(pk for code, pk in world.people.items() if code.startswith("file."))
    some = {reader.person, chance.choice(closed), *chance.sample(sorted(world.codes), 2)}
    for whose in sorted(some | set(chance.sample(near, min(len(near), 2)))):
        code, said = world.codes[whose], f"{world.identities[number]}, {way}: {world.codes[whose]}"
        opened = Reader(world.tables, reader.person, file=whose)
        versions = opened.naming(Person, whose)
        page = read(client, f"/person/{code}")
        assert page.status == (200 if versions else 404), said
        assert not world.leaks(page, reader, opened), said
        if versions:
            assert world.begun(versions, held=True) <= page.facts <= world.begun(versions), said
            steps = list(turned(client, f"/why/person/{code}", file=code))
            assert sum(step.steps for step in steps) == len(versions), said
            assert not any(world.leaks(step, reader, opened) for step in steps), said


@readers(8)
def test_records_posts_and_decisions_show_what_the_rules_allow(number: int, way: str, world: World):
    reader, client = world.reader(number)
    chance = random.Random(f"{SEED} things {number} {way}")
    for kind in chance.sample(sorted(world.kinds), len(world.kinds) if FULL else 4):
        model = world.kinds[kind]
        mine = reader.all(model)
        for row in (chance.choice(world.tables.of(model)), *(chance.sample(mine, 1) if mine else ())):
            versions, said = reader.versions(model, row["fact"]), f"{world.identities[number]}, {way}: {kind} {row}"
            for what in ("record", "why"):
                page = read(client, f"/{what}/{kind}/{row['fact']}")
                assert page.status == (200 if versions else 404), said
                assert not world.leaks(page, reader), said
            assert page.steps == len(versions), said
    held = reader.all(Incumbency) or world.tables.of(Incumbency)
    post = chance.choice(held)["post_id"]
    page = read(client, f"/post/{world.posts[post]}")
    terms = [(Incumbency, row) for row in reader.all(Incumbency) if row["post_id"] == post]
    found = {fact for fact in page.facts if fact[0] == "incumbency"}
    assert world.begun(terms, held=True) <= found <= world.begun(terms), (
        f"{world.identities[number]}: {world.posts[post]}"
    )
    code = chance.choice(world.tables.of(Decision))["code"]
    page = read(client, f"/decision/{code}")
    acts = world.acts[code][:SIZE]
    wrote = {
        (kind, row["fact"])
        for kind, model in world.kinds.items()
        for act in acts
        for row in world.tables.by(model, "asserted_by_id")[act]
        if row["id"] in reader.sees(model)
    }
    assert page.facts == wrote, f"{world.identities[number]}: {code}"
    assert not world.leaks(page, reader)


@readers(7)
def test_units_the_first_page_and_what_was_signed_or_collected_show_what_the_rules_allow(
    number: int, way: str, world: World
):
    reader, client = world.reader(number if FULL else world.acting(number))
    said = f"{world.naive.own(reader.person)}, {way}"
    for model, address in ((FrozenReport, "frozen"), (Collection, "collections")):
        keys = {str(row["id"]) for row in reader.all(model)}
        page = read(client, f"/{address}")
        assert page.led.get(address, set()) == keys, said
        for row in world.tables.of(model):
            if str(row["id"]) not in keys:
                assert read(client, f"/{address}/{row['id']}").status == 404, said
    chance = random.Random(f"{SEED} units {number} {way}")
    there = world.there(world.today)
    reached = sorted(there & world.naive.reach(reader.person, "personal") & world.with_members(world.today))
    units = {chance.choice(sorted(there))}
    for unit in chance.sample(reached, min(len(reached), 1)):
        units |= {unit, *world.tables.above(unit)}
    for unit in units:
        page = read(client, f"/unit/{world.units[unit]}")
        assert not world.leaks(page, reader), said
        counted(page, world.units[unit], reader, world, way)
    if FULL or way == WAYS[0]:
        counted(read(client, "/"), "", reader, world, way)


def counted(page: Page, unit: str, reader: Reader, world: World, way: str) -> None:
    """Members are counted whole, or else not at all; where the database alone decides, only those it shows."""
    whole = reader if way == WAYS[1] else world.everybody
    found = page.counts("members", unit)
    for code, number in found.items():
        rows = whole.beneath(SCREENS["members"], world.by_code[code])
        assert number == len(rows), f"{code}: {number} of {len(rows)} members"
    personal = world.naive.reach(reader.person, "personal")
    if unit and world.tables.ever_beneath(world.by_code[unit]) <= personal and way == WAYS[0]:
        assert found or not whole.beneath(SCREENS["members"], world.by_code[unit]), f"{unit}: members are missing"


@readers(7)
def test_figures_and_their_records_are_whole_or_refused(number: int, way: str, world: World):
    reader, client = world.reader(number if FULL else world.acting(number))
    chance = random.Random(f"{SEED} figures {number} {way}")
    reached = world.naive.reach(reader.person, "internal")
    for day in (world.today, THEN):
        there = world.there(day)
        near = sorted(there & reached)
        near = chance.sample(near, min(len(near), 40))
        torn = [unit for unit in near if not world.tables.ever_beneath(unit) <= reached]
        for unit in {chance.choice(sorted(there)), *near[:1], *torn[:1]}:
            book = chance.choice(reports.books(profile()))
            parts = reports.pages(profile(), book, world.units[unit])
            line = chance.choice([line for part in parts for chapter in part.chapters for line in chapter.figures])
            figure(
                f"/report/{book}/{world.units[unit]}/{line.id}", day, unit, line.indicator, reader, client, world, way
            )


def test_a_figure_of_which_a_part_lies_elsewhere_today_is_not_counted_short(world: World):
    """Of units that ended or lost some of what lay beneath them, to readers who have them and not that part."""
    met = 0
    for number in random.Random(f"{SEED} torn").sample(range(NUMBER), NUMBER):
        person = world.people[world.identities[number].code]
        held = {unit for unit, _ in world.naive.roles(person)} & world.there(THEN)
        held -= world.naive.reach(person, "counts")
        reached = world.naive.reach(person, "personal") if held else set()
        for unit in sorted(held & reached):
            if world.lost(unit, THEN, reached):
                reader, client = world.reader(number)
                address = f"/report/term/{world.units[unit]}/members"
                assert read(client, address, on=str(THEN)).status == 409, world.identities[number]
                figure(address, THEN, unit, "members", reader, client, world, WAYS[0])
                met += 1
        if met >= (20 if FULL else 2):
            break
    assert met


def figure(
    address: str, day: dt.date, unit: int, indicator: str, reader: Reader, client: Client, world: World, way: str
) -> None:
    """The page of a figure is the one that everybody else has, down to its records, or refused; never short. Of whoever
    may only count it has the same total, and no record that they may not read.
    """
    whole, page = (list(turned(one, address, on=str(day))) for one in (world.browser, client))
    said = f"{world.naive.own(reader.person)}, {way}: {address} on {day}"
    assert whole[0].status in (200, 404), said
    if whole[0].status == 404:
        assert page[0].status == 404, said
        return
    facts = {fact for part in whole for fact in part.facts}
    mine = {fact for part in page for fact in part.facts}
    seen = {(kind, fact) for kind, fact in facts if world.version(kind, fact) in reader.sees(world.kinds[kind])}
    assert not any(world.leaks(part, reader) for part in page), said
    if way == WAYS[1]:
        assert page[0].status == 200
        assert mine <= seen, said
        if not any(measure.condition for measure in measures(indicator)):
            assert mine == seen, said
        return
    levels = {"internal", *("personal" for measure in measures(indicator) if level(measure.model) == PERSONAL)}
    reaches = [world.naive.reach(reader.person, what) for what in levels]
    if page[0].status == 200 and [part.main for part in page] != [part.main for part in whole]:
        assert unit in world.naive.reach(reader.person, "counts"), said
        assert VALUE.search(page[0].main)[1] == VALUE.search(whole[0].main)[1], said
        assert mine <= seen, said
    elif page[0].status == 200:
        assert mine == seen == facts, said
        assert all(unit in reach for reach in reaches), said
    else:
        assert page[0].status == 409, said
        assert not all(world.tables.ever_beneath(unit) <= reach for reach in reaches), f"{said} is refused"
