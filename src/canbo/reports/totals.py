"""Totals of what may not be opened record by record: the database itself counts, where a role says so.

Handed over is only which declared question is asked (`declared.py`), of which unit, days and instant. Whether whoever
asks may have the answer, and which groups are too small to be told, is decided by `canbo.total_1`.
"""

import json
from collections.abc import Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from canbo.reports.breakdowns import UNKNOWN
from canbo.reports.question import Question, beyond_reach

_ASK = "SELECT grouped, total FROM canbo.total_1(%s, %s::jsonb, %s, %s, %s, %s, %s)"


def total(indicator: str, question: Question) -> int:
    """The figure; refused where no role lets whoever asks count it."""
    ((_, found),) = _ask(indicator, question, "")
    return found


def groups(indicator: str, question: Question, by: str) -> list[tuple[str, int | None]]:
    """The figure by group, the unknown last; None where a group is withheld."""
    found = dict(_ask(indicator, question, by))
    unknown = found.pop(UNKNOWN)
    return [*sorted(found.items()), (UNKNOWN, unknown)]


def conditions(where: Mapping[str, Any]) -> str:
    """Conditions as the register of declared questions writes them."""
    return json.dumps(dict(where), cls=DjangoJSONEncoder)


def _ask(indicator: str, question: Question, by: str) -> list[tuple[str, int | None]]:
    asked = (question.unit.pk, question.start, question.on, question.known)
    with connection.cursor() as cursor:
        cursor.execute(_ASK, [indicator, conditions(question.where), *asked, by])
        found = cursor.fetchall()
    if not found:
        raise beyond_reach(question.unit)
    return found
