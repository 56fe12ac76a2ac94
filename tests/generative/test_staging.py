"""A decision that is staged in parts does what the ledger does with all acts at once, and refuses what that does."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from hypothesis import event, given
from hypothesis import strategies as st

from canbo.access.authority import Roles, operator
from canbo.kernel.act import Deed, register_authority
from canbo.kernel.database import Database
from canbo.kernel.refusal import Refused
from canbo.registry import store
from canbo.registry.facts import Act, Identity, Person, Unit, content
from canbo.registry.ledger import apply, read
from canbo.registry.posts.models import Post
from canbo.registry.staging import Staging
from tests.generative import register
from tests.generative.steps import CONTINUED, NOBODY, generative, one_act

pytestmark = pytest.mark.database


@pytest.fixture
def small_register(fresh_database: Database) -> Iterator[None]:
    with register.plain():
        register.set_up()
        yield


def kinds() -> dict[str, Any]:
    return {kind.__name__: kind for kind in store.fact_kinds()}


def resolved(acts: list[tuple[str, Mapping[str, Any]]]) -> list[tuple[str, dict[str, Any]]]:
    """Each act with its terms, where it continues a fact that is on file."""
    found = []
    for name, said in acts:
        terms = dict(said)
        if name in CONTINUED:
            kind, columns = CONTINUED[name]
            rows = list(kinds()[kind].objects.filter(recorded__upper_inf=True).order_by("fact"))
            row = rows[-1 - terms.pop("fact") % len(rows)] if rows else None
            terms |= {column: getattr(row, column).code if row else NOBODY[column] for column in columns}
            terms |= {} if columns else {"fact": row.fact if row else 1}
        found.append((name, terms))
    return found


def written() -> dict[str, Any]:
    """The whole register in words: acts by the order in their decision, things by their codes, facts by their first."""
    acts = {act.pk: (act.decision.code, act.seq) for act in Act.objects.select_related("decision")}
    codes = {(m, pk): code for m in (Unit, Person, Post) for pk, code in m.objects.values_list("pk", "code")}
    told: dict[str, Any] = {"acts": sorted((*acts[a.pk], a.name, a.on, a.reason) for a in Act.objects.all())}
    told["things"] = sorted(
        (m.__name__, one.code, *acts[one.introduced_by_id]) for m in (Unit, Person, Post) for one in m.objects.all()
    )
    for kind in store.fact_kinds():
        rows, fields = list(kind.objects.order_by("recorded", "fact")), content(kind)
        first = {row.fact: acts[row.opened_by_id] for row in reversed(rows)}
        told[kind.__name__] = sorted(
            repr((
                first[row.fact], [said(row, field, codes) for field in fields], row.valid, row.start_precision,
                row.end_precision, acts.get(row.opened_by_id), acts.get(row.closed_by_id), acts[row.asserted_by_id],
                acts.get(row.retracted_by_id), row.recorded.upper is None,
            ))
            for row in rows
        )  # fmt: skip
    return told


def said(row: Any, field: Any, codes: Mapping[Any, str]) -> Any:
    value = getattr(row, field.attname)
    related = field.related_model
    return codes[related, value] if related and issubclass(related, Identity) and value else value


class Allowing:
    """An authority that allows everything, and notes the units that it is asked of and what is given to whom."""

    def __init__(self) -> None:
        self.asked: set[int] = set()
        self.given: set[tuple[Any, ...]] = set()

    def check(self, by: str, names: set[str], using: str) -> None:
        """Everybody may do everything."""

    def allow(self, by: str, deeds: Iterable[Deed], using: str) -> None:
        """Everywhere."""
        for deed in deeds:
            self.asked |= deed.units
            self.given.add((deed.gives, deed.person, deed.giver))


def outcome(way: Callable[[], None]) -> dict[str, Any] | None:
    """What the register says after it, and what authority was asked; None where it was refused. It is taken back."""
    allowing = Allowing()
    register_authority(allowing)
    with transaction.atomic():
        try:
            with transaction.atomic():
                way()
            people = dict(Person.objects.values_list("pk", "code"))  # their keys are others each time
            given = {(gives, people.get(person, person), giver) for gives, person, giver in allowing.given}
            return written() | {"authority": (allowing.asked, given)}
        except (Refused, IntegrityError, ProgrammingError):
            return None
        finally:
            transaction.set_rollback(True)
            register_authority(Roles())


def staged(acts: list[tuple[str, dict]], sizes: list[int]) -> None:
    """Bring the acts in parts of these sizes, the last one as often as it takes."""
    staging, at = Staging(operator()), 0
    while at < len(acts):
        size = sizes.pop() if sizes else len(acts)
        for refusal in staging.add(read(acts[at : at + size])).values():
            raise refusal
        at += size
    staging.write(register.paper("other"))


some = st.lists(one_act, min_size=1, max_size=8)


@generative
@given(st.lists(some, max_size=2), some, st.lists(st.integers(1, 3), max_size=6))
def test_in_parts_as_at_once(small_register: None, before: list, acts: list, sizes: list[int]) -> None:
    """Once with the acts of which one is refused, if any, and once with those alone that can be done together."""
    paper = register.paper("other")

    def whole(told: list) -> dict[str, Any] | None:
        return outcome(lambda: apply(by=operator(), decided_by=paper, acts=told))

    with transaction.atomic():
        for number, first in enumerate(before):
            outcome_of_first(f"d{number}", first)
        told, done, last = resolved(acts), [], None
        for act in told:
            if now := whole([*done, act]):
                done.append(act)
                last = now
        event(f"{len(done)} of {len(told)} acts")
        assert outcome(lambda: staged(told, list(sizes))) == (last if done == told else None)
        if done:
            assert outcome(lambda: staged(done, list(sizes))) == last
            assert outcome(lambda: staged(done, [1] * len(done))) == last
        transaction.set_rollback(True)


def test_authority_is_asked_where_a_later_part_puts_what_an_earlier_one_founded(small_register: None):
    acts = [
        ("organisation.establish", {"on": "2020-01-01", "code": "n1", "kind": "branch", "name": "New", "under": "u1"}),
        ("unit.place", {"on": "2021-01-01", "unit": "n1", "parent": "u2"}),
    ]
    paper = register.paper("other")
    whole = outcome(lambda: apply(by=operator(), decided_by=paper, acts=acts))
    assert whole
    assert set(Unit.objects.filter(code__in=("u1", "u2")).values_list("pk", flat=True)) <= whole["authority"][0]
    assert outcome(lambda: staged(acts, [1, 1])) == whole


def outcome_of_first(code: str, acts: list) -> None:
    """Something to build on, as far as it may be done."""
    for number, one in enumerate(resolved(acts)):
        try:
            with transaction.atomic():
                register.decide(f"{code}.{number}", one)
        except Refused:
            continue
