"""The rules of data quality read plainly: every record looked at by itself, over whole tables, in Python.

Days are counted here anew, and trees are walked through the placements; no condition of the rules is used. What a
profile says of a rule is read from its file as it stands there.
"""

import calendar
import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from canbo.kernel.profile import profile
from tests.access.naive import Row

Found = tuple[str, str, int, int]
"""Rule, kind, fact, unit."""
MEMBERS, HELD, PAID = "membership", "incumbency", "employment"
WHO, WHAT, POSTS, APART = "particulars", "organisation", "postrecord", "namesake"
LOOKED_AT = {
    "birthday": (WHO,),
    "leaderless": (WHAT,),
    "too-young": (MEMBERS, HELD, PAID),
    "after-death": (MEMBERS, HELD, PAID),
    "unit-gone": (MEMBERS, HELD),
    "twice": (MEMBERS, PAID, HELD, WHO, WHAT, POSTS),
    "outlasts": (HELD,),
    "before-hire": (PAID,),
    "early-post": (HELD,),
    "stranger": (HELD,),
    "same-person": (WHO,),
    "stage-long": (MEMBERS,),
    "unconfirmed": (WHO,),
    "left-behind": (PAID, "planentry", WHO),
    "source-missing": (MEMBERS, HELD, PAID, WHAT),
}
NOTES = {"early-post", "stranger", "same-person", "unconfirmed", "left-behind", "source-missing"}
ALONE = {
    MEMBERS: ("person_id",),
    PAID: ("person_id",),
    HELD: ("person_id", "post_id"),
    WHO: ("person_id",),
    WHAT: ("unit_id",),
    POSTS: ("post_id",),
}
PERSONAL = {MEMBERS, HELD, PAID, WHO, "planentry"}


def on(row: Row, day: dt.date) -> bool:
    """Is it so on a day?"""
    return (row["valid"].lower or dt.date.min) <= day < (row["valid"].upper or dt.date.max)


