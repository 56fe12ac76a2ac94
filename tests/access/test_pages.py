"""Pages show each reader what lies within reach, nobody what a reader before them saw, and everybody their own."""

import contextvars
import datetime as dt
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.urls import resolve

from canbo.access import identity
from canbo.access.authority import operator
from canbo.config import start
from canbo.kernel.database import Database
from canbo.kernel.screen import SCREENS
from canbo.registry.facts import Decision
from canbo.registry.ledger import Paper, apply
from canbo.registry.mandates.models import Mandate
from canbo.registry.membership.models import Membership
from canbo.registry.service.models import Incumbency
from canbo.reports.question import latest_known
from canbo.web import asof
from canbo.web.asof import AsOf
from canbo.web.generic.views import begun
from canbo.web.signin.middleware import SignedIn
from tests.acceptance.commands import Said, here
from tests.access.pages import exported, main_of, read
from tests.access.world import switched_off
from tests.signing_in import account_of, signed_in

pytestmark = pytest.mark.database

PROVINCE, ELSEWHERE = "dien-bien", "lam-dong"
THEN = dt.date(2024, 5, 1)
As = Callable[[str], Client]


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


def test_a_report_of_2024_is_after_a_merger_of_2025_what_it_was_before(reader: As, organiser: str):
    """To the last cell, for whoever works for the province, and for who keeps what the unit that ended has left."""
    members = Membership.objects.asof(THEN, latest_known()).filter(valid__upper_inf=True).order_by("unit", "fact")
    members = members.filter(unit__code__startswith=f"{PROVINCE}.").distinct("unit")
    (old, before), (new, after) = pair = members.values_list("unit__code", "person__code")[:2]
    given = [
        ("mandate.give", {"unit": unit, "person": person, "role": "cell-head", "on": THEN}) for unit, person in pair
    ]
    apply(by=operator(), decided_by=Paper(symbol="7-QĐ/X", signed_on=THEN), acts=given)
    of_all, of_old = f"/report/term/{PROVINCE}", f"/report/term/{old}"
    made = [read(reader(who), address, on=str(THEN)) for address, who in ((of_all, organiser), (of_old, before))]
    assert [page.status for page in made] == [200, 200]
    assert read(reader(after), of_old, on=str(THEN)).status == 409
    terms = {"unit": old, "into": new, "on": dt.date(2025, 8, 1)}
    paper = Paper(symbol="8-QĐ/X", signed_on="2025-08-01")
    apply(by=operator(), decided_by=paper, acts=[("organisation.merge", terms)])
    again = [read(reader(who), address, on=str(THEN)) for address, who in ((of_all, organiser), (of_old, after))]
    assert [page.rows for page in again] == [page.rows for page in made]
    assert len(made[0].rows) > len(made[1].rows) > 10


def addresses() -> list[str]:
    """A page of each kind, and every list with its files."""
    person, fact = Membership.objects.order_by("pk").values_list("person__code", "fact")[0]
    post = Incumbency.objects.order_by("pk").values_list("post__code", flat=True)[0]
    decision = Decision.objects.order_by("pk").values_list("code", flat=True)[0]
    things = (
        f"person/{person}", f"record/membership/{fact}", f"why/membership/{fact}", f"why/person/{person}", "me",
        f"unit/{PROVINCE}", f"post/{post}", f"decision/{decision}", "search?q=nguyen", "", "frozen", "collections",
        *(f"{what}/{PROVINCE}" for what in ("report/term", "file/xlsx/vi/term", "file/json/vi/term")),
        f"report/term/{PROVINCE}/members",
    )  # fmt: skip
    lists = [f"/list/{name}{end}" for name in filter(begun, SCREENS) for end in ("", "/export.csv", "/export.xlsx")]
    return [*lists, *(f"/{address}" for address in things)]


def test_whoever_is_not_signed_in_is_led_to_the_sign_in_from_everywhere(small_sample: Database):
    for address in addresses():
        answer = Client().get(address)
        assert (answer.status_code, answer.content) == (302, b""), address
        assert answer["Location"].startswith("/account/sign-in"), address


@pytest.mark.parametrize("dates", ["asked for", "known"])
def test_with_no_door_before_the_pages_nobody_still_sees_no_row(
    dates: str, small_sample: Database, monkeypatch: pytest.MonkeyPatch
):
    """Without a key the pages do not even learn which day the register knows; told that, they have nothing to show."""
    there, known = addresses(), AsOf(THEN, latest_known())

    def opened(self: Any, request: Any) -> Any:
        request.key, request.actor, request.dateless, request.viewing = b"", ("", None), False, None
        request.match = resolve(request.path_info)
        return self.get_response(request)

    monkeypatch.setattr(SignedIn, "__call__", opened)
    switched_off(monkeypatch)
    if dates == "known":
        monkeypatch.setattr(asof, "read", lambda said: known)
    nobody = Client(raise_request_exception=False)
    shown = set()
    for address in there:
        if dates == "known" and "/export." in address:
            _, _, name, file = address.split("/")
            assert exported(nobody, name, file.partition(".")[2]).total() == 0, address
            continue
        page = read(nobody, address)
        shown.add(page.status)
        assert (page.rows, page.led) == ([], {}), address
        assert not re.search(r"[1-9][0-9]* rows?", page.main), address
    assert shown <= {200, 404, 409, 500}
    assert (200 in shown) is (dates == "known")


def test_a_command_without_a_key_sees_nothing(small_sample: Database, monkeypatch: pytest.MonkeyPatch):
    code = Membership.objects.order_by("pk").values_list("person__code", flat=True)[0]
    commands = (
        ("figure", "members", "--unit", PROVINCE, "--on", str(THEN), "--records"),
        ("report", "term", "--unit", PROVINCE, "--on", str(THEN), "--format", "json"),
        ("unit", PROVINCE, "--on", str(THEN), "--json"),
        ("unit", "--named", "muong"),
        ("why", "person", code),
    )

    def apart(*words: str) -> Said:
        try:
            return here(*words)
        finally:
            connections["default"].close()  # after a browser's tests a context has connections of its own

    def ask(*words: str) -> Said:
        connections["default"].close()
        return contextvars.Context().run(apart, *words)

    told = [ask(*words) for words in commands]
    assert all(said.out for said in told)
    monkeypatch.setattr(start, "command_key", lambda data: b"")
    monkeypatch.setattr(identity, "_process", {})
    try:
        silent = [ask(*words) for words in commands]
    finally:
        connections["default"].close()
    assert [(said.code, said.out) for said in silent] == [(3, "")] * len(commands)
