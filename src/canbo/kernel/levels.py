"""How far the rows of a table may be seen: each model says its `LEVEL`, and the database is given a policy for it.

What a level means is decided by `access`, which writes the policies. A table without a level shows nobody anything:
row-level security denies what no policy allows.
"""

from django.db import models

OPEN = "open"
"""What must be readable before anybody has signed in: which profile the database serves, and nothing of people."""
PUBLIC = "public"
"""The structure: units, places, posts, documents, decisions. Whoever is signed in may read it."""
INTERNAL = "internal"
"""Figures of a unit's work, such as targets: those who may read the affairs of that unit."""
PERSONAL = "personal"
"""Facts about a person in a unit: those who may read the personnel files of that unit, and the person."""
BORNE = "borne"
"""What somebody is wherever they go, such as a name: those who may read any fact about the person."""
ASKED = "asked"
"""What the person on file asks for: they, and whoever reads personnel files of the unit that keeps theirs."""
LOG = "log"
"""The audit log: everybody's doings are added to it, and it is read through functions that ask who may."""
CARD = "card"
"""Derived from personal facts: in which units a person is known."""


def level(model: type[models.Model]) -> str | None:
    """The level of a table: what its model says, and of facts that concern somebody `PERSONAL`."""
    said = getattr(model, "LEVEL", None)
    if said == INTERNAL and any(field.name == "person" for field in model._meta.fields):
        return PERSONAL
    return said
