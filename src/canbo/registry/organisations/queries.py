"""What a unit is on a day: its name and kind, what it lies under, what lies beneath it, whence it came and went."""

import datetime as dt
from collections import Counter
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from canbo.registry.facts import Fact, Unit
from canbo.registry.organisations.models import Organisation
from canbo.registry.places.models import Place
from canbo.registry.tree import Lineage, Placement, Service, scope


def goes_on_before(known: dt.datetime) -> Exists:
    """That an organisation was there until the day it began to be what a fact says: it changed, it was not founded."""
    return Exists(_others(known).filter(valid__fully_lt=OuterRef("valid")))


def goes_on_after(known: dt.datetime) -> Exists:
    """That an organisation is there from the day it ceased to be what a fact says: it changed, it did not end."""
    return Exists(_others(known).filter(valid__fully_gt=OuterRef("valid")))


def _others(known: dt.datetime) -> QuerySet[Organisation]:
    """What the unit of a fact was right before or after it."""
    return Organisation.objects.known(known).filter(unit=OuterRef("unit"), valid__adjacent_to=OuterRef("valid"))


def described(unit: Unit, on: dt.date, known: dt.datetime) -> dict[str, Any]:
    """Everything a reader asks first of a unit; kind and name are None on a day without it."""
    being = _being([unit.pk], on, known).get(unit.pk)
    whole = _lifetime(unit, known)
    beneath = scope(unit, on, known).units(on)
    beings = _being([pk for pk in beneath if pk != unit.pk], on, known)
    direct = Placement.objects.asof(on, known).filter(parent=unit).values_list("unit", flat=True)
    codes = dict(Unit.objects.filter(pk__in=list(direct)).values_list("pk", "code"))
    return {
        "unit": unit.code,
        "on": on.isoformat(),
        "known": known.isoformat(),
        "kind": being.kind if being else None,
        "name": being.name if being else None,
        "valid": [_text(whole[0]), _text(whole[1])],
        "parent": Placement.objects.asof(on, known).filter(unit=unit).values_list("parent__code", flat=True).first(),
        "serves": Service.objects.asof(on, known).filter(unit=unit).values_list("place__code", flat=True).first(),
        "counts": dict(sorted(Counter(found.kind for found in beings.values()).items())),
        "beneath": [
            {"unit": codes[pk], "kind": beings[pk].kind, "name": beings[pk].name} for pk in codes if pk in beings
        ],
        "predecessors": _lineage(known, "predecessor__code", unit=unit),
        "successors": _lineage(known, "unit__code", predecessor=unit),
    }


def _being(units: list[int], on: dt.date, known: dt.datetime) -> dict[int, Any]:
    """The place or organisation that each unit is on a day."""
    found: dict[int, Any] = {}
    for model in (Place, Organisation):
        found.update({row.unit_id: row for row in model.objects.asof(on, known).filter(unit__in=units)})
    return found


def _lifetime(unit: Unit, known: dt.datetime) -> tuple[dt.date | None, dt.date | None]:
    rows: list[Fact] = [
        *Place.objects.known(known).filter(unit=unit),
        *Organisation.objects.known(known).filter(unit=unit),
    ]
    starts, ends = [row.valid.lower for row in rows], [row.valid.upper for row in rows]
    return (min(starts) if starts else None), (None if None in ends else max(ends, default=None))


def _lineage(known: dt.datetime, code: str, **where: Any) -> list[dict[str, Any]]:
    rows = Lineage.objects.known(known).filter(**where).order_by(code)
    return [
        {"unit": other, "on": valid.lower.isoformat(), "whole": whole}
        for other, valid, whole in rows.values_list(code, "valid", "whole")
    ]


def _text(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
