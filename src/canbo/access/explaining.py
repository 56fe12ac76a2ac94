"""Who may read a record today, and why: the facts and ways by which the database decides it, the other way round."""

from dataclasses import dataclass

from django.db import connection, models

from canbo.kernel.levels import BORNE, INTERNAL, PERSONAL, level

_ASK = "SELECT * FROM canbo.readers_1(%s, %s, %s)"


@dataclass(frozen=True)
class Reason:
    """Why somebody may read a record; what is None whoever asks may not see, or there is none of it.

    `kind` and `fact` are what gives the `role` over a unit (or `own`: it is about themselves), `act` what opened it,
    `post` which post it is; `way` is how that reaches `at`, the unit here, which ended where it has a `keeper`.
    `file`: it opens the whole file.
    """

    person: int | None
    role: str | None
    over: int | None
    kind: str
    fact: int | None
    act: int | None
    post: int | None
    giver: int | None
    way: str
    at: int | None
    keeper: int | None
    file: bool


def readers(model: type[models.Model], unit: int | None, person: int | None) -> list[Reason] | None:
    """Everybody who may read what lies in a table, of a unit and a person; None where whoever is signed in may.

    Answers nothing to whoever may not read it.
    """
    asked = {
        INTERNAL: ("internal", unit, None),
        PERSONAL: ("personal", unit, person),
        BORNE: ("personal", None, person),
    }
    has = level(model)
    if has not in asked:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_ASK, asked[has])
        return [Reason(*row) for row in cursor.fetchall()]
