"""Mappings kept by source in the database: whoever reads the affairs of the unit for which one is kept is offered it.

Keeping one again under its name replaces it, and what was kept before stays on record. The day of a file that is all
there is belongs to the file and is not kept.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import ProgrammingError, connection, transaction
from psycopg.types.json import Jsonb

from canbo.exchange.layout import Source
from canbo.exchange.models import LONGEST, SavedMapping
from canbo.kernel.audit import record
from canbo.kernel.refusal import Mistake
from canbo.kernel.screen import Screen
from canbo.registry.ledger import refused
from canbo.registry.organisations.queries import unit_of

_KEEP = "INSERT INTO exchange_savedmapping (unit_id, name, concept, said, by) VALUES (%s, %s, %s, %s, %s)"
_MINE = "SELECT u.code FROM grants_1() g JOIN registry_unit u ON u.id = g.unit ORDER BY u.code LIMIT 1"


def offered(screen: Screen) -> list[SavedMapping]:
    """The mappings for a list, by name, each as it was kept last."""
    last = SavedMapping.objects.filter(concept=screen.name).order_by("unit", "name", "-pk").distinct("unit", "name")
    found = [one for one in last.select_related("unit") if one.said is not None]
    return sorted(found, key=lambda one: (one.name, one.unit.code))


def one(screen: Screen, key: str) -> SavedMapping:
    """The mapping with that key, if it is still offered."""
    found = next((one for one in offered(screen) if str(one.pk) == key), None)
    if found is None:
        raise Mistake("no_such_mapping", "This mapping is no longer kept; choose another one.")
    return found


def fitting(some: Iterable[SavedMapping], sheets: Iterable[tuple[str, Collection[str]]]) -> list[SavedMapping]:
    """Those whose headings all stand in some sheet of a file, those with most of them first."""
    there = [(name, set(headings)) for name, headings in sheets]
    found = []
    for kept in some:
        said = Source.model_validate(kept.said)
        wanted = {*said.columns, *said.filled, *said.split}
        if any(said.sheet in ("", name) and wanted <= headings for name, headings in there):
            found.append((len(wanted), kept))
    return [kept for _, kept in sorted(found, key=lambda pair: -pair[0])]


def keep(screen: Screen, said: Source | None, *, name: str, unit: str, by: str, person: int | None) -> None:
    """Keep a mapping under a name, for a unit in which whoever keeps it may write; without one it is dropped."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST:
        raise Mistake("no_name", "Give the source a name of at most %(most)s letters.", most=LONGEST)
    contents = _plain(said) if said else None
    of = unit_of(unit)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_KEEP, [of.pk, name, screen.name, contents and Jsonb(contents), by])
    except ProgrammingError as error:
        raise refused(error) from error
    details = {"name": screen.name, "source": name, "kept" if contents else "dropped": 1}
    record("list", "mapping", actor=by, person=person, unit=of.pk, details=details)


def mine() -> str:
    """A unit for which whoever asks may keep one."""
    with connection.cursor() as cursor:
        cursor.execute(_MINE)
        row = cursor.fetchone()
    return row[0] if row else ""


def _plain(said: Source) -> Mapping[str, Any]:
    whole = said.whole and said.whole.model_copy(update={"on": None})
    return said.model_copy(update={"whole": whole}).model_dump(mode="json", exclude_defaults=True)
