"""Random sequences of what people may do to the small register: decisions of a few acts, previews and annulments."""

import hashlib
import os
from collections.abc import Callable

from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st

FULL = bool(os.environ.get("CANBO_TEST_FULL"))
EXAMPLES, LENGTH = (150, 30) if FULL else (20, 12)
SEED = int.from_bytes(hashlib.sha256(os.environ.get("CANBO_TEST_SEED", "").encode()).digest()[:8])
"""Another slice of all sequences with each commit, the same one each time for the same commit."""

DAYS = (
    "2020-01-01",
    "2020-03-01",
    "2020-03-02",
    "2020-06",
    "2021",
    "2021-06-15",
    "2022-07-01",
    "2023",
    "2024-02-29",
    "2031-01-01",
)
CODES = tuple(f"d{n}" for n in range(4))

days, codes = st.sampled_from(DAYS), st.sampled_from(CODES)
units = st.sampled_from(("u1", "u2", "u3", "u4", "top", "n1"))
people = st.sampled_from(("p1", "p2", "p3", "q1"))
posts = st.sampled_from(("s1", "s2", "s3"))
stages, names = st.sampled_from(("trial", "full")), st.sampled_from(("Old", "New"))
picks = st.integers(0, 9)

CONTINUED = {
    "membership.advance": ("Membership", ("person",)),
    "membership.transfer": ("Membership", ("person",)),
    "membership.recategorise": ("Membership", ("person",)),
    "membership.leave": ("Membership", ("person",)),
    "unit.place": ("Placement", ("unit",)),
    "unit.serve-no-more": ("Service", ("unit",)),
    "organisation.change": ("Organisation", ("unit",)),
    "organisation.dissolve": ("Organisation", ("unit",)),
    "organisation.merge": ("Organisation", ("unit",)),
    "post.change": ("PostRecord", ("post",)),
    "post.abolish": ("PostRecord", ("post",)),
    "service.relieve": ("Incumbency", ("person", "post")),
    **{f"{kind.lower()}.correct": (kind, ()) for kind in ("Membership", "Placement", "Incumbency", "Organisation")},
}
"""Acts on a fact that is known: its kind, and how the act names it (not at all: by its key)."""


NOBODY = {"person": "p1", "unit": "u1", "post": "s1"}
"""Whom an act names when there is no such fact yet."""


def act(action: str, **terms: st.SearchStrategy) -> st.SearchStrategy:
    """One act with random terms; one that continues a known fact picks it, counted back from the last."""
    if action in CONTINUED:
        terms["fact"] = picks
    return st.tuples(st.just(action), st.fixed_dictionaries({"on": days, **terms}))


def correction(kind: str, **said: st.SearchStrategy) -> st.SearchStrategy:
    """A correction of some of a fact's content or dates, mostly with a reason."""
    reasons = st.sampled_from(("misread", "misread", "misread", ""))
    optional = {"since": days, "until": days, **said}
    terms = st.fixed_dictionaries({"on": days, "fact": picks, "reason": reasons}, optional=optional)
    return st.tuples(st.just(f"{kind}.correct"), terms)


new = {"code": st.just("n1"), "kind": st.just("branch"), "name": names}
admission = act("membership.admit", person=people, unit=units, stage=stages)
appointment = act("service.appoint", person=people, post=posts, acting=st.booleans())
ABOUT_MEMBERS = (
    admission,
    act("membership.advance", stage=stages),
    act("membership.transfer", unit=units),
    act("membership.leave", ending=st.just("left")),
    act("membership.recategorise", category=st.sampled_from(("student", "worker"))),
    correction("membership", stage=stages, unit=units, person=people),
)
ABOUT_THE_TREE = (
    act("unit.place", parent=units),
    act("unit.place", parent=units),
    act("unit.enter-tree", unit=units, parent=units),
    act("unit.enter-tree", unit=units, parent=units, until=days),
    act("organisation.establish", under=units, **new),
    act("organisation.dissolve"),
    act("organisation.merge", into=units),
    correction("placement", parent=units),
)
ABOUT_POSTS = (
    appointment,
    appointment,
    act("service.relieve"),
    act("post.change", unit=units, title=st.just("clerk"), seats=st.integers(1, 2)),
    act("post.change", unit=units, title=st.just("chair")),
    act("post.abolish"),
    correction("incumbency", acting=st.booleans()),
)
ABOUT_THE_REST = (
    act("organisation.change", kind=st.just("branch"), name=names),
    correction("organisation", name=names),
    act("unit.serve", unit=units, place=st.sampled_from(("land", "town"))),
    act("unit.serve-no-more"),
    act("organisation.establish", serves=st.just("town"), **new),
    act("person.register", code=st.just("q1"), unit=units, name=names),
    act("post.create", code=st.just("s3"), unit=units, title=st.just("clerk"), seats=st.integers(1, 2)),
)
GROUPS = (ABOUT_MEMBERS, ABOUT_MEMBERS, ABOUT_THE_TREE, ABOUT_POSTS, ABOUT_THE_REST)
one_act = st.sampled_from(GROUPS).flatmap(st.sampled_from).flatmap(lambda about: about)
"""Chosen by what it is about first, since hypothesis would weigh all kinds alike."""
some_acts = st.lists(one_act, min_size=1, max_size=4) | st.lists(one_act, min_size=1, max_size=1)
offers = st.lists(some_acts, min_size=3, max_size=6)
"""The first of these that may be done is done; where none may, the first is tried and has to be refused."""

instants = st.tuples(st.integers(0, 40), st.sampled_from((-1, 0, 1)))
"""An instant of knowledge: that of a decision (modulo their number), a microsecond before or after it."""

step = st.one_of(
    *(st.tuples(st.just("decide"), codes, offers) for _ in range(5)),
    st.tuples(st.just("preview"), codes, offers),
    st.tuples(st.just("annul"), st.integers(0, 8), st.none()),
    st.tuples(st.just("annul"), st.sampled_from(("setup", "not d1", "d1")), st.none()),
)
"""What is annulled is named by its code or counted back from the last decision in force."""
steps = st.lists(st.tuples(step, days, instants), min_size=LENGTH - 4, max_size=LENGTH)


def generative(test: Callable) -> Callable:
    """How often and with which seed a property is tried."""
    checks = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
    chosen = settings(
        max_examples=EXAMPLES, deadline=None, database=None, print_blob=True, suppress_health_check=checks
    )
    return seed(SEED)(chosen(test))
