"""What the log counts and digests is compared with what the register holds, as far as it is kept."""

import datetime as dt

import pytest

from canbo.access.authority import operator
from canbo.kernel.database import Database
from canbo.reports.book import report
from canbo.reports.evidence import faults
from canbo.reports.freeze import FrozenReport, freeze
from tests.generative.register import decide, undo

pytestmark = pytest.mark.database


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (
            "UPDATE registry_decision SET reason = 'other' WHERE kind = 'annulment'",
            "the annulment annulment is not what",
        ),
        ("DELETE FROM registry_act WHERE name = 'decision.annul'", "counts 1 acts, the register holds 0"),
        ("UPDATE registry_annulment SET decision_id = decision_id - 1", "the annulment annulment is not what"),
    ],
)
@pytest.mark.usefixtures("small_register")
def test_a_decision_that_is_not_what_its_row_says_is_found(fresh_database: Database, statement: str, words: str):
    decide("d1", ("membership.admit", {"on": "2020-01-01", "person": "p1", "unit": "u1", "stage": "trial"}))
    undo("d1")
    assert list(faults()) == []
    with fresh_database.connect("superuser", autocommit=True) as link:
        link.execute("SET search_path = canbo, public")
        link.execute("SET session_replication_role = replica")
        assert link.execute(statement).rowcount == 1
    assert [words in fault for fault in faults()] == [True]


@pytest.mark.usefixtures("small_sample")
@pytest.mark.django_db
def test_a_frozen_report_that_is_not_what_was_signed_off_is_found():
    kept = freeze(report("year", "dien-bien", dt.date(2023, 12, 31)), by=operator(), explained={})
    assert list(faults()) == []
    same = {field.attname: getattr(kept, field.attname) for field in FrozenReport._meta.fields if field.name != "id"}
    forged = FrozenReport.objects.create(**same | {"content": {**kept.content, "unit": "other"}})
    assert [f"frozen report {forged.pk} is not what was signed off" in fault for fault in faults()] == [True]
