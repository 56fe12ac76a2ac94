"""What each act means, said naively: one function an act, moving the draft of a decision (see replay.py)."""

from collections.abc import Callable
from typing import Any

from tests.generative.replay import Draft, No, Register, day, keep_promises

MEANINGS: dict[str, Callable[..., None]] = {}


def means(name: str) -> Callable[[Callable], Callable]:
    def keep(function: Callable) -> Callable:
        MEANINGS[name] = function
        return function

    return keep


def decide(register: Register, code: str, acts: list[tuple[str, dict[str, Any]]]) -> Draft:
    """The decision as it would be written; `No` where it must be refused."""
    if any(entry.code == code and entry.said == acts for _, entry in register.in_force()):
        raise No  # it was applied before, with exactly these acts
    draft = Draft(register, code)
    for seq, (name, said) in enumerate(acts, 1):
        draft.seq = seq
        MEANINGS[name](draft, **said)
    draft.entry.acts, draft.entry.said = len(acts), acts
    keep_promises(draft.world)
    return draft


@means("place.found")
def found(draft: Draft, on: str, code: str, kind: str, name: str, under: str | None = None) -> None:
    draft.introduce("unit", code)
    draft.open("Place", on, unit=code, kind=kind, name=name)
    if under:
        draft.open("Placement", on, unit=code, parent=under)


@means("organisation.establish")
def establish(
    draft: Draft, on: str, code: str, kind: str, name: str, under: str | None = None, serves: str | None = None
) -> None:
    draft.introduce("unit", code)
    draft.open("Organisation", on, unit=code, kind=kind, name=name)
    if under:
        draft.the("Organisation", day(on), unit=under)
        draft.open("Placement", on, unit=code, parent=under)
    if serves:
        draft.open("Service", on, unit=code, place=serves)


@means("organisation.change")
def rename(draft: Draft, on: str, unit: str, kind: str, name: str) -> None:
    draft.change(draft.the("Organisation", day(on), unit=unit), on, kind=kind, name=name)


@means("organisation.dissolve")
def dissolve(draft: Draft, on: str, unit: str) -> None:
    draft.the("Organisation", day(on), unit=unit)
    if draft.lasting("Placement", day(on), parent=unit):
        raise No
    for kind in ("Organisation", "Placement", "Service"):
        for fact in draft.lasting(kind, day(on), unit=unit):
            draft.close(fact, on)


@means("organisation.merge")
def merge(draft: Draft, on: str, unit: str, into: str) -> None:
    for fact in draft.find("Placement", day(on), parent=unit):
        draft.change(fact, on, parent=into)
    draft.open("Lineage", on, unit=into, predecessor=unit, whole=True)
    dissolve(draft, on, unit)


@means("unit.place")
def place(draft: Draft, on: str, unit: str, parent: str) -> None:
    draft.change(draft.the("Placement", day(on), unit=unit), on, parent=parent)


@means("unit.enter-tree")
def enter_tree(draft: Draft, on: str, unit: str, parent: str, until: str = "") -> None:
    draft.open("Placement", on, until, unit=unit, parent=parent)


@means("unit.serve")
def serve(draft: Draft, on: str, unit: str, place: str, until: str = "") -> None:
    draft.open("Service", on, until, unit=unit, place=place)


@means("unit.serve-no-more")
def serve_no_more(draft: Draft, on: str, unit: str) -> None:
    draft.conclude("Service", on, unit=unit)


@means("person.register")
def register_person(draft: Draft, on: str, code: str, unit: str, name: str) -> None:
    draft.introduce("person", code)
    draft.open("Particulars", on, person=code, unit=unit, name=name)


@means("membership.admit")
def admit(draft: Draft, on: str, person: str, unit: str, stage: str) -> None:
    if draft.lasting("Membership", day(on), person=person):
        raise No
    draft.there(unit, on)
    entry = "readmission" if draft.find("Membership", person=person) else "admission"
    draft.open("Membership", on, person=person, unit=unit, stage=stage, entry=entry, ending="", category="")


@means("membership.advance")
def advance(draft: Draft, on: str, person: str, stage: str) -> None:
    draft.change(draft.the("Membership", day(on), person=person), on, stage=stage, entry="stage")


@means("membership.transfer")
def transfer(draft: Draft, on: str, person: str, unit: str) -> None:
    held = draft.the("Membership", day(on), person=person)
    draft.there(unit, on)
    draft.change(held, on, unit=unit, entry="transfer")


@means("membership.recategorise")
def recategorise(draft: Draft, on: str, person: str, category: str) -> None:
    draft.change(draft.the("Membership", day(on), person=person), on, category=category, entry="category")


@means("membership.leave")
def leave(draft: Draft, on: str, person: str, ending: str) -> None:
    draft.correct(draft.conclude("Membership", on, person=person), ending=ending)


@means("post.create")
def create(draft: Draft, on: str, code: str, unit: str, title: str, seats: int) -> None:
    draft.introduce("post", code)
    draft.open("PostRecord", on, post=code, unit=unit, title=title, seats=seats)


@means("post.change")
def describe(draft: Draft, on: str, post: str, unit: str, title: str, **said: Any) -> None:
    draft.change(draft.the("PostRecord", day(on), post=post), on, unit=unit, title=title, **said)


@means("post.abolish")
def abolish(draft: Draft, on: str, post: str) -> None:
    draft.conclude("PostRecord", on, post=post)


@means("service.appoint")
def appoint(draft: Draft, on: str, person: str, post: str, acting: bool) -> None:
    record = draft.world[draft.the("PostRecord", day(on), post=post)].said
    if not acting and len(draft.lasting("Incumbency", day(on), post=post)) >= record["seats"]:
        raise No
    draft.open("Incumbency", on, person=person, post=post, unit=record["unit"], acting=acting)


@means("service.relieve")
def relieve(draft: Draft, on: str, person: str, post: str) -> None:
    draft.conclude("Incumbency", on, person=person, post=post)


def corrected(kind: str) -> Callable[..., None]:
    def correct(draft: Draft, on: str, fact: tuple, reason: str = "", **said: Any) -> None:
        if not reason or fact not in draft.find(kind):
            raise No
        draft.correct(fact, **said)

    return correct


for _kind in ("Membership", "Placement", "Incumbency", "Organisation"):
    MEANINGS[f"{_kind.lower()}.correct"] = corrected(_kind)
