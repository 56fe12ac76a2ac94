"""Files of any size: read and staged in parts, written as one decision, cancelled or overtaken without a trace."""

import csv
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connections, transaction

from canbo.access.authority import operator
from canbo.exchange import intake
from canbo.exchange.layout import Source
from canbo.kernel.database import Database
from canbo.kernel.instants import today
from canbo.kernel.refusal import Refused
from canbo.registry.facts import Act, Decision, Person
from canbo.registry.ledger import Paper, apply
from canbo.registry.membership.models import Membership
from canbo.registry.people.models import Particulars
from canbo.registry.staging import Staging
from canbo.web.generic.views import offered
from tests.acceptance.commands import here

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("small_sample")]

UNIT = "dien-bien.dien-bien-phu"
PEOPLE = {"concept": "persons", "columns": {one: one for one in ("person", "name", "unit", "since")}}
MEMBERS = {"concept": "members", "columns": {one: one for one in ("record", "person", "unit", "stage.word", "since")}}
REGISTER = "person.register"


@pytest.fixture(autouse=True)
def kept_apart(small_sample: Database) -> Iterator[None]:
    """What a test writes is taken back, but for the audit log, which counts."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., intake.Taken]:
    """`imported(MEMBERS, rows, parts=7)`: take rows as a file, so many together."""

    def take(mapping: dict[str, Any], rows: list[dict[str, Any]], parts: int = 5000, **how: Any) -> intake.Taken:
        monkeypatch.setattr(intake, "TOGETHER", parts)
        file, source = tmp_path / "rows.csv", Source.model_validate(mapping)
        with file.open("w", encoding="utf-8", newline="") as out:
            lines = csv.DictWriter(out, list(source.columns))
            lines.writeheader()
            lines.writerows(rows)
        paper = Paper(symbol=how.pop("symbol", "9-TB/X"), signed_on=today())
        return intake.take(file, offered(source.concept), source, by=operator(), paper=paper, **how)

    return take


def newcomers(many: int, first: int = 0) -> list[dict[str, str]]:
    return [
        {"person": f"new-{n}", "name": f"Nguyễn Văn {n}", "unit": UNIT, "since": "2024-01-02"}
        for n in range(first, first + many)
    ]


def a_cell() -> str:
    return Membership.objects.filter(recorded__upper_inf=True, valid__upper_inf=True).first().unit.code


def admitted(many: int) -> list[dict[str, str]]:
    cell = a_cell()
    return [{"person": f"new-{n}", "unit": cell, "stage.word": "official", "since": "2024-05-01"} for n in range(many)]


def faults(taken: intake.Taken) -> set[tuple[str, str]]:
    return {(one.cell, one.code) for one in taken.rejected}


def counts(taken: intake.Taken) -> tuple[int, ...]:
    return (taken.rows, taken.created, taken.changed, taken.ended, taken.unchanged)


def test_parts_find_what_earlier_ones_staged_and_say_what_is_wrong_as_one_would(imported: Callable):
    others = [{**row, "name": "Somebody Else"} for row in newcomers(3, first=4)]
    rows = newcomers(20) + others + [{**newcomers(1)[0], "person": "new-99", "unit": "nowhere"}]
    whole = imported(PEOPLE, rows, trial=True)
    parts = imported(PEOPLE, rows, parts=5, trial=True)
    taken = {(f"A{row}", "code_taken") for row in (22, 23, 24)}
    assert faults(whole) == {*taken, ("C25", "unknown_code")}
    assert (faults(parts), counts(parts)) == (faults(whole), counts(whole))
    assert not Person.objects.filter(code__startswith="new-").exists()
    imported(PEOPLE, newcomers(20), parts=5)
    twice = [*admitted(12), *({**row, "since": "2020-02-02"} for row in admitted(2))]
    whole, parts = imported(MEMBERS, twice, trial=True), imported(MEMBERS, twice, parts=3, trial=True)
    assert {code for _, code in faults(whole)} == {"already_a_member"}
    assert (faults(parts), counts(parts)) == (faults(whole), counts(whole))


def test_many_parts_are_one_decision_and_the_same_file_again_changes_nothing(imported: Callable):
    before = Decision.objects.count()
    taken = imported(PEOPLE, newcomers(23), parts=5)
    decision = Decision.objects.get(code=taken.decision)
    acts = Act.objects.filter(decision=decision)
    assert (taken.created, Decision.objects.count() - before) == (23, 1)
    assert sorted(acts.values_list("seq", flat=True)) == list(range(1, 24))
    assert set(acts.values_list("audit__count", flat=True)) == {23}
    facts = Particulars.objects.filter(opened_by__in=acts)
    assert {(fact.recorded.lower, fact.fact) for fact in facts} == {(decision.applied_at, fact.pk) for fact in facts}
    again = imported(PEOPLE, newcomers(23), parts=5)
    assert (again.unchanged, again.decision, Decision.objects.count() - before) == (23, "", 1)


def test_a_record_that_two_parts_change_is_changed_once(imported: Callable):
    held = list(Membership.objects.filter(recorded__upper_inf=True, valid__upper_inf=True).order_by("fact")[:6])
    rows = [
        {"record": one.fact, "person": one.person.code, "unit": one.unit.code, "stage.word": one.stage, "since": since}
        for since in ("2001-01-01", "2001-02-02")
        for one in held
    ]
    taken = imported(MEMBERS, rows, parts=4)
    assert (taken.changed, taken.rejected) == (12, [])
    now = Membership.objects.filter(fact__in=[one.fact for one in held], recorded__upper_inf=True)
    assert {str(one.valid.lower) for one in now} == {"2001-02-02"}
    for one in held:
        one.refresh_from_db()
        follower = now.get(fact=one.fact)
        assert (one.retracted_by_id, one.recorded.upper) == (follower.asserted_by_id, follower.recorded.lower)
        assert Membership.objects.filter(fact=one.fact, recorded__startswith=follower.recorded.lower).count() == 1


def test_what_was_annulled_can_be_imported_again(imported: Callable):
    first = imported(PEOPLE, newcomers(12), parts=5, symbol="9-TB/wrong")
    keys = set(Person.objects.filter(code__startswith="new-").values_list("pk", flat=True))
    assert here("annul", first.decision, "--reason", "wrong").code == 0
    again = imported(PEOPLE, newcomers(12), parts=5, symbol="9-TB/right")
    people = Person.objects.filter(code__startswith="new-")
    assert (again.created, set(people.values_list("pk", flat=True))) == (12, keys)
    assert set(people.values_list("introduced_by__decision__code", flat=True)) == {"9-TB/right"}


@pytest.mark.parametrize("stage", [intake.READING, intake.WRITING, intake.WRITTEN])
def test_cancelled_anywhere_nothing_is_written(imported: Callable, stage: str):
    def cancel(now: str, many: int) -> None:
        if now == stage:
            raise KeyboardInterrupt

    before = Decision.objects.count()
    with pytest.raises(KeyboardInterrupt):
        imported(PEOPLE, newcomers(12), parts=5, told=cancel)
    assert (Decision.objects.count(), Person.objects.filter(code__startswith="new-").count()) == (before, 0)
    assert imported(PEOPLE, newcomers(12), parts=5).created == 12


def test_overtaken_by_another_decision_it_looks_again_under_the_lock(imported: Callable):
    said: list[tuple[str, int]] = []

    def meanwhile() -> None:
        terms = {"on": "2024-01-02", "code": "late-7", "unit": UNIT, "name": "Somebody Else"}
        apply(by=operator(), decided_by=Paper(symbol="meanwhile", signed_on=today()), acts=[(REGISTER, terms)])
        connections.close_all()

    def told(stage: str, many: int) -> None:
        if stage == intake.WRITING and said.count((stage, many)) == 0:
            with ThreadPoolExecutor(1) as other:
                other.submit(meanwhile).result()
        said.append((stage, many))

    rows = [{**row, "person": f"late-{number}"} for number, row in enumerate(newcomers(12))]
    taken = imported(PEOPLE, rows, parts=20, told=told, good=True)
    assert said == [
        (intake.READING, 12), (intake.WRITING, 12), (intake.READING, 12), (intake.WRITING, 12), (intake.WRITTEN, 12)
    ]  # fmt: skip
    assert (taken.created, taken.changed) == (11, 1), "whom somebody registered meanwhile is on file already"
    assert Particulars.objects.get(person__code="late-7", recorded__upper_inf=True).name == "Nguyễn Văn 7"
    seconds = Decision.objects.order_by("-applied_at").values_list("code", flat=True)[:2]
    assert list(seconds) == ["9-TB/X", "meanwhile"]


def test_control_c_ends_the_command_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
):
    def slow(self: Staging, paper: Paper) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    file = tmp_path / "rows.csv"
    file.write_text("person,name,unit,since\nnew-1,An," + UNIT + ",2024\n", encoding="utf-8")
    (tmp_path / "rows.yaml").write_text(f"{PEOPLE}", encoding="utf-8")
    monkeypatch.setattr(Staging, "write", slow)
    monkeypatch.setattr("canbo.cli._watched.EVERY", 0)
    begun = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have had it ignored
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, begun))
    handler = signal.getsignal(signal.SIGINT)
    said = here("import", file, "--as", tmp_path / "rows.yaml")
    assert (said.code, said.out) == (130, "")
    assert said.err.splitlines() == [
        "1 rows read and checked",
        "writing 1 acts",
        "canbo: cancelled, nothing was written [cancelled]",
    ]
    assert signal.getsignal(signal.SIGINT) is handler
    assert not Person.objects.filter(code="new-1").exists()


def test_more_is_wrong_than_anybody_corrects(imported: Callable, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(intake, "MOST", 10)
    rows = [{**row, "since": "May"} for row in newcomers(30)]
    with pytest.raises(Refused, match="More than 10 things are wrong"):
        imported(PEOPLE, newcomers(5) + rows, parts=5, good=True)
    assert not Person.objects.filter(code__startswith="new-").exists()
