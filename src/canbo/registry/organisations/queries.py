"""What a unit is on a day: its name and kind, what it lies under, what lies beneath it, whence it came and went."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection
from django.db.models import Count, Exists, OuterRef, QuerySet

from canbo.kernel.refusal import Mistake
from canbo.kernel.text import asked
from canbo.registry.facts import Fact, Unit
from canbo.registry.organisations.models import Organisation
from canbo.registry.places.models import Place
from canbo.registry.tree import Lineage, Placement, Scope, Service, scope
from canbo.registry.versions import begun

KINDS = (("place_kind", Place), ("organisation_kind", Organisation))
"""What a unit can be, and the vocabulary of its kinds."""
NEAR, MOST_NEAR, MOST_CALLED = 0.45, 3, 40
"""How alike a code must be to be offered for another one, how many are offered, and how many of one name are listed."""


@dataclass(frozen=True)
class Being:
    """What a unit was for a stretch of time; `until` is its first day without it."""

    pk: int
    code: str
    vocabulary: str
    kind: str
    name: str
    block: str
    since: dt.date | None
    until: dt.date | None
    opened_by: int

    def on(self, day: dt.date) -> bool:
        """Was it so on that day?"""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


_BEINGS = """unit_id, code, vocabulary, kind, name, block, lower(valid), upper(valid), opened_by_id
FROM (SELECT unit_id, 'organisation_kind' AS vocabulary, kind, name, block, valid, recorded, name_key, name_fold,
        opened_by_id FROM registry_organisation
    UNION ALL SELECT unit_id, 'place_kind', kind, name, '', valid, recorded, name_key, name_fold,
        opened_by_id FROM registry_place) AS being
JOIN registry_unit ON registry_unit.id = unit_id WHERE recorded @> %(known)s AND """
_NAMED = f"""SELECT DISTINCT ON (unit_id) {_BEINGS} unit_id = ANY (%(units)s)
AND coalesce(lower(valid), '-infinity') <= %(on)s ORDER BY unit_id, lower(valid) DESC NULLS LAST"""
_OF_UNIT = f"SELECT {_BEINGS} unit_id = %(unit)s ORDER BY lower(valid) NULLS FIRST"
_CHILDREN = f"""SELECT {_BEINGS} valid @> %(on)s AND unit_id IN (SELECT unit_id FROM registry_placement
WHERE parent_id = %(unit)s AND recorded @> %(known)s AND valid @> %(on)s)"""
_CALLED = f"""SELECT {_BEINGS} valid @> %(on)s AND strpos(name_fold, %(called)s) > 0
ORDER BY vocabulary DESC, name_key, code LIMIT %(most)s"""


def unit_of(code: str) -> Unit:
    """The unit with this code; where there is none, the refusal names codes that come near and says where all are."""
    found = Unit.objects.filter(code=code).first()
    if found:
        return found
    alike = Unit.objects.annotate(alike=TrigramSimilarity("code", asked(code))).filter(alike__gte=NEAR)
    near = alike.order_by("-alike", "code").values_list("code", flat=True)[:MOST_NEAR]
    if near:
        raise Mistake(
            "unknown_unit",
            "there is no unit with the code “%(code)s”. Codes like it: %(near)s. Codes are found by name: search on the"
            " pages, or `canbo unit --named NAME`",
            code=code,
            near=", ".join(near),
        )
    raise Mistake(
        "unknown_unit",
        "there is no unit with the code “%(code)s”. Codes are found by name: search on the pages, or"
        " `canbo unit --named NAME`",
        code=code,
    )


def called(name: str, on: dt.date, known: dt.datetime) -> list[Being]:
    """What is called so on a day, marks or not, places first; no more than a person reads."""
    return _beings(_CALLED, called=asked(name), on=on, known=known, most=MOST_CALLED)


def named(units: Iterable[int], on: dt.date, known: dt.datetime) -> dict[int, Being]:
    """What each of these units is on a day; for one that ended, what it was last. One that comes later is left out."""
    wanted = list(units)
    return {being.pk: being for being in _beings(_NAMED, units=wanted, on=on, known=known)} if wanted else {}


def beings(unit: Unit, known: dt.datetime) -> list[Being]:
    """Everything that a unit was and will be, in order; nothing where the register did not know of it yet."""
    return _beings(_OF_UNIT, unit=unit.pk, known=known)


def children(unit: Unit, on: dt.date, known: dt.datetime) -> list[Being]:
    """What lies directly under a unit on a day."""
    return _beings(_CHILDREN, unit=unit.pk, on=on, known=known)


def _beings(statement: str, **said: Any) -> list[Being]:
    """Places and organisations in one statement: nearly every page asks."""
    with connection.cursor() as cursor:
        cursor.execute(statement, said)
        return [Being(*row) for row in cursor]


def kinds_beneath(within: Scope, on: dt.date) -> list[tuple[str, str, int]]:
    """How many units of which kind lie anywhere beneath the roots of a scope on a day: vocabulary, kind, number."""
    found = []
    for vocabulary, model in KINDS:
        rows = model.objects.asof(on, within.known).filter(within.within(on)).exclude(unit=within.roots[0])
        counted = rows.values_list("kind").annotate(number=Count("pk")).order_by("kind")
        found += [(vocabulary, kind, number) for kind, number in counted]
    return found


@dataclass(frozen=True)
class Descent:
    """That a unit came wholly or partly from another one on a day, by an act."""

    unit: int
    predecessor: int
    whole: bool
    on: dt.date
    act: int


def descent(unit: Unit, on: dt.date, known: dt.datetime) -> tuple[list[Descent], list[Descent]]:
    """From which units a unit came, and into which ones it went, by a day."""
    rows = begun(Lineage.objects.known(known), on)
    mine = rows.filter(unit=unit) | rows.filter(predecessor=unit)
    found = [
        Descent(later, earlier, whole, valid.lower, act)
        for later, earlier, whole, valid, act in mine.values_list(
            "unit", "predecessor", "whole", "valid", "opened_by"
        ).order_by("valid", "predecessor__code", "unit__code")
    ]
    return [line for line in found if line.unit == unit.pk], [line for line in found if line.predecessor == unit.pk]


def serving(unit: Unit, on: dt.date, known: dt.datetime) -> tuple[list[int], list[int]]:
    """The place that an organisation serves on a day, and the organisations that serve a place."""
    rows = Service.objects.asof(on, known)
    found = (rows.filter(unit=unit) | rows.filter(place=unit)).values_list("unit", "place").order_by("unit__code")
    return [place for body, place in found if body == unit.pk], [body for body, place in found if place == unit.pk]


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
