"""Two hundred people who may see one thing or another, each for a reason of its own, and what happened to units."""

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from canbo.access.authority import operator
from canbo.kernel.profile import profile
from canbo.registry.annul import annul
from canbo.registry.facts import Person
from canbo.registry.ledger import Paper
from canbo.registry.mandates.models import Mandate
from canbo.registry.organisations.models import Organisation
from canbo.registry.places.models import Place
from canbo.registry.tree import Closure
from tests.access.happenings import Acts, decide, happened

NUMBER = 200


@dataclass
class Identity:
    """Somebody, and why they may see what they see."""

    code: str
    why: str


@dataclass
class Making:
    """Decides what is so of the people, in two papers: what is, and what became of it."""

    chance: random.Random
    today: dt.date
    units: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    first: Acts = field(default_factory=list)
    then: Acts = field(default_factory=list)
    annulled: list[dict[str, Any]] = field(default_factory=list)
    corrected: list[dict[str, Any]] = field(default_factory=list)
    number: int = 0

    def __post_init__(self) -> None:
        """Units of every kind, those that ended among them; most people belong to a few of them."""
        kinds: dict[str, list[str]] = {}
        for model in (Organisation, Place):
            found = model.objects.using("owner").filter(recorded__upper_inf=True)
            for kind, code, valid in found.order_by("unit__code").values_list("kind", "unit__code", "valid"):
                kinds.setdefault(f"{kind} {valid.upper is None}", []).append(code)
        self.kinds = [codes for _, codes in sorted(kinds.items())]
        self.people = sorted(Person.objects.using("owner").values_list("code", flat=True))
        self.chance.shuffle(self.people)

    def unit(self) -> str:
        """Any unit, all kinds alike."""
        return self.chance.choice(self.chance.choice(self.kinds))

    def person(self) -> str:
        """Somebody who has been there, or is new; never the same twice."""
        if self.chance.random() < 0.5:
            return self.people.pop()
        self.number += 1
        code = f"identity.{self.number}"
        self.first.append(
            ("person.register", {"on": self.past(), "code": code, "unit": self.unit(), "name": "Lò Văn Ai"})
        )
        return code

    def past(self) -> dt.date | str:
        """A day on which it was so already, today at the latest; at times nobody knows more than the year."""
        if self.chance.random() < 0.1:
            return str(self.today.year - self.chance.randint(0, 4))
        return self.chance.choice([self.today, self.today - dt.timedelta(days=self.chance.randint(1, 2000))])

    def later(self) -> dt.date:
        """A day on which it will be so, tomorrow at the earliest."""
        return self.today + dt.timedelta(days=self.chance.choice([1, 1, 30, 400]))

    def post(self, title: str = "") -> tuple[str, str]:
        """A new post of any title."""
        self.number += 1
        code = f"identity.post.{self.number}"
        title = title or self.chance.choice(sorted(profile().vocabulary("post_title")))
        since = self.today - dt.timedelta(days=3000)
        self.first.append(("post.create", {"on": since, "code": code, "unit": self.unit(), "title": title}))
        return code, title

    def beneath(self, unit: str) -> str:
        """A unit that lies under this one today, or itself."""
        found = Closure.objects.using("owner").filter(ancestor__code=unit, valid__contains=self.today)
        return self.chance.choice(sorted(found.values_list("descendant__code", flat=True)))

    def role(self) -> str:
        """Any role."""
        return self.chance.choice(sorted(profile().vocabulary("mandate_role")))

    def appointed(self, who: str, on: Any = None, **more: Any) -> str:
        """They hold a new post."""
        post, title = self.post(more.pop("title", ""))
        self.first.append(("service.appoint", {"on": on or self.past(), "person": who, "post": post, **more}))
        return f"{title} by {post}"

    def mandated(self, who: str, on: Any = None, **more: Any) -> dict[str, Any]:
        """They have a mandate."""
        terms = {"person": who, "unit": self.unit(), "role": self.role(), **more}
        self.first.append(("mandate.give", {"on": on or self.past(), **terms}))
        return {key: terms[key] for key in ("person", "unit", "role")}


