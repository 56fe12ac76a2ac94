"""The second profile has rules, owners and words of its own; a profile without any has an empty workbench."""

import datetime as dt
import json
import shutil
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client

from canbo.kernel import profile as profiles
from canbo.kernel.database import Database
from canbo.kernel.instants import today
from canbo.kernel.profile import load
from canbo.kernel.refusal import Mistake
from canbo.registry.facts import Person
from canbo.registry.membership.models import Membership
from canbo.registry.merging.queries import acts, both
from canbo.registry.organisations.models import Organisation
from canbo.reports.quality.asked import Asked
from canbo.reports.quality.pairs import pairs
from canbo.reports.quality.rule import RULES, terms
from canbo.reports.question import latest_known
from tests.acceptance.commands import here
from tests.access.naive import Naive
from tests.quality.naive import Plain
from tests.quality.test_rules import found
from tests.quality.test_workbench import main, plain
from tests.quality.twins import decide
from tests.signing_in import signed_in

pytestmark = [pytest.mark.database]

PLAIN = Path(__file__).resolve().parents[1] / "profiles" / "plain"
DAY = dt.date(2024, 5, 1)


def test_every_rule_finds_exactly_what_a_plain_reading_finds(association: Database):
    known = latest_known()
    wanted, mine = Plain(Naive(DAY).tables, DAY, known).found(), found(Asked(DAY, known))
    assert (mine - wanted, wanted - mine) == (set(), set())
    assert {rule for rule, *_ in mine} >= {"stranger", "source-missing", "leaderless"}


@pytest.mark.parametrize(
    ("language", "words", "owner"),
    [("en", "Nobody in the leading post", "Chair"), ("de", "Niemand im leitenden Amt", "Vorsitz")],
)
def test_the_page_speaks_the_languages_of_the_profile(association: Database, language: str, words: str, owner: str):
    page = plain(main(signed_in(Client()), f"/quality?unit=wayside&on={DAY}&lang={language}"))
    assert words in page
    assert owner in page
    assert "Employed before being recruited" not in page


def test_check_counts_what_the_rules_find(association: Database):
    checked, said = here("check", "--json"), here("quality", "--json").json
    findings = [one for one in json.loads(checked.out)["findings"] if not one["about"].startswith("book")]
    assert len(findings) == sum(len(rule["found"]) for rule in said["rules"]) > 0
    assert checked.code == 0


@pytest.fixture
def strict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """`strict("birthday: {}")`: the rules of a profile that says so."""
    monkeypatch.setenv("CANBO_PROFILES", str(tmp_path))
    shutil.copytree(PLAIN, tmp_path / "strict")

    def write(text: str):
        (tmp_path / "strict/quality.yaml").write_text(text, encoding="utf-8")
        terms.cache_clear()
        return terms("strict")

    yield write
    terms.cache_clear()
    profiles.load.cache_clear()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "birthdate: {owner: x}",
            "birthdate: there is no “birthdate” here; known are: after-death, before-hire",
        ),
        ("birthday: {}", "owner"),
        ("birthday: {owner: nobody}", "'nobody' is no mandate_role"),
        ("birthday: {owner: counter}", "'counter' may not do particulars.correct"),
        ("unconfirmed: {owner: nobody}", "months"),
        ("unconfirmed: {owner: nobody, months: 0}", "greater than 0"),
        ("after-death: {owner: nobody, endings: [gone]}", "'gone' is no membership_ending"),
    ],
)
def test_a_file_that_says_what_cannot_be_is_refused_with_its_place(strict, text: str, words: str):
    with pytest.raises(Mistake) as refused:
        strict(text)
    assert words in str(refused.value)
    assert "profile strict, quality.yaml, " in str(refused.value)


def test_a_profile_need_not_have_the_file_and_those_that_ship_have_it(strict):
    assert terms("strict") == {}
    both = set(terms("vietnam-province")) & set(terms("association"))
    assert len(both) > 10
    assert set(terms("vietnam-province")) | set(terms("association")) == set(RULES)
    assert all(load(name).words for name in ("vietnam-province", "association"))


def test_two_records_of_one_member_become_one_in_the_second_profile_too(association: Database):
    with transaction.atomic():
        unit = Organisation.objects.filter(recorded__upper_inf=True, valid__upper_inf=True).first().unit.code
        person = {"on": "2015-01-01", "unit": unit, "name": "Ada Quill", "born": "1980-02-03"}
        twice = [("person.register", person | {"code": code}) for code in ("q.one", "q.two")]
        joined = {"on": "2020-01-01", "unit": unit, "stage": "confirmed"}
        decide("1", *twice, *(("membership.admit", joined | {"person": code}) for code in ("q.one", "q.two")))
        assert [(one.one, one.other) for one in pairs(Asked(today(), latest_known()))] == [keys("q.one", "q.two")]
        plan = acts(both("q.one", "q.two", latest_known()), latest_known(), today(), "one card", {}, [])
        decide("2", *plan)
        assert pairs(Asked(today(), latest_known())) == []
        (stays,) = Membership.objects.filter(person__code__startswith="q.", recorded__upper_inf=True)
        assert stays.person.code == "q.one"
        transaction.set_rollback(True)


def keys(*codes: str) -> tuple[int, ...]:
    return tuple(sorted(Person.objects.filter(code__in=codes).values_list("pk", flat=True)))
