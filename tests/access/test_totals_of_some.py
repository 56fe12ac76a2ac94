"""A role of the second profile counts some indicators and no others, and no small group, in pictures neither."""

import datetime as dt
import json

import pytest
from django.db import transaction
from django.test import Client

from canbo.access import keys
from canbo.access.authority import operator
from canbo.access.identity import assume
from canbo.config.secret import command_key
from canbo.kernel.database import Database
from canbo.registry.facts import Person
from canbo.registry.ledger import Paper, apply
from canbo.reports.book import report
from canbo.reports.output.counts import count
from canbo.reports.pictures import PictureLine
from canbo.reports.question import ask
from canbo.reports.text import as_json
from tests import clones
from tests.access.identities import soon
from tests.access.test_totals import withheld
from tests.signing_in import signed_in
from tests.web.test_objects import plain, text

pytestmark = pytest.mark.database

DAY, LAST = dt.date(2025, 12, 31), "?on=2025-12-31"
AGES = PictureLine(
    id="ages",
    chapter="members",
    kind="shares",
    indicator="members",
    bars={"category": ("full-member", "associate", "student", "honorary")},
    segments="age_group",
)


@pytest.fixture(scope="module")
def delegate(association: Database) -> str:
    """Somebody who was sent to the general meeting, by code."""
    person = Person.objects.order_by("pk").values_list("code", flat=True)[7]
    sent = ("mandate.give", {"on": "2025-01-01", "person": person, "unit": "wayside", "role": "delegate"})
    apply(by=operator(), decided_by=Paper(symbol="R-77", signed_on="2025-01-01"), acts=[sent])
    return person


@pytest.fixture(autouse=True)
def _everything(association: Database) -> None:
    """The test itself reads everything, also after it looked at a page as somebody else."""
    assume(command_key(clones.folder()).hex(), local=False)


def test_a_book_whose_figures_may_all_be_counted_is_given_and_another_is_not(delegate: str):
    made, client = report("half-year", "wayside", DAY), signed_in(Client(), delegate)
    told = json.loads(client.get(f"/file/json/en/half-year/wayside{LAST}").content)
    assert told["figures"] == as_json(made, "en")["figures"]
    for address in ("term/wayside", "term/wayside/officers"):
        assert "not within your reach" in plain(text(client, f"/report/{address}{LAST}", 409))


def test_a_picture_withholds_what_a_table_withholds(delegate: str):
    unit = "leeds"
    whole = count(AGES, ask(unit, DAY), {})
    key = keys.issue(person=Person.objects.get(code=delegate).pk, until=soon(), using="owner")
    with transaction.atomic():
        assume(key.hex())
        told = count(AGES, ask(unit, DAY), {})
    assert told.bars == whole.bars
    expected = {}
    for code, totals in zip(whole.bars, whole.cells, strict=True):
        groups = withheld({key: n for key, n in zip(whole.segments, totals, strict=True) if n})
        hidden = None in groups.values()
        expected |= {(code, key): groups.get(key, None if hidden else 0) for key in whole.segments}
    for code, totals in zip(told.bars, told.cells, strict=True):
        for key, total in zip(told.segments, totals, strict=True):
            assert total == expected.get((code, key)), (code, key)
    assert None in expected.values()
    assert any(expected.values())
