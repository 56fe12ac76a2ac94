"""Annulment: a decision is declared void, and the register knows again exactly what it knew before it.

Refused while a later act rests on a fact that the decision wrote, or on an identity that it introduced: those
decisions are named, and have to be annulled first.
"""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.db import IntegrityError, ProgrammingError, connections, transaction
from django.db.models import Count

from canbo.kernel.act import Deed, authority
from canbo.kernel.refusal import Mistake, Refused
from canbo.registry import promises, store
from canbo.registry.book import ActLine, Book, Version
from canbo.registry.facts import APPLY_LOCK, Act, Decision, Fact, Identity
from canbo.registry.ledger import Outcome, Paper, refused

ANNUL = "decision.annul"
LONGEST = Decision._meta.get_field("symbol").max_length


def annul(*, by: str, decided_by: Paper, decision: str, using: str = "default") -> Outcome:
    """Annul all parts of the decision with this code; `decided_by` is the paper that says so, with its reason."""
    authority().check(by, {ANNUL}, using)
    if not decided_by.reason:
        raise Mistake("annulment_without_reason", "an annulment needs a reason")
    try:
        with transaction.atomic(using=using), connections[using].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [APPLY_LOCK])
            void = _annullable(decision, using)
            acts = list(Act.objects.using(using).filter(decision__in=void).values_list("pk", flat=True))
            retired, restored = _undo(cursor, void[0].code, acts, using)
            _refuse_orphans(acts, retired, restored, using)
            authority().allow(by, _deeds(retired, restored, using), using)
            return _write(cursor, by, decided_by, void, retired, restored, using)
    except (IntegrityError, ProgrammingError) as error:
        raise refused(error) from error


def undo_import(*, by: str, decision: str, reason: str, on: dt.date, several: bool = True) -> Outcome:
    """Annul what a decision imported or merged; what else may have been decided by it is not taken back unseen.

    Files imported one after another under one paper are parts of one decision: only `several` takes them all back.
    """
    parts = list(Decision.objects.filter(code=decision, annulment=None).annotate(number=Count("acts")))
    if {part.reason for part in parts} not in ({Decision.IMPORT}, {Decision.MERGE}, set()):
        raise Refused("not_imported", "not all of %(decision)s was imported: annul it as a decision", decision=decision)
    if len(parts) > 1 and not several:
        raise Refused(
            "several_parts",
            "%(decision)s has %(parts)s parts with %(acts)s acts, taken back together or not at all: say --all",
            decision=decision,
            parts=len(parts),
            acts=sum(part.number for part in parts),
        )
    paper = Paper(symbol=f"undo {on} {decision}"[:LONGEST], signed_on=on, reason=reason)
    return annul(by=by, decided_by=paper, decision=decision)


def _annullable(code: str, using: str) -> list[Decision]:
    found = list(Decision.objects.using(using).filter(code=code, annulment=None).order_by("part"))
    parts = [part for part in found if part.kind != Decision.ANNULMENT]
    if not found:
        raise Mistake("nothing_to_annul", "there is no decision '%(decision)s' in force", decision=code)
    if not parts:
        raise Refused(
            "annulment_is_final", "'%(decision)s' is itself an annulment; decide anew instead", decision=code
        )
    return parts


def _undo(cursor: Any, code: str, acts: list[int], using: str) -> tuple[dict[type[Fact], list[int]], list[Version]]:
    """What to retire and what to restore, kind by kind; refused when a later act changed the same fact.

    Each fact is a stack of the decisions in force that wrote it: an ordinary decision lays its version on top, an
    annulment takes one away. Only what lies on top can be taken away.
    """
    retired: dict[type[Fact], list[int]] = defaultdict(list)
    restored: list[Version] = []
    for model in store.fact_kinds():
        known = model.objects.using(using)
        touched = store.touched(cursor, model, acts)
        if len(touched) < store.count_touched(cursor, model, acts):
            raise Refused(
                "beyond_reach",
                "'%(decision)s' also decided what lies beyond your reach; nothing was done",
                decision=code,
            )
        rows = list(known.filter(fact__in=touched).order_by("fact", "recorded")) if touched else []
        origin = _decisions({key for r in rows for key in (r.asserted_by_id, r.retracted_by_id) if key}, using)
        for _, versions in groupby(rows, key=lambda row: row.fact):
            stack = _stack(list(versions), origin)
            lowest = [above for above, _ in stack].index(code)
            if later := {above for above, _ in stack[lowest:]} - {code}:  # also between two parts of the decision
                raise _rests("fact", list(later))
            top = stack.pop()[1]
            if top is not None:
                retired[model].append(top.pk)
            if stack and stack[-1][1] is not None:
                restored.append(store.version_of(model, vars(stack[-1][1])))
    return retired, restored


