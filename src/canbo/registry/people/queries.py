"""Who people are on a day."""

import datetime as dt
from collections.abc import Iterable

from canbo.registry.people.models import Particulars
from canbo.registry.versions import last_per


def named(people: Iterable[int], on: dt.date, known: dt.datetime) -> dict[int, tuple[str, str]]:
    """Code and name of each of these people on a day; one of whom nothing is recorded by then is left out."""
    wanted = set(people)
    rows = last_per(Particulars.objects.known(known).filter(person__in=wanted), "person", on) if wanted else ()
    return {row[0]: row[1:] for row in rows.values_list("person", "person__code", "name")} if wanted else {}
