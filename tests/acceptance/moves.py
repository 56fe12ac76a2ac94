"""Random acts, and by how much each has to move which figures: a table of its own, act by act.

A move is {unit: {"term" or "year": {figure: by how much}}}. Flows of the yearly report move when the act falls into
the year reported on, everything only when it falls on or before the day reported on.
"""

import datetime as dt
import random
from collections.abc import Callable
from typing import Any

from django.db.models import Count

from canbo.registry.facts import Person, Unit
from canbo.registry.membership.models import Membership
from canbo.registry.organisations.models import Organisation
from canbo.registry.places.models import Coverage
from canbo.registry.posts.models import Post
from canbo.registry.service.models import Incumbency, Movement
from canbo.registry.standing.models import Recruitment

AS_OF = {
    "dien-bien": dt.date(2024, 5, 1),
    "nghe-an": dt.date(2023, 10, 14),
    "lam-dong": dt.date(2024, 6, 30),
    "ninh-thuan": dt.date(2025, 1, 2),
}
PEOPLE = 40
ACTS: dict[str, Callable[["Drawn"], tuple[str, dict, dict]]] = {}
Moves = dict[str, dict[str, dict[str, int]]]


def draws(*units: str) -> Callable[[Callable], Callable]:
    """Declare how an act is drawn for each of these units."""

    def keep(function: Callable) -> Callable:
        for unit in units:
            ACTS[f"{function.__name__} {unit}"] = lambda drawn, unit=unit: function(drawn, unit)
        return function

    return keep


class Drawn:
    """Chance, and records nobody has drawn before."""

    def __init__(self, seed: str) -> None:
        self.chance = random.Random(seed)
        self.newcomers = [f"newcomer.{number}" for number in range(PEOPLE)]
        self.used: set[int] = set()

    def day(self, unit: str, last: dt.date | None = None) -> dt.date:
        """Mostly one that the report counts, now and then one after it."""
        last = last or AS_OF[unit]
        if self.chance.random() < 0.15:
            return dt.date(2025, 1, 10) + dt.timedelta(days=self.chance.randrange(100))
        return dt.date(2021, 2, 1) + dt.timedelta(days=self.chance.randrange((last - dt.date(2021, 2, 1)).days))

    def one(self, rows: Any) -> Any:
        """One fact that no other act of this run touches."""
        found = self.chance.choice([row for row in rows.order_by("fact")[:500] if row.fact not in self.used])
        self.used.add(found.fact)
        return found

    def cell(self, unit: str, *, covering: bool = False) -> str:
        """An organisation that has members from the first day on."""
        fixed = Organisation.objects.filter(unit__code__startswith=f"{unit}.", recorded__upper_inf=True)
        covers = Coverage.objects.filter(recorded__upper_inf=True, place__code__contains="enterprise").values("unit")
        fixed = fixed.filter(valid__contains=(dt.date(2020, 12, 1), dt.date(2026, 1, 1)))
        fixed = fixed.filter(kind__in=["cell", "grassroots-cell"])
        fixed = fixed.filter(unit__in=covers) if covering else fixed.exclude(unit__in=covers)
        return Unit.objects.get(pk=self.chance.choice(sorted(fixed.values_list("unit", flat=True)))).code

    def member(self, unit: str, **where: Any) -> Membership:
        """A member who never changed anything and holds no post."""
        single = Person.objects.annotate(n=Count("memberships")).filter(n=1)
        rows = Membership.objects.filter(person__in=single, unit__code__startswith=f"{unit}.", valid__upper_inf=True)
        rows = rows.exclude(person__in=Incumbency.objects.values("person"))
        rows = rows.exclude(unit__in=Coverage.objects.values("unit"))  # a village keeps its members
        return self.one(rows.filter(**where))


def moves(unit: str, on: dt.date, term: dict[str, int], stocks: dict[str, int], flows: dict[str, int]) -> Moves:
    """Of the term report, and of the yearly one its stocks and flows."""
    if on > AS_OF[unit]:
        return {}
    year = stocks | (flows if on.year == AS_OF[unit].year else {})
    return {unit: {"term": term, "year": year}}


