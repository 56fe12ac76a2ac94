"""Which kits there are: data of the profile (`kits.yaml`), a list of them.

- of: [KIND, …]            # kinds of units, organisations or places, that such a kit is for
  lists: [members, …]      # what it holds: lists that can be imported
  days: 45                 # for how long it may be brought back
"""

import datetime as dt

from pydantic import BaseModel, ConfigDict, PositiveInt, TypeAdapter, ValidationError

from canbo.kernel.profile import Profile, profile
from canbo.kernel.refusal import Mistake, Refused
from canbo.kernel.screen import SCREENS
from canbo.registry.facts import Unit
from canbo.registry.organisations.queries import KINDS, Being, named


class Kit(BaseModel):
    """One kind of kit."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    of: tuple[str, ...]
    lists: tuple[str, ...]
    days: PositiveInt


def kits(of: Profile) -> list[Kit]:
    """The kits of a profile; what cannot be is a mistake that says where."""
    try:
        found = TypeAdapter(list[Kit]).validate_python(of.read("kits.yaml"))
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise Mistake("bad_kits", "kits.yaml of the profile: %(why)s", why=wrong) from error
    kinds = {code for vocabulary, _ in KINDS for code in of.vocabulary(vocabulary)}
    lists = {name for name, screen in SCREENS.items() if screen.opened_by}
    unknown = sorted({code for one in found for code in one.of} - kinds)
    unknown += sorted({name for one in found for name in one.lists} - lists)
    if unknown:
        raise Mistake("bad_kits", "kits.yaml of the profile: there is no %(names)s", names=", ".join(unknown))
    return found


def kit_of(unit: Unit, on: dt.date, known: dt.datetime) -> tuple[Kit, Being]:
    """The kit for a unit of its kind, and what the unit is on the day."""
    being = named({unit.pk}, on, known).get(unit.pk)
    found = next((one for one in kits(profile()) if being and being.on(on) and being.kind in one.of), None)
    if being is None or found is None:
        kinds = ", ".join(sorted({code for one in kits(profile()) for code in one.of}))
        raise Refused("no_kit", "no kit is meant for %(unit)s; kits are for: %(kinds)s", unit=unit.code, kinds=kinds)
    return found, being
