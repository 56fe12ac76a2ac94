"""Rolling up gives each unit exactly the figure that it would get alone, whatever moved and whenever it is asked."""

import datetime as dt
import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connections

from bench.take_over import Nation
from canbo.access.authority import operator
from canbo.kernel.database import Database
from canbo.kernel.declare import scan
from canbo.kernel.refusal import Mistake, Refused
from canbo.registry.facts import Unit
from canbo.registry.ledger import Paper, apply
from canbo.registry.mandates.models import Mandate
from canbo.registry.membership.models import Membership
from canbo.registry.organisations.models import Organisation
from canbo.registry.service.models import Employment, Incumbency
from canbo.registry.tree import Placement
from canbo.reports import rollup
from canbo.reports.indicator import INDICATORS
from canbo.reports.question import ask, latest_known
from canbo.reports.rollup import roll_up

pytestmark = pytest.mark.database

scan("canbo.reports.indicators")
END = dt.date(2025, 12, 31)
FIGURES: list[tuple[str, dict[str, Any]]] = [
    ("members", {}),
    ("members", {"stage": "official"}),
    ("members", {"category": ["farmer", "student"]}),
    ("members", {"sex": "female"}),
    ("members_admitted", {}),
    ("members_admitted", {"who__sex": "female"}),
    ("members_left", {}),
    ("members_moved", {}),
    ("members_advanced", {}),
    ("admissions_per_year_share", {}),
    ("organisations", {}),
    ("organisations", {"kind": "cell"}),
    ("organisations_established", {}),
    ("organisations_dissolved", {}),
    ("places", {"kind": "commune"}),
    ("quotas", {"year": 2025}),
    ("incumbents_from_elsewhere", {}),
]
PERIODS = [
    (END, None, None),
    (END, dt.date(2025, 1, 2), None),
    (dt.date(2025, 7, 1), dt.date(2025, 6, 30), None),
    (dt.date(2025, 6, 30), dt.date(2025, 3, 1), None),
    (dt.date(2025, 10, 9), dt.date(2025, 7, 1), dt.datetime(2025, 2, 1, tzinfo=dt.UTC)),
]


@pytest.fixture
def nation(fresh_database: Database) -> Iterator[random.Random]:
    """Three small provinces with members, a branch that moved within each, and some quotas."""
    Nation(600, provinces=3, communes=3, particulars=True).load()
    said = {"on": "2025-01-01", "year": 2025, "group": "public-employee"}
    quotas = [("establishment.allot", {**said, "unit": code, "amount": n}) for n, code in enumerate(parties(), 5)]
    apply(by=operator(), decided_by=Paper(symbol="quotas", signed_on=END), acts=quotas)
    branch = Organisation.objects.filter(unit__code__contains=".party.").first()
    under = Placement.objects.asof(dt.date(2025, 2, 3), latest_known()).get(unit=branch.unit).parent.code
    kind = {"kind": branch.kind}
    lives = [
        ("organisation.establish", {"on": "2025-02-03", "code": "short-lived", "name": "A", "under": under, **kind}),
        ("organisation.change", {"on": "2025-07-05", "unit": "short-lived", "name": "B", "block": "", **kind}),
        ("organisation.dissolve", {"on": "2025-07-09", "unit": "short-lived"}),
    ]
    apply(by=operator(), decided_by=Paper(symbol="short-lived", signed_on=END), acts=lives)
    yield random.Random(5)
    connections["owner"].close()


def parties() -> list[str]:
    return codes(code__endswith=".party")


def codes(**where: str) -> list[str]:
    return list(Unit.objects.filter(**where).order_by("pk").values_list("code", flat=True))


def some_units(chance: random.Random, count: int) -> list[str]:
    """Places, which organisations serve, and organisations, some of them beneath others that are asked about."""
    places = [party.removesuffix(".party") for party in parties()]
    several = (parties(), places, codes(code__contains=".party."))
    return [*places[:2], *(code for kind in several for code in chance.sample(kind, count))]


def alone(units: list[str], on: dt.date, start: dt.date | None, known: dt.datetime | None) -> dict[str, list[Any]]:
    """The figures asked one by one."""
    return {
        unit: [INDICATORS[name].value(ask(unit, on, start=start, known=known, where=where)) for name, where in FIGURES]
        for unit in units
    }


@contextmanager
def whole_scans() -> Iterator[None]:
    """Let no register be so small that only the facts of some units are read."""
    few, rollup.FEW = rollup.FEW, 0
    try:
        yield
    finally:
        rollup.FEW = few


