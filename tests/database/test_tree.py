"""The dated trees: every day has its own, and so has every day as it was known before."""

import contextlib
import datetime as dt
import random
from collections.abc import Iterator
from typing import Any

import pytest

from canbo.kernel.refusal import Refused
from canbo.registry.facts import Unit
from canbo.registry.tree import Closure, Lineage, Scope, scope
from tests.generative.register import decide, foresee, plain, set_up, undo

pytestmark = [pytest.mark.database, pytest.mark.django_db]

EARLY, LATE = dt.date(2020, 1, 1), dt.date(2026, 1, 1)


@pytest.fixture(autouse=True)
def small_register(db: None) -> Iterator[None]:
    """land > town; top > u1 > u3 and top > u2 > u4, since 2019."""
    with plain():
        set_up()
        yield


def beneath(root: str, day: dt.date, known: dt.datetime) -> set[str]:
    """What lies under a unit, by the closure (or the walk, for a past `known`) and by the walk alike."""
    asked, walked = (Scope((Unit.objects.get(code=root).pk,), known) for _ in range(2))
    walked.__dict__["_current"] = False
    assert sorted(asked.units(day)) == sorted(walked.units(day))
    return set(Unit.objects.filter(pk__in=asked.units(day)).values_list("code", flat=True)) - {root}


def move(code: str, on: str, unit: str, parent: str) -> dt.datetime:
    return decide(code, ("unit.place", {"on": on, "unit": unit, "parent": parent})).known


def test_each_day_has_the_tree_of_that_day():
    known = move("d1", "2022-01-01", "u3", "u2")
    assert beneath("u1", dt.date(2021, 12, 31), known) == {"u3"}
    assert beneath("u1", dt.date(2022, 1, 1), known) == set()
    assert beneath("u2", dt.date(2022, 1, 1), known) == {"u3", "u4"}
    assert beneath("top", dt.date(2018, 12, 31), known) == set()


def test_a_whole_branch_moves_with_what_lies_under_it():
    known = move("d1", "2022-01-01", "u2", "u3")
    assert beneath("u1", LATE, known) == {"u3", "u2", "u4"}
    assert Closure.objects.get(ancestor__code="u1", descendant__code="u4").depth == 3


def test_what_was_known_before_keeps_its_tree():
    first = move("d1", "2022-01-01", "u3", "u2")
    second = move("d2", "2023-01-01", "u3", "u4")
    third = undo("d2").known
    assert beneath("u4", LATE, first) == set()
    assert beneath("u4", LATE, second) == {"u3"}
    assert beneath("u4", LATE, third) == set()
    assert beneath("top", LATE, first - dt.timedelta(days=1)) == set()


def test_a_merger_hands_on_what_lies_under_it_and_keeps_the_lineage():
    known = decide("d1", ("organisation.merge", {"on": "2025-07-01", "unit": "u1", "into": "u2"})).known
    assert beneath("u2", LATE, known) == {"u3", "u4"}
    assert beneath("u1", EARLY, known) == {"u3"}
    assert beneath("top", LATE, known) == {"u2", "u3", "u4"}
    line = Lineage.objects.asof(LATE, known).get()
    assert (line.predecessor.code, line.unit.code, line.whole) == ("u1", "u2", True)
    assert line.valid.lower == dt.date(2025, 7, 1)


def test_mergers_in_a_row_in_one_decision_hand_everything_to_the_last():
    merge = "organisation.merge"
    known = decide(
        "d1",
        (merge, {"on": "2025-07-01", "unit": "u3", "into": "u4"}),
        (merge, {"on": "2025-07-01", "unit": "u1", "into": "u2"}),
        (merge, {"on": "2025-07-02", "unit": "u4", "into": "u2"}),
    ).known
    assert beneath("top", LATE, known) == {"u2"}
    assert Lineage.objects.known(known).count() == 3


def test_a_merger_annulled_was_never_so():
    before = set_of_closure()
    known = decide("d1", ("organisation.merge", {"on": "2025-07-01", "unit": "u1", "into": "u2"})).known
    after = undo("d1").known
    assert set_of_closure() == before
    assert beneath("u1", LATE, after) == {"u3"}
    assert beneath("u1", LATE, known) == set()
    assert not Lineage.objects.known(after).exists()


def set_of_closure() -> set[tuple]:
    return set(Closure.objects.values_list("ancestor__code", "descendant__code", "depth", "valid"))


@pytest.mark.parametrize(
    ("unit", "parent", "said"),
    [("u1", "u3", r"unit u\d would lie beneath itself"), ("top", "u4", "placement"), ("u1", "u1", "under itself")],
)
def test_a_circle_is_refused_in_words(unit: str, parent: str, said: str):
    with pytest.raises(Refused, match=said):
        move("d1", "2022-01-01", unit, parent)


