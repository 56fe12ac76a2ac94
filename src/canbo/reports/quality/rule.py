"""Rules of data quality: what a record should not be, said once as a condition on facts, with who mends it and how.

A rule belongs to the profiles whose `quality.yaml` names it; there stand its owner, a role of the profile, and what it
is to be told: months, ages, titles, codes. A finding is a fact that meets the condition on a day, as known at an
instant. Rules look at records, never at what people did: there is no finding about somebody that is not a record.
"""

import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import BooleanField, Func, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, ValidationError

from canbo.access.authority import fits
from canbo.access.identity import reach
from canbo.kernel.declare import Shelf
from canbo.kernel.levels import INTERNAL, PERSONAL, PUBLIC, level
from canbo.kernel.profile import Profile, load, profile
from canbo.kernel.refusal import Mistake
from canbo.registry.facts import Fact
from canbo.registry.tree import Closure
from canbo.reports.quality.asked import Asked

FILE = "quality.yaml"
ERROR, WARNING, NOTE = "error", "warning", "note"
"""What cannot be so (`canbo check` fails), what is to be mended, and what is odd but possible: it lowers no score."""
SEVERITIES: Mapping[str, Promise] = {ERROR: _("Error"), WARNING: _("To be mended"), NOTE: _("Worth a look")}
FAMILIES: Mapping[str, Promise] = {
    "missing": _("Missing"),
    "impossible": _("Impossible"),
    "contradictory": _("Contradictory"),
    "stale": _("Stale"),
    "undocumented": _("Undocumented"),
}


class Terms(BaseModel):
    """What a profile says of a rule: the role that mends, and what the rule needs to be told."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    CODES: ClassVar[Mapping[str, str]] = {}
    """Which of the terms are codes, and of which vocabulary."""

    owner: str

    def codes(self) -> Iterator[tuple[str, str]]:
        """The codes that are named, each with its vocabulary."""
        yield "mandate_role", self.owner
        for name, vocabulary in self.CODES.items():
            yield from ((vocabulary, code) for code in getattr(self, name))


Condition = Callable[[type[Fact], Asked, Any], Q]


@dataclass(frozen=True)
class Rule:
    """A condition on facts of some kinds that none of them should meet.

    `mends` names the acts by which it is put right, `reads` the other kinds of fact that the condition asks for. One
    that finds fault with what is *not* there anywhere `beneath` a unit is asked only where all of that may be read.
    With `ever` it says the same of a fact that has ended.
    """

    name: str
    family: str
    severity: str
    label: Promise
    mends: tuple[str, ...]
    models: tuple[type[Fact], ...]
    condition: Condition
    terms: type[Terms] = Terms
    reads: tuple[type[Fact], ...] = ()
    beneath: bool = False
    ever: bool = False

    @property
    def scored(self) -> bool:
        """Does a finding lower the score?"""
        return self.severity != NOTE

    @property
    def owner(self) -> str:
        """The role of the profile at hand that mends what is found."""
        return terms(profile().name)[self.name].owner

    def rows(self, model: type[Fact], asked: Asked) -> QuerySet:
        """The facts of a kind that the rule finds fault with, among those that may be read."""
        facts = looked_at(model, asked, self.reads)
        if self.beneath and reach() is not None:
            facts = facts.exclude(unit__in=Closure.objects.exclude(Near.of(PERSONAL, "descendant")).values("ancestor"))
        return facts.filter(self.condition(model, asked, terms(profile().name)[self.name]))


class Near(Func):
    """That a unit lies within reach of whoever asks, today: the question that the policies ask too."""

    output_field = BooleanField()

    @classmethod
    def of(cls, has: str, column: str = "unit") -> "Near":
        """Within the reach of a level."""
        return cls(column, template=f"coalesce(%(expressions)s <@ (SELECT canbo.reach_1('{has}')), false)")


def looked_at(model: type[Fact], asked: Asked, reads: tuple[type[Fact], ...] = ()) -> QuerySet:
    """The facts of a kind on the day, of the units asked about that lie within reach.

    Where the answer rests on facts about people that it `reads`, only units whose facts about people may be read count.
    """
    facts = model.objects.asof(asked.on, asked.known)
    if asked.scope:
        facts = facts.filter(asked.scope.covers(asked.on))
    has = INTERNAL if {level(one) for one in (model, *reads)} <= {INTERNAL, PUBLIC} else PERSONAL
    return facts if reach(has) is None else facts.filter(Near.of(has))


RULES: Shelf[Rule] = Shelf("rule of data quality")


def rule(name: str, family: str, severity: str, label: Promise, **more: Any) -> None:
    """Declare a rule."""
    RULES.add(name, Rule(name, family, severity, label, **more))


def rules() -> list[Rule]:
    """The rules of the profile at hand, in the order in which its file names them."""
    return [RULES[name] for name in terms(profile().name)]


def ask(name: str, about: type[Fact] | None = None) -> Rule:
    """The rule of that name, `about` a kind of fact if one is said; else a `Mistake` that lists what there is."""
    some = {rule.name: rule for rule in rules() if about is None or about in rule.models}
    if name not in some:
        known = ", ".join(some) or "–"
        raise Mistake("unknown_name", "there is no “%(name)s” here; known are: %(known)s", name=name[:40], known=known)
    return some[name]


@functools.cache
def terms(called: str) -> Mapping[str, Terms]:
    """What a profile says of each rule it has; what cannot be is refused with the entry. No profile has to have any."""
    of = load(called)
    if not (of.folder / FILE).exists():
        return {}
    found = {}
    for name, said in of.read(FILE).items():
        try:
            found[name] = RULES.ask(name).terms.model_validate(said)
            wrong = "; ".join(_strange(of, RULES[name], found[name]))
        except (Mistake, ValidationError) as error:
            wrong = str(error)
        if wrong:
            raise Mistake(
                "profile_quality",
                "profile %(profile)s, quality.yaml, %(rule)s: %(why)s",
                profile=called,
                rule=name,
                why=wrong,
            )
    return found


def _strange(of: Profile, rule: Rule, said: Terms) -> Iterator[str]:
    """The codes that the profile does not have, and the acts that the owner may not do."""
    for vocabulary, code in said.codes():
        if code not in of.vocabulary(vocabulary):
            yield f"{code!r} is no {vocabulary}"
    role = of.vocabulary("mandate_role").get(said.owner, {})
    yield from (f"{said.owner!r} may not do {act}" for act in rule.mends if not fits(role, act))


def name(model: type[Fact]) -> str:
    """What a kind of fact is called in addresses and files."""
    return model._meta.model_name


def fields(model: type[Fact]) -> set[str]:
    """The names of the fields of a kind."""
    return {field.name for field in model._meta.fields}
