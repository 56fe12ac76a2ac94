"""What documents say of themselves and of each other on a day, and which document carries a decision."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from canbo.registry.documents.models import Document, Link, Registration
from canbo.registry.versions import begun, last_per


@dataclass(frozen=True)
class Paper:
    """A document as registered: how it is named, and what it decides."""

    pk: int
    code: str
    symbol: str
    title: str
    type: str
    unit: int
    issued_on: dt.date | None
    decision: str


@dataclass(frozen=True)
class Tie:
    """That one document relates to another; `other` is that one, `outward` says that the relation is ours."""

    relation: str
    other: int
    outward: bool
    fact: int


def named(documents: Iterable[int], on: dt.date, known: dt.datetime) -> dict[int, Paper]:
    """What each of these documents is on a day; for one no longer in force, what it was last."""
    wanted = set(documents)
    return _papers(Q(document__in=wanted), on, known) if wanted else {}


def carrying(decisions: Iterable[str], known: dt.datetime) -> dict[int, Paper]:
    """The documents that carry these decisions, as far as they were registered."""
    wanted = set(decisions) - {""}
    return _papers(Q(document__decision_code__in=wanted), dt.date.max, known) if wanted else {}


def _papers(which: Q, on: dt.date, known: dt.datetime) -> dict[int, Paper]:
    rows = last_per(Registration.objects.known(known).filter(which), "document", on)
    columns = ("document", "document__code", "symbol", "title", "type", "unit", "issued_on", "document__decision_code")
    return {values[0]: Paper(*values) for values in rows.values_list(*columns)}


def ties(document: Document, on: dt.date, known: dt.datetime) -> list[Tie]:
    """How a document relates to others, and others to it, by a day."""
    rows = begun(Link.objects.known(known).filter(Q(document=document) | Q(target=document)), on)
    return [
        Tie(relation, target if source == document.pk else source, source == document.pk, fact)
        for relation, source, target, fact in rows.order_by("relation", "fact").values_list(
            "relation", "document", "target", "fact"
        )
    ]
