"""What is inconsistent: books that ask for what does not exist, and records that contradict each other."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

from canbo.kernel.profile import Profile, profile
from canbo.kernel.refusal import Refused
from canbo.registry import store
from canbo.registry.membership.models import Membership
from canbo.registry.service.models import Incumbency
from canbo.registry.tree import Closure
from canbo.reports.book import books, pages
from canbo.reports.indicator import INDICATORS

_HOMELESS = """
SELECT count(*) FROM {table} f
WHERE upper_inf(f.recorded) AND upper_inf(f.valid) AND EXISTS (
    SELECT 1 FROM registry_organisation o
    WHERE o.unit_id = f.unit_id AND upper_inf(o.recorded) AND NOT upper_inf(o.valid))
AND NOT EXISTS (
    SELECT 1 FROM registry_organisation o
    WHERE o.unit_id = f.unit_id AND upper_inf(o.recorded) AND upper_inf(o.valid))
"""

_OVERLAPPING = """
SELECT count(*) FROM registry_membership a
JOIN registry_membership b ON b.person_id = a.person_id AND b.fact > a.fact AND b.valid && a.valid
WHERE upper_inf(a.recorded) AND upper_inf(b.recorded)
"""

_UNDOCUMENTED = """
SELECT count(DISTINCT code) FROM registry_decision d
WHERE kind = 'ordinary' AND NOT EXISTS (SELECT 1 FROM registry_document t WHERE t.decision_code = d.code)
"""


# A member and the holder of a post are somewhere on every day. What happened to people stays where it happened, and
# payroll and plans of a body that ended wait for a decision of those who took it over: worth knowing, no contradiction.


@dataclass(frozen=True)
class Finding:
    """One thing that does not fit: what it is about, how many there are, and whether it is an error."""

    about: str
    said: str
    error: bool = True


def findings() -> Iterator[Finding]:
    """Everything that is inconsistent, and what is only worth knowing."""
    yield from _books(profile())
    with connection.cursor() as cursor:
        for model in store.fact_kinds():
            if "person" in {f.name for f in model._meta.fields}:
                cursor.execute(_HOMELESS.format(table=model._meta.db_table))
                (count,) = cursor.fetchone()
                if count:
                    said = f"{count} stand in organisations that have ended"
                    yield Finding(model._meta.model_name, said, error=model in (Membership, Incumbency))
        cursor.execute(_OVERLAPPING)
        (count,) = cursor.fetchone()
        if count:
            yield Finding("membership", f"{count} overlap another membership of the same person")
        cursor.execute(_UNDOCUMENTED)
        (count,) = cursor.fetchone()
        if count:
            yield Finding("decision", f"{count} decisions have no document in the register", error=False)


def _books(of: Profile) -> Iterator[Finding]:
    """Every figure of every book names an indicator and conditions that it knows."""
    units = {path.stem for path in of.files("books", "*/*.yaml")} - {"book"}
    for name in books(of):
        for unit in sorted(units) or [""]:
            for line in (f for part in pages(of, name, unit) for chapter in part.chapters for f in chapter.figures):
                try:
                    INDICATORS.ask(line.indicator).check(line.where)
                except Refused as refusal:
                    yield Finding(f"book {name}", f"{line.id}: {refusal}")


def registered() -> dict[str, int]:
    """How much is registered."""
    return {"kinds of fact": len(store.fact_kinds()), "indicators": len(INDICATORS), "units": _units()}


def _units() -> int:
    return Closure.objects.filter(depth=0).count()
