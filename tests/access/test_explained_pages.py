"""The pages that say why: who can see a record, and what it takes to do what somebody may not."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from canbo.kernel.database import Database
from canbo.registry.mandates.models import Mandate
from canbo.registry.membership.models import Membership
from canbo.registry.people.models import Particulars

pytestmark = pytest.mark.database

PROVINCE, ELSEWHERE = "dien-bien", "lam-dong"
BUDGET = 24
"""Questions to the database for the page, its frame among them."""


@pytest.fixture
def member(small_sample: Database) -> Membership:
    """Somebody's membership in a cell of the province."""
    held = Membership.objects.filter(unit__code__startswith=PROVINCE, valid__upper_inf=True, recorded__upper_inf=True)
    return held.select_related("person").order_by("fact")[5]


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def lines(client: Client, address: str) -> list[str]:
    """What the table of a page says, line by line."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return [words(line) for line in re.findall(r"<tr>.*?</tr>", answer.content.decode(), re.DOTALL)[1:]]


def name_of(person: str) -> str:
    found = Particulars.objects.filter(person__code=person, recorded__upper_inf=True)
    return found.latest("valid").name


def test_the_page_of_a_record_leads_to_who_can_see_it(reader, organiser, member):
    mine = reader(organiser)
    for kind, key in (("person", member.person.code), ("record/membership", member.fact), ("unit", PROVINCE)):
        page = mine.get(f"/{kind}/{key}").content.decode()
        target = f"/readers/{kind.removeprefix('record/')}/{key}"
        assert f'href="{target}' in page, kind
        assert mine.get(target).status_code == 200


def test_an_officer_is_named_with_role_unit_decision_and_way(reader, organiser, member):
    said = lines(reader(organiser), f"/readers/membership/{member.fact}")
    assert "it is about themselves" in said[0].lower()
    assert name_of(member.person.code) in said[0]
    (own,) = [line for line in said if name_of(organiser) in line]
    for wanted in ("Officer of an organising department", "Mandate", "Why?", "lies under", "the whole file"):
        assert wanted in own
    mandate = Mandate.objects.filter(person__code=organiser, role="organiser", recorded__upper_inf=True).first()
    assert mandate.opened_by.decision.symbol in own


def test_of_those_beyond_sight_the_role_is_said_and_no_name(reader, villager, organiser):
    mine = reader(villager)
    said = lines(mine, f"/readers/person/{villager}?file=me")
    assert name_of(villager) in said[0]
    others = said[1:]
    assert others
    assert all(line.startswith("somebody beyond your reach") for line in others)
    assert any("Officer of an organising department" in line for line in others)
    assert name_of(organiser) not in " ".join(said)
    for hidden in (villager, organiser, f"{organiser}?file=me"):
        assert mine.get(f"/readers/person/{hidden}").status_code == 404


def test_what_is_about_no_person_is_read_by_whoever_is_signed_in(reader, villager):
    for address in ("/readers/unit/dien-bien", "/readers/unit/lam-dong"):
        assert "Whoever is signed in" in words(reader(villager).get(address).content.decode())
    assert reader(villager).get("/readers/nothing/1").status_code == 404


def test_the_page_asks_little(reader, organiser, member):
    mine = reader(organiser)
    for address in (f"/readers/person/{member.person.code}", f"/readers/membership/{member.fact}"):
        with CaptureQueriesContext(connection) as asked:
            mine.get(address)
        assert len(asked.captured_queries) <= BUDGET, [query["sql"][:90] for query in asked.captured_queries]


def test_a_report_that_one_may_not_open_is_a_button_that_says_what_it_takes(reader, organiser, villager):
    mine = reader(organiser)
    page = mine.get(f"/unit/{ELSEWHERE}").content.decode()
    assert f'href="/report/term/{ELSEWHERE}"' not in page
    buttons = re.findall(r'<button type="button" disabled aria-describedby="no-reports">', page)
    reason = words(re.search(r'<p id="no-reports"[^>]*>(.*?)</p>', page)[1])
    assert len(buttons) == len(re.findall(r'href="/report/\w', mine.get(f"/unit/{PROVINCE}").content.decode())) > 1
    assert reason.startswith("It takes the role head of a body or officer of an organising department or")
    assert "Who has it: officer of an organising department of" in reason
    abroad = Mandate.objects.filter(unit__code=f"{ELSEWHERE}.party", role="organiser", recorded__upper_inf=True)
    assert name_of(abroad.first().person.code) not in page
    own = reader(villager).get(f"/unit/{PROVINCE}").content.decode()
    assert "disabled" in own
    assert mine.get(f"/report/term/{ELSEWHERE}").status_code == 409
    assert "disabled" not in mine.get(f"/unit/{PROVINCE}").content.decode()
