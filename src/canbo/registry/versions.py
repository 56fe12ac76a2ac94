"""Versions of facts of every kind at once: all that names a thing, all that some acts wrote, with one query each.

The kinds lie in tables of their own; a person's timeline needs nearly all of them. So the rows are gathered by the
database and come with their content as plain values by column.
"""

import datetime as dt
import functools
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection, models

from canbo.kernel.refusal import Mistake
from canbo.registry import store
from canbo.registry.facts import Fact, Identity, Unit, content

_COLUMNS = (
    "id, fact, unit_id, lower(valid), upper(valid), start_precision, end_precision, lower(recorded), upper(recorded),"
    " opened_by_id, closed_by_id, asserted_by_id, retracted_by_id"
)


@dataclass(frozen=True)
class Version:
    """What one version of a fact says, and when it was so, known, and by which acts; `until` is the first day after.

    Read as known at some instant: a version that was retired only later has no `known_until` and no `retracted_by`.
    """

    kind: str
    pk: int
    fact: int
    unit: int
    since: dt.date | None
    until: dt.date | None
    start_precision: str
    end_precision: str
    known_from: dt.datetime
    known_until: dt.datetime | None
    opened_by: int
    closed_by: int | None
    asserted_by: int
    retracted_by: int | None
    content: dict[str, Any]

    @property
    def model(self) -> type[Fact]:
        """The kind of fact."""
        return kinds()[self.kind]

    @property
    def acts(self) -> dict[str, int]:
        """The acts behind this version, by what they did."""
        parts = ("opened_by", "closed_by", "asserted_by", "retracted_by")
        return {part: getattr(self, part) for part in parts if getattr(self, part)}

    def on(self, day: dt.date) -> bool:
        """Was it so on that day?"""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


@functools.cache
def kinds() -> dict[str, type[Fact]]:
    """Every kind of fact by the name that addresses and records use."""
    return {model._meta.model_name: model for model in store.fact_kinds()}


def kind_of(name: str) -> type[Fact]:
    """The kind of fact of that name, or a `Mistake` that lists them."""
    if name not in kinds():
        known = ", ".join(sorted(kinds()))
        raise Mistake("unknown_kind", "“%(kind)s” is no kind of record; known are: %(names)s", kind=name, names=known)
    return kinds()[name]


@functools.cache
def naming(identity: type[Identity]) -> dict[type[Fact], tuple[str, ...]]:
    """Which kinds of fact name a thing of this kind, and in which columns.

    What happens to people in a unit is told of the people, and what lies under a unit is told of what lies there.
    """
    found = {}
    for model in kinds().values():
        fields = [f for f in model._meta.concrete_fields if f.related_model is identity and f.name != "parent"]
        told_elsewhere = identity is Unit and any(f.name == "person" for f in model._meta.fields)
        if fields and not told_elsewhere:
            found[model] = tuple(f.column for f in fields)
    return found


def about(thing: Identity, known: dt.datetime, only: Iterable[type[Fact]] = ()) -> list[Version]:
    """Every version that names a thing and was recorded by then, in the order in which the register came to know."""
    named = naming(type(thing))
    wanted = {model: named[model] for model in only} if only else named
    where = {model: " OR ".join(f"{column} = %(key)s" for column in columns) for model, columns in wanted.items()}
    return _read(where, {"key": thing.pk}, known)


def of_fact(model: type[Fact], fact: int, known: dt.datetime) -> list[Version]:
    """All versions of one fact that were recorded by then."""
    return _read({model: "fact = %(fact)s"}, {"fact": fact}, known)


def with_keys(model: type[Fact], keys: Sequence[int], known: dt.datetime) -> list[Version]:
    """These versions, in the order of their keys as given."""
    found = {v.pk: v for v in _read({model: "id = ANY (%(keys)s)"}, {"keys": list(keys)}, known)} if keys else {}
    return [found[key] for key in keys if key in found]


def written_by(acts: Sequence[int], known: dt.datetime) -> list[Version]:
    """The versions that these acts asserted or retired, as far as recorded by then."""
    if not acts:
        return []
    where = "asserted_by_id = ANY (%(acts)s) OR retracted_by_id = ANY (%(acts)s)"
    return _read(dict.fromkeys(kinds().values(), where), {"acts": list(acts)}, known)


def _read(where: dict[type[Fact], str], values: dict[str, Any], known: dt.datetime) -> list[Version]:
    parts = [
        f"SELECT '{model._meta.model_name}', {_COLUMNS}, {_content(model)} FROM {model._meta.db_table}"
        f" WHERE ({condition}) AND lower(recorded) <= %(known)s"
        for model, condition in where.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), {**values, "known": known})
        rows = cursor.fetchall()
    found = [_version(row, known) for row in rows]
    return sorted(found, key=lambda version: (version.known_from, version.kind, version.pk))


@functools.cache
def _content(model: type[Fact]) -> str:
    fields = [field for field in content(model) if field.name != "unit"]
    pairs = ", ".join(f"'{field.attname}', \"{field.column}\"" for field in fields)
    return f"jsonb_build_object({pairs})"


def _version(row: Sequence[Any], known: dt.datetime) -> Version:
    version = Version(*row[:-1], content=json.loads(row[-1]))
    if version.known_until is None or version.known_until <= known:
        return version
    return replace(version, known_until=None, retracted_by=None)


def begun(rows: models.QuerySet, on: dt.date) -> models.QuerySet:
    """Those facts that began by a day, ended or not."""
    return rows.filter(models.Q(valid__startswith__lte=on) | models.Q(valid__startswith=None))


def last_per(rows: models.QuerySet, field: str, on: dt.date) -> models.QuerySet:
    """For each thing that a field names the fact that began last by a day: what it is on that day, or was last."""
    return begun(rows, on).order_by(field, models.F("valid__startswith").desc(nulls_last=True)).distinct(field)