def members(unit: str, on: dt.date, stage: str, by: int) -> dict[str, int]:
    """The stocks of members that one more, or less, moves in the term report."""
    moved = {"members": by, f"members.{stage}": by}
    if unit == "lam-dong" and on <= dt.date(2021, 4, 30):
        moved["organisations_2021_04_30.members"] = by
    return moved


@draws("dien-bien", "nghe-an", "lam-dong", "ninh-thuan")
def admit(drawn: Drawn, unit: str) -> tuple[str, dict, Moves]:
    on, pupil, enterprise = (
        drawn.day(unit),
        drawn.chance.random() < 0.5,
        unit == "nghe-an" and drawn.chance.random() < 0.5,
    )
    terms = {
        "on": on,
        "person": drawn.newcomers.pop(),
        "stage": "probationary",
        "unit": drawn.cell(unit, covering=enterprise),
    }
    terms["category"] = "high-school-student" if pupil else "farmer"
    term = members(unit, on, "probationary", 1) | {"members.admitted": 1}
    if unit == "dien-bien":
        term["membership.admitted_since_term_start"] = 1
    if enterprise:
        term["enterprises.members_admitted"] = 1
    if unit == "ninh-thuan":
        term["membership.admitted_since_2021"] = 1
        if on.year < 2025:
            term |= {f"membership.admitted_since_2021.{name}": 1 for name in ("published", "sum_of_the_years")}
            term[f"membership.by_year.{on.year}.admitted"] = 1
        if on.year == 2024 and pupil:
            term["membership.admitted_2024_high_school_students"] = 1
    return "membership.admit", terms, moves(unit, on, term, {"members": 1}, {"members.admitted": 1})


@draws("dien-bien", "lam-dong", "ninh-thuan")
def leave(drawn: Drawn, unit: str) -> tuple[str, dict, Moves]:
    on, member = drawn.day(unit), drawn.member(unit, entry="balance", stage="official")
    terms = {"on": on, "person": member.person.code, "ending": drawn.chance.choice(["death", "struck-off"])}
    term = members(unit, on, "official", -1) | {"members.left": 1}
    return "membership.leave", terms, moves(unit, on, term, {"members": -1}, {"members.left": 1})


@draws("dien-bien", "lam-dong")
def transfer(drawn: Drawn, unit: str) -> tuple[str, dict, Moves]:
    """To a cell of another province."""
    on, member = drawn.day(unit), drawn.member(unit, entry="balance", stage="official")
    to = "ninh-thuan" if unit == "dien-bien" else "nghe-an"
    terms = {"on": on, "person": member.person.code, "unit": drawn.cell(to)}
    gone = moves(unit, on, members(unit, on, "official", -1), {"members": -1}, {})
    come = moves(to, on, members(to, on, "official", 1), {"members": 1}, {"members.moved": 1})
    return "membership.transfer", terms, gone | come


@draws("ninh-thuan")
def recategorise(drawn: Drawn, unit: str) -> tuple[str, dict, Moves]:
    """A member of another category is not admitted again."""
    member = drawn.member(unit, entry="balance")
    return "membership.recategorise", {"on": drawn.day(unit), "person": member.person.code, "category": "retired"}, {}


