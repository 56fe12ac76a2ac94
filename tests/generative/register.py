"""A small register in the test profile `plain`: its units, people and posts, and how tests apply decisions to it."""

import datetime as dt
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from canbo.access.authority import operator
from canbo.kernel.models import Installation
from canbo.kernel.profile import choose
from canbo.registry.annul import annul
from canbo.registry.ledger import Outcome, Paper, apply, preview

PROFILES = Path(__file__).resolve().parent.parent / "profiles"
SIGNED = dt.date(2019, 1, 1)
Said = Mapping[str, Any]

SETUP: list[tuple[str, Said]] = [
    ("place.found", {"on": "2019-01-01", "code": "land", "kind": "land", "name": "Land"}),
    ("place.found", {"on": "2019-01-01", "code": "town", "kind": "town", "name": "Town", "under": "land"}),
    *(
        ("organisation.establish", {"on": "2019-01-01", "code": code, "kind": kind, "name": code, "under": under})
        for code, kind, under in (
            ("top", "whole", None),
            ("u1", "branch", "top"),
            ("u2", "branch", "top"),
            ("u3", "branch", "u1"),
            ("u4", "branch", "u2"),
        )
    ),
    *(
        ("person.register", {"on": "2019-01-01", "code": f"p{n}", "unit": f"u{n}", "name": f"Person {n}"})
        for n in range(1, 5)
    ),
    ("post.create", {"on": "2019-01-01", "code": "s1", "unit": "u1", "title": "chair", "seats": 1}),
    ("post.create", {"on": "2019-01-01", "code": "s2", "unit": "u3", "title": "clerk", "seats": 2}),
]
"""Two levels of units below `top`, four people, a post with one seat and one with two."""


@contextmanager
def plain() -> Iterator[None]:
    """Let the current database serve the test profile while the block runs."""
    installed = Installation.objects.values_list("profile", flat=True).get(pk=1)
    os.environ["CANBO_PROFILES"] = str(PROFILES)
    try:
        choose("plain")
        yield
    finally:
        os.environ.pop("CANBO_PROFILES")
        choose(installed)


def paper(code: str, reason: str = "", kind: str = "ordinary") -> Paper:
    """The paper of that symbol, signed on the day the register began."""
    return Paper(symbol=code, signed_on=SIGNED, reason=reason, kind=kind)


def decide(code: str, *acts: tuple[str, Said], **options: Any) -> Outcome:
    """Apply acts as the operator of this machine."""
    return apply(by=operator(), decided_by=paper(code), acts=list(acts), **options)


def foresee(code: str, acts: Sequence[tuple[str, Said]]) -> Outcome:
    """Preview acts as the operator of this machine."""
    return preview(by=operator(), decided_by=paper(code), acts=list(acts))


def undo(code: str, symbol: str = "annulment", reason: str = "wrong") -> Outcome:
    """Annul a decision as the operator of this machine."""
    return annul(by=operator(), decided_by=paper(symbol, reason), decision=code)


def set_up() -> Outcome:
    """Enter the small world."""
    return decide("setup", *SETUP)


def error_of(statement: str) -> BaseException | None:
    """What the database says to the application's own statement."""
    with pytest.raises(DatabaseError) as said, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return said.value.__cause__
