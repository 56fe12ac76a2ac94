"""What changed a figure, told of people: who came, who went, who was entered late, and what was never so."""

import datetime as dt
from fractions import Fraction
from typing import Any

import pytest

from canbo.access.authority import operator
from canbo.kernel.refusal import Mistake, Refused
from canbo.registry.annul import annul
from canbo.registry.ledger import Paper, apply
from canbo.registry.membership.models import Membership
from canbo.registry.organisations.models import Organisation
from canbo.registry.tree import scope
from canbo.reports.bridge.told import as_json, cause
from canbo.reports.bridge.waterfall import bridge
from canbo.reports.indicator import INDICATORS
from canbo.reports.question import ask, latest_known
from tests.acceptance.commands import here

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("small_sample"), pytest.mark.django_db]

BEFORE, AFTER = dt.date(2023, 3, 1), dt.date(2023, 3, 31)
IN_MARCH = dt.date(2023, 3, 10)


def decided(number: int, *acts: tuple[str, dict]) -> dt.datetime:
    paper = Paper(symbol=f"{number}/QĐ-bridge", signed_on=IN_MARCH)
    return apply(by=operator(), decided_by=paper, acts=acts).known


def cells(unit: str) -> list[str]:
    """Organisations of members beneath a unit in March."""
    there = scope(ask(unit, BEFORE).unit, BEFORE, latest_known()).units(BEFORE)
    rows = Organisation.objects.asof(BEFORE, latest_known()).filter(unit__in=there, kind__endswith="cell")
    return sorted(rows.values_list("unit__code", flat=True))


def admitted(number: int, unit: str, on: dt.date = IN_MARCH) -> dt.datetime:
    """A newcomer, admitted."""
    code = f"bridge.{number}"
    return decided(
        number,
        ("person.register", {"on": on, "code": code, "unit": unit, "name": "Giàng A Mới", "sex": "male"}),
        ("membership.admit", {"on": on, "person": code, "unit": unit, "stage": "probationary"}),
    )


def parts(unit: str, first: dt.date = BEFORE, second: dt.date = AFTER, **more: Any) -> dict[str, int]:
    """The parts of the members of a unit in March, those of one cause with their signs."""
    made = bridge("members", ask(unit, first, known=more.get("known")), ask(unit, second))
    assert made.opening + sum(part.value for part in made.parts) == made.closing
    return {f"{'+' if part.count > 0 else '-'}{cause(part)}": part.count for part in made.parts}


