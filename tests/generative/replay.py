"""A register so naive that it can only be right: it keeps what each decision did and replays it for every question.

Nothing is shared with the program but the acts' names. An annulled decision is one that the replay leaves out; what
was known at an instant is a replay of the decisions until then. Dates are strings as people write them.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

ONE_AT_A_TIME = {
    "Membership": ("person",),
    "Placement": ("unit",),
    "Organisation": ("unit",),
    "Place": ("unit",),
    "Service": ("unit",),
    "Particulars": ("person",),
    "PostRecord": ("post",),
    "Incumbency": ("person", "post"),
}
IDENTITIES = {
    "unit": "unit",
    "parent": "unit",
    "place": "unit",
    "predecessor": "unit",
    "person": "person",
    "post": "post",
}
"""Which column of a fact names an identity of which kind."""


class No(Exception):
    """The register must refuse this."""


@dataclass(frozen=True)
class Span:
    """One fact of the world: from `start` to before `end`, opened and closed by (entry, number of the act)."""

    kind: str
    said: Mapping[str, Any]
    start: dt.date
    opened: tuple[int, int]
    end: dt.date | None = None
    closed: tuple[int, int] | None = None
    precision: str = "dd"

    def on(self, day: dt.date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)

    def meets(self, other: "Span") -> bool:
        return (other.end is None or self.start < other.end) and (self.end is None or other.start < self.end)


World = dict[tuple, Span]


def day(text: str) -> dt.date:
    """The first day of what a date names."""
    return dt.date(*(int(part) for part in (text + "-01-01")[:10].split("-")))


def after(text: str) -> dt.date:
    """The day after the last one of what a date names."""
    first = day(text)
    if len(text) == 4:
        return first.replace(year=first.year + 1)
    return (first + dt.timedelta(32)).replace(day=1) if len(text) == 7 else first + dt.timedelta(1)


def fine(text: str) -> str:
    """The precision of a date: y, m or d."""
    return {4: "y", 7: "m", 10: "d"}[len(text)]


@dataclass
class Entry:
    """A decision: what it wrote (fact → span as it left it), whom it introduced, or which code it annulled."""

    code: str
    instant: dt.datetime | None = None
    wrote: World = field(default_factory=dict)
    introduced: set[tuple[str, str]] = field(default_factory=set)
    voids: str = ""
    acts: int = 1
    said: list[Any] = field(default_factory=list)


@dataclass
class Register:
    """All decisions that were applied, in order."""

    entries: list[Entry] = field(default_factory=list)

    def in_force(self, known: dt.datetime | None = None) -> list[tuple[int, Entry]]:
        """The decisions that count at an instant (None: now), with their place in the order."""
        seen = [(n, e) for n, e in enumerate(self.entries) if known is None or e.instant <= known]
        return [(n, e) for n, e in seen if not e.voids and not any(later.voids == e.code for m, later in seen if m > n)]

    def world(self, known: dt.datetime | None = None, but: str = "") -> World:
        """The facts that were known at an instant, or that would be known without the decision `but`."""
        world: World = {}
        for _, entry in self.in_force(known):
            if entry.code != but:
                world |= entry.wrote
        return world

    def annulled(self, code: str) -> Entry:
        """The entry that takes a decision back; `No` while another one in force rests on it."""
        force = self.in_force()
        own = [(n, e) for n, e in force if e.code == code]
        if not own:
            raise No
        for n, entry in own:
            later = [e for m, e in force if m > n and e.code != code]
            if any(fact in e.wrote for fact in entry.wrote for e in later):
                raise No
        left = self.world(but=code)
        introduced = set().union(*(e.introduced for _, e in own))
        if any(name in introduced for span in left.values() for name in named(span)):
            raise No
        keep_promises(left)
        return Entry(f"not {code}", voids=code)


def named(span: Span) -> Iterator[tuple[str, str]]:
    """The identities that a fact is about."""
    for column, value in span.said.items():
        if column in IDENTITIES and value is not None:
            yield IDENTITIES[column], value


def keep_promises(world: World) -> None:
    """What the database promises of the facts known now."""
    spans = list(world.values())
    for n, one in enumerate(spans):
        if one.kind == "Placement" and one.said["unit"] == one.said["parent"]:
            raise No
        columns = ONE_AT_A_TIME.get(one.kind, ())
        for other in spans[n + 1 :]:
            if (
                columns
                and one.kind == other.kind
                and one.precision == other.precision == "dd"
                and all(one.said[c] == other.said[c] for c in columns)
                and one.meets(other)
            ):
                raise No
    for span in spans:
        if span.kind == "Incumbency" and span.precision == "dd" and outlasts_its_post(span, spans):
            raise No
    for unit in {s.said["unit"] for s in spans if s.kind == "Placement"}:
        for _ in above(world, unit):
            pass


def outlasts_its_post(held: Span, spans: list[Span]) -> bool:
    """On some day it is held there is no such post in that unit; only a day on which one ends can be the first."""
    posts = [s for s in spans if s.kind == "PostRecord" and all(s.said[c] == held.said[c] for c in ("post", "unit"))]
    days = [held.start, *(s.end for s in posts if s.end and held.on(s.end))]
    return not all(any(s.on(day) for s in posts) for day in days)


def above(world: World, unit: str) -> Iterator[tuple[str, int, dt.date, dt.date]]:
    """Every path upwards from a unit: (ancestor, depth, first day, day after the last); refuses a circle."""
    paths = [((unit,), dt.date.min, dt.date.max)]
    while paths:
        path, since, until = paths.pop()
        yield path[-1], len(path) - 1, since, until
        for span in world.values():
            if span.kind == "Placement" and span.said["unit"] == path[-1]:
                first, last = max(since, span.start), min(until, span.end or dt.date.max)
                if first < last:
                    if span.said["parent"] in path:
                        raise No
                    paths.append(((*path, span.said["parent"]), first, last))


def beneath(world: World, root: str, units: set[str], on: dt.date) -> set[str]:
    """The units that lie under a root on a day, itself included."""
    return {u for u in units if any(a == root and s <= on < e for a, _, s, e in above(world, u))}


class Draft:
    """One decision in the making: its acts move a copy of what is known now."""

    def __init__(self, register: Register, code: str) -> None:
        self.number, self.seq = len(register.entries), 0
        self.world = register.world()
        self.taken = set().union(*(e.introduced for _, e in register.in_force()), set())
        self.entry = Entry(code)
        self.opened = 0

    def find(self, kind: str, on: dt.date | None = None, /, **said: Any) -> list[tuple]:
        return [
            fact
            for fact, span in self.world.items()
            if span.kind == kind and (on is None or span.on(on)) and all(span.said[k] == v for k, v in said.items())
        ]

    def the(self, kind: str, on: dt.date, /, **said: Any) -> tuple:
        found = self.find(kind, on, **said)
        if len(found) != 1:
            raise No
        return found[0]

    def lasting(self, kind: str, on: dt.date, /, **said: Any) -> list[tuple]:
        """Those that are so on a day or later."""
        return [f for f in self.find(kind, **said) if self.world[f].end is None or self.world[f].end > on]

    def there(self, unit: str, on: str) -> None:
        """There is such an organisation at some time of what a date names."""
        last = after(on)
        if not any(self.world[f].start < last for f in self.lasting("Organisation", day(on), unit=unit)):
            raise No

    def introduce(self, kind: str, code: str) -> None:
        if (kind, code) in self.taken | self.entry.introduced:
            raise No
        self.entry.introduced.add((kind, code))

    def write(self, fact: tuple, span: Span) -> None:
        if not set(named(span)) <= self.taken | self.entry.introduced:
            raise No
        self.world[fact] = self.entry.wrote[fact] = span

    def open(self, kind: str, on: str, until: str = "", /, **said: Any) -> tuple:
        act, self.opened = (self.number, self.seq), self.opened + 1
        fact = (self.number, self.opened)
        span = Span(kind, said, day(on), act, precision=fine(on) + "d")
        if until:
            span = replace(span, end=after(until), closed=act, precision=fine(on) + fine(until))
        self.write(fact, lasts(span))
        return fact

    def close(self, fact: tuple, on: str, **said: Any) -> None:
        """To the day before `on`; of a month or year to its last day, unless it is known to end before that."""
        end, known = day(on) if fine(on) == "d" else after(on), self.world[fact].end
        if fine(on) == "d" or known is None or end < known:
            self.end(fact, on, end)
        self.say(fact, said)

    def end(self, fact: tuple, on: str, last: dt.date) -> None:
        span = self.world[fact]
        if last <= span.start:
            raise No
        act = (self.number, self.seq)
        self.write(fact, replace(span, end=last, closed=act, precision=span.precision[0] + fine(on)))

    def say(self, fact: tuple, said: dict[str, Any]) -> None:
        span = self.world[fact]
        self.write(fact, replace(span, said={**span.said, **said}))

    def conclude(self, kind: str, on: str, /, **said: Any) -> tuple:
        """Close what is so that day, unless it is known to go on."""
        fact = self.the(kind, day(on), **said)
        if any(self.world[other].start == self.world[fact].end for other in self.find(kind, **said)):
            raise No
        self.close(fact, on)
        return fact

    def change(self, fact: tuple, on: str, **said: Any) -> None:
        before = self.world[fact]
        self.end(fact, on, day(on))
        self.say(fact, {"ending": ""} if "ending" in before.said else {})
        follower = self.open(before.kind, on, **{**before.said, **said})
        ended = {"end": before.end, "closed": before.closed, "precision": fine(on) + before.precision[1]}
        self.write(follower, replace(self.world[follower], **ended))

    def correct(self, fact: tuple, since: str = "", until: str = "", **said: Any) -> None:
        span = self.world[fact]
        if since:
            span = replace(span, start=day(since), precision=fine(since) + span.precision[1])
        if until:
            closed = {"end": after(until), "closed": (self.number, self.seq)}
            span = replace(span, **closed, precision=span.precision[0] + fine(until))
        self.write(fact, lasts(replace(span, said={**span.said, **said})))


def lasts(span: Span) -> Span:
    """The fact, unless it ends before it begins."""
    if span.end is not None and span.end <= span.start:
        raise No
    return span