def months(day: dt.date, number: int) -> dt.date:
    """So many months later, the last day of the month where there is no such day."""
    at = day.year * 12 + day.month - 1 + number
    year, month = divmod(at, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def latest(row: Row) -> dt.date | None:
    """The last day on which it may have begun."""
    first = row["valid"].lower
    number = {"d": 0, "m": 1, "y": 12}[row["start_precision"]]
    return first and (months(first, number) - dt.timedelta(days=1) if number else first)


class Plain:
    """Every rule of the profile at hand, on a day, as known at an instant."""

    def __init__(self, tables: Mapping[str, list[Row]], day: dt.date, known: dt.datetime) -> None:
        self.tables, self.day, self.known = tables, day, known
        self.said = profile().read("quality.yaml")
        self._rows: dict[str, list[Row]] = {}
        self._by: dict[tuple[str, str], dict[Any, list[Row]]] = {}

    def rows(self, kind: str) -> list[Row]:
        """What the register knew of a kind."""
        if kind not in self._rows:
            table = self.tables[f"registry_{kind}"]
            self._rows[kind] = [row for row in table if self.known in row["recorded"]]
        return self._rows[kind]

    def by(self, kind: str, column: str) -> dict[Any, list[Row]]:
        """The same by what stands in a column."""
        if (kind, column) not in self._by:
            found = self._by[kind, column] = defaultdict(list)
            for row in self.rows(kind):
                found[row[column]].append(row)
        return self._by[kind, column]

    def so(self, kind: str, column: str, value: Any) -> list[Row]:
        """The facts of a kind on the day that say this."""
        return [row for row in self.by(kind, column)[value] if on(row, self.day)]

    def there(self, kind: str) -> list[Row]:
        """The facts of a kind on the day."""
        return [row for row in self.rows(kind) if on(row, self.day)]

    def found(self) -> set[Found]:
        """Everything that any rule finds."""
        return {
            (rule, kind, row["fact"], row["unit_id"])
            for rule in self.said
            for kind in LOOKED_AT[rule]
            for row in self.there(kind)
            if self.asks(rule)(kind, row, self.said[rule])
        }

    def records(self) -> Counter[tuple[str, int]]:
        """How many records there are of which kind in which unit."""
        kinds = {kind for rule in self.said if rule not in NOTES for kind in LOOKED_AT[rule]}
        return Counter((kind, row["unit_id"]) for kind in kinds for row in self.there(kind))

    def asks(self, rule: str) -> Callable[[str, Row, dict[str, Any]], bool]:
        """The question of a rule."""
        return getattr(self, "_" + rule.replace("-", "_"))

    def _birthday(self, kind: str, row: Row, said: dict[str, Any]) -> bool:
        return row["born"] is None

    def _leaderless(self, kind: str, row: Row, said: dict[str, Any]) -> bool:
        for one in said["led"]:
            has = profile().vocabulary("organisation_kind")[row["kind"]]
            wanted = {key: value if isinstance(value, list) else [value] for key, value in one["kinds"].items()}
            if all(has.get(key) in some for key, some in wanted.items()):
                held = self.so(HELD, "unit_id", row["unit_id"])
                titles = {post["title"] for holder in held for post in self.so(POSTS, "post_id", holder["post_id"])}
                if not titles & set(one["titles"]):
                    return True
        return False

    def _too_young(self, kind: str, row: Row, said: dict[str, Any]) -> bool:
        years = said["years"].get(kind, 0)
        since = latest(row)
        people = self.so(WHO, "person_id", row["person_id"])
        return bool(since) and any(one["born"] and months(one["born"], 12 * years) > since for one in people)

    def _after_death(self, kind: str, row: Row, said: dict[str, Any]) -> bool:
        return any(
            one["ending"] in said["endings"] and one["valid"].upper and one["valid"].upper <= self.day
            for one in self.by(MEMBERS, "person_id")[row["person_id"]]
        )

    def _unit_gone(self, kind: str, row: Row, said: dict[str, Any]) -> bool:
        return not (self.so(WHAT, "unit_id", row["unit_id"]) or self.so("place", "unit_id", row["unit_id"]))

    _left_behind = _unit_gone

    def _twice(self, kind: str, row: Row, said: dict[str, Any]) -> bool:
        first, *more = ALONE[kind]
        others = [
            one
            for one in self.by(kind, first)[row[first]]
            if one["fact"] != row["fact"] and all(one[column] == row[column] for column in more)
        ]
        both = any(
            (one["valid"].lower or dt.date.min) < (row["valid"].upper or dt.date.max)
            and (row["valid"].lower or dt.date.min) < (one["valid"].upper or dt.date.max)
            for one in others
        )
        return both and (row["start_precision"], row["end_precision"]) != ("d", "d")

    def _outlasts(self, kind: str, row: Row, said: dict[str, Any]) -> bool:
        return all(post["unit_id"] != row["unit_id"] for post in self.so(POSTS, "post_id", row["post_id"]))

    def _before_hire(self, kind: str, row: Row, said: dict[str, Any]) -> bool:
        since, until = latest(row), row["valid"].upper or dt.date.max
        return any(
            one["group"] == row["group"] and since < one["valid"].lower < until
            for one in self.by("recruitment", "person_id")[row["person_id"]]
        )

    def _early_post(self, kind: str, row: Row, said: dict[str, Any]) -> bool:
        stays, since = self.by(PAID, "person_id")[row["person_id"]], latest(row)
        begun = [one["valid"].lower or dt.date.min for one in stays]
        return bool(begun) and since is not None and min(begun) > since

    def _stranger(self, kind: str, row: Row, said: dict[str, Any]) -> bool:
        titles = {post["title"] for post in self.so(POSTS, "post_id", row["post_id"])}
        if not titles & set(said["titles"]):
            return False
        stays = [one for name in (MEMBERS, PAID) for one in self.by(name, "person_id")[row["person_id"]]]
        begun = [one for one in stays if (one["valid"].lower or dt.date.min) <= self.day]
        return not any(self.ever_beneath(one["unit_id"], row["unit_id"]) for one in begun)

    def _same_person(self, kind: str, row: Row, said: dict[str, Any]) -> bool:
        return (row["born_precision"], bool(row["born"])) == ("d", True) and any(
            one["person_id"] != row["person_id"] and (one["born"], one["born_precision"]) == (row["born"], "d")
            and one["person_id"] not in {apart["other_id"] for apart in self.by(APART, "person_id")[row["person_id"]]}
            for one in self.so(WHO, "name_fold", row["name_fold"])
        )

    def _stage_long(self, kind: str, row: Row, said: dict[str, Any]) -> bool:
        has, since = profile().vocabulary("membership_stage")[row["stage"]], latest(row)
        passing = all(has.get(key) == value for key, value in said["stages"].items())
        return passing and bool(since) and months(since, said["months"]) < self.day

    def _unconfirmed(self, kind: str, row: Row, said: dict[str, Any]) -> bool:
        return months(row["recorded"].lower.date(), said["months"]) < self.day

    def _source_missing(self, kind: str, row: Row, said: dict[str, Any]) -> bool:
        decision = self.keyed("decision")[self.keyed("act")[row["opened_by_id"]]["decision_id"]]
        return decision["kind"] == "ordinary" and decision["code"] not in self.documented

    @cached_property
    def documented(self) -> set[str]:
        """The decisions whose documents are known."""
        registered = {one["document_id"] for one in self.rows("registration")}
        return {one["decision_code"] for one in self.tables["registry_document"] if one["id"] in registered}

    def keyed(self, kind: str) -> dict[int, Row]:
        """A table without versions by its key."""
        if (kind, "id") not in self._by:
            self._by[kind, "id"] = {row["id"]: row for row in self.tables[f"registry_{kind}"]}
        return self._by[kind, "id"]

    def ever_beneath(self, unit: int, over: int) -> bool:
        """Did a unit lie anywhere beneath another one at some time, as is known now? All days of a way must meet."""
        ways = [(unit, dt.date.min, dt.date.max)]
        while ways:
            at, since, until = ways.pop()
            if at == over:
                return True
            for row in self.placed()[at]:
                first = max(since, row["valid"].lower or dt.date.min)
                last = min(until, row["valid"].upper or dt.date.max)
                if first < last:
                    ways.append((row["parent_id"], first, last))
        return False

    def placed(self) -> dict[int, list[Row]]:
        """The placements known now, which the tree of a rule is made of, by unit."""
        if ("placement", "now") not in self._by:
            found = self._by["placement", "now"] = defaultdict(list)
            for row in self.tables["registry_placement"]:
                if row["recorded"].upper is None:
                    found[row["unit_id"]].append(row)
        return self._by["placement", "now"]

    def lies_beneath(self, unit: int, roots: set[int]) -> bool:
        """Does it lie beneath one of these on the day, as was known?"""
        at: int | None = unit
        while at is not None and at not in roots:
            at = next((row["parent_id"] for row in self.so("placement", "unit_id", at)), None)
        return at is not None

    def roots(self, unit: int) -> set[int]:
        """A unit, and what serves it on the day."""
        return {unit, *(row["unit_id"] for row in self.so("service", "place_id", unit))}