@draws("dien-bien", "nghe-an", "ninh-thuan")
def move(drawn: Drawn, unit: str) -> tuple[str, dict, Moves]:
    on = drawn.day(unit)
    natures = {"dien-bien": ["rotation", "transfer"], "nghe-an": ["arrangement", "reappointment"]}
    nature = drawn.chance.choice(natures.get(unit, ["appointment", "rotation"]))
    levels = ["politburo-and-secretariat", "provincial-standing-committee", "district-level"]
    level = drawn.chance.choice(levels)
    terms = {"on": on, "person": drawn.newcomers.pop(), "unit": f"{unit}.party", "nature": nature, "managed_by": level}
    term = {}
    if unit == "dien-bien":
        term = {"movements.total": 1, f"movements.by_nature.{nature}": 1}
        term[f"movements.by_managing_authority.{level.replace('-', '_')}"] = 1
    if unit == "nghe-an" and on.year <= 2022:
        term["personnel_2021_2022.transferred_rotated_arranged_appointed_reappointed"] = 1
    if unit == "ninh-thuan" and nature == "appointment":
        term["appointed_or_nominated"] = 1  # nobody has planned the newcomer
    return "service.move", terms, moves(unit, on, term, {}, {"movements": 1})


@draws("dien-bien", "lam-dong")
def recruit(drawn: Drawn, unit: str) -> tuple[str, dict, Moves]:
    on, group = drawn.day(unit), drawn.chance.choice(["civil-servant", "public-employee"])
    terms = {"on": on, "person": drawn.newcomers.pop(), "unit": f"{unit}.state", "group": group, "method": "exam"}
    term = {f"recruitment.{group.replace('-', '_')}s": 1} if unit == "dien-bien" else {}
    return "standing.recruit", terms, moves(unit, on, term, {}, {"recruited": 1})


@draws("nghe-an")
def train(drawn: Drawn, unit: str) -> tuple[str, dict, Moves]:
    on, level = drawn.day(unit), drawn.chance.choice(["advanced", "intermediate", "elementary"])
    terms = {"on": on, "person": drawn.newcomers.pop(), "unit": f"{unit}.party", "level": level}
    counted = on.year <= 2022 and level != "elementary"
    term = {f"training_2021_2022.{level}_political_theory": 1} if counted else {}
    return "standing.complete-training", terms, moves(unit, on, term, {}, {"training": 1})


@draws("nghe-an", "ninh-thuan")
def nominate(drawn: Drawn, unit: str) -> tuple[str, dict, Moves]:
    on = drawn.day(unit)
    terms = {"on": on, "person": drawn.newcomers.pop(), "unit": f"{unit}.party", "office": "assembly"}
    counted = {"personnel_2021_2022.introduced_as_candidates": 1} if on.year <= 2022 else {}
    term = counted if unit == "nghe-an" else {"appointed_or_nominated": 1}
    return "service.nominate", terms, moves(unit, on, term, {}, {})


@draws("dien-bien")
def plan(drawn: Drawn, unit: str) -> tuple[str, dict, Moves]:
    on, chance = drawn.day(unit), drawn.chance
    period, level = chance.choice(["2020-2025", "2025-2030"]), chance.choice(["provincial", "district", "commune"])
    post = chance.choice(sorted(Post.objects.filter(code__startswith=f"{unit}.").values_list("code", flat=True)))
    terms = {"on": on, "person": drawn.newcomers.pop(), "unit": f"{unit}.party", "post": post, "level": level}
    term = {f"succession_plan.{period}.{level}": 1, "succession_plan.entries": 1}
    return "planning.enter", terms | {"term": period}, moves(unit, on, term, {"planned": 1}, {})


@draws("dien-bien")
def set_goal(drawn: Drawn, unit: str) -> tuple[str, dict, Moves]:
    on, soon = drawn.day(unit), drawn.chance.random() < 0.5
    terms = {"on": on, "unit": f"{unit}.party", "term": "2020-2025", "number": 99, "title": "One more"}
    term = {"goals.set_by_congress": 1} | ({"goals.due_by_end_of_2024": 1} if soon else {})
    return "planning.set-goal", terms | {"due": "2024-12-31" if soon else "2025-01-01"}, moves(unit, on, term, {}, {})


