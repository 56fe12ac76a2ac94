"""Commands that show people or take something along: read and recorded in one transaction, before anything is shown."""

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from canbo.reports.concerned import Concerned


@contextlib.contextmanager
def audited(kind: str, what: str, *, unit: str = "", **details: object) -> Iterator["Concerned"]:
    """The block reads, and notes the records that it will show; what it made is shown after it, once that stands.

    A `file` that turns out to be not just one person's is a `list`.
    """
    from django.db import transaction

    from canbo.access.authority import operator
    from canbo.kernel.audit import record, seal
    from canbo.registry.facts import Unit
    from canbo.reports.concerned import Concerned

    seal()
    with transaction.atomic():
        named = Concerned()
        yield named
        people = named.people()
        if kind == "file":
            details = {**details, "file": next(iter(people))} if len(people) == 1 else details
            kind = "file" if len(people) == 1 else "list"
        key = Unit.objects.filter(code=unit).values_list("pk", flat=True).first() if unit else None
        said = {name: value if isinstance(value, int) else str(value) for name, value in details.items() if value}
        record(kind, what, actor=operator(), about=people, unit=key, details=said, count=len(people))
