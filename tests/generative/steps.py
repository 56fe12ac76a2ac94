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
UNITS = ("u1", "u2", "u3", "u4", "top", "u1", "u2", "u3", "u4", "n1")
CODES = tuple(f"d{n}" for n in range(8))

days, units, codes = st.sampled_from(DAYS), st.sampled_from(UNITS), st.sampled_from(CODES)
people = st.sampled_from(("p1", "p2", "p3", "p1", "p2", "p4", "q1"))
posts = st.sampled_from(("s1", "s2", "s1", "s2", "s3"))
stages = st.sampled_from(("trial", "full"))
picks, names = st.integers(0, 30), st.sampled_from(("Old", "New"))


def act(action: str, **terms: st.SearchStrategy) -> st.SearchStrategy:
    """One act with random terms."""
    return st.tuples(st.just(action), st.fixed_dictionaries({"on": days, **terms}))


def correction(kind: str, **said: st.SearchStrategy) -> st.SearchStrategy:
    """A correction of one of the known facts of a kind, of some of its content or dates, mostly with a reason."""
    reasons = st.sampled_from(("misread", "misread", "misread", ""))
    optional = {"since": days, "until": days, **said}
    terms = st.fixed_dictionaries({"on": days, "fact": picks, "reason": reasons}, optional=optional)
    return st.tuples(st.just(f"{kind}.correct"), terms)


kept = {"code": st.sampled_from(("n1", "n2")), "kind": st.just("branch"), "name": names}
CORRECTIONS = {f"{kind.lower()}.correct": kind for kind in ("Membership", "Placement", "Incumbency", "Organisation")}
ACTS = (
    act("membership.admit", person=people, unit=units, stage=stages),
    act("membership.admit", person=people, unit=units, stage=stages),
    act("membership.advance", person=people, stage=stages),
    act("membership.transfer", person=people, unit=units),
    act("membership.leave", person=people, ending=st.just("left")),
    act("membership.recategorise", person=people, category=st.sampled_from(("student", "worker"))),
    act("unit.place", unit=units, parent=units),
    act("unit.place", unit=units, parent=units),
    act("unit.enter-tree", unit=units, parent=units),
    act("unit.enter-tree", unit=units, parent=units, until=days),
    act("unit.serve", unit=units, place=st.sampled_from(("land", "town"))),
    act("unit.serve-no-more", unit=units),
    act("organisation.establish", under=units, **kept),
    act("organisation.establish", serves=st.just("town"), **kept),
    act("organisation.change", unit=units, kind=st.just("branch"), name=names),
    act("organisation.dissolve", unit=units),
    act("organisation.merge", unit=units, into=units),
    act("person.register", code=st.just("q1"), unit=units, name=names),
    act("post.create", code=st.just("s3"), unit=units, title=st.just("clerk"), seats=st.integers(1, 2)),
    act("post.change", post=posts, unit=units, title=st.just("clerk"), seats=st.integers(1, 2)),
    act("post.change", post=posts, unit=units, title=st.just("chair")),
    act("post.abolish", post=posts),
    act("service.appoint", person=people, post=posts, acting=st.booleans()),
    act("service.relieve", person=people, post=posts),
    correction("membership", stage=stages, unit=units, person=people),
    correction("placement", parent=units),
    correction("incumbency", acting=st.booleans()),
    correction("organisation", name=names),
)
some_acts = st.lists(st.one_of(*ACTS), min_size=1, max_size=4) | st.lists(st.one_of(*ACTS), min_size=1, max_size=1)
offers = st.lists(some_acts, min_size=4, max_size=8)
"""The first of these that may be done is done; where none may, the first is tried and has to be refused."""

instants = st.tuples(st.integers(0, 40), st.sampled_from((-1, 0, 1)))
"""An instant of knowledge: that of a decision (modulo their number), a microsecond before or after it."""

step = st.one_of(
    *(st.tuples(st.just("decide"), codes, offers) for _ in range(5)),
    st.tuples(st.just("preview"), codes, offers),
    st.tuples(st.just("annul"), st.integers(0, 8), st.none()),
    st.tuples(st.just("annul"), st.integers(0, 8), st.none()),
    st.tuples(st.just("annul"), st.sampled_from(("setup", "not d1", "d1")), st.none()),
)
"""What is annulled is named by its code or counted back from the last decision in force."""
steps = st.lists(st.tuples(step, days, instants), min_size=LENGTH // 2, max_size=LENGTH)


def generative(test: Callable) -> Callable:
    """How often and with which seed a property is tried."""
    checks = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
    chosen = settings(
        max_examples=EXAMPLES, deadline=None, database=None, print_blob=True, suppress_health_check=checks
    )
    return seed(SEED)(chosen(test))
