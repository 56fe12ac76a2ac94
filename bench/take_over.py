"""The take-over loader for a whole nation; `nation.py` runs it, tests run a small one.

The tree is taken over as acts, like any sample; members, of whom there are too many for that, go set-based
(`nation.sql`) under the same rules: owner's connection, ascending instants, one decision with its audit row, an act
for each cell that is taken over, facts that cite them. The triggers of the facts stay on; keys other than the primary
ones are dropped by the owner and made again at the end, which proves the same promises in half the time.
"""

import contextlib
import datetime as dt
import hashlib
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.db import connections, transaction

from canbo.access.authority import operator
from canbo.registry import store
from canbo.registry.facts import Act, Decision, Unit
from canbo.registry.ledger import Paper
from canbo.registry.membership.models import Entry
from canbo.registry.takeover import Taken, bare, take_over
from canbo.sample.territory import Territory, new_communes, new_provinces

HERE = Path(__file__).parent
PLAN = yaml.safe_load((HERE / "nation.yaml").read_text(encoding="utf-8"))
_PARTS = re.split(r"^-- name: (\w+)\n", (HERE / "nation.sql").read_text(encoding="utf-8"), flags=re.MULTILINE)
SQL = dict(zip(_PARTS[1::2], _PARTS[2::2], strict=True))
LOADED = (
    "registry_person", "registry_particulars", "registry_membership",
    "registry_employment", "registry_post", "registry_postrecord", "registry_incumbency",
)  # fmt: skip
SERVES = {"employs": "service.employ", "creates": "post.create", "appoints": "service.appoint"}
"""The acts by which members work for an administration and lead where they are members."""
NEWCOMERS = 25
"""One person in so many is admitted within the year; the others were members before."""


@dataclass
class Province:
    """One province while it is taken over: its communes, the codes of what has members, and the keys of its rows."""

    place: Territory
    communes: list[Territory]
    cells: list[str] = field(default_factory=list)
    keys: tuple[int, int] = (0, 0)
    first: int = 0
    people: int = 0