def test_every_figure_of_every_unit_is_the_one_it_has_alone(nation: random.Random) -> None:
    for on, start, known in PERIODS:
        units = some_units(nation, 1)
        expected = alone(units, on, start, known)
        assert roll_up(FIGURES, units, on, start=start, known=known) == expected
        with whole_scans():
            assert roll_up(FIGURES, units, on, start=start, known=known) == expected


def test_an_organisation_is_established_and_dissolved_once_whatever_it_was_called(nation: random.Random) -> None:
    asked = [("organisations_established", {}), ("organisations_dissolved", {})]
    above = Placement.objects.get(unit__code="short-lived", recorded__upper_inf=True).parent.code
    for day, figures in {(2, 3): [1, 0], (7, 5): [0, 0], (7, 8): [0, 0], (7, 9): [0, 1]}.items():
        on = dt.date(2025, *day)
        assert roll_up(asked, [above], on, start=on) == {above: figures}


def test_one_fact_counts_once_for_a_place_that_two_organisations_of_one_tree_serve(nation: random.Random) -> None:
    place = next(code for code in parties() if code.count(".") > 1).removesuffix(".party")
    served = Paper(symbol="served", signed_on=END)
    branch = Unit.objects.filter(code__startswith=f"{place}.party.").first()
    apply(
        by=operator(),
        decided_by=served,
        acts=[("unit.serve", {"unit": branch.code, "place": place, "on": "2025-03-01"})],
    )
    assert roll_up(FIGURES, [place], END) == alone([place], END, None, None)


def test_who_leaves_on_the_day_of_a_move_counts_where_the_organisation_was(nation: random.Random) -> None:
    moved = dt.date(2025, 7, 1)
    branch = Placement.objects.get(
        unit__code__contains=".2025.", valid__startswith=moved, unit__code__startswith="ha-noi"
    )
    member = Membership.objects.filter(
        unit__code__startswith=branch.unit.code, recorded__upper_inf=True, valid__upper_inf=True, valid__contains=moved
    ).first()
    leaving = {"person": member.person.code, "on": "2025-07-01", "ending": "left"}
    apply(by=operator(), decided_by=Paper(symbol="left", signed_on=moved), acts=[("membership.leave", leaving)])
    units = [branch.parent.code, branch.unit.code.removesuffix(".grassroots-committee-3"), "ha-noi"]
    for start in (moved, dt.date(2025, 6, 30), dt.date(2025, 1, 2)):
        expected = alone(units, END, start, None)
        assert expected["ha-noi"][6]
        assert roll_up(FIGURES, units, END, start=start) == expected


def test_counts_that_do_not_add_up_and_absent_units_are_refused(nation: random.Random) -> None:
    some = some_units(nation, 1)
    with pytest.raises(Mistake, match="planned counts each person once"):
        roll_up([("planned", {})], some, END)
    with pytest.raises(Refused, match="1 of the units do not exist"):
        roll_up([("members", {})], [some[0], "atlantis"], END)
    assert roll_up([("members", {})], [], END) == {}


def keys_of_memberships() -> set[str]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            """SELECT pg_get_constraintdef(oid) || convalidated FROM pg_constraint
               WHERE conrelid = 'registry_membership'::regclass
               UNION ALL SELECT indexdef FROM pg_indexes WHERE tablename = 'registry_membership'"""
        )
        return {said for (said,) in cursor.fetchall()}


def test_the_loader_leaves_every_key_as_it_was_and_tells_what_ended(
    fresh_database: Database,
) -> None:
    before = keys_of_memberships()
    Nation(600, provinces=1, communes=3, service=True).load()
    assert keys_of_memberships() == before
    assert Membership.objects.filter(recorded__upper_inf=True).exclude(ending="").exists()
    assert Membership.objects.filter(retracted_by__isnull=False).exists()
    cells = Organisation.objects.filter(kind__in=("cell", "grassroots-cell"))
    led = set(Incumbency.objects.values_list("unit", "post__records__unit").distinct())
    assert led == {(unit, unit) for unit in cells.values_list("unit", flat=True)}
    were = range(576)  # members before the year of which the last part tells
    assert Employment.objects.count() == sum(i % 14 < 5 for i in were), "five in fourteen work for an administration"
    assert Employment.objects.values("unit").distinct().count() == 3
    assert Mandate.objects.count() == 2
    connections["owner"].close()
