"""What an exchange file should say of a record, read from the register field by field, whatever the file says of it."""

import datetime as dt
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language

from canbo.kernel.coded import Coded
from canbo.kernel.profile import profile
from canbo.registry.facts import Decision, Fact, Person, Unit, content
from canbo.registry.organisations.models import Organisation
from canbo.registry.people.models import Particulars
from canbo.registry.places.models import Place
from canbo.registry.posts.models import Post, PostRecord
from canbo.reports.said import CHOICES, NEVER_SHOWN

ONE_DAY = dt.timedelta(days=1)
WRITTEN = {"d": 10, "m": 7, "y": 4}


def partial(day: dt.date | None, precision: str) -> str | None:
    return day.isoformat()[: WRITTEN[precision]] if day else None


def words(field: models.Field, code: str) -> str | None:
    if isinstance(field, Coded):
        return profile().word(f"{field.vocabulary}.{code}", get_language()) if code else None
    return str(CHOICES[code]) if field.choices else None


def told(row: Fact, on: dt.date, known: dt.datetime) -> dict[str, Any]:
    """Everything that a file may say of the record; days as one types them."""
    valid = row.valid
    found: dict[str, Any] = {
        "record": row.fact,
        "since": partial(valid.lower, row.start_precision),
        "until": partial(valid.upper - ONE_DAY if valid.upper else None, row.end_precision),
        "since.counted": None,
    }
    decision = row.opened_by.decision
    if decision.kind == "opening" and (valid.lower is None or valid.lower < decision.signed_on):
        found["since.counted"] = decision.signed_on.isoformat()
    for field in content(type(row)):
        value = getattr(row, field.name)
        if field.name in NEVER_SHOWN:
            continue
        if field.is_relation:
            found[field.name] = value.code if value else None
            found[f"{field.name}.name"] = called(value, on, known) if value else None
        elif isinstance(field, Coded) or field.choices:
            found[field.name] = value or None
            found[f"{field.name}.word"] = words(field, value)
        elif isinstance(field, models.DateField):
            found[field.name] = partial(value, getattr(row, f"{field.name}_precision", "d"))
        elif isinstance(field, ArrayField):
            found[field.name] = list(value)
        else:
            found[field.name] = None if value == "" else value
    return found


def decided(row: Decision) -> dict[str, Any]:
    """The same of a decision."""
    known = row.applied_at.astimezone(dt.UTC).replace(tzinfo=None)
    signed, reason = row.signed_on.isoformat(), row.reason or None
    return {
        "record": row.pk,
        "symbol": row.symbol,
        "code": row.code,
        "signed": signed,
        "known": known,
        "reason": reason,
    }


def called(thing: models.Model, on: dt.date, known: dt.datetime) -> str | None:
    """What a person, a post or a unit is called on a day; a unit that has ended, as it was called last."""
    now = {"recorded__contains": known}
    if isinstance(thing, Person):
        found = Particulars.objects.filter(person=thing, valid__contains=on, **now)
        return found.values_list("name", flat=True).first()
    if isinstance(thing, Unit):
        begun = [
            (row.valid.lower or dt.date.min, row.name)
            for kind in (Organisation, Place)
            for row in kind.objects.filter(unit=thing, **now)
            if row.valid.lower is None or row.valid.lower <= on
        ]
        return max(begun)[1] if begun else None
    if not isinstance(thing, Post):
        return None
    title = PostRecord.objects.filter(post=thing, valid__contains=on, **now).values_list("title", flat=True).first()
    return words(PostRecord._meta.get_field("title"), title) if title else None