def _deeds(retired: dict[type[Fact], list[int]], restored: list[Version], using: str) -> Iterator[Deed]:
    """An annulment touches the units of all that it takes away or brings back; what it brings back may give a role."""
    for model, keys in retired.items():
        for unit in model.objects.using(using).filter(pk__in=keys).values_list("unit", flat=True):
            yield Deed(ANNUL, frozenset({unit}))
    for version in restored:
        whom = version.values.get("person_id")
        yield Deed(ANNUL, frozenset({version["unit"]}), gives=version.model.GIVES, person=whom)


def _decisions(acts: set[int], using: str) -> dict[int, tuple[int, str, str | None]]:
    """For each act: its decision, that decision's code, and the code of what it annuls, if it does."""
    rows = Act.objects.using(using).filter(pk__in=acts)
    return {
        key: (decision, code, void)
        for key, decision, code, void in rows.values_list(
            "pk", "decision", "decision__code", "decision__annuls__decision__code"
        )
    }


def _stack(versions: list[Fact], origin: dict) -> list[tuple[str, Fact | None]]:
    """The decisions in force that wrote one fact, oldest first, each with the version it left (None: it took it out).

    A version that an annulment brought back counts for the decision that first wrote it.
    """
    events: dict[int, tuple[str, str | None, Fact | None]] = {}
    for version in versions:
        decision, code, void = origin[version.asserted_by_id]
        events[decision] = (code, void, version)
        if version.retracted_by_id:
            decision, code, void = origin[version.retracted_by_id]
            events.setdefault(decision, (code, void, None))
    stack: list[tuple[str, Fact | None]] = []
    for decision in sorted(events):
        code, void, version = events[decision]
        if void is not None:
            stack.pop()
            if stack:
                stack[-1] = (stack[-1][0], version)
        elif stack and stack[-1][0] == code:
            stack[-1] = (code, version)
        else:
            stack.append((code, version))
    return stack


def _refuse_orphans(acts: list[int], retired: dict[type[Fact], list[int]], restored: list[Version], using: str) -> None:
    """An identity that the decision introduced must not be left with facts of others and without its origin."""
    introduced = {
        kind: set(kind.objects.using(using).filter(introduced_by__in=acts).values_list("pk", flat=True))
        for kind in Identity.__subclasses__()
    }
    for model in store.fact_kinds():
        going, back = set(retired[model]), [version for version in restored if version.model is model]
        for reference in model._meta.concrete_fields:
            keys = introduced.get(reference.related_model)
            if not keys:
                continue
            resting = model.objects.using(using).filter(**{f"{reference.name}__in": keys, "recorded__upper_inf": True})
            found = {act for key, act in resting.values_list("pk", "asserted_by") if key not in going}
            found |= {version.opened_by for version in back if version.values[reference.attname] in keys}
            if found:
                raise _rests("identity", [code for _, code, _ in _decisions(found, using).values()])


def _rests(on: str, codes: list[str]) -> Refused:
    named = sorted(set(codes))
    return Refused(
        "later_acts_rest_on_it",
        "later decisions rest on the same %(on)s; annul them first: %(named)s",
        on=on,
        named=", ".join(named),
        decisions=named,
    )


def _write(
    cursor: Any,
    by: str,
    paper: Paper,
    void: list[Decision],
    retired: dict[type[Fact], list[int]],
    restored: list[Version],
    using: str,
) -> Outcome:
    code = void[0].code
    paper = paper.model_copy(update={"kind": Decision.ANNULMENT})
    decision = store.write_decision(cursor, paper)
    digest = hashlib.sha256(f"annul {code} {paper.reason}".encode()).digest()
    audit = store.write_audit(decision, by, f"annul {code}", 1, digest, "annulment", using)
    act = ActLine(store.draw(cursor, Act, 1)[0], 1, ANNUL, paper.signed_on, paper.reason)
    store.write_acts(cursor, decision, audit, [act])
    store.write_annulment(cursor, [part.pk for part in void], decision.pk)
    book = Book({}, {})
    for version in restored:
        version.loaded, version.touched_by = None, act.pk
        book.versions.append(version)
    for model, keys in retired.items():
        store.retire(cursor, model, [(key, act.pk, decision.applied_at) for key in keys])
    sheets = store.Sheets()
    sheets.settle(book, decision.applied_at)
    sheets.write(cursor)
    promises.keep(cursor, [*retired, *sheets.rows], [act.pk])
    return Outcome(decision.pk, decision.code, decision.part, decision.applied_at, 1, restored)
