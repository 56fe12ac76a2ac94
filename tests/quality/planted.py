"""What is wrong on purpose: people and units of which each breaks one rule, and others that come near and do not."""

import datetime as dt
from typing import Any

from canbo.access.authority import operator
from canbo.registry.facts import Decision
from canbo.registry.ledger import Paper, apply
from canbo.registry.organisations.models import Organisation
from canbo.registry.people.models import Particulars
from canbo.registry.service.models import Employment
from canbo.registry.tree import Placement

Acts = list[tuple[str, dict[str, Any]]]
DAY = dt.date(2026, 6, 1)
OLD = dt.date(1980, 5, 1)
PLANTED = {
    "birthday": {"particulars q.unborn"},
    "leaderless": {"organisation q.new"},
    "too-young": {"membership q.young", "membership q.young-by-year", "membership q.both"},
    "after-death": {"employment q.dead"},
    "unit-gone": {"membership q.homeless"},
    "twice": {"employment q.twice"},
    "outlasts": {"incumbency q.postless"},
    "before-hire": {"employment q.early"},
    "early-post": {"incumbency q.early"},
    "stranger": {"incumbency q.foreign"},
    "same-person": {"particulars q.one", "particulars q.other", "particulars q.accent"},
    "stage-long": {"membership q.overdue", "membership q.both"},
    "left-behind": {"particulars q.homeless"},
    "source-missing": {"membership q.unborn"},
}
"""By rule, what it finds: the kind, and the code of the person or unit."""
NEAR = {
    "too-young": {"membership q.grown", "membership q.grown-by-year"},
    "before-hire": {"employment q.hired"},
    "early-post": {"incumbency q.hired"},
    "stranger": {"incumbency q.own", "incumbency q.moved"},
    "same-person": {"particulars q.apart", "particulars q.yearling"},
    "stage-long": {"membership q.unborn", "membership q.due"},
    "left-behind": {"particulars q.villager"},
}
"""What comes near and is not found."""


READERS = {
    "q.reads.over": ("organiser", "over"),
    "q.reads.cell": ("cell-head", "cell"),
    "q.reads.office": ("employer", "office"),
    "q.reads.numbers": ("statistician", "over"),
    "q.reads.nothing": ("", ""),
}
"""Who reads, in which role over which of the units; the last one in none."""


def decide(number: int, *acts: tuple[str, dict[str, Any]]) -> dt.datetime:
    """A decision of the tests."""
    return apply(by=operator(), decided_by=Paper(symbol=f"{number}/QĐ-quality", signed_on=DAY), acts=list(acts)).known


def documented(number: int, decision: int, issuer: str) -> dt.datetime:
    """The document of a decision of these is registered."""
    code = Decision.objects.get(symbol=f"{decision}/QĐ-quality").code
    terms = {"on": DAY, "code": f"q.document.{number}", "issuer": issuer, "type": "decision", "decides": code}
    return decide(number, ("document.register", terms | {"symbol": f"{decision}/QĐ-quality", "issued_on": DAY}))


def corrected(number: int, person: str, born: str) -> dt.datetime:
    """Somebody's birthday is put right."""
    fact = Particulars.objects.get(person__code=person, recorded__upper_inf=True).fact
    return decide(number, ("particulars.correct", {"on": DAY, "fact": fact, "born": born, "reason": "read again"}))


def plant() -> dict[str, str]:
    """Plants all; returns the codes of the units where: `cell`, the committee `over` it, and an employing `office`."""
    lying = Placement.objects.filter(recorded__upper_inf=True, valid__upper_inf=True)
    parents = dict(lying.values_list("unit__code", "parent__code"))
    there = Organisation.objects.filter(recorded__upper_inf=True, valid__upper_inf=True)
    cells = there.filter(kind="cell", unit__code__startswith="dien-bien.", valid__startswith__lte=dt.date(2019, 1, 1))
    cell = cells.order_by("unit__code").values_list("unit__code", flat=True)[0]
    paid = Employment.objects.filter(recorded__upper_inf=True, valid__upper_inf=True).order_by("pk").first()
    others = there.filter(kind="commune-party", unit__code__startswith="dien-bien.").exclude(unit__code=parents[cell])
    where = {"cell": cell, "over": parents[cell], "office": paid.unit.code, "group": paid.group}
    where["other"] = others.order_by("unit__code").values_list("unit__code", flat=True)[0]
    papers = (_people(cell), _stays(**where), _units(**where), _posts(**where), _moved(**where), _readers(where))
    for number, acts in enumerate(papers, 1):
        decide(number, *acts)
    return where


def _person(code: str, unit: str, born: Any = OLD, **more: Any) -> tuple[str, dict[str, Any]]:
    said = {"on": "2015-01-01", "code": f"q.{code}", "unit": unit, "name": f"Lò Thị {code.title()}", "born": born}
    return ("person.register", said | more)


def _apart(code: str, other: str) -> tuple[str, dict[str, Any]]:
    return ("person.distinguish", {"on": DAY, "person": f"q.{code}", "other": f"q.{other}"})


