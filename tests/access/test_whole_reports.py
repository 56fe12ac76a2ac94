"""A whole report, its file, a bridge and a frozen report are the ones that everybody else has, or refused: never short.

In the database alone nothing refuses a figure, so it is only looked for leaks there.
"""

import json
import os
import random
import re
from contextlib import closing
from typing import Any

import pytest
from django.test import Client

from canbo.access.authority import operator
from canbo.kernel.profile import profile
from canbo.reports import book as reports
from canbo.reports.freeze import FrozenReport, freeze
from tests.access.identities import NUMBER
from tests.access.pages import Page, read
from tests.access.plain import Reader
from tests.access.test_screens import THEN
from tests.access.world import SEED, WAYS, World, switched_off

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("small_sample")]

FULL = bool(os.environ.get("CANBO_TEST_FULL"))
ASKED = range(NUMBER) if FULL else sorted(random.Random(f"{SEED} whole").sample(range(NUMBER), 8))
MORE = '<section class="report-more">'
"""What follows is of other reports."""
CELL = re.compile(r"<td[^>]*>([^<]*)")
BAR = re.compile(r'<tr><th scope="row"[^>]*>([^<]*)</th>(.*?)</tr>', re.DOTALL)
PICTURE = re.compile(r'<figure class="picture".*?</figure>', re.DOTALL)
PROVINCES = ("dien-bien", "nghe-an")


@pytest.fixture(scope="module", autouse=True)
def frozen(world: World) -> list[FrozenReport]:
    """Reports of some units, signed off: of provinces, and for some readers of one within their reach."""
    chance, some = random.Random(f"{SEED} frozen"), set()
    for number in ASKED[:6]:
        person = world.people[world.identities[world.acting(number)].code]
        near = sorted(world.there(THEN) & world.naive.reach(person, "internal"))
        some |= set(chance.sample(near, min(len(near), 1)))
    kept = []
    for code in [*PROVINCES, *sorted(world.units[unit] for unit in some)]:
        made = reports.report("year", code, THEN)
        kept.append(freeze(made, by=operator(), explained=dict.fromkeys(made.gaps(), "a fiftieth of the people")))
    return kept


def units(number: int, reader: Reader, world: World) -> set[int]:
    """Some that were there in 2024: any one, one within reach, and one of which a part lies elsewhere today."""
    chance = random.Random(f"{SEED} whole {number}")
    there, reached = world.there(THEN), world.naive.reach(reader.person, "internal")
    near = sorted(there & reached)
    near = chance.sample(near, min(len(near), 40))
    torn = [unit for unit in near if not world.tables.ever_beneath(unit) <= reached]
    return {chance.choice(sorted(there)), *near[:1], *torn[:1]}


def covered(reader: Reader, unit: int, world: World) -> bool:
    """Does all that ever lay beneath a unit lie within reach today?"""
    beneath = world.tables.ever_beneath(unit)
    return all(beneath <= world.naive.reach(reader.person, what) for what in ("internal", "personal"))


def drawn(main: str) -> list[dict[str, list[str]]]:
    """What each bar of each picture stands for. What a single year is held against comes last, and may be left out."""
    return [{bar: CELL.findall(cells) for bar, cells in BAR.findall(one)} for one in PICTURE.findall(main)]


def told(said: str, page: Page, whole: Page, reader: Reader, unit: int, world: World) -> None:
    """The same page, or the same figures to whoever may count them, or a refusal to whoever does not reach all."""
    assert not world.leaks(page, reader), said
    if covered(reader, unit, world):
        assert page.status == whole.status, said
        assert page.main.partition(MORE)[0] == whole.main.partition(MORE)[0], said
    elif page.status == 200:
        ours, theirs = (one.main.partition(MORE)[0] for one in (page, whole))
        assert CELL.findall(PICTURE.sub("", ours)) == CELL.findall(PICTURE.sub("", theirs)), f"{said} is counted short"
        for picture, whole_picture in zip(drawn(ours), drawn(theirs), strict=True):
            for bar, values in whole_picture.items():
                found = picture.pop(bar, values[:1] if values[0] == "0" else [])
                assert found, f"{said} is drawn short"
                assert found == values[: len(found)], f"{said} is drawn otherwise"
            assert not picture, f"{said} draws more"
    else:
        assert page.status in {409, whole.status}, said


@pytest.mark.parametrize("number", ASKED)
def test_a_whole_report_and_its_file_are_what_everybody_has_or_refused(number: int, world: World):
    reader, client = world.reader(number if FULL else world.acting(number))
    for unit in units(number, reader, world):
        for book in reports.books(profile()):
            at, day = f"{book}/{world.units[unit]}", str(THEN)
            said = f"{world.naive.own(reader.person)}: {at}"
            whole, page = (read(one, f"/report/{at}", on=day) for one in (world.browser, client))
            told(said, page, whole, reader, unit, world)
            if whole.status == 200:
                status, file = taken(client, f"/file/json/en/{at}", day)
                assert status == page.status, said
                if status == 200:
                    _, all_of_it = taken(world.browser, f"/file/json/en/{at}", day)
                    assert file == all_of_it, said


def taken(client: Client, address: str, day: str) -> tuple[int, Any]:
    """A file of a report, read again."""
    with closing(client.get(address, {"on": day})) as answer:
        return answer.status_code, json.loads(answer.content) if answer.status_code == 200 else None


@pytest.mark.parametrize("number", ASKED)
def test_a_bridge_is_what_everybody_has_or_refused(number: int, world: World):
    reader, client = world.reader(number if FULL else world.acting(number))
    said = {"on": str(world.today), "from": str(THEN), "book": "term", "figure": "members"}
    for unit in units(number, reader, world):
        address = f"/bridge/members/{world.units[unit]}"
        whole, page = (read(one, address, **said) for one in (world.browser, client))
        told(f"{world.naive.own(reader.person)}: {address}", page, whole, reader, unit, world)


def test_a_frozen_report_is_read_as_it_was_by_whoever_reads_its_unit(world: World, frozen: list[FrozenReport]):
    met = set()
    for number in ASKED:
        reader, client = world.reader(world.acting(number))
        mine = world.naive.reach(reader.person, "internal")
        for report in frozen:
            whole, page = (read(one, f"/frozen/{report.pk}") for one in (world.browser, client))
            said = f"{world.naive.own(reader.person)}: {report.unit}"
            assert page.status == (200 if report.unit_id in mine else 404), said
            assert not world.leaks(page, reader), said
            if page.status == 200:
                assert CELL.findall(page.main) == CELL.findall(whole.main), said
            met.add(page.status)
    assert met == {200, 404}


def test_with_the_database_alone_no_report_names_what_may_not_be_seen(world: World, monkeypatch: pytest.MonkeyPatch):
    switched_off(monkeypatch)
    for number in ASKED:
        reader, client = world.reader(number)
        for unit in units(number, reader, world):
            page = read(client, f"/report/term/{world.units[unit]}", on=str(THEN))
            assert not world.leaks(page, reader), f"{world.naive.own(reader.person)}, {WAYS[1]}: {world.units[unit]}"
