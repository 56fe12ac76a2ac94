"""Things that happen to the sample before it is bridged: corrections, annulments, late entries, moves of units."""

import datetime as dt
import random
from typing import Any

from canbo.access.authority import operator
from canbo.kernel.refusal import Refused
from canbo.registry.annul import annul
from canbo.registry.facts import Decision, Unit
from canbo.registry.ledger import Paper, apply
from canbo.registry.membership.models import Membership
from canbo.registry.organisations.models import Organisation
from canbo.registry.people.models import Particulars
from canbo.registry.planning.models import PlanEntry
from canbo.registry.posts.models import PostRecord
from canbo.registry.tree import Placement

ON = dt.date(2026, 1, 20)
MAY = dt.date(2024, 5, 15)


class Register:
    """Decides at random, each time under a paper of its own; what the register refuses is drawn again."""

    def __init__(self, chance: random.Random) -> None:
        self.chance, self.number, self.instants = chance, 0, []

    def decide(self, name: str, /, **terms: Any) -> bool:
        self.number += 1
        paper = Paper(symbol=f"{self.number}/changed", signed_on=ON)
        try:
            self.instants.append(apply(by=operator(), decided_by=paper, acts=[(name, terms)]).known)
        except Refused:
            return False
        return True

    def often(self, times: int, rows: Any, act: Any) -> None:
        """So many acts on rows drawn at random; fails when not enough of them are possible."""
        keys = sorted(rows.filter(recorded__upper_inf=True).values_list("pk", flat=True))
        done = 0
        for key in self.chance.sample(keys, min(len(keys), 20 * times)):
            name, terms = act(rows.get(pk=key))
            done += self.decide(name, **terms)
            if done == times:
                return
        assert done, "nothing of this kind is possible"

    def day(self) -> dt.date:
        return dt.date(2021, 6, 1) + dt.timedelta(days=self.chance.randrange(1500))


def change(chance: random.Random) -> list[dt.datetime]:
    """Change the sample; the instants at which something became known."""
    register = Register(chance)
    there = Organisation.objects.filter(valid__contains=MAY, recorded__upper_inf=True, kind__endswith="cell")
    cells = sorted(there.values_list("unit__code", flat=True))
    mistakes(register, cells)
    happenings(register, cells)
    moves(register, cells)
    return [*register.instants, *annulled(chance, 6)]


def mistakes(register: Register, cells: list[str]) -> None:
    """What was entered wrongly is corrected, the past too."""
    why, chance = {"on": ON, "reason": "it was entered wrongly"}, register.chance
    members = Membership.objects.filter(valid__startswith__gte=dt.date(2021, 1, 1))
    placed = Placement.objects.filter(unit__code__in=cells, valid__contains=MAY)

    def since(m: Membership) -> tuple[str, dict]:
        return "membership.correct", why | {"fact": m.fact, "since": register.day()}

    def unit(m: Membership) -> tuple[str, dict]:
        return "membership.correct", why | {"fact": m.fact, "unit": chance.choice(cells)}

    def sex(p: Particulars) -> tuple[str, dict]:
        return "particulars.correct", why | {"fact": p.fact, "sex": "female" if p.sex == "male" else "male"}

    def place(p: Placement) -> tuple[str, dict]:
        return "placement.correct", why | {"fact": p.fact, "parent": chance.choice(tops(placed))}

    register.often(6, members, since)
    register.often(4, members, unit)
    register.often(6, Particulars.objects.all(), sex)
    register.often(3, placed, place)
    register.often(4, PostRecord.objects.all(), lambda p: ("postrecord.correct", why | {"fact": p.fact, "seats": 9}))
    register.often(4, PlanEntry.objects.all(), lambda p: ("planentry.correct", why | {"fact": p.fact, "until": "2023"}))


def happenings(register: Register, cells: list[str]) -> None:
    """What happened to people years ago is entered now."""
    held, chance = Membership.objects.filter(valid__upper_inf=True), register.chance

    def transfer(m: Membership) -> tuple[str, dict]:
        return "membership.transfer", {"on": register.day(), "person": m.person.code, "unit": chance.choice(cells)}

    def leave(m: Membership) -> tuple[str, dict]:
        return "membership.leave", {"on": register.day(), "person": m.person.code, "ending": "death"}

    register.often(6, held, transfer)
    register.often(6, held, leave)
    for number in range(4):
        code, cell = f"late.{number}", chance.choice(cells)
        register.decide("person.register", on=MAY, code=code, unit=cells[0], name="Lò Thị Muộn")
        register.decide("membership.admit", on=register.day(), person=code, unit=cell, stage="probationary")


def moves(register: Register, cells: list[str]) -> None:
    """Organisations are placed elsewhere, across districts and provinces, and merged."""
    placed, chance = Placement.objects.filter(unit__code__in=cells, valid__contains=MAY), register.chance

    def move(p: Placement) -> tuple[str, dict]:
        return "unit.place", {"on": register.day(), "unit": p.unit.code, "parent": chance.choice(tops(placed))}

    def merge(p: Placement) -> tuple[str, dict]:
        return "organisation.merge", {"on": register.day(), "unit": p.unit.code, "into": chance.choice(cells)}

    register.often(4, placed, move)
    register.often(3, placed, merge)


def tops(placed: Any) -> list[str]:
    """Under what these units lie."""
    return sorted(Unit.objects.filter(pk__in=placed.values("parent")).values_list("code", flat=True))


def annulled(chance: random.Random, times: int) -> list[dt.datetime]:
    """Annul decisions that can be annulled: recent ones, some of those that were just made among them."""
    codes = list(Decision.objects.order_by("-applied_at").values_list("code", flat=True)[:400])
    instants: list[dt.datetime] = []
    for number, code in enumerate(chance.sample(codes, len(codes))):
        if len(instants) == times:
            break
        paper = Paper(symbol=f"{number}/void", signed_on=ON, reason="it was never signed")
        try:
            instants.append(annul(by=operator(), decided_by=paper, decision=code).known)
        except Refused:
            continue
    return instants