def _people(cell: str) -> Acts:
    names = ("dead", "twice", "postless", "early", "hired", "foreign", "own", "overdue", "due", "moved")
    return [
        *(_person(name, cell) for name in names),
        _person("villager", "dien-bien"),
        _person("both", cell, "2010-01-01"),
        _person("unborn", cell, None),
        _person("young", cell, "2008-01-11"),
        _person("grown", cell, "2008-01-10"),
        _person("young-by-year", cell, "2009-01-01"),
        _person("grown-by-year", cell, "2008-12-31"),
        _person("one", cell, "1990-02-03", name="Vừ A Hạng"),
        _person("other", cell, "1990-02-03", name="Vừ A Hạng"),
        _person("accent", cell, "1990-02-03", name="Vừ A Hàng"),
        _person("apart", cell, "1990-02-03", name="Vừ A Hạng"),
        *(_apart("apart", one) for one in ("one", "other", "accent")),
        _person("yearling", cell, "1990", name="Vừ A Hạng"),
    ]


def _admit(name: str, unit: str, on: str, stage: str = "official") -> tuple[str, dict[str, Any]]:
    return ("membership.admit", {"on": on, "person": f"q.{name}", "unit": unit, "stage": stage})


def _employ(name: str, unit: str, on: str, group: str) -> tuple[str, dict[str, Any]]:
    return ("service.employ", {"on": on, "person": f"q.{name}", "unit": unit, "group": group})


def _stays(cell: str, office: str, group: str, **_: str) -> Acts:
    recruited = {"unit": office, "group": group}
    return [
        _admit("unborn", cell, "2026-01-10", "probationary"),
        _admit("young", cell, "2026-01-10"),
        _admit("grown", cell, "2026-01-10"),
        _admit("young-by-year", cell, "2026"),
        _admit("grown-by-year", cell, "2026"),
        _admit("overdue", cell, "2025-03-31", "probationary"),
        _admit("due", cell, "2025-04-01", "probationary"),
        _admit("both", cell, "2024-01-10", "probationary"),
        _admit("foreign", cell, "2020-01-10"),
        _admit("own", cell, "2020-01-10"),
        _admit("dead", cell, "2020-01-10"),
        ("membership.leave", {"on": "2026-03-01", "person": "q.dead", "ending": "death"}),
        _employ("dead", office, "2020-01-10", group),
        _employ("twice", office, "2020-01-10", group),
        ("service.release", {"on": "2026-02", "person": "q.twice"}),
        _employ("twice", office, "2026-02", group),
        _employ("early", office, "2020-01-10", group),
        ("standing.recruit", {"on": "2024-03-01", "person": "q.early", **recruited}),
        _employ("hired", office, "2024-03-01", group),
        ("standing.recruit", {"on": "2024-03-01", "person": "q.hired", **recruited}),
    ]


def _units(over: str, **_: str) -> Acts:
    made = {"on": "2025-08-01", "kind": "cell", "under": over}
    return [
        ("organisation.establish", made | {"code": "q.new", "name": "Chi bộ mới"}),
        ("organisation.establish", made | {"code": "q.led", "name": "Chi bộ bạn"}),
        ("organisation.establish", made | {"code": "q.gone", "name": "Chi bộ cũ"}),
        _person("homeless", "q.gone"),
        _admit("homeless", "q.gone", "2025-08-10"),
        ("organisation.dissolve", {"on": "2026-03-01", "unit": "q.gone"}),
    ]


def _posts(cell: str, office: str, **_: str) -> Acts:
    places = {"q.post": cell, "q.ended": cell, "q.far": "q.led"}
    made = {"on": "2025-08-01", "title": "cell-secretary"}
    return [
        *(("post.create", made | {"code": code, "unit": unit}) for code, unit in places.items()),
        ("service.appoint", {"on": "2026-01-10", "person": "q.own", "post": "q.post"}),
        ("service.appoint", {"on": "2026-01-10", "person": "q.foreign", "post": "q.far"}),
        ("service.appoint", {"on": "2026-02", "person": "q.postless", "post": "q.ended"}),
        ("post.abolish", {"on": "2026-03-01", "post": "q.ended"}),
        ("post.create", made | {"code": "q.early", "unit": office, "on": "2019-08-01", "title": "committee-member"}),
        ("service.appoint", {"on": "2020-01-09", "person": "q.early", "post": "q.early"}),
        ("post.create", made | {"code": "q.hired", "unit": office, "on": "2019-08-01", "title": "committee-member"}),
        ("service.appoint", {"on": "2024-03", "person": "q.hired", "post": "q.hired"}),
    ]


def _moved(over: str, other: str, **_: str) -> Acts:
    """A cell that lies elsewhere now; whoever leads what it lay beneath was a member there."""
    made = {"on": "2025-08-01", "code": "q.moved", "kind": "cell", "name": "Chi bộ chuyển", "under": over}
    post = {"on": "2025-08-01", "code": "q.secretary", "unit": over, "title": "party-deputy-secretary"}
    return [
        ("organisation.establish", made),
        _admit("moved", "q.moved", "2025-09-01"),
        ("post.create", post),
        ("service.appoint", {"on": "2026-01-10", "person": "q.moved", "post": "q.secretary"}),
        ("unit.place", {"on": "2026-02-01", "unit": "q.moved", "parent": other}),
    ]


def _readers(where: dict[str, str]) -> Acts:
    given = {code: {"role": role, "unit": where[unit]} for code, (role, unit) in READERS.items() if role}
    return [
        *(_person(code.removeprefix("q."), where["cell"]) for code in READERS),
        *(("mandate.give", {"on": "2026-01-01", "person": code} | said) for code, said in given.items()),
    ]