def moved(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    """By how much the parts differ from what they were."""
    names = sorted({*before, *after})
    return {name: by for name in names if (by := after.get(name, 0) - before.get(name, 0))}


def test_who_is_admitted_and_dies_within_the_month_shows_as_both():
    cell, was = cells("dien-bien")[0], parts("dien-bien")
    admitted(1, cell)
    admitted(2, cell)
    decided(3, ("membership.leave", {"on": dt.date(2023, 3, 20), "person": "bridge.2", "ending": "death"}))
    found = moved(was, parts("dien-bien"))
    assert found == {"+change:membership.admit": 2, "-change:membership.leave:death": -1}


def test_a_transfer_within_the_unit_cancels_out_and_one_across_its_border_does_not():
    here_, there = cells("dien-bien.muong-nhe"), cells("dien-bien.tua-chua")
    units = ("dien-bien", "dien-bien.muong-nhe", "dien-bien.tua-chua")
    admitted(1, here_[0], dt.date(2022, 5, 1))
    was = {unit: parts(unit) for unit in units}
    decided(2, ("membership.transfer", {"on": IN_MARCH, "person": "bridge.1", "unit": there[0]}))
    assert moved(was["dien-bien"], parts("dien-bien")) == {}
    assert moved(was[units[1]], parts(units[1])) == {"-change:membership.transfer": -1}
    assert moved(was[units[2]], parts(units[2])) == {"+change:membership.transfer": 1}


def test_a_body_placed_elsewhere_takes_its_members_along_under_the_act_that_placed_it():
    here_ = cells("dien-bien.muong-nhe")[0]
    admitted(1, here_, dt.date(2022, 5, 1))
    members = Membership.objects.asof(IN_MARCH, latest_known()).filter(unit__code=here_).count()
    top = Organisation.objects.asof(BEFORE, latest_known()).filter(
        unit__in=ask("dien-bien.tua-chua", BEFORE).scope.roots
    )
    was = parts("dien-bien.muong-nhe"), parts("dien-bien.tua-chua")
    decided(2, ("unit.place", {"on": IN_MARCH, "unit": here_, "parent": top.first().unit.code}))
    assert moved(was[0], parts("dien-bien.muong-nhe")) == {"-scope:unit.place": -members}
    assert moved(was[1], parts("dien-bien.tua-chua")) == {"+scope:unit.place": members}


def test_what_was_entered_late_is_learnt_and_so_is_its_annulment():
    cell, then = cells("dien-bien")[0], latest_known()
    assert parts("dien-bien", AFTER, AFTER, known=then) == {}
    late = admitted(1, cell)
    assert parts("dien-bien", AFTER, AFTER, known=then) == {"+learnt:membership.admit": 1}
    paper = Paper(symbol="2/QĐ-void", signed_on=AFTER, reason="it was never signed")
    annul(by=operator(), decided_by=paper, decision="1/QĐ-bridge")
    assert parts("dien-bien", AFTER, AFTER, known=late) == {"-learnt:decision.annul": -1}
    both = {"+learnt:membership.admit": 1, "-learnt:decision.annul": -1}
    assert parts("dien-bien", AFTER, AFTER, known=then) == both, "the bridge tells what happened, not only what is left"


def test_a_correction_of_the_person_changes_what_the_membership_counts_as():
    admitted(1, cells("dien-bien")[0], dt.date(2022, 5, 1))
    then = latest_known()
    fact = Membership.objects.get(person__code="bridge.1").person.particulars.get().fact
    wrong = {"on": AFTER, "fact": fact, "sex": "female", "reason": "the paper says so"}
    decided(2, ("particulars.correct", wrong))
    where = {"sex": "female"}
    made = bridge("members", ask("dien-bien", AFTER, known=then, where=where), ask("dien-bien", AFTER, where=where))
    (part,) = made.parts
    assert (part.why, part.count) == ("about", 1)
    told = as_json(made, "en")["parts"][0]
    assert [act["act"] for act in told["acts"]] == ["particulars.correct"]
    assert [record["label"].split(" · ")[0] for record in told["records"]] == ["Giàng A Mới"]


def test_backwards_is_the_same_with_the_signs_turned():
    forwards = bridge("members", ask("dien-bien", BEFORE), ask("dien-bien", AFTER))
    back = bridge("members", ask("dien-bien", AFTER), ask("dien-bien", BEFORE))
    assert forwards.difference == -back.difference
    assert {(cause(p), -p.count) for p in forwards.parts} == {(cause(p), p.count) for p in back.parts}


@pytest.mark.parametrize("name", sorted(name for name, of in INDICATORS.items() if of.kind == "share"))
def test_the_parts_of_a_share_add_up_as_exact_fractions(name: str):
    where = {"year": 2021, "base_year": 2015} if name == "quotas_cut" else {}
    first, second = (ask("nghe-an", on, where=where) for on in (dt.date(2022, 6, 30), dt.date(2023, 9, 30)))
    made = bridge(name, first, second)
    if made.difference is not None:
        assert sum((Fraction(part.value) for part in made.parts), Fraction(0)) == made.difference
        assert all(part.source or part.why == "per_year" for part in made.parts)


def test_a_bridge_leads_from_a_figure_to_the_same_figure():
    with pytest.raises(Mistake, match="one unit, the same conditions"):
        bridge("members", ask("dien-bien", BEFORE), ask("nghe-an", BEFORE))
    with pytest.raises(Mistake, match="one unit, the same conditions"):
        bridge("members", ask("dien-bien", BEFORE), ask("dien-bien", AFTER, where={"sex": "female"}))
    with pytest.raises(Refused, match="ended on 2025-07-01"):
        bridge("members", ask("ninh-thuan", BEFORE), ask("ninh-thuan", dt.date(2025, 8, 1)))


def test_the_command_says_opening_parts_and_closing_in_every_language():
    asked = ("bridge", "members", "--unit", "dien-bien", "--from", "2022-01-01", "--to", "2023-12-31")
    said = here(*asked, "--json")
    assert said.code == 0, said.err
    told = said.json
    assert told["opening"] + sum(part["value"] for part in told["parts"]) == told["closing"]
    assert all(part["records"] and part["acts"] and part["label"] for part in told["parts"])
    for language, word in (("vi", "Kết nạp"), ("en", "Admission"), ("de", "Aufnahme")):
        assert word in here(*asked, "--lang", language).out
    wrong = here("bridge", "members", "--unit", "dien-bien", "--from", "2022-01-01")
    assert (wrong.code, "say --to" in wrong.err) == (2, True)
