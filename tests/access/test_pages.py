"""Pages show each reader what lies within reach, nobody what a reader before them saw, and everybody their own."""

import datetime as dt
import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from canbo.access.authority import operator
from canbo.kernel.database import Database
from canbo.registry.ledger import Paper, apply
from canbo.registry.mandates.models import Mandate
from canbo.registry.membership.models import Membership
from canbo.registry.service.models import Incumbency
from tests.signing_in import account_of, signed_in

pytestmark = pytest.mark.database

PROVINCE, ELSEWHERE = "dien-bien", "lam-dong"
As = Callable[[str], Client]


@pytest.fixture
def reader(small_sample: Database) -> As:
    """`reader(code)`: the pages in English, read by that person."""

    def signed(person: str) -> Client:
        client = signed_in(Client(), person)
        client.cookies["django_language"] = "en"
        return client

    return signed


@pytest.fixture
def organiser(small_sample: Database) -> str:
    """Who keeps the files of the province."""
    held = Mandate.objects.filter(unit__code=f"{PROVINCE}.party", role="organiser", valid__upper_inf=True)
    return held.order_by("fact").values_list("person__code", flat=True)[0]


@pytest.fixture
def villager(small_sample: Database) -> str:
    """Who holds a post that gives no role."""
    held = Incumbency.objects.filter(post__code__endswith=".board.head", unit__code__startswith=PROVINCE)
    return held.order_by("fact").values_list("person__code", flat=True)[0]


def main_of(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    page = answer.content.decode()
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page[page.index("<main") :])).split())


def rows(client: Client, name: str, narrowed: str = "") -> int:
    """How many rows a list says it has."""
    found = re.search(r"([\d,]+) rows?", main_of(client, f"/list/{name}{narrowed}"))
    return int(found[1].replace(",", "")) if found else 0


def test_an_officer_reads_the_province_and_nothing_of_another(reader: As, organiser: str):
    all_of_it, mine = signed_in(Client()), reader(organiser)
    all_of_it.cookies["django_language"] = "en"
    whole = rows(all_of_it, "members", f"?unit={PROVINCE}")
    assert rows(mine, "members") == rows(mine, "members", f"?unit={PROVINCE}") == whole > 500
    assert rows(mine, "members", f"?unit={ELSEWHERE}") == 0 < rows(all_of_it, "members", f"?unit={ELSEWHERE}")
    stranger = Membership.objects.filter(unit__code__startswith=ELSEWHERE).values_list("person__code", flat=True)[0]
    assert "There is nothing with the code" in main_of(mine, f"/person/{stranger}", 404)
    assert stranger in main_of(all_of_it, f"/person/{stranger}")


def test_figures_beyond_reach_are_refused_and_not_counted_short(reader: As, organiser: str):
    mine = reader(organiser)
    assert "1.1 Members" in main_of(mine, f"/report/term/{PROVINCE}?on=2024-05-01")
    for address in (f"/report/term/{ELSEWHERE}", f"/report/term/{ELSEWHERE}/members", f"/unit/{ELSEWHERE}"):
        told = main_of(mine, address, 200 if address.startswith("/unit") else 409)
        assert ("not within your reach" in told) is not address.startswith("/unit")


def test_a_list_is_never_as_long_as_for_the_reader_before(reader: As, organiser: str, villager: str):
    before, after = reader(organiser), reader(villager)
    for name in ("members", "persons", "incumbencies"):
        assert rows(before, name) > rows(after, name) == 0, name
    assert "You act for no unit today" in main_of(after, "/")
    assert "You act for no unit today" not in main_of(before, "/")


def test_everybody_reads_their_own_record_with_its_reasons_and_no_other(reader: As, villager: str, organiser: str):
    mine = reader(villager)
    name = main_of(mine, "/me")
    assert villager in name
    page = mine.get("/me").content.decode()
    reasons = {unescape(found) for found in re.findall(r'href="(/why/[^"]+)"', page)}
    assert reasons
    for address in reasons:
        assert "file=me" in address
        main_of(mine, address)
        main_of(mine, address.replace("?file=me", "").replace("&file=me", ""), 404)
        main_of(mine, address.replace("file=me", f"file={organiser}"), 404)
    main_of(mine, f"/person/{organiser}", 404)


def test_the_subject_sees_who_read_the_file(reader: As, villager: str, organiser: str):
    mine, officer = reader(villager), account_of(organiser).login
    before = main_of(mine, "/me").count(officer)
    main_of(reader(organiser), f"/person/{villager}")
    assert main_of(mine, "/me").count(officer) == before + 1


def test_a_file_goes_with_its_person_and_whoever_keeps_a_part_sees_that_part(reader: As, organiser: str):
    """Somebody of the province is proposed for a post in another one: there only that is seen."""
    person = Membership.objects.filter(unit__code__startswith=PROVINCE, valid__upper_inf=True).order_by("fact")
    code = person.values_list("person__code", flat=True)[3]
    there = Mandate.objects.filter(unit__code=f"{ELSEWHERE}.party", role="organiser", valid__upper_inf=True)
    other = there.order_by("fact").values_list("person__code", flat=True)[0]
    main_of(reader(other), f"/person/{code}", 404)
    terms = {"unit": f"{ELSEWHERE}.party", "person": code, "on": dt.date(2026, 3, 1)}
    apply(by=operator(), decided_by=Paper(symbol="7-TTr/X", signed_on="2026-03-01"), acts=[("service.nominate", terms)])
    part, whole = main_of(reader(other), f"/person/{code}"), main_of(reader(organiser), f"/person/{code}")
    assert "There may be more in this file" in part
    assert "There may be more in this file" not in whole
    assert "Membership" in whole
    assert "Membership" not in part
