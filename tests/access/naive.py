"""An independent reading of who may see what: plain Python over whole tables, slow, written from the rules as told.

It reads every row as the owner of the tables and follows one rule after another. It asks no function of the database
and reads nothing that the database derives: neither the closure of the trees nor custody nor cards.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db import connections, models

from canbo.kernel.levels import ASKED, BORNE, CARD, INTERNAL, LOG, OPEN, PERSONAL, PUBLIC, level
from canbo.kernel.profile import profile

Row = dict[str, Any]
DERIVED = ("registry_closure", "access_custody", "access_card")
"""What the rules never read."""
EVER = dt.date.max


def protected() -> list[type[models.Model]]:
    """Every table of ours."""
    ours = (model for model in apps.get_models() if model.__module__.startswith("canbo."))
    return [model for model in ours if model._meta.managed and not model._meta.proxy]


def owned(table: str) -> list[Row]:
    """A whole table, read as its owner."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def lasts(row: Row, day: dt.date) -> bool:
    """Is this so on a day?"""
    return (row["valid"].lower or dt.date.min) <= day < (row["valid"].upper or EVER)


class Naive:
    """The rules, applied to the tables as they stood when this was made."""

    def __init__(self, today: dt.date) -> None:
        self.today = today
        self.tables = {m._meta.db_table: owned(m._meta.db_table) for m in protected() if level(m) is not None}
        roles = profile().vocabulary("mandate_role")
        self._roles = {
            "internal": {code for code, said in roles.items() if "internal" in said.get("reads", ())},
            "personal": {code for code, said in roles.items() if "personal" in said.get("reads", ())},
            "writes": {code for code, said in roles.items() if said.get("acts")},
            "counts": {code for code, said in roles.items() if {"*", "members"} & set(said.get("counts", ()))},
        }
        self._territorial = {code for code, said in roles.items() if said.get("territory")}
        self._audit = {code for code, said in roles.items() if said.get("audits")}
        titles = profile().vocabulary("post_title")
        self._gives = {title: said["gives"] for title, said in titles.items() if "gives" in said}
        self._under: dict[int, set[int]] = defaultdict(set)
        for row in self._today("registry_placement"):
            self._under[row["parent_id"]].add(row["unit_id"])
        self._serves: dict[int, set[int]] = defaultdict(set)
        self._served_by: dict[int, set[int]] = defaultdict(set)
        for row in self._today("registry_service"):
            self._serves[row["unit_id"]].add(row["place_id"])
            self._served_by[row["place_id"]].add(row["unit_id"])
        self.custody = self._custody()
        self.cards = self._known_in()

    def _now(self, kind: str) -> list[Row]:
        """What the register says now, of whatever day."""
        return [row for row in self.tables[kind] if row["recorded"].upper is None]

    def _today(self, kind: str) -> list[Row]:
        """What the register says now, of today."""
        return [row for row in self._now(kind) if lasts(row, self.today)]

    def _custody(self) -> dict[int, set[int]]:
        """Which ended units each unit keeps: as successor of the whole, else of a part, else as what was above last."""
        ends: dict[int, list[dt.date]] = defaultdict(list)
        for row in (*self._now("registry_organisation"), *self._now("registry_place")):
            ends[row["unit_id"]].append(row["valid"].upper or EVER)
        heirs, above = defaultdict(list), defaultdict(list)
        for row in self._now("registry_lineage"):
            heirs[row["predecessor_id"]].append(row)
        for row in self._now("registry_placement"):
            above[row["unit_id"]].append(row)
        keeps: dict[int, set[int]] = defaultdict(set)
        for unit, days in ends.items():
            if max(days) > self.today:
                continue
            whole = [row for row in heirs[unit] if row["whole"]]
            if latest := whole or heirs[unit]:
                day = max(row["valid"].lower for row in latest)
                chosen = min((row for row in latest if row["valid"].lower == day), key=lambda row: row["fact"])
                keeper = chosen["unit_id"]
            elif above[unit]:
                keeper = max(above[unit], key=lambda row: (row["valid"].upper or EVER, -row["fact"]))["parent_id"]
            else:
                continue
            keeps[keeper].add(unit)
        return keeps

    def _known_in(self) -> set[tuple[int, int]]:
        """(Person, unit) of every fact about somebody, of now or once, whatever became of it."""
        return {
            (row["person_id"], row["unit_id"])
            for model in protected()
            if level(model) in (PERSONAL, BORNE) and model._meta.db_table != "registry_person"
            for row in self.tables[model._meta.db_table]
            if row["person_id"] is not None
        }

    def _beneath(self, unit: int) -> set[int]:
        """A unit and all that lies anywhere under it today."""
        found, waiting = set(), [unit]
        while waiting:
            at = waiting.pop()
            if at not in found:
                found.add(at)
                waiting += self._under[at]
        return found

    def _above(self, unit: int) -> Iterator[int]:
        """A unit and all that it lies under today."""
        at: int | None = unit
        while at is not None:
            yield at
            at = next((parent for parent, units in self._under.items() if at in units), None)

    def own(self, person: int) -> set[tuple[int, str]]:
        """(Unit, role) that somebody has themselves: by a post whose title gives a role, or by a mandate."""
        held = {(row["post_id"]) for row in self._today("registry_incumbency") if row["person_id"] == person}
        posts = [row for row in self._today("registry_postrecord") if row["post_id"] in held]
        found = {(row["unit_id"], self._gives[row["title"]]) for row in posts if row["title"] in self._gives}
        mandates = [row for row in self._today("registry_mandate") if row["person_id"] == person]
        return found | {(row["unit_id"], row["role"]) for row in mandates}

    def roles(self, person: int) -> set[tuple[int, str]]:
        """(Unit, role) with what others let them do, as long as these may do so themselves."""
        found = self.own(person)
        for row in self._today("registry_delegation"):
            if row["person_id"] == person:
                may = {unit for unit, role in self.own(row["giver_id"]) if role == row["role"]}
                if may & set(self._above(row["unit_id"])):
                    found = found | {(row["unit_id"], row["role"])}
        return found

    def reach(self, person: int | None, what: str) -> set[int]:
        """The units whose rows somebody may read ("internal", "personal") or write ("writes"), or whose members may be
        counted ("counts").
        """
        if person is None:
            return set()
        reached: set[int] = set()
        for unit, role in self.roles(person):
            if role in self._roles[what]:
                reached |= self._beneath(unit)
                reached |= self._territory(unit) if role in self._territorial else set()
        while more := {kept for unit in reached for kept in self.custody.get(unit, ())} - reached:
            reached |= more
        return reached

    def _territory(self, unit: int) -> set[int]:
        """The places that a unit serves and all beneath them, with whoever serves these and all beneath that."""
        places = {place for served in self._serves[unit] for place in self._beneath(served)}
        return places | {below for place in places for body in self._served_by[place] for below in self._beneath(body)}

    def homes(self, person: int) -> set[int]:
        """Where somebody belongs: all units of what holds today, else those of what held last."""
        kinds = ("membership", "employment", "incumbency", "particulars")
        stays = [r for kind in kinds for r in self._now(f"registry_{kind}") if r["person_id"] == person]
        if here := {row["unit_id"] for row in stays if lasts(row, self.today)}:
            return here
        past = [row for row in stays if row["valid"].upper is not None and row["valid"].upper <= self.today]
        last = max((row["valid"].upper for row in past), default=None)
        return {row["unit_id"] for row in past if row["valid"].upper == last}

    def keeper(self, person: int) -> int | None:
        """The unit that keeps somebody's file today, or kept it last."""
        held = [row for row in self._now("registry_particulars") if row["person_id"] == person]
        begun = [row for row in held if (row["valid"].lower or dt.date.min) <= self.today]
        return max(begun, key=lambda row: row["valid"].lower or dt.date.min)["unit_id"] if begun else None

    def may_open(self, person: int | None, whose: int) -> bool:
        """May somebody open a person's whole file?"""
        if person is None:
            return False
        return person == whose or bool(self.homes(whose) & self.reach(person, "personal"))

    def audits(self, person: int | None) -> bool:
        """May somebody read the whole log?"""
        return person is not None and any(role in self._audit for _, role in self.roles(person))

    def sees(self, person: int | None, model: type[models.Model]) -> set[Any]:
        """The keys of the rows of a table that lie within somebody's reach."""
        rows, key, has = self.tables[model._meta.db_table], model._meta.pk.column, level(model)
        if has == OPEN:
            return keys(rows, key)
        if person is None or has == LOG:  # the log is read through functions
            return set()
        if has == PUBLIC:
            return keys(rows, key)
        personal = self.reach(person, "personal")
        if has == ASKED:
            return keys((row for row in rows if self.keeper(self.leads(row["person_id"])) in personal), key)
        if has == INTERNAL and "unit_id" in rows[0]:
            internal = self.reach(person, "internal")
            return keys((row for row in rows if row["unit_id"] in internal), key)
        if has == INTERNAL:
            whole = model._meta.get_field(model.PART_OF)
            seen = self.sees(person, whole.related_model)
            return keys((row for row in rows if row[whole.column] in seen), key)
        if has in (PERSONAL, CARD):
            return keys((row for row in rows if row["unit_id"] in personal), key)
        assert has == BORNE
        known = {one for one, unit in self.cards if unit in personal}
        bearer = "person_id" if "person_id" in rows[0] else "id"
        return keys((row for row in rows if row[bearer] in known), key)

    def called(self, person: int | None, part: str) -> set[int]:
        """The people within somebody's reach whose name, at some time, held a folded text."""
        near = self.reach(person, "personal")
        known = {one for one, unit in self.cards if unit in near}
        names = self.tables["registry_particulars"]
        return {row["person_id"] for row in names if part in row["name_fold"] and row["person_id"] in known}

    def reads_of(self, person: int | None, whose: int, model: type[models.Model]) -> set[Any]:
        """The keys of the rows of a table that the opened file of a person shows."""
        rows, key, has = self.tables[model._meta.db_table], model._meta.pk.column, level(model)
        if has in (OPEN, PUBLIC):
            return self.sees(person, model)
        if has in (INTERNAL, LOG) or not self.may_open(person, whose):
            return set()
        bearer = "person_id" if has == ASKED or "person_id" in rows[0] else "id"
        return keys((row for row in rows if (self.leads(row[bearer]) if has == ASKED else row[bearer]) == whose), key)

    def leads(self, person: int) -> int:
        """To whom a number leads, since records were merged."""
        led = (row for row in self.tables["registry_alias"] if row["recorded"].upper is None)
        return next((row["person_id"] for row in led if row["former_id"] == person), person)


def keys(rows: Iterable[Row], key: str) -> set[Any]:
    """Their keys."""
    return {row[key] for row in rows}
