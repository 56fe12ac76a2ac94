"""Importing on pages a file that is all there is, and the opening balance."""

import csv
import datetime as dt
import os
import random
import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from canbo.kernel.act import ACTIONS
from canbo.kernel.screen import SCREENS
from canbo.registry.facts import Decision
from canbo.registry.membership.models import Membership
from tests.acceptance.commands import here
from tests.web.importing import UNIT, Importer

pytestmark = pytest.mark.database

ON = dt.date(2024, 5, 1)
FULL, SEED = bool(os.environ.get("CANBO_TEST_FULL")), os.environ.get("CANBO_TEST_SEED", "0")
LANGUAGES = ["vi", "de"]
SPOKEN = LANGUAGES if FULL else [random.Random(f"{SEED} whole").choice(LANGUAGES)]
MEMBERS = "/list/members/import"
WHOLE = {"whole_unit": UNIT, "whole_on": ON.isoformat(), "saying.ending": "left"}


@pytest.fixture(autouse=True)
def incoming(tmp_path: Path, settings: Any) -> Path:
    """Where files wait, for one test alone."""
    settings.INCOMING = tmp_path / "incoming"
    return settings.INCOMING


def exported(folder: Path, less: int) -> tuple[Path, list[str]]:
    """The members of a unit without the first ones, and the records of these."""
    file = folder / "members.csv"
    assert here("export", "members", "--unit", UNIT, "--on", ON, "--lang", "en", "--out", file).code == 0
    with file.open(encoding="utf-8-sig", newline="") as text:
        head, names, *rows = csv.reader(text)
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([head, names, *rows[less:]])
    return file, [row[names.index("record")] for row in rows[:less]]


def held(keys: list[str]) -> Any:
    return Membership.objects.filter(fact__in=keys, recorded__upper_inf=True, valid__contains=ON)


def test_what_the_file_does_not_have_is_shown_asked_about_and_ends(visitor: Client, tmp_path: Path):
    file, gone = exported(tmp_path, 9)
    people = set(held(gone).values_list("person_id", flat=True))
    me = Importer(visitor, MEMBERS)
    me.upload(file)
    assert me.numbers[2] == 0, "a file like any ends nothing"
    assert "What the file does not have" not in me.words
    me.send("preview", **WHOLE)
    assert (me.status, me.numbers[2]) == (200, 9)
    codes = held(gone).values_list("person__code", flat=True)
    assert all(code in me.page for code in codes)
    assert "9 are not in the file and would end" in me.words
    assert people <= set(_logged()), "whoever sees their names stands in the log with them"
    me.send("apply", **WHOLE)
    assert (me.status, me.words.count("say how many may end")) == (409, 1)
    me.send("apply", **WHOLE, end_up_to="8")
    assert (me.status, held(gone).count()) == (409, 9)
    me.send("apply", **WHOLE, end_up_to="9", symbol="44-TB/X")
    assert (me.status, me.numbers[2], held(gone).count()) == (200, 9, 0)
    assert visitor.post("/decision/44-TB/X", {"reason": "the wrong month"}).status_code == 302
    assert held(gone).count() == 9, "undone as one"


def _logged() -> list[int]:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT about FROM kernel_audit ORDER BY id DESC LIMIT 1")
        return [key for (about,) in cursor.fetchall() for key in about]


def test_what_is_unsaid_of_it_is_asked_where_it_can_be_said(visitor: Client, tmp_path: Path):
    me = Importer(visitor, MEMBERS)
    me.upload(exported(tmp_path, 2)[0])
    for said, told in (
        ({"saying.ending": ""}, "Say of what the file does not have how it ended"),
        ({"whole_on": ""}, "on which day"),
        ({"whole_on": "May"}, "no day of the calendar"),
        ({"whole_unit": "nowhere"}, "nowhere"),
    ):
        me.send("preview", **WHOLE | said)
        assert (me.status in (400, 404, 409), told in me.words) == (True, True), (said, me.words)
        assert 'name="whole_unit"' in me.page
    me.send("preview", **WHOLE)
    assert (me.status, me.numbers[2]) == (200, 2)


def test_nobody_ends_what_is_beyond_their_reach(organiser: Client, tmp_path: Path):
    file, gone = exported(tmp_path, 2)
    me = Importer(organiser, MEMBERS)
    me.upload(file)
    me.send("preview", **WHOLE)
    assert (me.status, "do not go as far as" in me.words) == (409, True)
    me.send("apply", **WHOLE, end_up_to="100%")
    assert (me.status, held(gone).count()) == (409, 2)


def test_the_opening_balance_is_one_decision_of_its_kind_and_no_defect(visitor: Client, tmp_path: Path):
    file = tmp_path / "balance.csv"
    file.write_text(f"Code,Name,Unit\nop1,Lò Văn Một,{UNIT}\nop2,Lò Văn Hai,{UNIT}\n", encoding="utf-8")
    me = Importer(visitor)
    me.upload(file)
    me.send("preview", field=["person", "name", "unit"], **{"fixed.since": "2021-01-01"})
    assert "This is the opening balance" in me.words
    me.send("apply", symbol="Balance", signed_on="2021-01-01", opening="1")
    assert me.numbers[0] == 2, me.words
    cell = Membership.objects.filter(unit__code__startswith=UNIT, valid__contains=ON).values_list("unit__code")[0][0]
    file.write_text(f"Code,Since,Unit\nop1,2012-03,{cell}\nop2,2021-01-01,{cell}\n", encoding="utf-8")
    me = Importer(visitor, MEMBERS)
    me.upload(file)
    before = _defects()
    me.send("preview", field=["person", "since", "unit"], **{"fixed.stage": "official"}, opening="1")
    assert 'name="opening" value="1" checked' in me.page
    me.send("apply", symbol="Balance of members", signed_on="2021-01-01", opening="1")
    assert me.numbers[0] == 2, me.words
    decision = Decision.objects.get(code="Balance of members")
    assert (decision.kind, decision.reason) == (Decision.OPENING, Decision.IMPORT)
    written = Membership.objects.filter(asserted_by__decision=decision)
    assert set(written.values_list("entry", "opened_by__name")) == {("balance", "membership.take-over")}
    assert _defects() == before


def _defects() -> int:
    said = here("quality", "--unit", UNIT, "--on", ON, "--json").json
    return next(one["found"] for one in said["rules"] if one["rule"] == "source-missing")


def test_what_stands_in_an_opening_balance_is_said_on_the_same_terms():
    for screen in SCREENS.values():
        if screen.balanced_by:
            one, other = ACTIONS.ask(screen.opened_by), ACTIONS.ask(screen.balanced_by)
            assert one.terms.model_fields.keys() == other.terms.model_fields.keys()


@pytest.mark.parametrize("language", SPOKEN)
def test_it_speaks_the_language_of_the_page(visitor: Client, tmp_path: Path, language: str):
    visitor.cookies["django_language"] = language
    me = Importer(visitor, MEMBERS)
    me.upload(exported(tmp_path, 9)[0])
    me.send("preview", **WHOLE)
    assert me.numbers[2] == 9
    assert not re.search(r">[^<]*\b(the|rows?|what|end)\b[^<]*<", me.page), me.page
