"""Pages and command by which two records become one: candidates, side by side, preview, merge, undo, told apart."""

import os
import random
import re
from html import unescape

import pytest
from django.test import Client

from canbo.kernel.database import Database
from canbo.kernel.models import Audit
from canbo.registry.facts import Decision, Person
from canbo.registry.membership.models import Membership
from tests.acceptance.commands import here
from tests.access.pages import client_of
from tests.quality.test_workbench import main, plain
from tests.quality.twins import FORMER, KEPT, current, decide, places, register, twins
from tests.signing_in import signed_in

pytestmark = pytest.mark.database

PAIR = f"/quality/pairs/{KEPT}/{FORMER}"
LISTED = f'href="/quality/pairs/{FORMER}/{KEPT}"'
SPOKEN = [("vi", "Đặt cạnh nhau"), ("de", "Nebeneinander"), ("en", "Side by side")]
if not os.environ.get("CANBO_TEST_FULL"):  # else one of them: another with each seed
    SPOKEN = [random.Random(os.environ.get("CANBO_TEST_SEED", "0")).choice(SPOKEN)]
SAID = {"reason": "one birth certificate", "signed_on": "2026-06-01", "symbol": "7/QĐ-pairs"}


@pytest.fixture(scope="module")
def where(small_sample: Database) -> dict[str, str]:
    """The two, both of them members, and an officer who reaches neither."""
    found = places()
    member = {"on": "2018-02-01", "person": FORMER, "unit": found["other"], "stage": "official"}
    decide("1", *twins(found), ("membership.admit", member))
    decide("2", register("t.officer", found["far"], name="Sùng Thị Mỷ"))
    decide(
        "3", ("mandate.give", {"on": "2020-01-01", "person": "t.officer", "unit": found["far"], "role": "organiser"})
    )
    return found


@pytest.fixture
def visitor(where: dict[str, str]) -> Client:
    """Reads everything, in English."""
    client = signed_in(Client())
    client.cookies["django_language"] = "en"
    return client


def post(client: Client, step: str, **more: str) -> tuple[int, str, str]:
    """What a step answers: the status, where it leads, and what stands on the page."""
    answer = client.post(PAIR, {"step": step} | SAID | more)
    return answer.status_code, answer.headers.get("Location", ""), plain(unescape(answer.content.decode()))


def choices(page: str) -> dict[str, str]:
    """What the form would send for clashes: what is chosen of each."""
    found = re.findall(r'name="(way\.[^"]+)" value="(\w+)"( checked)?', page)
    return {name: value for name, value, chosen in found if chosen}


def test_a_pair_is_found_compared_tried_merged_found_under_both_numbers_and_undone(visitor: Client):
    before, decisions = current(), Decision.objects.count()
    assert LISTED in main(visitor, "/quality/pairs")
    assert 'href="/quality/pairs"' in main(visitor, "/quality")
    page = main(visitor, PAIR)
    assert "Membership: cannot be so at once" in plain(page)
    assert "Giàng A Sinh" in page
    assert "Giàng A Sính" in page
    status, _, said = post(visitor, "preview", **choices(page))
    assert (status, "say which of these goes on: membership" in said) == (409, True)
    (asked_for,) = set(re.findall(r'name="(way\.membership[^"]+)"', page))
    sent = choices(page) | {asked_for: "after"}
    status, _, said = post(visitor, "preview", **sent)
    assert status == 200
    assert "Nothing is written yet. The merge would write 7 records and set 0 aside." in said
    assert (current(), Decision.objects.count()) == (before, decisions)
    status, there, _ = post(visitor, "merge", **sent)
    assert (status, Decision.objects.count()) == (302, decisions + 1)
    _found_under_both(visitor)
    assert LISTED not in main(visitor, "/quality/pairs")
    assert visitor.post(there, {"reason": "they are two"}).status_code == 302
    assert current() == before
    assert LISTED in main(visitor, "/quality/pairs")


def _found_under_both(visitor: Client) -> None:
    old = Decision.objects.order_by("-applied_at").values_list("applied_at", flat=True)[1]
    assert visitor.get(f"/person/{FORMER}").headers["Location"] == f"/person/{KEPT}"
    page = main(visitor, f"/person/{KEPT}")
    assert "Training completed" in page
    assert FORMER in page
    assert Membership.objects.filter(person__code=KEPT, recorded__upper_inf=True).count() == 2
    then = visitor.get(f"/person/{FORMER}", {"known": old.isoformat()})
    assert "Giàng A Sinh" in then.content.decode()
    assert "leads to t1.kept already" in main(visitor, PAIR, 409)
    assert (
        Audit.objects.using("owner").filter(kind="list", about__contains=[Person.objects.get(code=FORMER).pk]).exists()
    )
    found = visitor.get("/search", {"q": FORMER}).content.decode()
    assert f"/person/{KEPT}" in found


def test_two_who_were_told_apart_do_not_come_back_until_that_is_undone(visitor: Client):
    status, there, _ = post(visitor, "apart", symbol="8/QĐ-pairs")
    assert status == 302
    assert LISTED not in main(visitor, "/quality/pairs")
    assert visitor.post(there, {"reason": "one after all"}).status_code == 302
    assert LISTED in main(visitor, "/quality/pairs")


def test_nobody_is_offered_or_shown_a_record_beyond_their_reach(where: dict[str, str]):
    near = client_of(Person.objects.get(code="t.officer").pk)
    assert LISTED not in main(near, "/quality/pairs")
    main(near, PAIR, 404)
    before = current()
    answer = near.post(PAIR, {"step": "merge"} | SAID)
    assert answer.status_code == 404
    assert current() == before


def test_the_command_tries_and_merges_and_the_decision_is_annulled(where: dict[str, str]):
    before = current()
    said = ("merge", KEPT, FORMER, "--reason", "one birth certificate", "--json")
    refused = here(*said)
    assert refused.code != 0
    member = re.search(r"membership \d+ – (membership \d+)", refused.err)[1]
    tried = here(*said, "--aside", member, "--preview")
    assert (tried.json["preview"], tried.json["aside"]) == (True, [member])
    assert current() == before
    done = here(*said, "--aside", member, "--take", "name")
    assert done.code == 0, done.err
    assert done.json["acts"][-1] == "person.merge"
    assert here("merge", KEPT, FORMER, "--reason", "again").code != 0
    assert here("annul", done.json["decision"], "--reason", "they are two").code == 0
    assert current() == before


@pytest.mark.parametrize(("language", "words"), SPOKEN)
def test_the_pages_speak_the_languages_of_the_profile(visitor: Client, language: str, words: str):
    assert words in main(visitor, f"/quality/pairs?lang={language}")
    assert words in main(visitor, f"{PAIR}?lang={language}")
