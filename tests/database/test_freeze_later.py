"""A frozen report stays what it was: in every language, whatever is corrected later, whoever tries to change it."""

import datetime as dt
from typing import Any

import psycopg
import pytest

from canbo.access.authority import operator
from canbo.kernel import audit
from canbo.kernel.refusal import Mistake, Refused
from canbo.registry.ledger import Paper, apply
from canbo.registry.membership.models import Membership
from canbo.reports.book import report
from canbo.reports.freeze import FrozenFigure, FrozenReport, freeze
from canbo.reports.frozen import LATER, differences, document, find, later_corrections, noted
from canbo.reports.output.compose import compose
from tests.acceptance.commands import canbo, here

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("small_sample"), pytest.mark.django_db]

DAY = dt.date(2023, 12, 31)


def frozen(on: dt.date = DAY) -> FrozenReport:
    return find(freeze(report("year", "dien-bien", on), by=operator(), explained={}).pk)


def corrected(fact: int, **terms: Any) -> None:
    paper = Paper(symbol=f"{fact}/correction", signed_on=DAY)
    acts = [("membership.correct", {"on": DAY, "fact": fact, "reason": "it was entered wrongly", **terms})]
    apply(by=operator(), decided_by=paper, acts=acts)


def a_member(kept: FrozenReport, figure: str = "members.admitted") -> Membership:
    """One of those who were counted."""
    return Membership.objects.get(pk=FrozenFigure.objects.get(report=kept, figure=figure).versions[0])


@pytest.mark.parametrize("language", ["vi", "en", "de"])
def test_it_prints_in_each_language_what_it_printed_then(language: str):
    kept = frozen()
    then = document(kept, language)
    assert then == compose(report("year", "dien-bien", DAY, kept.known), language, {}, audit.anchor())
    assert audit.anchor() in then.anchor
    corrected(a_member(kept).fact, since=dt.date(2022, 12, 30))
    assert document(find(kept.pk), language) == then
    with pytest.raises(Mistake, match="not in “fr”"):
        document(kept, "fr")


def test_later_corrections_are_a_note_with_the_acts_and_nothing_else_changes():
    kept = frozen()
    assert later_corrections(kept) == []
    assert noted(document(kept, "en"), []) == document(kept, "en")
    corrected(a_member(kept).fact, since=dt.date(2022, 12, 30))
    found = dict(later_corrections(kept))
    assert set(found) == {"members.admitted"}, "the member is one all along, but was admitted the year before"
    assert found["members.admitted"].difference == -1
    assert {part.act for part in found["members.admitted"].parts} == {"membership.correct"}
    told = noted(document(kept, "en"), later_corrections(kept))
    assert told.chapters[:-1] == document(kept, "en").chapters
    last = told.chapters[-1]
    assert (last.id, last.title) == (LATER, "Known otherwise since")
    was = next(row.text for row in told.rows() if row.id == "members.admitted")
    assert last.footnotes == ((1, f"Signed off as {was}: correction."),)
    assert last.rows[0].value == int(was.replace(",", "")) - 1


def test_a_record_that_was_only_closed_later_is_no_correction():
    kept = frozen()
    one = Membership.objects.get(pk=FrozenFigure.objects.get(report=kept, figure="members").versions[-1])
    acts = [("membership.leave", {"on": dt.date(2026, 1, 10), "person": one.person.code, "ending": "death"})]
    apply(by=operator(), decided_by=Paper(symbol="1/leave", signed_on=dt.date(2026, 1, 9)), acts=acts)
    assert later_corrections(kept) == []


def test_two_frozen_reports_differ_in_figures_that_have_a_bridge():
    first, second = frozen(), frozen(dt.date(2024, 12, 31))
    found = dict(differences(first, second))
    values = [{f.figure: f.value for f in kept.figures.all()} for kept in (first, second)]
    assert set(found) == {figure for figure, value in values[0].items() if values[1][figure] != value}
    assert all(made.opening + sum(p.value for p in made.parts) == made.closing for made in found.values())
    assert differences(first, first) == []
    other = freeze(report("year", "nghe-an", DAY), by=operator(), explained={})
    with pytest.raises(Mistake, match="of one book and unit"):
        differences(first, find(other.pk))


def test_words_are_asked_for_gaps_and_for_nothing_else():
    made = report("term", "ninh-thuan", dt.date(2025, 1, 2))
    gaps = made.gaps()
    assert gaps
    with pytest.raises(Refused, match="explain first"):
        freeze(made, by=operator(), explained=dict.fromkeys(gaps[1:], "a fiftieth of the people"))
    words = dict.fromkeys(gaps, "a fiftieth of the people")
    with pytest.raises(Mistake, match="needs no words"):
        freeze(made, by=operator(), explained=words | {"members": "there are enough"})
    kept = freeze(made, by=operator(), explained=words)
    assert [gap.explanation for gap in document(kept, "de").gaps] == ["a fiftieth of the people"] * len(gaps)
    assert (len(bytes(kept.audit.digest)), kept.audit.count) == (32, len(kept.content["figures"]))


@pytest.mark.parametrize("table", ["frozenreport", "frozenfigure", "frozenpaper", "collection", "collectionstep"])
@pytest.mark.parametrize("change", ["UPDATE reports_{} SET id = id", "DELETE FROM reports_{}"])
def test_not_even_the_owner_changes_what_is_signed_off(fresh_database: Any, table: str, change: str):
    with fresh_database.connect("app", autocommit=True) as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(change.format(table))
    with fresh_database.connect("owner", autocommit=True) as owner:
        triggers = owner.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", [f"reports_{table}"]
        ).fetchone()
    assert triggers == (2,)


def test_the_owner_is_stopped_by_the_trigger(small_sample: Any):
    kept = canbo("report", "year", "--unit", "nghe-an", "--on", "2022-12-31", "--freeze")  # commits
    assert kept.code == 0, kept.err
    with small_sample.connect("owner", autocommit=True) as owner:
        for change in ("UPDATE canbo.reports_frozenreport SET book = 'x'", "DELETE FROM canbo.reports_frozenfigure"):
            with pytest.raises(psycopg.errors.RaiseException, match="Cannot"):
                owner.execute(change)


def test_the_command_lists_and_shows_frozen_reports():
    key = here("report", "year", "--unit", "dien-bien", "--on", "2023-12-31", "--freeze").err.split()[-1]
    assert f"{key}  year  dien-bien  2023-12-31" in here("frozen").out
    assert "Members" in here("frozen", key, "--lang", "en").out
    assert here("frozen", key, "--format", "json").json["later_corrections"] == []
    assert here("frozen", "7").code == 2
