"""Twenty random acts through the command line move exactly the figures they should; annulling moves them back.

Every figure of the term and yearly reports of the four provinces is compared, also as known before. What has to move
is said in moves.py, act by act; shares follow from their counts by the arithmetic below.
"""

import json
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from canbo.registry.facts import Decision
from canbo.registry.membership.models import Membership
from tests.acceptance.commands import Said, canbo, figures, here, reported
from tests.acceptance.moves import ACTS, AS_OF, PEOPLE, Drawn, Moves

COUNT = 20
SEED = os.environ.get("CANBO_TEST_SEED", "0")
Reports = dict[tuple[str, str], Any]


@dataclass(frozen=True)
class Step:
    """An act that was applied: under which symbol, known since when, what it had to move, and the reports after it."""

    name: str
    symbol: str
    known: str
    moved: Moves
    after: Reports


def act(folder: Path, name: str, terms: Any, symbol: str, *more: str) -> Said:
    """Apply an act as a script would."""
    file = folder / "terms.json"
    file.write_text(terms if isinstance(terms, str) else json.dumps(terms, default=str), encoding="utf-8")
    return canbo("act", name, "--json-file", file, "--decision", symbol, "--json", *more)


def snapshot(*units: str, known: str = "") -> Reports:
    """The term and yearly report of these provinces, each on its day."""
    more = ("--known", known) if known else ()
    return {
        (book, unit): reported(book, unit, AS_OF[unit].isoformat(), *more)
        for unit in units
        for book in ("term", "year")
    }


def content(reports: Reports) -> Reports:
    """The reports without the instant at which they were asked."""
    return {key: {name: value for name, value in report.items() if name != "known"} for key, report in reports.items()}


def values(report: Any) -> dict[str, tuple[Any, Any]]:
    return {name: (figure["value"], figure["base"]) for name, figure in figures(report).items()}


def predicted(book: str, unit: str, before: Any, moved: dict[str, int]) -> dict[str, tuple[Any, Any]]:
    """Every figure as it has to be after a move: counts by the move, shares by their counts."""
    found = values(before)
    others = moved.pop("appointed_or_nominated", 0) if (moved := dict(moved)) else 0
    for name, by in moved.items():
        found[name] = (found[name][0] + by, None)
    if book == "term" and unit == "dien-bien":
        path, members = "membership.admitted_per_year", found["members"][0]
        yearly = Fraction(found["membership.admitted_since_term_start"][0] * 12, 40)
        found[f"{path}_about"] = (pytest.approx(float(yearly), rel=1e-12), None)
        found[f"{path}_share_of_members_over"] = (pytest.approx(float(yearly / members), rel=1e-12), members)
    if book == "term" and unit == "ninh-thuan":
        for year in range(2021, 2025):
            admitted, target = (found[f"membership.by_year.{year}.{name}"][0] for name in ("admitted", "target"))
            found[f"membership.by_year.{year}.share"] = (pytest.approx(admitted / target, rel=1e-12), target)
        share, base = found["appointed_or_nominated_who_were_planned.share"]
        after = (pytest.approx(share * base / (base + others), rel=1e-12), base + others)
        found["appointed_or_nominated_who_were_planned.share"] = after
    return found