def make(chance: random.Random, today: dt.date, many: int = NUMBER) -> list[Identity]:
    """So many people of every kind; what happened to units around them, and to whom files belong."""
    happened(chance, today)
    making = Making(chance, today)
    found = []
    for number in range(many):
        kind, who = KINDS[number % len(KINDS)], making.person()
        found.append(Identity(who, f"{kind.__name__}: {kind(making, who)}"))
    decide("given", today, making.first)
    decide("ended", today, making.then)
    for number, terms in enumerate(making.annulled):
        decide(f"void-{number}", today, [("mandate.give", {"on": today, **terms})])
        paper = Paper(symbol=f"annulment-{number}", signed_on=today, reason="it was never signed")
        annul(by=operator(), decided_by=paper, decision=f"void-{number}")
    for terms in making.corrected:
        given = Mandate.objects.using("owner").filter(person__code=terms["person"], recorded__upper_inf=True)
        fact = given.latest("pk").fact  # of a person of the sample there may be others
        why = {"on": today, "fact": fact, "reason": "it was entered wrongly"}
        decide(f"corrected-{fact}", today, [("mandate.correct", why | {key: terms[key] for key in ("unit", "role")})])
    return found


def soon() -> dt.datetime:
    """Until when the key of a test is good."""
    return dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)


def nothing(making: Making, who: str) -> str:
    return "nothing"


def post(making: Making, who: str) -> str:
    return making.appointed(who)


def acting(making: Making, who: str) -> str:
    return f"acting {making.appointed(who, acting=True)}"


def two_posts(making: Making, who: str) -> str:
    return f"{making.appointed(who)} and {making.appointed(who)}"


def giving_post(making: Making, who: str) -> str:
    """A post whose title gives a role."""
    titles = profile().vocabulary("post_title")
    return making.appointed(who, title=making.chance.choice(sorted(t for t, said in titles.items() if "gives" in said)))


def former_post(making: Making, who: str) -> str:
    """Relieved today or before, or to be so."""
    code, title = making.post()
    making.first.append(
        ("service.appoint", {"on": making.today - dt.timedelta(days=2500), "person": who, "post": code})
    )
    on = making.chance.choice([making.today, making.today - dt.timedelta(days=9), making.later()])
    making.then.append(("service.relieve", {"on": on, "person": who, "post": code}))
    return f"{title} until {on}"


def future_post(making: Making, who: str) -> str:
    return f"in future {making.appointed(who, making.later())}"


def retitled_post(making: Making, who: str) -> str:
    """The post is of another title from today on, or will be."""
    code, title = making.post()
    unit = making.first[-1][1]["unit"]
    making.first.append(
        ("service.appoint", {"on": making.today - dt.timedelta(days=2500), "person": who, "post": code})
    )
    on = making.chance.choice([making.today, making.later()])
    other = making.chance.choice(sorted(profile().vocabulary("post_title")))
    making.then.append(("post.change", {"on": on, "post": code, "unit": unit, "title": other}))
    return f"{title}, from {on} on {other}"


def mandate(making: Making, who: str) -> str:
    return f"mandate {making.mandated(who)}"


def two_mandates(making: Making, who: str) -> str:
    one, other = making.chance.sample(sorted(profile().vocabulary("mandate_role")), 2)
    return f"mandates {making.mandated(who, role=one)} and {making.mandated(who, role=other)}"


def passing_mandate(making: Making, who: str) -> str:
    """With a last day, which may be today."""
    until = making.today + dt.timedelta(days=making.chance.choice([-1, 0, 1]))
    return f"mandate {making.mandated(who, making.today - dt.timedelta(days=90), until=until)} until {until}"


def future_mandate(making: Making, who: str) -> str:
    return f"in future {making.mandated(who, making.later())}"