@draws("dien-bien", "nghe-an", "lam-dong")
def establish(drawn: Drawn, unit: str) -> tuple[str, dict, Moves]:
    on, code = drawn.day(unit), f"{unit}.party.late"
    terms = {"on": on, "code": code, "kind": "grassroots-cell", "name": "Chi bộ mới", "under": f"{unit}.party"}
    term = {"organisations.grassroots": 1, "organisations.established": 1}
    if unit == "lam-dong" and on <= dt.date(2021, 4, 30):
        term |= {f"organisations_2021_04_30.grassroots{name}": 1 for name in ("", "_cells")}
    year = moves(unit, on, term, {"organisations.grassroots": 1}, {"organisations.established": 1})
    return "organisation.establish", terms, year


@draws("lam-dong")
def rename(drawn: Drawn, unit: str) -> tuple[str, dict, Moves]:
    """An organisation of another name is neither established nor dissolved."""
    terms = {"on": drawn.day(unit), "unit": drawn.cell(unit), "kind": "", "name": "Chi bộ đổi tên", "block": ""}
    terms["kind"] = Organisation.objects.get(unit__code=terms["unit"], recorded__upper_inf=True).kind
    return "organisation.change", terms, {}


@draws("nghe-an", "ninh-thuan")
def register_document(drawn: Drawn, unit: str) -> tuple[str, dict, Moves]:
    on, kind = drawn.day(unit), drawn.chance.choice(["plan", "regulation", "project"])
    terms = {
        "on": on,
        "code": f"{unit}.late-{kind}",
        "issuer": f"{unit}.party",
        "type": kind,
        "symbol": f"999-{kind}/TU",
    }
    personnel = drawn.chance.random() < 0.5
    terms |= {"body": "standing-committee", "subjects": ["personnel", "training"] if personnel else ["training"]}
    term = {f"documents_issued_since_2021.{kind}": 1} if unit == "nghe-an" else {}
    if unit == "ninh-thuan" and personnel:
        term = {f"documents_on_personnel_this_term.standing_committee.{kind}": 1}
    return "document.register", terms, moves(unit, on, term, {}, {"documents.issued": 1})


@draws("ninh-thuan")
def set_target(drawn: Drawn, unit: str) -> tuple[str, dict, Moves]:
    year, amount = drawn.chance.choice([2021, 2022, 2023, 2024]), drawn.chance.randint(1, 30)
    on = dt.date(year, 1, 5)
    terms = {"on": on, "until": f"{year}-12-31", "unit": drawn.cell(unit), "matter": "admissions"}
    term = {f"membership.by_year.{year}.target": amount}
    return "planning.set-target", terms | {"year": year, "amount": amount}, moves(unit, on, term, {}, {})


@draws("dien-bien")
def correct_movement(drawn: Drawn, unit: str) -> tuple[str, dict, Moves]:
    """It was a rotation, or a transfer, after all."""
    rows = Movement.objects.filter(unit__code__startswith=f"{unit}.", valid__startswith__lte=AS_OF[unit])
    found = drawn.one(rows.filter(nature__in=["rotation", "transfer"], recorded__upper_inf=True))
    right = "transfer" if found.nature == "rotation" else "rotation"
    terms = {"on": found.valid.lower, "fact": found.fact, "nature": right, "reason": "misread"}
    term = {f"movements.by_nature.{found.nature}": -1, f"movements.by_nature.{right}": 1}
    return "movement.correct", terms, moves(unit, found.valid.lower, term, {}, {})


@draws("dien-bien")
def correct_recruitment(drawn: Drawn, unit: str) -> tuple[str, dict, Moves]:
    """Recruited on another day than entered: after the day reported on."""
    rows = Recruitment.objects.filter(unit__code__startswith=f"{unit}.", valid__startswith__lte=AS_OF[unit])
    found = drawn.one(rows.filter(recorded__upper_inf=True))
    terms = {"on": "2024-06-03", "fact": found.fact, "since": "2024-06-03", "reason": "wrong day"}
    term = {f"recruitment.{found.group.replace('-', '_')}s": -1}
    return "recruitment.correct", terms, moves(unit, found.valid.lower, term, {}, {"recruited": -1})