def equations_hold_for(report: Any) -> None:
    """Sums of counted figures are those of the figures themselves."""
    found, sums = values(report), {e["id"]: (e["left"], e["right"], e["holds"]) for e in report["equations"]}
    if "members-by-stage" in sums:
        both = found["members.official"][0] + found["members.probationary"][0]
        assert sums["members-by-stage"] == (both, found["members"][0], True)
    if "movements-by-nature" in sums:
        both = sum(found[f"movements.by_nature.{name}"][0] for name in ("rotation", "transfer"))
        assert sums["movements-by-nature"] == (both, found["movements.total"][0], True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("acts")


@pytest.fixture(scope="module")
def start(small_sample: Any, folder: Path) -> Reports:
    """The reports before any act; people who are to be admitted, appointed … are on file."""
    newcomers = [
        {"on": "2021-01-05", "code": f"newcomer.{n}", "unit": "dien-bien.party", "name": f"Người mới {n}"}
        for n in range(PEOPLE)
    ]
    assert act(folder, "person.register", newcomers, "newcomers").code == 0
    return snapshot(*AS_OF)


@pytest.fixture(scope="module")
def steps(start: Reports, folder: Path) -> list[Step]:
    """Twenty acts, one after another, with the reports of the provinces concerned after each."""
    drawn, now, taken = Drawn(f"{SEED} acts"), dict(start), []
    for number, name in enumerate(random.Random(f"{SEED} order").sample(sorted(ACTS), COUNT), 1):
        action, terms, moved = ACTS[name](drawn)
        said = act(folder, action, terms, f"{number}-QĐ/acceptance")
        assert said.code == 0, (name, terms, said.err)
        now |= snapshot(*{name.split()[1], *moved})
        taken.append(Step(name, f"{number}-QĐ/acceptance", said.json["known"], moved, dict(now)))
    return taken


def test_an_act_moves_exactly_the_figures_it_should(start: Reports, steps: list[Step]):
    before = start
    for step in steps:
        for key, report in step.after.items():
            book, unit = key
            moved = step.moved.get(unit, {}).get(book, {})
            assert values(report) == predicted(book, unit, before[key], moved), (step.name, key, moved)
            equations_hold_for(report)
            if not moved:
                assert content({key: report}) == content({key: before[key]}), (step.name, key)
        before = step.after
    assert content(snapshot(*AS_OF)) == content(before), "where an act did not belong nothing moved either"


def test_the_acts_drawn_move_something(steps: list[Step]):
    assert len([step for step in steps if any(m for books in step.moved.values() for m in books.values())]) > COUNT / 3


def test_what_was_known_before_an_act_stays_as_it_was(start: Reports, steps: list[Step]):
    before = start
    for step in steps:
        unit, then = step.name.split()[1], instant_before(step.known)
        asked = {("term", unit): reported("term", unit, AS_OF[unit].isoformat(), "--known", then)}
        assert content(asked) == content({key: before[key] for key in asked}), step.name
        before = step.after
    assert content(snapshot("dien-bien", known=instant_before(steps[0].known))) == content(only(start, "dien-bien"))


def only(reports: Reports, unit: str) -> Reports:
    return {key: report for key, report in reports.items() if key[1] == unit}


def instant_before(known: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT (%s::timestamptz - interval '1 microsecond')::text", [known])
        return cursor.fetchone()[0]


def test_annulling_moves_them_back_one_by_one(start: Reports, steps: list[Step]):
    """Runs last of those that need the acts in force."""
    for number in reversed(range(COUNT)):
        step, before = steps[number], steps[number - 1].after if number else start
        unit = step.name.split()[1]
        said = (here if number else canbo)("annul", step.symbol, "--reason", "tried", "--json")
        assert said.code == 0, said.err
        assert content(snapshot(unit)) == content(only(before, unit)), step.name
    assert canbo("annul", steps[0].symbol, "--reason", "again").code == 2
    assert content(snapshot(*AS_OF)) == content(start)
    last = steps[-1]
    asked = snapshot(*AS_OF, known=last.known)
    assert content(asked) == content(last.after), "what was known before the annulments is known so still"
    mine = Decision.objects.filter(symbol__endswith="QĐ/acceptance", kind=Decision.ORDINARY)
    assert mine.count() == mine.exclude(annulment=None).count() == COUNT


ADMIT = {"on": "2023-05-05", "person": "newcomer.39", "unit": "dien-bien.party", "stage": "probationary"}
NEW = {"on": "2023-05-05", "code": "new", "kind": "cell", "name": "X"}
WRONG = [  # name, terms, exit code, what the message says; MEMBER stands for somebody who is one
    ("membership.admit", ADMIT | {"person": "MEMBER"}, 3, "already_a_member"),
    ("membership.leave", {"on": "2023-05-05", "person": "newcomer.39", "ending": "death"}, 3, "not_so_that_day"),
    ("membership.transfer", {"on": "2019-05-05", "person": "MEMBER", "unit": "dien-bien.party"}, 3, "not_so_that_day"),
    ("organisation.establish", NEW | {"code": "dien-bien.party"}, 3, "code_taken"),
    ("organisation.establish", NEW | {"under": "dien-bien.party"}, 3, "not_under_that_kind"),
    ("organisation.dissolve", {"on": "2023-05-05", "unit": "dien-bien.party"}, 3, "units_beneath"),
    ("movement.correct", {"on": "2023-05-05", "fact": 1, "nature": "transfer", "reason": "x"}, 3, "no_such_fact"),
    ("membership.admit", ADMIT | {"person": "nobody.1"}, 2, "nobody.1"),
    ("membership.admit", ADMIT | {"unit": "atlantis"}, 2, "atlantis"),
    ("membership.admit", ADMIT | {"on": "2023-02-29"}, 2, "2023-02-29"),
    ("membership.admit", ADMIT | {"on": "5 May"}, 2, "5 May"),
    ("membership.admit", ADMIT | {"stage": "boss"}, 2, "boss"),
    ("membership.admit", ADMIT | {"salary": 5}, 2, "salary"),
    ("membership.admit", {"on": "2023-05-05"}, 2, "person"),
    ("membership.admit", "{not json", 2, "not JSON"),
    ("membership.admit", "[]", 2, "expected an object"),
    ("membership.admit", "7", 2, "expected an object"),
    ("membership.admitt", ADMIT, 2, "membership.admit"),
    ("membership.admit", [ADMIT, ADMIT | {"person": "newcomer.38", "unit": "atlantis"}], 2, "act 2"),
    ("membership.admit", [ADMIT, ADMIT], 3, "already_a_member"),
]  # fmt: skip


def a_member() -> str:
    """Somebody admitted in 2021 or later who is a member still."""
    rows = Membership.objects.filter(entry="admission", valid__upper_inf=True, recorded__upper_inf=True)
    return rows.order_by("fact").first().person.code


@pytest.fixture
def untouched(start: Reports) -> Iterator[None]:
    """Nothing is written: no decision, no audit row, no version of any fact."""
    before = rows()
    yield
    sealed = {"kernel_seal", "kernel_sealed", "kernel_unsealed"}  # what waited may have got its seal
    assert {t: n for t, n in rows().items() if t not in sealed} == {t: n for t, n in before.items() if t not in sealed}


def rows() -> dict[str, int]:
    connections["default"].close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'canbo' ORDER BY tablename")
        tables = [name for (name,) in cursor.fetchall() if name.startswith(("registry_", "kernel_", "reports_"))]
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in tables))
        return dict(cursor.fetchall())


