"""Somebody who is on file twice, in all that people are on file for, and those who may or may not see it."""

import datetime as dt
from typing import Any

from django.db import connection

from canbo.access.authority import operator
from canbo.registry.facts import Decision, content
from canbo.registry.ledger import Outcome, Paper, apply
from canbo.registry.organisations.models import Organisation
from canbo.registry.service.models import Employment
from canbo.registry.store import fact_kinds
from canbo.registry.tree import Placement

DAY = dt.date(2026, 6, 1)
KEPT, FORMER = "t1.kept", "t2.former"
Acts = list[tuple[str, dict[str, Any]]]


def decide(symbol: str, *acts: tuple[str, dict[str, Any]], by: str = "") -> Outcome:
    """A decision of the tests."""
    paper = Paper(symbol=f"{symbol}/QĐ-twins", signed_on=DAY)
    return apply(by=by or operator(), decided_by=paper, acts=list(acts))


def code_of(symbol: str) -> str:
    """The code of a decision of the tests."""
    return Decision.objects.get(symbol=f"{symbol}/QĐ-twins").code


def merge(symbol: str, *before: tuple[str, dict[str, Any]], by: str = "", **more: Any) -> Outcome:
    """Merge the two, after what puts their records right."""
    terms = {"on": DAY, "person": KEPT, "former": FORMER, "reason": "one birth certificate"} | more
    return decide(symbol, *before, ("person.merge", terms), by=by)


def places() -> dict[str, str]:
    """Two cells under committees of their own, what they lie under, and an office with a group that it employs."""
    parents = dict(
        Placement.objects.filter(recorded__upper_inf=True, valid__upper_inf=True).values_list(
            "unit__code", "parent__code"
        )
    )
    cells = Organisation.objects.filter(recorded__upper_inf=True, valid__upper_inf=True, kind="cell")
    cells = cells.filter(unit__code__startswith="dien-bien.", valid__startswith__lte=dt.date(2019, 1, 1))
    one, *others = cells.order_by("unit__code").values_list("unit__code", flat=True)
    other = next(code for code in others if parents[code] != parents[one])
    paid = Employment.objects.filter(
        recorded__upper_inf=True, valid__upper_inf=True, unit__code__startswith="dien-bien."
    )
    paid = paid.order_by("pk").first()
    found = {"one": one, "other": other, "far": others[-1], "over": parents[one], "top": "dien-bien.party"}
    return found | {"office": paid.unit.code, "group": paid.group}


def register(code: str, unit: str, **more: Any) -> tuple[str, dict[str, Any]]:
    """Somebody with the name and birthday of the two."""
    said = {"on": "2015-01-01", "code": code, "unit": unit, "name": "Giàng A Sính", "born": "1984-07-09"}
    return ("person.register", said | more)


def twins(where: dict[str, str]) -> Acts:
    """The kept one is a member and holds a post; the other is employed, trained, planned and has a role elsewhere."""
    post = {"on": "2018-01-01", "title": "committee-member", "unit": where["one"]}
    return [
        register(KEPT, where["one"]),
        register(FORMER, where["other"], name="Giàng A Sinh", on="2012-01-01"),
        ("membership.admit", {"on": "2016-03-01", "person": KEPT, "unit": where["one"], "stage": "official"}),
        ("post.create", post | {"code": "t.post"}),
        ("service.appoint", {"on": "2019-01-01", "person": KEPT, "post": "t.post"}),
        ("service.employ", {"on": "2014-01-01", "person": FORMER, "unit": where["office"], "group": where["group"]}),
        ("standing.complete-training", {"on": "2017-05-01", "person": FORMER, "unit": where["other"]}
         | {"level": "advanced"}),
        ("planning.enter", {"on": "2020-01-01", "person": FORMER, "unit": where["one"], "post": "t.post"}
         | {"level": "provincial", "term": "2025-2030"}),
    ]  # fmt: skip


def current() -> dict[str, tuple[int, str]]:
    """What the register holds now, table by table: how many facts, and a digest of all that they say."""
    shared = ("fact", "valid", "start_precision", "end_precision", "opened_by_id", "closed_by_id")
    found = {}
    with connection.cursor() as cursor:
        for model in fact_kinds():
            said = ", ".join(f't."{column}"' for column in (*shared, *(field.column for field in content(model))))
            cursor.execute(
                f"""SELECT count(*), coalesce(md5(string_agg(md5(ROW({said})::text), '' ORDER BY fact)), '')
                    FROM {model._meta.db_table} t WHERE upper_inf(recorded)"""
            )
            found[model._meta.db_table] = cursor.fetchone()
    return found


def naming(code: str) -> set[tuple[str, int]]:
    """The facts that name a person now, of whatever kind and in whatever column."""
    return {
        (model._meta.model_name, fact)
        for model in fact_kinds()
        for field in content(model)
        if field.related_model and field.related_model.__name__ == "Person"
        for fact in model.objects.filter(**{f"{field.name}__code": code}, recorded__upper_inf=True).values_list(
            "fact", flat=True
        )
    }
