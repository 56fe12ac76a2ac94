"""Two who do the same at once, or change what somebody else has just changed: one succeeds, the other is told so."""

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from canbo.access.authority import operator
from canbo.kernel.models import Audit
from canbo.kernel.refusal import Refused
from canbo.registry import ledger
from canbo.registry.annul import annul
from canbo.registry.facts import Act, Decision, Person
from canbo.registry.membership.models import Membership
from canbo.registry.people.models import Particulars
from canbo.registry.standing.models import Confidence
from canbo.registry.store import fact_kinds
from tests.generative.register import decide, paper, undo

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("fresh_database", "small_register")]

ADMIT = ("membership.admit", {"on": "2020-01-01", "person": "p1", "unit": "u1", "stage": "trial"})
NEW = ("person.register", {"on": "2020-01-01", "code": "q1", "unit": "u1", "name": "Quê"})
ARRIVES = [NEW, ("membership.admit", {"on": "2020-01-01", "person": "q1", "unit": "u1", "stage": "trial"})]


def at_once(*works: Callable[[], Any]) -> list[str]:
    """What each says, each on a connection of its own, begun together: "done" or the code of the refusal."""
    together = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> str:
        together.wait(20)
        try:
            work()
        except Refused as refusal:
            return refusal.code if len(refusal.sentence) > 20 else "without words"
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(works)) as people:
        return list(people.map(run, works))


def written() -> dict[str, int]:
    """How many rows there are of everything that a decision writes."""
    kinds: list[type] = [Decision, Act, Audit, Person, *fact_kinds()]
    return {kind.__name__: kind.objects.count() for kind in kinds}


def more(before: dict[str, int]) -> dict[str, int]:
    """What there is more of than before."""
    return {name: number - before[name] for name, number in written().items() if number != before[name]}


def test_a_decision_of_two_acts_that_is_sent_twice_is_applied_once_and_whole():
    before = written()
    said = at_once(*[lambda: decide("d1", *ARRIVES)] * 4)
    assert Counter(said)["done"] == 1
    assert set(said) == {"done", "applied_before"}
    assert more(before) == {"Decision": 1, "Act": 2, "Audit": 1, "Person": 1, "Particulars": 1, "Membership": 1}


def test_what_no_rule_forbids_to_be_twice_is_not_written_twice_by_one_decision():
    """Nothing but the decision itself tells a second vote from the same one sent again."""
    votes = {"collected": 9, "high": 5, "middle": 3, "low": 1}
    vote = ("standing.record-confidence", {"on": "2020-01-01", "unit": "u1", "person": "p1", **votes})
    assert sorted(at_once(*[lambda: decide("d1", vote)] * 3)) == ["applied_before", "applied_before", "done"]
    assert Confidence.objects.count() == 1
    decide("d1", ("standing.record-confidence", {**vote[1], "person": "p2"}))
    undo("d1")
    decide("d1", vote)
    with pytest.raises(Refused, match="with exactly these acts"):
        decide("d1", vote)


def test_of_two_decisions_of_which_only_one_can_be_nothing_of_the_other_is_left():
    before = written()
    others = [("membership.admit", {**ADMIT[1], "person": "p2"}), ADMIT]
    said = at_once(lambda: decide("d1", *ARRIVES, ADMIT), lambda: decide("d2", *others))
    assert sorted(said) == ["already_a_member", "done"]
    acts = 3 if said[0] == "done" else 2
    assert more(before)["Act"] == acts
    assert Membership.objects.count() == 2
    assert Person.objects.filter(code="q1").exists() is (acts == 3)


def correct(name: str, read_at: dt.datetime | None = None) -> None:
    """Somebody corrects how the first person is called."""
    fact = Particulars.objects.get(person__code="p1", recorded__upper_inf=True).fact
    terms = {"on": "2020-01-01", "fact": fact, "name": name, "reason": "misread"}
    decide(f"correct {name}", ("particulars.correct", terms), read_at=read_at)


def names() -> list[str]:
    return list(Particulars.objects.filter(person__code="p1", recorded__upper_inf=True).values_list("name", flat=True))


def test_two_who_edit_the_record_that_both_have_read_do_not_overwrite_each_other():
    read = Decision.objects.latest("applied_at").applied_at
    before = written()
    said = at_once(lambda: correct("Lan", read), lambda: correct("Mai", read))
    assert sorted(said) == ["changed_meanwhile", "done"]
    assert names() == ["Lan" if said[0] == "done" else "Mai"]
    assert more(before) == {"Decision": 1, "Act": 1, "Audit": 1, "Particulars": 1}
    correct("Hoa", Decision.objects.latest("applied_at").applied_at)
    assert names() == ["Hoa"], "who looked again may"


def test_who_read_the_page_before_another_one_changed_it_is_refused_however_much_later():
    read = Decision.objects.latest("applied_at").applied_at
    correct("Lan", read)
    decide("d2", ("membership.admit", {**ADMIT[1], "person": "p2"}))
    with pytest.raises(Refused, match="look again and repeat"):
        correct("Mai", read)
    assert names() == ["Lan"]
    decide("d3", ADMIT, read_at=read)
    assert Membership.objects.count() == 2, "what others changed elsewhere does not matter"


def test_a_change_that_waited_for_another_one_of_the_same_fact_is_not_laid_on_top_of_it(monkeypatch):
    decide("d0", ADMIT)
    plan, met, planned = ledger._plan, set(), threading.Barrier(2)

    def both_plan_before_one_writes(*asked: Any) -> Any:
        found = plan(*asked)
        if threading.current_thread() not in met:
            met.add(threading.current_thread())
            planned.wait(20)
        return found

    monkeypatch.setattr(ledger, "_plan", both_plan_before_one_writes)
    acts = [
        ("membership.transfer", {"on": on, "person": "p1", "unit": unit})
        for on, unit in (("2021-01-01", "u2"), ("2022-01-01", "u3"))
    ]
    said = at_once(lambda: decide("d1", acts[0]), lambda: decide("d2", acts[1]))
    assert sorted(said) == ["changed_meanwhile", "done"]
    assert Membership.objects.filter(recorded__upper_inf=True, person__code="p1").count() == 2


def test_of_an_annulment_and_a_change_of_the_same_fact_at_once_one_is_refused():
    decide("d0", ADMIT)
    advance = ("membership.advance", {"on": "2021-01-01", "person": "p1", "stage": "full"})

    def void() -> None:
        annul(by=operator(), decided_by=paper("void", "wrong"), decision="d0")

    said = at_once(void, lambda: decide("d1", advance))
    assert said.count("done") == 1
    assert set(said) <= {"done", "later_acts_rest_on_it", "not_so_that_day", "changed_meanwhile"}
    there = Membership.objects.filter(recorded__upper_inf=True).count()
    assert there == (0 if said[0] == "done" else 2)
