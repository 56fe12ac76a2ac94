"""A report asked of units: handed in, returned with words, accepted, merged; each figure keeps its origin."""

import datetime as dt
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.db.models import ProtectedError

from canbo.access.authority import operator
from canbo.kernel.refusal import Mistake, Refused
from canbo.reports import collecting, merging
from canbo.reports.book import report
from canbo.reports.collection import Collection, answers
from canbo.reports.text import as_json
from tests.acceptance.commands import here

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("association"), pytest.mark.django_db]

ON, DUE = dt.date(2024, 12, 31), dt.date(2025, 1, 31)
TOP = "wayside"


def branches() -> list[str]:
    """The units right beneath the association."""
    return list(answers(asked()))


def asked(**more: Any) -> Collection:
    return collecting.ask_units(by=operator(), unit=TOP, book="year", on=ON, due=DUE, **more)


def counted(to: Collection, unit: str) -> None:
    collecting.submit_counted(by=operator(), to=to, unit=unit, explained={})


def accepted(to: Collection, unit: str) -> None:
    counted(to, unit)
    collecting.accept(by=operator(), to=to, unit=unit)


def file_of(unit: str) -> dict[str, Any]:
    """What the unit's own Canbo writes."""
    return json.loads(json.dumps(as_json(report("year", unit, ON), "en")))


def state(to: Collection, unit: str) -> str:
    return answers(to)[unit].state


def test_an_answer_goes_from_asked_to_merged_and_back_only_with_words():
    to = asked()
    unit = branches()[0]
    assert state(to, unit) == "asked"
    counted(to, unit)
    with pytest.raises(Mistake, match="say with --words"):
        collecting.send_back(by=operator(), to=to, unit=unit, words=" ")
    collecting.send_back(by=operator(), to=to, unit=unit, words="The students are missing.")
    assert state(to, unit) == "returned"
    with pytest.raises(Refused, match="is returned; it can be submitted next"):
        collecting.accept(by=operator(), to=to, unit=unit)
    accepted(to, unit)
    with pytest.raises(Refused, match="is accepted; it can be merged next"):
        counted(to, unit)
    steps = answers(to)[unit].steps
    assert [step.state for step in steps] == ["asked", "submitted", "returned", "submitted", "accepted"]
    assert all(len(bytes(step.audit.digest)) == 32 for step in steps)
    assert steps[1].figures == steps[3].figures, "the first submission is still there"


def test_overdue_is_whose_turn_it_is_after_the_day():
    to, unit = asked(), branches()[0]
    late = DUE + dt.timedelta(days=1)
    assert not answers(to)[unit].overdue(DUE, DUE)
    assert answers(to)[unit].overdue(DUE, late)
    counted(to, unit)
    assert not answers(to)[unit].overdue(DUE, late)
    collecting.send_back(by=operator(), to=to, unit=unit, words="Look again.")
    assert answers(to)[unit].overdue(DUE, late)


def test_only_units_beneath_are_asked_and_only_those_asked_answer():
    first, second, *_ = branches()
    to = asked(units=[first])
    with pytest.raises(Refused, match=f"{second} was not asked"):
        counted(to, second)
    with pytest.raises(Refused, match=f"not beneath {TOP}"):
        asked(units=[first, TOP])
    with pytest.raises(Refused, match="not beneath"):
        collecting.ask_units(by=operator(), unit=first, book="year", on=ON, due=DUE, units=[second])
    with pytest.raises(Mistake, match="before the day"):
        collecting.ask_units(by=operator(), unit=TOP, book="year", on=ON, due=ON - dt.timedelta(days=1))
    with pytest.raises(Mistake, match="there is no book"):
        collecting.ask_units(by=operator(), unit=TOP, book="decade", on=ON, due=DUE)


def test_a_file_of_the_unit_counts_as_the_register_does_and_says_where_it_comes_from():
    unit = branches()[0]
    to, other = asked(), asked()
    counted(to, unit)
    entered = collecting.submit_entered(by=operator(), to=other, unit=unit, told=file_of(unit))
    assert entered.figures == answers(to)[unit].submission.figures
    assert (answers(to)[unit].submission.origin, entered.origin) == ("counted", "entered")
    assert (answers(to)[unit].submission.frozen is None, entered.frozen) == (False, None)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda told: told.update(book="term"), "about book 'term'"),
        (lambda told: told.update(unit="elsewhere"), "about unit 'elsewhere'"),
        (lambda told: told.update(on="2023-12-31"), "about on '2023-12-31'"),
        (lambda told: told["figures"].pop(), "missing figures: documents.minutes"),
        (lambda told: told["figures"].append({"id": "horses", "value": 3}), "unknown figures: horses"),
        (lambda told: told["figures"][0].update(value="many"), "no number that can be added"),
        (lambda told: told["figures"][0].update(value=-3), "no count gives"),
        (lambda told: told["figures"][0].update(value=1.5), "no count gives"),
        (lambda told: told["figures"][0].update(value=True), "no number that can be added"),
        (lambda told: told.pop("figures"), "no list of figures"),
    ],
    ids=["book", "unit", "day", "missing", "unknown", "words", "negative", "fraction", "truth", "nothing"],
)
def test_a_file_that_does_not_answer_is_refused(change: Any, said: str):
    to, unit = asked(), branches()[0]
    told = file_of(unit)
    change(told)
    with pytest.raises(Refused, match=said):
        collecting.submit_entered(by=operator(), to=to, unit=unit, told=told)
    assert state(to, unit) == "asked"


