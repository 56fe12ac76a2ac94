"""Signing a report off: not while something does not add up in silence, and never changed afterwards."""

import json
from pathlib import Path
from typing import Any

import psycopg
import pytest

from canbo.registry.membership.models import Membership
from canbo.reports.freeze import FrozenFigure, FrozenReport
from tests.acceptance.commands import canbo, figures, here, reported

ASKED = ("report", "term", "--unit", "ninh-thuan", "--on", "2025-01-02", "--format", "json")
GAPS = ("membership.admitted_since_2021.published", "admissions-by-year-published")
WORDS = "The publication gives 3,285; its own four years add up to 3,320."


def explained(*gaps: str, words: str = WORDS) -> list[str]:
    return [word for gap in gaps for word in ("--explain", f"{gap}={words}")]


@pytest.mark.parametrize(
    "words",
    [[], explained(GAPS[0]), explained(GAPS[1]), explained(*GAPS, words=" "), explained("membership", *GAPS[1:])],
)
def test_a_report_with_an_unexplained_gap_is_not_frozen(full_sample: Any, words: list[str]):
    said = here(*ASKED, "--freeze", *words)
    assert said.code == 3
    assert "explain first" in said.err
    assert any(gap in said.err for gap in GAPS)
    assert not FrozenReport.objects.exists()


@pytest.fixture(scope="module")
def frozen(full_sample: Any) -> FrozenReport:
    """Ninh Thuận's report, signed off with words for what does not add up."""
    said = canbo(*ASKED, "--freeze", *explained(*GAPS))
    assert said.code == 0, said.err
    (one,) = FrozenReport.objects.all()
    assert json.loads(said.out)["known"] == one.content["known"]
    return one


def test_a_report_whose_gaps_are_explained_is_frozen_with_the_words_and_the_records(frozen: FrozenReport):
    assert (frozen.unit.code, frozen.book, frozen.on.isoformat()) == ("ninh-thuan", "term", "2025-01-02")
    assert frozen.explanations == dict.fromkeys(GAPS, WORDS)
    assert figures(frozen.content)[GAPS[0]]["value"] == 3320
    assert frozen.content == reported("term", "ninh-thuan", "2025-01-02")
    behind = {figure.figure: figure.versions for figure in frozen.figures.all()}
    assert behind.keys() == figures(frozen.content).keys()
    assert len(set(behind[GAPS[0]])) == 3320
    assert len(set(behind["membership.by_year.2023.share"])) > 811, "records of the base too"


def test_what_is_frozen_stays_when_the_register_is_corrected_later(frozen: FrozenReport, tmp_path: Path):
    version = FrozenFigure.objects.get(report=frozen, figure="membership.by_year.2023.admitted").versions[0]
    one = Membership.objects.get(pk=version)
    terms = {"on": "2025-01-20", "fact": one.fact, "since": "2022-12-30", "reason": "the decision took effect earlier"}
    file = tmp_path / "terms.json"
    file.write_text(json.dumps(terms), encoding="utf-8")
    done = here("act", "membership.correct", "--json-file", file, "--decision", "5-QĐ/correction")
    assert done.code == 0, done.err
    now = reported("term", "ninh-thuan", "2025-01-02")
    moved = {
        name: f["value"] for name, f in figures(now).items() if f["value"] != figures(frozen.content)[name]["value"]
    }
    assert (moved["membership.by_year.2023.admitted"], moved["membership.by_year.2022.admitted"]) == (810, 835)
    kept = FrozenReport.objects.get(pk=frozen.pk)
    assert (kept.content, kept.explanations) == (frozen.content, frozen.explanations)
    assert reported("term", "ninh-thuan", "2025-01-02", "--known", kept.content["known"]) == kept.content
    was = Membership.objects.get(pk=version)
    assert (was.valid, was.recorded.upper is None) == (one.valid, False), "the version it was counted from is kept"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reports_frozenreport SET content = '{}'",
        "UPDATE reports_frozenreport SET explanations = '{}'",
        "DELETE FROM reports_frozenfigure",
        "DELETE FROM reports_frozenreport",
    ],
)
def test_the_application_cannot_change_what_is_frozen(frozen: FrozenReport, full_sample: Any, statement: str):
    with full_sample.connect("app", autocommit=True) as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(statement)


def test_a_report_that_adds_up_needs_no_words(full_sample: Any):
    said = here("report", "term", "--unit", "nghe-an", "--on", "2023-10-14", "--format", "json", "--freeze")
    assert said.code == 0, said.err
    assert FrozenReport.objects.get(unit__code="nghe-an").explanations == {}
