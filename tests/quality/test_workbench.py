"""The pages of the workbench, its queues and its command say the same, in each language, to whoever has the reach."""

import csv
import io
import os
import random
import re
from contextlib import closing
from functools import cache
from html import unescape

import pytest
from django.test import Client

from canbo.kernel.profile import profile
from canbo.registry.facts import Person
from canbo.reports.quality.rule import rules
from tests.acceptance.commands import here
from tests.access.pages import client_of
from tests.signing_in import signed_in

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("everything")]

FULL, SEED = bool(os.environ.get("CANBO_TEST_FULL")), os.environ.get("CANBO_TEST_SEED", "0")
ON = "on=2026-06-01"
FIRST, AGAIN, QUEUE = 54, 20, 16
"""Questions to the database: of a page asked for the first time, with four days before it; again; and of a list."""
QUEUED = re.compile(r'([^<>]+): <a href="(/list/[^"]+)">([\d,.]+)</a>')


@pytest.fixture
def visitor(where: dict[str, str]) -> Client:
    """Reads everything, in English."""
    client = signed_in(Client())
    client.cookies["django_language"] = "en"
    return client


def main(client: Client, address: str, status: int = 200) -> str:
    """What a page says between its frames."""
    answer = client.get(address)
    assert answer.status_code == status, address
    return unescape(re.search(r"<main.*</main>", answer.content.decode(), re.S)[0])


def plain(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


@cache
def told(unit: str, *more: str) -> dict:
    """What the command says of a unit."""
    said = here("quality", "--unit", unit, "--on", "2026-06-01", *more, "--json")
    assert said.code == 0, said.err
    return said.json


def test_the_page_answers_within_its_budget(visitor: Client, asks):
    address = f"/quality?unit=dien-bien&{ON}"
    assert asks(visitor, address) <= FIRST
    assert asks(visitor, address) <= AGAIN
    assert asks(visitor, f"/list/members?unit=dien-bien&finding=stage-long&{ON}") <= QUEUE
    assert len(visitor.get(address).content) < 60_000


def test_each_number_leads_to_the_list_of_exactly_these_records(visitor: Client, where: dict[str, str]):
    page, said = main(visitor, f"/quality?unit={where['over']}&{ON}"), told(where["over"])
    queues = [(address, int(number.replace(",", ""))) for _, address, number in QUEUED.findall(page)]
    assert sum(many for _, many in queues) == sum(sum(rule["found"].values()) for rule in said["rules"]) > 20
    assert len(queues) > 8
    for address, many in queues if FULL else random.Random(SEED).sample(queues, 4):
        listed = main(visitor, address)
        assert int(re.search(r'role="status">([\d,]+) row', listed)[1].replace(",", "")) == many, address
        assert f'href="/quality?unit={where["over"]}&{ON}"' in listed
        (finding,) = re.findall(r"finding=([a-z-]+)", address)
        assert f'name="finding" value="{finding}"' in listed
        with closing(visitor.get(address.replace("?", "/export.csv?"))) as file:
            text = b"".join(file.streaming_content).decode("utf-8-sig")
        assert len(list(csv.reader(io.StringIO(text)))) == many + 2, address  # the heading and the anchor


def test_a_queue_can_be_narrowed_and_taken_along_to_be_mended(visitor: Client, where: dict[str, str]):
    address = f"/list/persons?finding=same-person&unit={where['cell']}&{ON}"
    assert re.findall(r"Vừ A H\S+?(?=<)", main(visitor, address)) == ["Vừ A Hàng", "Vừ A Hạng", "Vừ A Hạng"]
    assert "Nothing is on this list" in main(visitor, f"{address}&q=nobody")
    with closing(visitor.get(address.replace("?", "/export.exchange.csv?"))) as file:
        lines = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()
    assert sum("q.one" in line or "q.other" in line for line in lines) == 2
    assert "known are: birthday" in plain(main(visitor, "/list/persons?finding=stage-long", 404))
    assert "known are: –" in plain(main(visitor, "/list/goals?finding=birthday", 404))


def test_the_page_says_what_the_command_says(visitor: Client, where: dict[str, str]):
    said = told("dien-bien")
    page = main(visitor, f"/quality?unit=dien-bien&{ON}")
    assert f"{said['score']:.1%} of {said['records']:,} records" in plain(page)
    assert all(f"{then['score']:.1%}" in page for then in said["before"])
    assert [then["on"] for then in said["before"]] == ["2025-06-30", "2025-09-30", "2025-12-31", "2026-03-31"]
    rows = re.findall(r'<th scope="row"><a href="/quality\?unit=([^&"]+).*?</th>(.*?)</tr>', page)
    worst = sorted((one for one in said["units"] if one["score"] is not None), key=lambda one: one["score"])
    numbers = {unit: re.findall(r'"number">([^<]*)<', cells) for unit, cells in rows}
    for one in (one for one in said["units"] if one["unit"] in numbers):
        share = ["–", "–"] if one["score"] is None else [f"{one['flawed']:,}", f"{one['score']:.1%}"]
        assert numbers[one["unit"]] == [f"{one['records']:,}", *share], one
    assert rows[0][0] == worst[0]["unit"]
    assert len(rows) == min(50, len(said["units"]))
    opened = told(worst[0]["unit"])
    assert (opened["records"], opened["flawed"]) == (worst[0]["records"], worst[0]["flawed"])
    owners = {rule["owner"] for rule in said["rules"]}
    assert owners == {"organiser", "employer", "cell-head"}


def test_the_command_lists_the_records_of_a_rule_and_names_what_it_does_not_know(where: dict[str, str]):
    said = told(where["cell"], "--rule", "birthday")
    (rule,) = (one for one in said["rules"] if one["rule"] == "birthday")
    assert rule["found"] == {"particulars": len(said["findings"])}
    assert {one["kind"] for one in said["findings"]} == {"particulars"}
    refused = here("quality", "--unit", where["cell"], "--rule", "birthdate")
    assert refused.code == 2
    assert "known are: birthday, leaderless" in refused.err
    everything = here("quality", "--json").json
    assert everything["records"] > said["records"]
    assert (everything["unit"], everything["units"]) == ("", [])
    lines = here("quality", "--unit", where["cell"]).out.splitlines()
    assert lines[0].startswith(where["cell"])
    assert any("Thiếu ngày sinh [birthday, warning, organiser]" in line for line in lines)


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Date of birth missing"), ("vi", "Thiếu ngày sinh"), ("de", "Geburtsdatum fehlt")],
)
def test_the_page_speaks_the_languages_of_the_profile(visitor: Client, language: str, words: str):
    page = main(visitor, f"/quality?{ON}&lang={language}")
    assert words in page
    assert all(profile().word(f"mandate_role.{rule.owner}", language).lower() in page.lower() for rule in rules())


