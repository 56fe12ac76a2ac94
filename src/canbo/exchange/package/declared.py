"""What the package of a profile holds: data of the profile (`package.yaml`).

form: {code: CODE, name: {en: …}}    # the printed form that it follows, under its code in the dictionary of headings
people: members                      # the list of whom it is about
lists: [organisations, …]            # what it holds, each after those that it names; `TIES` are among them
items:                               # what the form asks for, in its order
- {item: "01", name: {en: …}, fields: [persons.name]}      # without fields: nothing here holds it so far
- {item: "08", name: {en: …}, counted: true}               # recorded, and never said of anybody
- {item: "09", name: {en: …}, never: religion}             # the topic of the dictionary that forbids it
"""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, ValidationError

from canbo.kernel.headings import Entry, entries
from canbo.kernel.profile import Profile
from canbo.kernel.refusal import Mistake
from canbo.kernel.screen import SCREENS, UNIT, Column, Screen
from canbo.registry.facts import Fact
from canbo.registry.tree import Placement, Service
from canbo.reports.said import FIELDS

Words = Mapping[str, str]
"""By language."""


def _tie(name: str, model: type[Fact], other: str, act: str) -> Screen:
    columns = tuple(Column(field, FIELDS[field], field, UNIT) for field in ("unit", other))
    return Screen(name, model, columns, ("unit",), opened_by=act)


TIES = {
    "placements": _tie("placements", Placement, "parent", "unit.enter-tree"),
    "services": _tie("services", Service, "place", "unit.serve"),
}
"""What binds units together: no lists for anybody to read, but without them a package holds units and no tree."""


def lists() -> Mapping[str, Screen]:
    """What a package may hold: lists that can be imported, and what binds units together."""
    return {name: screen for name, screen in SCREENS.items() if screen.opened_by} | TIES


class Form(BaseModel):
    """A printed form: its code, and what it is called."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    name: Words


class Item(BaseModel):
    """What a form asks for, and the fields (`list.field`) that give it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    item: str
    name: Words
    fields: tuple[str, ...] = ()
    never: str = ""
    counted: bool = False

    @property
    def forbidden(self) -> Entry | None:
        """Why it is never recorded, where it is not."""
        return next((entry for entry in entries() if entry.topic == self.never), None)


class Declared(BaseModel):
    """The package of a profile."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    form: Form
    people: str
    lists: tuple[str, ...]
    items: tuple[Item, ...]


def declared(of: Profile) -> Declared:
    """The package of a profile; what cannot be is a mistake that says where."""
    try:
        found = Declared.model_validate(of.read("package.yaml"))
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise Mistake("bad_package", "package.yaml of the profile: %(why)s", why=wrong) from error
    unknown = [name for name in (found.people, *found.lists) if name not in lists()]
    unknown += [one.never for one in found.items if one.never and not one.forbidden]
    unknown += [name for one in found.items for name in one.fields if name.partition(".")[0] not in found.lists]
    if unknown:
        raise Mistake("bad_package", "package.yaml of the profile: there is no %(names)s", names=", ".join(unknown))
    return found
