"""Who may act: whoever holds a role whose acts name it, over the units that it touches, unless a document gives the
matter to somebody else; and nobody gives themselves a post or a role.

Reading is decided by the database alone. Here is what a row's policy cannot say: which act, and by which role.
"""

import getpass
import os
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connections

from canbo.access import identity
from canbo.kernel.act import Deed
from canbo.kernel.profile import profile
from canbo.kernel.refusal import Refused
from canbo.registry.facts import MATTERS, POSTS, ROLES, Unit

OWNER = "owner"
"""Over this connection an installation is set up, by whoever rules the server: samples, and the first authority."""

_DECIDER = """
SELECT DISTINCT ON (u.unit) u.unit, d.unit_id, n.code, a.decision_id
FROM unnest(%(units)s::bigint[]) AS u (unit)
JOIN registry_closure c ON c.descendant_id = u.unit AND c.valid @> canbo.today()
JOIN registry_decentralisation d ON d.over_id = c.ancestor_id AND d.matter = ANY (%(matters)s)
     AND d.valid @> canbo.today() AND upper_inf(d.recorded)
JOIN registry_unit n ON n.id = d.unit_id JOIN registry_act a ON a.id = d.opened_by_id
ORDER BY u.unit, c.depth
"""


def operator() -> str:
    """Under whose name a command is recorded: the login of whoever signed in to commands, else CANBO_OPERATOR, else the
    account at this machine.
    """
    named = identity.named() or os.environ.get("CANBO_OPERATOR", "").strip()
    if named:
        return named
    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:
        raise Refused("no_operator", "nobody is named as the operator; set CANBO_OPERATOR to a name") from error


class Roles:
    """What the roles of the profile let their holders do."""

    def check(self, by: str, names: set[str], using: str) -> None:
        """Refuse somebody none of whose roles may do an act of these names anywhere."""
        if not by:
            raise Refused("nobody_acts", "an act is done by somebody; it is not said by whom")
        if using == OWNER:
            return
        whole, held, _ = _asked(using)
        if not whole and (missing := sorted(name for name in names if not held & may(name))):
            raise Refused(
                "not_your_role",
                "%(by)s may not do %(acts)s: it takes the role %(role)s; held today: %(held)s",
                by=by,
                acts=", ".join(missing),
                role=_or(may(missing[0])),
                held=", ".join(sorted(held)) or "–",
            )

    def allow(self, by: str, deeds: Iterable[Deed], using: str) -> None:
        """Refuse what touches a unit beyond the roles that may do it, or gives whoever acts a post or a role."""
        if using == OWNER:
            return
        whole, held, me = _asked(using)
        units: dict[str, set[int]] = {}
        for deed in deeds:
            _not_oneself(deed, me)
            units.setdefault(deed.name, set()).update(deed.units)
            if not whole and deed.gives in (ROLES, MATTERS) and deed.giver != me and not held & granting():
                said = {"act": deed.name, "roles": _or(granting())}
                raise Refused("may_not_grant", "%(act)s: only %(roles)s may give roles", **said)
            if not whole and deed.is_root:
                raise Refused(
                    "root",
                    "%(act)s: a unit under no other is entered when an installation is set up",
                    act=deed.name,
                )
        for name, touched in ({} if whole else units).items():
            self._over(name, touched, using)

    def _over(self, name: str, units: set[int], using: str) -> None:
        roles = sorted(may(name))
        if beyond := _beyond(units, roles, using):
            codes = ", ".join(sorted(Unit.objects.using(using).filter(pk__in=beyond).values_list("code", flat=True)))
            said = {"act": name, "units": codes}
            raise Refused("beyond_reach", "%(act)s: your roles do not go as far as %(units)s", **said)
        matters = [code for code, said in profile().vocabulary("decided_matter").items() if fits(said, name)]
        if not matters:
            return
        with connections[using].cursor() as cursor:
            cursor.execute(_DECIDER, {"units": list(units), "matters": matters})
            deciders = {decider: code for _, decider, code, _ in cursor.fetchall()}
        if elsewhere := _beyond(set(deciders), roles, using):
            code = deciders[elsewhere[0]]
            said = {"act": name, "unit": code}
            raise Refused("decided_elsewhere", "%(act)s: this is decided by %(unit)s, by a document in force", **said)


def lacks(name: str, using: str = "default") -> bool:
    """Has whoever asks no role that may do acts of this name, over whatever units?"""
    whole, held, _ = _asked(using)
    return not whole and not held & may(name)


def may(name: str) -> set[str]:
    """The roles whose acts name this one."""
    return {code for code, said in profile().vocabulary("mandate_role").items() if fits(said, name)}


def fits(said: Mapping[str, Any], name: str) -> bool:
    """"*" is every act, "membership." all that begin so, anything else one act."""
    return any(act in ("*", name) or (act.endswith(".") and name.startswith(act)) for act in said.get("acts", ()))


def granting() -> set[str]:
    """The roles of the profile that let their holders give roles."""
    return {code for code, said in profile().vocabulary("mandate_role").items() if said.get("grants")}


def _not_oneself(deed: Deed, me: int | None) -> None:
    if me is not None and deed.person == me and deed.gives in (POSTS, ROLES):
        raise Refused(
            "own_authority", "%(act)s: nobody gives themselves a post or a role; somebody else has to", act=deed.name
        )


def _asked(using: str) -> tuple[bool, set[str], int | None]:
    """Whether whoever asks may do everything, the roles they have today, and who they are."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT sees_all_1() AND acts_1(), ARRAY(SELECT DISTINCT role FROM grants_1()), self_1()")
        whole, roles, me = cursor.fetchone()
    return whole, set(roles), me


def _beyond(units: Iterable[int], roles: list[str], using: str) -> list[int]:
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT beyond_1(%s::bigint[], %s::varchar[])", [sorted(units), roles])
        return cursor.fetchone()[0]


def _or(roles: set[str]) -> str:
    words = sorted(profile().word(f"mandate_role.{role}", "en") for role in roles)
    return " or ".join(words) or "of nobody"
