"""A bridge so naive that it can only be right: it reads the tables into lists and replays each fact, act by act.

Nothing is shared with the program but the names of columns. What an indicator counts is said again in `meanings.py`.
A change is (why, act, ending) → {(subject): by how much} with the versions behind it.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import Any

DAY = dt.timedelta(days=1)
FIRST, LAST = dt.date.min, dt.date.max


@dataclass(frozen=True)
class Point:
    """A question: which unit, until which day since when, known when, under which conditions."""

    unit: int
    on: dt.date
    start: dt.date
    known: dt.datetime
    where: tuple = ()


@dataclass
class Tables:
    """All rows of all kinds: `since` (first day), `until` (first day without), `learnt`, `forgotten` (instants)."""

    rows: dict[str, list[dict[str, Any]]]
    shelves: dict[tuple, dict] = field(default_factory=dict)
    known_trees: dict[tuple, Any] = field(default_factory=dict)

    def by(self, table: str, column: str, key: Any) -> list[dict[str, Any]]:
        if (table, column) not in self.shelves:
            shelf = self.shelves[table, column] = defaultdict(list)
            for row in self.rows[table]:
                shelf[row[column]].append(row)
        return self.shelves[table, column].get(key, [])

    def so(self, table: str, column: str, key: Any, on: dt.date, known: dt.datetime) -> list[dict[str, Any]]:
        """What was so of something on a day, as known at an instant."""
        found = self.by(table, column, key)
        return [row for row in found if row["since"] <= on < row["until"] and held(row, known)]

    def up(self, unit: int, day: dt.date, known: dt.datetime) -> list[int]:
        """A unit and all above it."""
        key = (unit, day, known)
        if key not in self.known_trees:
            found, here = [], unit
            while here is not None and here not in found:
                found.append(here)
                here = next((row["parent_id"] for row in self.so("placement", "unit_id", here, day, known)), None)
            self.known_trees[key] = found
        return self.known_trees[key]

    def serving(self, place: int, day: dt.date, known: dt.datetime) -> set[int]:
        """The organisations that serve a place."""
        return {row["unit_id"] for row in self.so("service", "place_id", place, day, known)}


def held(row: dict[str, Any], known: dt.datetime) -> bool:
    """Did the register hold this version at that instant?"""
    return row["learnt"] <= known and (row["forgotten"] is None or known < row["forgotten"])


class Replay:
    """The changes of one indicator between two points."""

    def __init__(self, tables: Tables, meaning: Any) -> None:
        self.tables, self.meaning = tables, meaning
        self.found: dict[tuple, dict[tuple, int]] = defaultdict(lambda: defaultdict(int))
        self.behind: dict[tuple, set[int]] = defaultdict(set)

    # What is asked of one version

    def day(self, row: dict[str, Any], point: Point) -> dt.date | None:
        """The day whose tree counts for a version at a point; None where the version is not of that point."""
        if self.meaning.edge == "":
            return point.on if row["since"] <= point.on < row["until"] else None
        event = row["since"] if self.meaning.edge == "lower" else row["until"]
        if not point.start <= event <= point.on:
            return None
        return event if self.meaning.edge == "lower" else event - DAY

    def inside(self, row: dict[str, Any], day: dt.date, point: Point) -> bool:
        """Does its unit lie in the scope? Who serves the place is asked of a stock's day, of a flow's last."""
        serves = self.tables.serving(point.unit, point.on if self.meaning.edge else day, point.known)
        return not (serves | {point.unit}).isdisjoint(self.tables.up(row["unit_id"], day, point.known))

    def weight(self, row: dict[str, Any], point: Point) -> int:
        return self.meaning.weight(self.tables, row, point)

    def value(self, point: Point) -> int:
        """The figure, by looking at every row there is."""
        total, keys = 0, set()
        for row in self.tables.rows[self.meaning.table]:
            day = self.day(row, point) if held(row, point.known) else None
            if day and (weight := self.weight(row, point)) and self.inside(row, day, point):
                total += weight
                keys.add(row[self.meaning.counting] if self.meaning.counting else row["id"])
        return len(keys) if self.meaning.counting else total

    # The two steps

    def run(self, first: Point, second: Point) -> None:
        """First the register learns, then the days pass; backwards with the signs turned."""
        middle = replace(first, known=second.known)
        if first.known != second.known:
            sign = 1 if first.known < second.known else -1
            self.learn(*((first, middle) if sign > 0 else (middle, first)), sign)
        if (middle.on, middle.start) != (second.on, second.start):
            sign = 1 if middle.on <= second.on else -1
            pair = (middle, second) if sign > 0 else (second, middle)
            (self.periods if self.meaning.edge else self.pass_days)(*pair, sign)

    def learn(self, first: Point, second: Point, sign: int) -> None:
        """Version by version of each fact, as the register learnt them."""
        facts = defaultdict(list)
        for row in self.tables.rows[self.meaning.table]:
            day = self.day(row, first)
            meets = row["learnt"] <= second.known and (row["forgotten"] is None or row["forgotten"] > first.known)
            if not day or not meets or not any(self.weight(row, point) for point in (first, second)):
                continue
            if any(self.inside(row, day, point) for point in (first, second)):
                facts[row["fact"]].append(row)
        log = Log(self, sign)
        for rows in facts.values():
            early, late = (any(held(row, point.known) for row in rows) for point in (first, second))
            then = first if early and not late else second
            for row in rows:
                day = self.day(row, first)
                if held(row, first.known):
                    act = self.placed(row, day, first, day, then, ("retracted_by_id", "asserted_by_id"))
                    log.turn(row, self.sides(row, day, first, then), act, second.known)
                elif self.inside(row, day, then):
                    log.add("learnt", row["asserted_by_id"], row, self.weight(row, then), row["learnt"])
                if not held(row, second.known) and self.inside(row, day, then):
                    log.add("learnt", row["retracted_by_id"], row, -self.weight(row, then), row["forgotten"], True)
        everything = [row for rows in facts.values() for row in rows]
        log.settle({row["id"]: self.standing(row, self.day(row, first), first) for row in everything})

    def sides(self, row: dict[str, Any], day: dt.date, *points: Point) -> list[tuple[bool, int]]:
        """Whether its unit counts, and what it weighs, as each point asks."""
        return [(self.inside(row, day, point), self.weight(row, point)) for point in points]

    def standing(self, row: dict[str, Any], day: dt.date | None, point: Point) -> int:
        """What a version weighs at the first point itself."""
        if day is None or not held(row, point.known) or not self.inside(row, day, point):
            return 0
        return self.weight(row, point)

    def pass_days(self, first: Point, second: Point, sign: int) -> None:
        """Day by day for each fact: it begins, its unit comes or goes, what it depends on changes, it ends."""
        subjects = defaultdict(list)
        for row in self.tables.rows[self.meaning.table]:
            if held(row, second.known) and row["since"] <= second.on and row["until"] > first.on:
                low, high = max(row["since"], first.on), min(row["until"] - DAY, second.on)
                ends = [self.inside(row, day, second) for day in (low, high)]
                if any(ends) and any(self.weight(row, point) for point in (first, second)):
                    subjects[tuple(row[c] for c in self.meaning.subject)].append((row, low, high))
        log = Log(self, sign)
        for stretches in subjects.values():
            early = any(low == first.on and row["since"] <= first.on for row, low, _ in stretches)
            late = any(row["until"] > second.on for row, _, _ in stretches)
            then = first if early and not late else second
            for row, low, high in stretches:
                begins = first if row["since"] <= first.on else then
                if row["since"] > first.on and self.inside(row, low, second):
                    log.add("change", row["opened_by_id"], row, self.weight(row, begins), low)
                self.walk(log, row, (low, high), (begins, then), second)
                if row["until"] <= second.on and self.inside(row, high, second):
                    why = "expiry" if row["closed_by_id"] == row["opened_by_id"] else "change"
                    log.add(why, row["closed_by_id"], row, -self.weight(row, then), row["until"], True)
        everything = [row for stretches in subjects.values() for row, _, _ in stretches]
        log.settle({row["id"]: self.standing(row, self.day(row, first), first) for row in everything})

    def walk(self, log: "Log", row: dict, span: tuple, eyes: tuple[Point, Point], point: Point) -> None:
        """Whether its unit counts, on each day on which any unit moved."""
        (low, high), weight = span, self.weight(row, eyes[0])
        was = began = self.inside(row, low, point)
        flip = None
        for day in (day for day in self.edges(point.known) if low < day <= high):
            now = self.inside(row, day, point)
            if now != was:
                flip, was = day, now
        if not (began and weight) and not (was and self.weight(row, eyes[1])):
            return
        if was != began:
            act = self.placed(row, flip - DAY, point, flip, point, ("closed_by_id", "opened_by_id"))
            log.add("scope", act, row, weight if was else -weight, flip)
        if was:
            log.add("about", None, row, self.weight(row, eyes[1]) - weight, point.on)

    def edges(self, known: dt.datetime) -> list[dt.date]:
        """The days on which something in the trees begins or ends."""
        if ("edges", known) not in self.tables.known_trees:
            rows = [row for table in ("placement", "service") for row in self.tables.rows[table] if held(row, known)]
            days = {row[edge] for row in rows for edge in ("since", "until")}
            self.tables.known_trees["edges", known] = sorted(days)
        return self.tables.known_trees["edges", known]

    def periods(self, first: Point, second: Point, sign: int) -> None:
        """What happened in one of two periods only, and what both count otherwise."""
        log, start = Log(self, sign), {}
        for row in self.tables.rows[self.meaning.table]:
            if not held(row, second.known):
                continue
            days = [self.day(row, point) for point in (first, second)]
            act = row["opened_by_id" if self.meaning.edge == "lower" else "closed_by_id"]
            ended, at = self.meaning.edge == "upper", days[0] or days[1]
            start[row["id"]] = self.standing(row, days[0], first)
            if days[0] and not days[1] and self.inside(row, at, first):
                log.add("period", act, row, -self.weight(row, first), at, ended)
            elif days[1] and not days[0] and self.inside(row, at, second):
                log.add("period", act, row, self.weight(row, second), at, ended)
            elif days[0] and days[1]:
                log.turn(row, self.sides(row, at, first, second), self.served(row, at, first, second), at)
        log.settle(start)

    # Which act moved a unit

    def placed(self, row: dict, past: dt.date, first: Point, day: dt.date, second: Point, acts: tuple[str, str]) -> Any:
        """The act of the nearest link of the way up, on the side where the unit counts, that the other side lacks."""
        came = self.inside(row, day, second)
        (here, point), (there, other) = ((day, second), (past, first)) if came else ((past, first), (day, second))
        for unit in self.tables.up(row["unit_id"], here, point.known):
            for table, to, goal in (("service", "place_id", point.unit), ("placement", "parent_id", None)):
                ours = [r for r in self.tables.so(table, "unit_id", unit, here, point.known) if goal in (None, r[to])]
                theirs = [r[to] for r in self.tables.so(table, "unit_id", unit, there, other.known)]
                if ours and ours[0][to] not in theirs:
                    return ours[0][acts[1] if came else acts[0]]
        return None

    def served(self, row: dict, day: dt.date, first: Point, second: Point) -> Any:
        """The act by which an organisation above began, or ceased, to serve the place between two periods."""
        came = self.inside(row, day, second)
        there, gone = (second, first) if came else (first, second)
        for unit in self.tables.up(row["unit_id"], day, second.known):
            ours = self.tables.so("service", "unit_id", unit, there.on, second.known)
            if any(r["place_id"] == first.unit for r in ours) and unit not in self.tables.serving(
                first.unit, gone.on, second.known
            ):
                return next(r for r in ours if r["place_id"] == first.unit)["opened_by_id" if came else "closed_by_id"]
        return None


class Log:
    """What one step changed, before what cancels out is left out."""

    def __init__(self, replay: Replay, sign: int) -> None:
        self.replay, self.sign, self.lines = replay, sign, []

    def add(self, why: str, act: Any, row: dict, weight: int, at: Any, ended: bool = False) -> None:
        if weight:
            self.lines.append((why, act, row, weight, at, row["ending"] if ended and "ending" in row else ""))

    def turn(self, row: dict, sides: list[tuple[bool, int]], act: Any, at: Any) -> None:
        """It is there at both points: its unit came or went, or it weighs something else, if it weighs at either."""
        (was, before), (now, after) = sides
        if not (was and before) and not (now and after):
            return
        if was != now:
            self.add("scope", act, row, before if now else -before, at)
        if now:
            self.add("about", None, row, after - before, at)

    def settle(self, start: dict[int, int]) -> None:
        """Leave out what one act takes away and adds for one subject; count once what is counted once."""
        meaning = self.replay.meaning
        if meaning.counting:
            self.once(start)
            return
        groups = defaultdict(list)
        for line in self.lines:
            groups[line[0], line[1], tuple(line[2][c] for c in meaning.subject)].append(line)
        for (why, act, _), lines in groups.items():
            net = sum(line[3] for line in lines) * self.sign
            if net:
                ending = next((line[5] for line in lines if line[5]), "")
                self.write(why, act, ending, net, [line[2]["id"] for line in lines])

    def once(self, start: dict[int, int]) -> None:
        """Walk each key through its changes in time: only from none to some and back to none counts."""
        column, held_ = self.replay.meaning.counting, defaultdict(int)
        rows = {row["id"]: row for row in self.replay.tables.rows[self.replay.meaning.table] if row["id"] in start}
        for key, weight in start.items():
            held_[rows[key][column]] += weight
        moments = defaultdict(list)
        for line in self.lines:
            moments[line[2][column], line[4], line[1] or 0, line[0]].append(line)
        for (key, *_), lines in sorted(
            moments.items(), key=lambda m: (m[0][0], m[0][1], sum(line[3] for line in m[1]) < 0, m[0][2], m[0][3])
        ):
            before, held_[key] = held_[key] > 0, held_[key] + sum(line[3] for line in lines)
            crossed = (held_[key] > 0) - before
            if crossed:
                why, act, row, _, _, ending = next(line for line in lines if line[3] * crossed > 0)
                self.write(why, act, ending, crossed * self.sign, [row["id"]])

    def write(self, why: str, act: Any, ending: str, net: int, versions: list[int]) -> None:
        cause = (why, self.replay.tables.rows["acts"].get(act, ""), ending, net > 0)
        self.replay.found[cause][act or 0] += net
        self.replay.behind[cause] |= set(versions)
