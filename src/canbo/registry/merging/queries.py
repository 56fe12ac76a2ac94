"""Which facts of two numbers cannot both go on when these become one, and which number leads where."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators

from canbo.registry.facts import Fact, Person
from canbo.registry.merging.models import Alias


def named(version: Any) -> str:
    """A fact, as the terms of a merge name it."""
    return f"{version.model._meta.model_name} {version.fact}"


def overlap(one: Any, other: Any) -> bool:
    """Are two facts so on the same day at some time?"""
    return all(
        first.start is None or second.end is None or first.start < second.end
        for first, second in ((one, other), (other, one))
    )


def excludes(one: Any, other: Any) -> bool:
    """Are they of those that the database has one of at a time, if they are of one person?"""
    return any(all(one[name] == other[name] for name in names) for names in exclusive(one.model))


def exclusive(model: type[Fact]) -> Iterable[list[str]]:
    """The columns of which no two facts of a kind may be the same at once."""
    found = (one for one in model._meta.constraints if isinstance(one, ExclusionConstraint))
    return ([name for name, operator in one.expressions if operator == RangeOperators.EQUAL] for one in found)


def led(person: Person, known: dt.datetime) -> Person:
    """Whose number it is, as known then: after a merge the person to whom it leads."""
    alias = Alias.objects.known(known).filter(former=person).select_related("person").first()
    return alias.person if alias else person