def test_whoever_reads_no_unit_has_no_workbench_and_others_have_theirs(where: dict[str, str]):
    nothing, cell, numbers = (
        client_of(Person.objects.get(code=f"q.reads.{name}").pk) for name in ("nothing", "cell", "numbers")
    )
    offered = ['href="/quality"' in client.get("/me").content.decode() for client in (nothing, cell, numbers)]
    assert offered == [False, True, True]
    assert "no records of this day within your reach" in plain(main(nothing, "/quality"))
    assert "not within your reach" in plain(main(cell, f"/quality?unit={where['over']}", 409))
    own = plain(main(cell, f"/quality?unit={where['cell']}&{ON}"))
    assert re.search(r"Date of birth missing Particulars ?: 1", own)
    page = plain(main(numbers, f"/quality?unit={where['over']}&{ON}"))
    assert re.search(r"Facts about people in \d+ units lie beyond your reach", page)
    assert "Membership:" not in page
    assert "q.unborn" not in main(numbers, f"/list/persons?finding=birthday&{ON}")


def test_a_share_of_a_unit_with_too_few_people_is_not_told(visitor: Client, where: dict[str, str]):
    said = told(where["over"])
    few = {one["unit"] for one in said["units"] if one["records"] and one["score"] is None}
    assert few
    for one in said["units"]:
        assert (one["flawed"] is None) == (one["score"] is None)
    page = plain(main(visitor, f"/quality?unit={min(few)}&{ON}"))
    assert "%" not in page.partition("At the end")[0]
    assert "too few people" in page
