"""Whatever is decided in whatever order, the register answers like a naive replay of its decisions."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F
from hypothesis import event, given

from canbo.kernel.database import Database
from canbo.kernel.refusal import Refused
from canbo.registry.facts import Unit
from canbo.registry.membership.models import Membership
from canbo.registry.tree import Scope
from tests.generative import meanings, register
from tests.generative.records import Records, broken_promises, closure, recomputed_closure, trace
from tests.generative.replay import Entry, No, Register, World, above, beneath, day
from tests.generative.steps import CONTINUED, NOBODY, generative, steps

pytestmark = pytest.mark.database


@pytest.fixture
def small_register(fresh_database: Database) -> Iterator[Callable[[], Any]]:
    """The small world, entered once for all examples; each example takes back what it does."""
    with register.plain():
        setup = register.set_up()
        yield lambda: Story(setup)


@contextmanager
def taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class Story:
    """The register and its replay, side by side."""

    def __init__(self, setup: Any) -> None:
        self.records, self.register, self.moved = Records(), Register(), False
        draft = meanings.decide(self.register, "setup", register.SETUP)
        self.keep(setup, draft.entry)

    def keep(self, outcome: Any, entry: Any) -> None:
        entry.instant = outcome.known
        self.register.entries.append(entry)
        self.records.note(outcome)

    def step(self, verb: str, code: Any, offers: list | None) -> None:
        """Do it in both; they agree on whether it is refused, and what is refused or only previewed leaves no trace."""
        before, tree, self.moved = trace(), placements(self.register.world()), False
        if verb == "annul":
            code = self.counted_back(code)
            acts, entry = [], permitted(lambda: self.register.annulled(code))
        else:
            acts, entry = self.choice(code, offers)
        refusal, outcome = self.do(verb, code, acts)
        event(f"{verb} {refusal.code if refusal else 'done'}")
        assert (entry is None) == (refusal is not None), refusal or f"{verb} {code} was not refused"
        if refusal or verb == "preview":
            assert trace() == before
        else:
            self.keep(outcome, entry)
            self.moved = placements(self.register.world()) != tree

    def counted_back(self, code: Any) -> str:
        force = self.register.in_force()
        return force[-1 - code % len(force)][1].code if isinstance(code, int) and force else str(code)

    def choice(self, code: str, offers: list) -> tuple[list, Entry | None]:
        """The first offer that may be done, with what it writes; where there is none the first one."""
        tried = [self.resolved(acts) for acts in offers]
        for acts in tried:
            naive = [(name, said) for name, said, _ in acts]
            if entry := permitted(lambda: meanings.decide(self.register, code, naive).entry):  # noqa: B023
                return acts, entry
        return tried[0], None

    def do(self, verb: str, code: str, acts: list | None) -> tuple[Refused | None, Any]:
        said = [(name, terms) for name, _, terms in acts or ()]
        try:
            if verb == "annul":
                return None, register.undo(code, f"not {code}")
            return None, register.decide(code, *said) if verb == "decide" else register.foresee(code, said)
        except Refused as refusal:
            return refusal, None

    def resolved(self, acts: list) -> list:
        """Each act with its terms for the replay and for the register, where it continues a fact that is known."""
        found = []
        for name, said in acts:
            naive = terms = said
            if name in CONTINUED:
                kind, columns = CONTINUED[name]
                naive, key = picked(self.register.world(), kind, columns, said)
                terms = naive if columns else {**said, "fact": self.records.fact(kind, key) if key else 1}
            found.append((name, naive, terms))
        return found

    def instant(self, number: int, microseconds: int) -> dt.datetime:
        entries = self.register.entries
        return entries[number % len(entries)].instant + dt.timedelta(microseconds=microseconds)


def picked(world: World, kind: str, columns: tuple[str, ...], said: dict) -> tuple[dict, Any]:
    """The terms of an act that continue the fact they pick, counted back from the last of its kind, and its key."""
    known = sorted(key for key, span in world.items() if span.kind == kind)
    key = known[-1 - said["fact"] % len(known)] if known else None
    if not columns:
        return {**said, "fact": key}, key
    names = {column: world[key].said[column] if key else NOBODY[column] for column in columns}
    return {**{name: value for name, value in said.items() if name != "fact"}, **names}, key


def permitted(attempt: Callable[[], Entry]) -> Entry | None:
    try:
        return attempt()
    except No:
        return None


def placements(world: World) -> World:
    return {key: span for key, span in world.items() if span.kind == "Placement"}


def of_day(world: World, on: dt.date) -> World:
    return {key: span for key, span in world.items() if span.on(on)}


def answers_agree(story: Story, on: dt.date, known: dt.datetime) -> None:
    """Both dates, and everything known now."""
    now = story.register.entries[-1].instant
    assert story.records.world(now) == story.register.world()
    assert story.records.world(known) == story.register.world(known)
    assert story.records.asof(on, known) == of_day(story.register.world(known), on)


def trees_agree(story: Story, on: dt.date, known: dt.datetime) -> None:
    """The closure, the walk and the replay hold the same units beneath, now and as known then."""
    kept, world = closure(), story.register.world()
    assert kept == recomputed_closure()
    codes = dict(Unit.objects.values_list("pk", "code"))
    paths = {(a, u, depth, since, until) for u in codes.values() for a, depth, since, until in above(world, u)}
    assert {(a, u, n, v.lower or dt.date.min, v.upper or dt.date.max) for a, u, n, v in kept} == paths
    now = story.register.entries[-1].instant
    for root in (pk for pk, code in codes.items() if code in ("top", "u1")):
        for instant, facts in ((now, world), (known, story.register.world(known))):
            scope, walked = Scope((root,), instant), Scope((root,), instant)
            walked.__dict__["_current"] = False
            units = beneath(facts, codes[root], set(codes.values()), on)
            assert {codes[u] for u in scope.units(on)} == {codes[u] for u in walked.units(on)} == units
            counted_agree(scope, walked, instant, on)


def counted_agree(scope: Scope, walked: Scope, known: dt.datetime, on: dt.date) -> None:
    """A roll-up by the closure counts what one by the walk counts, whose units count on the day they count for."""
    rows = Membership.objects.known(known)
    assert set(rows.filter(scope.covers(on))) == set(rows.filter(walked.covers(on)))
    assert set(rows.filter(scope.covers(None))) == set(rows.filter(walked.covers(None)))
    ended = rows.filter(valid__upper_inf=False)
    assert set(ended.filter(scope.covers(None, edge="upper"))) == set(ended.filter(walked.covers(None, edge="upper")))
    spans = walked.walk()
    begun = {
        row
        for row in rows.annotate(home=F("unit"))
        for unit, since, until in spans
        if unit == row.home
        and (since is None or since <= row.valid.lower)
        and (until is None or row.valid.lower < until)
    }
    assert set(rows.filter(scope.covers(None))) == begun


@generative
@given(steps)
def test_the_register_answers_like_a_replay_of_its_decisions(small_register: Callable[[], Any], steps: list) -> None:
    with taken_back():
        story = small_register()
        for (verb, code, acts), on, instant in steps:
            story.step(verb, code, acts)
            answers_agree(story, day(on), story.instant(*instant))
            if story.moved:
                trees_agree(story, day(on), story.instant(*instant))
        assert broken_promises() == []
        assert story.records.world(story.instant(0, -1)) == {}