def test_a_share_that_no_count_gives_is_refused():
    to, unit = asked(), branches()[0]
    told = file_of(unit)
    share = next(line for line in told["figures"] if line["id"] == "dues.paid_share")
    share["value"] += 0.0001
    with pytest.raises(Refused, match=r"dues\.paid_share: no count gives"):
        collecting.submit_entered(by=operator(), to=to, unit=unit, told=told)


def test_shares_are_related_anew_and_never_averaged():
    """One of ten and ninety of ninety are 91 of 100, not 55 in a hundred."""
    first, second = branches()[:2]
    to = asked(units=[first, second])
    for unit, paid, owing in ((first, 1, 10), (second, 90, 90)):
        told = file_of(unit)
        for line in told["figures"]:
            if line["id"] == "dues.paid_share":
                line.update(value=paid / owing, base=owing)
        collecting.submit_entered(by=operator(), to=to, unit=unit, told=told)
        collecting.accept(by=operator(), to=to, unit=unit)
    share = merged(to)["dues.paid_share"]
    assert (share["count"], share["base"], Fraction(share["value"])) == (91, 100, Fraction(91, 100))
    assert [(part["unit"], part["origin"]) for part in share["parts"]] == [(first, "entered"), (second, "entered")]


def merged(to: Collection) -> dict[str, Any]:
    made = merging.merge(by=operator(), of=to)
    return {line["id"]: line for line in made.figures}


def test_all_units_together_are_what_the_whole_counts():
    to = asked()
    units = list(answers(to))
    for unit in units:
        accepted(to, unit)
    found = merged(to)
    whole = {figure.line.id: figure for figure in report("year", TOP, ON).figures()}
    for name in ("members", "members.student", "changes.admitted", "dues.paid", "dues.paid_share"):
        assert Fraction(found[name]["value"]) == whole[name].value, name
        assert [part["unit"] for part in found[name]["parts"]] == units
    assert {state(to, unit) for unit in units} == {"merged"}


def test_a_missing_unit_is_said_and_can_come_later():
    to = asked()
    first, *rest = answers(to)
    with pytest.raises(Refused, match="no answer was accepted"):
        merging.merge(by=operator(), of=to)
    accepted(to, first)
    before = merged(to)["members"]["count"]
    told = merging.as_json(to, "en")["merged"]
    assert told["missing"] == rest
    assert f"without {len(rest)} units" in told["figures"][0]["text"]
    with pytest.raises(Refused, match="since the last merge"):
        merging.merge(by=operator(), of=to)
    accepted(to, rest[0])
    assert merged(to)["members"]["count"] > before
    assert to.merges.count() == 2, "the first merge is still there"


def test_what_was_handed_in_stays():
    to, unit = asked(), branches()[0]
    counted(to, unit)
    with pytest.raises(ProtectedError):
        answers(to)[unit].submission.frozen.delete()


def test_the_command_walks_a_collection_through(tmp_path: Path):
    unit, other = branches()[:2]
    said = here(
        "collect", "ask", "year", "--unit", TOP, "--on", ON, "--due", DUE, "--of", unit, "--of", other, "--json"
    )
    assert said.code == 0, said.err
    key = said.json["collection"]
    assert [(at["state"], at["overdue"]) for at in said.json["answers"]] == [("asked", True)] * 2
    file = tmp_path / "answer.json"
    file.write_text(json.dumps(file_of(unit)), encoding="utf-8")
    for words in (
        ("submit", key, "--unit", unit, "--file", file),
        ("return", key, "--unit", unit, "--words", "Look again."),
        ("submit", key, "--unit", unit),
        ("accept", key, "--unit", unit),
        ("merge", key),
    ):
        done = here("collect", *words)
        assert done.code == 0, done.err
    shown = here("collect", "show", key, "--lang", "de").out
    assert "zusammengeführt" in shown
    assert "ohne 1 Einheiten" in shown
    assert here("collect", "accept", key, "--unit", other).code == 3
    assert here("collect", "dance", key).code == 2
    assert here("collect", "show", 7).code == 2