class Nation:
    """The loader: one province after another, first the opening balances, then what happened in the year."""

    def __init__(
        self,
        members: int,
        *,
        provinces: int = 34,
        communes: int = 10_000,
        particulars: bool = False,
        service: bool = False,
        alone: bool = False,
        using: str = "owner",
    ) -> None:
        """`provinces` and `communes` (of each province) bound the tree for tests; `alone` is the first as among all."""
        self.using = using
        self.particulars, self.service = particulars, service
        self.instant = PLAN["known"]["opening"]
        chosen = new_provinces()[:provinces]
        self.provinces = [
            Province(place, [c for c in new_communes() if c.parent == place.code][:communes]) for place in chosen
        ]
        every = sum(len(p.communes) for p in self.provinces)
        first = 0
        for province in self.provinces:
            province.first, province.people = first, members * len(province.communes) // every
            first += province.people
        if alone:
            del self.provinces[1:]

    def load(self) -> None:
        """Everything, as role owner on a fresh installation."""
        take_over([self._founding(province) for province in self.provinces], by=operator(), using=self.using)
        with connections[self.using].cursor() as cursor:
            cursor.execute("SET synchronous_commit = off; SET maintenance_work_mem = '1GB'; SET work_mem = '256MB'")
            with bare(cursor, LOADED):
                for province in self.provinces:
                    self._take_over(province)
                self.instant = max(self.instant, PLAN["known"]["year"])
                for province in self.provinces:
                    self._tell_year(province)
        moves = [self._moving(province) for province in self.provinces if len(province.communes) > 1]
        take_over(moves, by=operator(), using=self.using)
        if self.service:
            take_over([self._giving()], by=operator(), using=self.using)

    def _next(self) -> dt.datetime:
        self.instant += dt.timedelta(minutes=1)
        return self.instant

    def _paper(self, province: Province, what: str, kind: str = Decision.OPENING) -> Paper:
        return Paper(symbol=f"nation {province.place.code} {what}", signed_on=PLAN["since"], kind=kind)

    def _founding(self, province: Province) -> Taken:
        """Places and organisations of a province."""
        acts: list[tuple[str, dict[str, Any]]] = []

        def place(unit: Territory, kind: str) -> None:
            acts.append(("place.found", _terms(unit.code, kind, unit.full_name, under=unit.parent)))

        def establish(code: str, kind: str, under: str | None, serves: str | None = None) -> str:
            acts.append(("organisation.establish", _terms(code, kind, code, under=under, serves=serves)))
            return code

        place(province.place, PLAN["places"]["province"])
        top = establish(f"{province.place.code}.party", PLAN["organisations"]["province"], None, province.place.code)
        state = f"{province.place.code}.state"
        if self.service:
            establish(state, PLAN["service"]["organisations"]["province"], None, province.place.code)
        for commune in province.communes:
            place(commune, PLAN["places"]["commune"])
            if self.service:
                establish(_state(commune), PLAN["service"]["organisations"]["commune"], state, commune.code)
            middle = establish(f"{commune.code}.party", PLAN["organisations"]["commune"], top, commune.code)
            for said in PLAN["beneath_commune"]:
                for number in range(said["count"]):
                    branch = establish(f"{middle}.{said['kind']}-{number}", said["kind"], middle)
                    cells = [establish(f"{branch}.{n}", said["cell"], branch) for n in range(said.get("cells", 0))]
                    province.cells += cells or [branch]
        return Taken(self._next(), self._paper(province, "units"), acts)

    def _moving(self, province: Province) -> Taken:
        """Every fifth commune gives its last branch to the next one."""
        on, communes = PLAN["reorganised"], province.communes
        acts = [
            ("unit.place", {"unit": _last_branch(here), "parent": f"{there.code}.party", "on": on})
            for here, there in list(itertools.pairwise(communes))[::5]
        ]
        return Taken(self._next(), self._paper(province, "moves", Decision.ORDINARY), acts)

    def _giving(self) -> Taken:
        """The first member of every province is an officer over it, the nation's second one over all of them."""
        said = {"role": PLAN["service"]["role"], "on": PLAN["since"]}
        acts = [
            ("mandate.give", {"person": f"nation-{number}", "unit": f"{province.place.code}.party", **said})
            for province in self.provinces
            for number in (province.first, 1)
        ]
        paper = Paper(symbol="nation officers", signed_on=PLAN["since"])
        return Taken(self._next(), paper, acts)

    @contextlib.contextmanager
    def _decide(self, paper: Paper, verbs: list[str], people: int) -> Iterator[tuple[Any, Decision, list[int]]]:
        """One decision with its audit row and acts, in one transaction."""
        with transaction.atomic(using=self.using), connections[self.using].cursor() as cursor:
            said = {"code": paper.key, "symbol": paper.symbol, "kind": paper.kind, "signed_on": paper.signed_on}
            decision = Decision.objects.using(self.using).create(**said, applied_at=self._next())
            digest = hashlib.sha256(f"{paper.key} {people} {SQL}".encode()).digest()
            audit = store.write_audit(
                decision, operator(), f"take over {paper.key}", len(verbs), digest, "decision", self.using
            )
            keys = store.draw(cursor, Act, len(verbs))
            pairs = enumerate(zip(keys, verbs, strict=True), 1)
            lines = [(key, decision.pk, seq, verb, PLAN["since"], "", audit) for seq, (key, verb) in pairs]
            store.insert(cursor, Act, ("id", "decision_id", "seq", "name", "on", "reason", "audit_id"), lines)
            yield cursor, decision, keys

    def _take_over(self, province: Province) -> None:
        """Who was a member when the register began: an act for each cell."""
        people = province.people - province.people // NEWCOMERS
        cells = len(province.cells)
        verbs = ["membership.take-over"] * cells + (list(SERVES.values()) if self.service else [])
        paper = self._paper(province, "members")
        with self._decide(paper, verbs, people) as (cursor, decision, acts):
            said = self._said(province, decision, people, province.first)
            self._stage(cursor, province, acts[:cells])
            self._enter(cursor, said | {"entry": Entry.BALANCE}, "members")
            if self.service:
                self._serve(cursor, province, said | dict(zip(SERVES, acts[cells:], strict=True)))
            cursor.execute("SELECT min(person), max(person) FROM staged_person")
            cursor.execute("SELECT currval(pg_get_serial_sequence('registry_membership', 'id'))")
            last = cursor.fetchone()[0]
            province.keys = (last - people + 1, last)

    def _serve(self, cursor: Any, province: Province, said: dict[str, Any]) -> None:
        """Who works for the administrations, and who leads the organisations that have members."""
        codes = [_state(commune) for commune in province.communes]
        units = dict(Unit.objects.using(self.using).filter(code__in=codes).values_list("code", "pk"))
        told = {name: PLAN["service"][name] for name in ("group", "employed", "title")}
        for name in ("states", "employed", "posts", "post_identities", "post_records", "holders"):
            cursor.execute(SQL[name], said | told | {"states": [units[code] for code in codes]})

    def _tell_year(self, province: Province) -> None:
        """Who left, moved, advanced and was admitted."""
        verbs = ["membership.leave", "membership.transfer", "membership.advance", "membership.admit"]
        newcomers = province.people // NEWCOMERS
        paper = self._paper(province, "year", Decision.ORDINARY)
        with self._decide(paper, verbs, newcomers) as (cursor, decision, acts):
            said = self._said(province, decision, newcomers, province.first + province.people - newcomers)
            said |= {
                "verbs": verbs[:3], "acts": acts[:3], "lowest": province.keys[0], "highest": province.keys[1],
                "moved": Entry.TRANSFER, "advanced": Entry.STAGE, "admitted": Entry.ADMISSION,
            }  # fmt: skip
            self._stage(cursor, province, [acts[3]] * len(province.cells))
            for name in ("events", "retire", "ended", "followers"):
                cursor.execute(SQL[name], said)
            self._enter(cursor, said, "newcomers")

    def _said(self, province: Province, decision: Decision, people: int, first: int) -> dict[str, Any]:
        told = PLAN["members"]
        return {
            "since": PLAN["since"], "instant": decision.applied_at, "cells": len(province.cells), "people": people,
            "first": first, "categories": told["categories"], "ending": told["ending"], "sexes": told["sexes"],
            **told["stages"], **PLAN["names"],
        }  # fmt: skip

    def _stage(self, cursor: Any, province: Province, acts: list[int]) -> None:
        units = dict(Unit.objects.using(self.using).filter(code__in=province.cells).values_list("code", "pk"))
        cursor.execute("CREATE TEMP TABLE staged_cell (n bigint, unit bigint, act bigint) ON COMMIT DROP")
        with cursor.copy("COPY staged_cell FROM STDIN") as copy:
            for n, (code, act) in enumerate(zip(province.cells, acts, strict=True)):
                copy.write_row((n, units[code], act))

    def _enter(self, cursor: Any, said: dict[str, Any], members: str) -> None:
        for name in ("people", "identities", *(["particulars"] if self.particulars else []), members):
            cursor.execute(SQL[name], said)


def _terms(code: str, kind: str, name: str, **others: Any) -> dict[str, Any]:
    return {"code": code, "kind": kind, "name": name, "on": PLAN["since"], **others}


def _state(commune: Territory) -> str:
    return f"{commune.code}.state"


def _last_branch(commune: Territory) -> str:
    said = PLAN["beneath_commune"][-1]
    return f"{commune.code}.party.{said['kind']}-{said['count'] - 1}"
