"""The declaration of acts: `@action` puts one on the shelf with its terms, its plan and the facts it reads.

An action says what a decision may do ("membership.admit"); an act is one use of it on a day. The plan is given the
facts known now and says which to open, close, change or correct; it never writes. There is one door that writes,
`registry.ledger.apply`, and it asks the registered authority first: with none registered every act is refused.
"""

import datetime as dt
import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict, field_validator

from canbo.kernel.declare import Shelf
from canbo.kernel.periods import Partial
from canbo.kernel.refusal import Refused


class Terms(BaseModel):
    """What an act must be told. Things are named by their code, days may be partial; an unknown field is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    on: Partial
    """The day from which the act holds (its effective day)."""
    reason: str = ""

    @field_validator("*", mode="before")
    @classmethod
    def _storable(cls, value: Any) -> Any:
        """No text may hold the one character that the database cannot keep."""
        if isinstance(value, str) and "\0" in value:
            raise ValueError("holds the character NUL, which no text may; leave it out")
        return value

    @property
    def day(self) -> dt.date:
        """The first day on which the act holds."""
        return self.on.first


@dataclass(frozen=True)
class Refers:
    """Marks a field of some terms as the code of an identity, e.g. `Annotated[str, Refers(Person)]`."""

    model: type


@dataclass(frozen=True)
class Action:
    """One kind of act: its name, the terms it needs, its plan, and which current facts the plan reads.

    `reads` maps a kind of fact to the pairs (field of the fact, field of the terms) by which they are found;
    `introduces` names the identities it may bring into being.
    """

    name: str
    terms: type[Terms]
    plan: Callable[..., None]
    reads: Mapping[Any, tuple[tuple[str, str], ...]]
    introduces: tuple[Any, ...] = ()

    @functools.cached_property
    def references(self) -> dict[str, Any]:
        """The fields of the terms that hold codes, with the model of what they name."""
        return {
            name: mark.model
            for name, field in self.terms.model_fields.items()
            for mark in field.metadata
            if isinstance(mark, Refers)
        }


ACTIONS: Shelf[Action] = Shelf("act")


def action(
    name: str, *, reads: Mapping[Any, Any] | None = None, introduces: tuple[Any, ...] = ()
) -> Callable[[Callable], Callable]:
    """Declare an action; the plan's last annotated parameter is its terms: `def admit(book, act, terms: Admit)`."""

    def register(plan: Callable) -> Callable:
        terms = plan.__annotations__["terms"]
        pairs = {model: _pairs(fields) for model, fields in (reads or {}).items()}
        ACTIONS.add(name, Action(name, terms, plan, pairs, introduces))
        return plan

    return register


def _pairs(fields: Any) -> tuple[tuple[str, str], ...]:
    """ "person" means the fact's `person` equals the terms' `person`; a mapping, or pairs, say otherwise."""
    if isinstance(fields, str):
        return ((fields, fields),)
    said = fields.items() if isinstance(fields, Mapping) else fields
    return tuple((f, f) if isinstance(f, str) else f for f in said)


@dataclass(frozen=True)
class Deed:
    """What an act does, as far as it matters to authority: the units that it touches (keys of those that were there
    before), whether it founds one under no other, and what its fact gives (`Fact.GIVES`), to whom, for which giver.
    """

    name: str
    units: frozenset[int]
    is_root: bool = False
    gives: str = ""
    person: int | None = None
    giver: int | None = None


class Authority(Protocol):
    """Who may do what. `access` registers the implementation; the kernel only asks, over the connection that acts."""

    def check(self, by: str, names: set[str], using: str) -> None:
        """Raise `Refused` unless acts of all these names may be done at all; asked before anything is read."""

    def allow(self, by: str, deeds: Iterable[Deed], using: str) -> None:
        """Raise `Refused` unless all of this may be done; asked before anything is written."""


class _Nobody:
    """The authority of a system in which none has been registered: nothing is allowed."""

    def check(self, by: str, names: set[str], using: str) -> None:
        raise Refused("no_authority", "no authority is registered, so no act can be done", by=by)

    def allow(self, by: str, deeds: Iterable[Deed], using: str) -> None:
        self.check(by, set(), using)


_authority: Authority = _Nobody()


def register_authority(authority: Authority | None) -> None:
    """Name the authority that decides who may act; None takes it away again."""
    global _authority  # noqa: PLW0603 - the one seam through which a lower layer asks a higher one
    _authority = authority or _Nobody()


def authority() -> Authority:
    """The registered authority."""
    return _authority


def require(by: str, name: str, unit: int | None, using: str = "default") -> None:
    """Refuse what is done with a unit and writes no facts, such as freezing its report, unless it may be done."""
    _authority.check(by, {name}, using)
    _authority.allow(by, [Deed(name, frozenset({unit} - {None}))], using)