def test_what_is_refused_or_mistyped_says_so_and_writes_nothing(untouched: None, folder: Path):
    for number, (name, terms, code, words) in enumerate(WRONG):
        file, written = folder / f"{number}.json", terms if isinstance(terms, str) else json.dumps(terms)
        file.write_text(written.replace("MEMBER", a_member()), encoding="utf-8")
        said = here("act", name, "--json-file", file, "--decision", "wrong")
        assert (said.code, said.out) == (code, ""), (name, terms, said)
        assert words in said.err
        assert "Traceback" not in said.err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("figure members --unit atlantis --on 2024-05-01", 2, "atlantis"),
        ("figure membres --unit dien-bien --on 2024-05-01", 2, "members"),
        ("figure members --unit dien-bien --on 2024-02-30", 2, "2024-02-30"),
        ("figure members --unit dien-bien --on 2024-05-01 --by shoe", 2, "sex"),
        ("figure members --unit dien-bien --on 2024-05-01 --known yesterday", 2, "yesterday"),
        ("figure members --unit dien-bien --on 2024-05-01 --known 2019-01-01", 2, "nothing was recorded"),
        ("figure members --unit dien-bien --on 2024-05-01 --where shoe=1", 2, "shoe"),
        ("figure members --unit dien-bien --on 2024-05-01 --where stage", 2, "NAME=VALUE"),
        ("figure members_admitted --unit dien-bien --on 2024-05-01 --from 2025-01-01", 2, "2025-01-01"),
        ("figure members --unit dien-bien", 2, "--on"),
        ("report novel --unit dien-bien --on 2024-05-01", 2, "term, year"),
        ("report term --unit dien-bien --on 2024-05-01 --lang fr", 2, "fr"),
        ("report term --unit dien-bien --on 2024-05-01 --format pdf", 2, "pdf"),
        ("report term --unit dien-bien --on 1985-05-01", 3, "does not exist on 1985-05-01"),
        ("annul never --reason x", 2, "never"),
        ("why person nobody.1", 2, "nobody.1"),
        ("unit atlantis", 2, "atlantis"),
    ],
)
def test_a_command_typed_wrong_ends_with_two_and_a_refused_one_with_three(
    untouched: None, words: str, code: int, said: str
):
    answer = here(*words.split())
    assert (answer.code, answer.out) == (code, "")
    assert said in answer.err
    assert "Traceback" not in answer.err


def test_a_process_ends_with_the_same_codes_and_a_preview_writes_nothing(untouched: None, folder: Path):
    assert act(folder, "membership.admit", ADMIT | {"person": a_member()}, "wrong").code == 3
    assert act(folder, "membership.admit", "{not json", "wrong").code == 2
    assert canbo("figure", "members", "--unit", "dien-bien").code == 2
    tried = act(folder, "membership.admit", ADMIT | {"unit": "dien-bien.party"}, "tried", "--preview")
    assert (tried.code, tried.json["preview"]) == (0, True)


def test_a_share_of_the_papers_is_to_be_exceeded_not_reached(start: Reports, folder: Path):
    """Of 30 papers 15 are half and 20 two thirds: neither is more than that."""
    path = "confidence_votes_2023_12_21.subjects_low_over"
    vote = {"on": "2023-12-21", "unit": "lam-dong.party", "collected": 30, "high": 0, "middle": 0}
    papers = [vote | {"person": f"newcomer.{n}", "low": low} for n, low in enumerate((15, 16, 20, 21))]
    assert act(folder, "standing.record-confidence", papers, "votes").code == 0
    before, after = (values(at["term", "lam-dong"]) for at in (start, snapshot("lam-dong")))
    assert [after[f"{path}_{name}"][0] - before[f"{path}_{name}"][0] for name in ("half", "two_thirds")] == [3, 1]