def test_a_circle_of_days_that_do_not_meet_is_none():
    decide(
        "d1",
        ("unit.place", {"on": "2022-01-01", "unit": "u3", "parent": "top"}),
        ("unit.place", {"on": "2022-01-01", "unit": "u1", "parent": "u3"}),
    )
    known = undo("d1").known
    with pytest.raises(Refused, match="would lie beneath itself"):
        decide(
            "d2",
            ("unit.place", {"on": "2022-01-02", "unit": "u3", "parent": "top"}),
            ("unit.place", {"on": "2022-01-01", "unit": "u1", "parent": "u3"}),
        )
    assert beneath("u1", LATE, known) == {"u3"}


def test_an_organisation_with_units_beneath_is_not_dissolved_that_day_or_before_they_come():
    with pytest.raises(Refused, match="1 units lie under it on 2025-01-01"):
        decide("d1", ("organisation.dissolve", {"on": "2025-01-01", "unit": "u2"}))
    move("d2", "2026-01-01", "u3", "u4")
    with pytest.raises(Refused, match="lie under it on 2025-01-01 or later"):
        decide("d3", ("organisation.dissolve", {"on": "2025-01-01", "unit": "u4"}))
    with pytest.raises(Refused, match="units lie under it"):
        decide("d4", ("place.end", {"on": "2025-01-01", "unit": "land"}))


@pytest.mark.parametrize(
    "later",
    [
        ("unit.place", {"on": "2026-01-01", "unit": "u3", "parent": "u4"}),
        ("organisation.change", {"on": "2026-01-01", "unit": "u3", "kind": "branch", "name": "New"}),
    ],
)
def test_what_is_known_to_go_on_later_is_not_dissolved_before(later: tuple[str, Any]):
    decide("d1", later)
    with pytest.raises(Refused, match="it holds since 2026-01-01, so it cannot end on 2025-01-01"):
        decide("d2", ("organisation.dissolve", {"on": "2025-01-01", "unit": "u3"}))


def test_a_dissolved_organisation_leaves_the_tree_on_its_first_day_without_it():
    known = decide("d1", ("organisation.dissolve", {"on": "2025-01-01", "unit": "u4"})).known
    assert beneath("u2", dt.date(2024, 12, 31), known) == {"u4"}
    assert beneath("u2", dt.date(2025, 1, 1), known) == set()
    with pytest.raises(Refused, match="there is no organisation on 2025-01-01"):
        decide("d2", ("organisation.establish", {
            "on": "2025-01-01", "code": "n", "kind": "branch", "name": "N", "under": "u4"}))  # fmt: skip


def test_a_kind_lies_only_where_the_profile_lets_it():
    new = {"on": "2025-01-01", "code": "n", "kind": "whole", "name": "N", "under": "u1"}
    with pytest.raises(Refused, match="whole lies under –, not branch"):
        foresee("d1", [("organisation.establish", new)])


def test_a_place_counts_what_the_organisations_that_serve_it_hold():
    known = decide("d1", ("unit.serve", {"on": "2020-01-01", "until": "2022", "unit": "u2", "place": "land"})).known
    land = Unit.objects.get(code="land")

    def counted(day: dt.date) -> set[str]:
        return set(Unit.objects.filter(pk__in=scope(land, day, known).units(day)).values_list("code", flat=True))

    assert counted(dt.date(2022, 12, 31)) == {"land", "town", "u2", "u4"}
    assert counted(dt.date(2023, 1, 1)) == {"land", "town"}


def test_in_a_deep_tree_of_many_moves_closure_and_walk_agree():
    chance, units = random.Random(7), [f"b{n}" for n in range(120)]
    tree = [{"code": u, "under": chance.choice(["u1", "u2", *units[:n]])} for n, u in enumerate(units)]
    establish = {"on": "2020-01-01", "kind": "branch", "name": "B"}
    decide("many", *(("organisation.establish", {**establish, **said}) for said in tree))
    known = []
    for year in range(2021, 2026):
        for unit in chance.sample(units, 12):
            with contextlib.suppress(Refused):  # a circle
                known.append(move(f"d{year}", f"{year}-01-01", unit, chance.choice(units)))
    assert len(known) > 20
    for root in ("top", "u1", "b0", "b1"):
        for year in (2019, 2020, 2022, 2026):
            for instant in (known[0], known[10], known[-1]):
                beneath(root, dt.date(year, 6, 1), instant)
