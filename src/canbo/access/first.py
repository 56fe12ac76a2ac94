"""The first authority of an installation: units, people and roles entered by whoever sets it up, until somebody on file
may give roles. From then on only they, and whom they give a role, can act.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connections

from canbo.access.authority import OWNER, granting
from canbo.kernel.instants import today
from canbo.kernel.periods import this_instant
from canbo.kernel.refusal import Refused
from canbo.registry.facts import Decision
from canbo.registry.ledger import Paper
from canbo.registry.takeover import Taken, take_over

_GRANTING = """
SELECT EXISTS (SELECT FROM registry_mandate m
                WHERE m.role = ANY (%(roles)s) AND m.valid @> canbo.today() AND upper_inf(m.recorded))
    OR EXISTS (SELECT FROM registry_incumbency i
                 JOIN registry_postrecord r
                      ON r.post_id = i.post_id AND r.valid @> canbo.today() AND upper_inf(r.recorded)
                 JOIN access_title t ON t.title = r.title
                WHERE t.role_id = ANY (%(roles)s) AND i.valid @> canbo.today() AND upper_inf(i.recorded))
"""


def begin(acts: Sequence[tuple[str, Mapping[str, Any]]], *, by: str, symbol: str) -> None:
    """Apply acts as an opening decision; refused once somebody on file may give roles."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(_GRANTING, {"roles": sorted(granting())})
        (begun,) = cursor.fetchone()
    if begun:
        raise Refused(
            "already_begun", "somebody on file may give roles already: sign in as they do, and use `canbo act`"
        )
    paper = Paper(symbol=symbol, signed_on=today(), kind=Decision.OPENING)
    take_over([Taken(this_instant(), paper, list(acts))], by=by)