def ended_mandate(making: Making, who: str) -> str:
    """Ended by a later paper."""
    given = making.mandated(who, making.today - dt.timedelta(days=900))
    on = making.chance.choice([making.today, making.today - dt.timedelta(days=3), making.later()])
    making.then.append(("mandate.end", {"on": on, **given}))
    return f"mandate {given} until {on}"


def annulled_mandate(making: Making, who: str) -> str:
    """By a paper that was annulled."""
    making.annulled.append({"person": who, "unit": making.unit(), "role": making.role()})
    return "an annulled mandate"


def corrected_mandate(making: Making, who: str) -> str:
    """Entered for the wrong unit or role, and corrected."""
    given = making.mandated(who)
    making.corrected.append({"person": who, "unit": making.unit(), "role": making.role()})
    return f"mandate {given} corrected to {making.corrected[-1]}"


def delegated(making: Making, who: str) -> str:
    """Of a role that the giver has over the unit, or beneath which it lies."""
    giver = making.person()
    given = making.mandated(giver)
    unit = making.chance.choice([given["unit"], making.beneath(given["unit"])])
    return making_delegation(making, who, giver, unit, given["role"])


def passing_delegation(making: Making, who: str) -> str:
    """Ended, or not begun."""
    giver = making.person()
    given = making.mandated(giver)
    on, until = making.chance.choice(
        [
            (making.today - dt.timedelta(days=90), making.today),
            (making.today - dt.timedelta(days=90), making.today - dt.timedelta(days=1)),
            (making.today + dt.timedelta(days=1), making.today + dt.timedelta(days=90)),
        ]
    )
    return making_delegation(making, who, giver, given["unit"], given["role"], on=on, until=until)


def taken_back(making: Making, who: str) -> str:
    """A delegation taken back today."""
    giver = making.person()
    given = making.mandated(giver)
    said = making_delegation(making, who, giver, given["unit"], given["role"], on=making.today - dt.timedelta(days=5))
    making.then.append(("mandate.take-back", {"on": making.today, **given, "person": who}))
    return f"{said}, taken back"


def lost_delegation(making: Making, who: str) -> str:
    """Of somebody who may no longer do so, never could there, has another role, or was only let do so."""
    giver, way = making.person(), making.chance.randrange(4)
    given = making.mandated(giver, making.today - dt.timedelta(days=700))
    unit, role = given["unit"], given["role"]
    if way == 0:
        making.then.append(("mandate.end", {"on": making.today, **given}))
    elif way == 1:
        unit = making.unit()
    elif way == 2:
        role = making.role()
    else:
        between = making.person()
        making_delegation(making, between, giver, unit, role)
        giver = between
    return f"{making_delegation(making, who, giver, unit, role)} (way {way})"


def by_post(making: Making, who: str) -> str:
    """A delegation by somebody who has the role by a post."""
    giver = making.person()
    said = giving_post(making, giver)
    created = making.first[-2][1]
    role = profile().vocabulary("post_title")[created["title"]]["gives"]
    return f"{making_delegation(making, who, giver, making.beneath(created['unit']), role)}, {said}"


def everything(making: Making, who: str) -> str:
    return " and ".join((post(making, who), mandate(making, who), delegated(making, who)))


KINDS: tuple[Callable[[Making, str], str], ...] = (
    nothing, post, acting, two_posts, giving_post, giving_post, former_post, future_post, retitled_post, mandate,
    mandate, two_mandates, passing_mandate, future_mandate, ended_mandate, annulled_mandate, corrected_mandate,
    delegated, passing_delegation, taken_back, lost_delegation, by_post, everything,
)  # fmt: skip


def making_delegation(making: Making, who: str, giver: str, unit: str, role: str, **days: Any) -> str:
    """Lets them act until a day to come, unless it says otherwise."""
    terms = {"on": making.today - dt.timedelta(days=30), "until": making.later(), **days}
    making.first.append(("mandate.delegate", {"giver": giver, "person": who, "unit": unit, "role": role, **terms}))
    return f"delegated by {giver} as {role} over {unit} {terms['on']} to {terms['until']}"
