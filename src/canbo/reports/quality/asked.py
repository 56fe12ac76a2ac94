"""What is looked at: the facts of a day, as known at an instant, of a unit with all beneath it, or all there are."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import DateField, F, Func, OuterRef

from canbo.registry.tree import Scope


@dataclass(frozen=True)
class Asked:
    """The day, the instant, and the units; without a scope all units."""

    on: dt.date
    known: dt.datetime
    scope: Scope | None = None


_WHEN = "WHEN 'y' THEN interval '1 year -1 day' WHEN 'm' THEN interval '1 month -1 day' ELSE interval '0' END"


def begun(source: type[F] = F) -> Func:
    """The last day on which a fact may have begun: what is known to the year may have begun on its last day."""
    template = f"(lower(%(expressions)s {_WHEN})::date"
    joiner = ") + CASE "
    return Func(
        source("valid"), source("start_precision"), template=template, arg_joiner=joiner, output_field=DateField()
    )


def later(day: F | Func, number: int, unit: str) -> Func:
    """The day so many months or years after a day or an instant: 28 February where there is no 29th."""
    template = f"(%(expressions)s + interval '{int(number)} {unit}')::date"
    return Func(day, template=template, output_field=DateField())


def same(*names: str) -> dict[str, OuterRef]:
    """That another fact is of the same person, post or unit as the one that is looked at."""
    return {name: OuterRef(name) for name in names}
