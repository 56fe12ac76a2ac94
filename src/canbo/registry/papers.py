"""Finding the decision that somebody means by a symbol, and saying why something is so."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet

from canbo.kernel.refusal import Mistake
from canbo.registry import store
from canbo.registry.documents.models import Link, Registration
from canbo.registry.documents.queries import carrying
from canbo.registry.facts import Act, Decision, Fact, Identity, content


def code_of(named: str) -> str | None:
    """The code of the decision that has this code or symbol, or None; several are a mistake that lists them."""
    if Decision.objects.filter(code=named).exists():
        return named
    by_symbol = set(Decision.objects.filter(symbol=named).values_list("code", flat=True))
    by_document = Registration.objects.filter(symbol=named, recorded__upper_inf=True).exclude(
        document__decision_code=""
    )
    codes = sorted(by_symbol | set(by_document.values_list("document__decision_code", flat=True)))
    if len(codes) > 1:
        raise Mistake(
            "which_decision",
            "several decisions have the symbol '%(symbol)s'; say which: %(codes)s",
            symbol=named,
            codes=", ".join(codes),
        )
    return codes[0] if codes else None


def why(kind: str, key: str, known: dt.datetime | None = None, citing: "Citing | None" = None) -> list[dict[str, Any]]:
    """Everything written about a record: each version with its acts, decisions and their documents, oldest first.

    `kind` is a kind of fact with the fact's key, or person, unit, post or document with its code. What was written
    after `known` is left out, and what was retired later is not retired yet. `citing` names the articles of acts.
    """
    kinds = {model._meta.model_name: model for model in store.fact_kinds()}
    identities = {m.__name__.lower(): m for m in Identity.__subclasses__()}
    if kind in kinds:
        rows = list(_with_codes(kinds[kind]).filter(fact=_number(key)).order_by("recorded"))
    elif kind in identities:
        rows = _about(identities[kind], key, kinds.values())
    else:
        names = ", ".join(sorted([*kinds, *identities]))
        raise Mistake("unknown_kind", "“%(kind)s” is no kind of record; known are: %(names)s", kind=kind, names=names)
    known = known or dt.datetime.max.replace(tzinfo=dt.UTC)
    rows = [row for row in rows if row.recorded.lower <= known]
    if not rows:
        raise Mistake("no_such_record", "there is no %(kind)s %(key)s", kind=kind, key=key)
    grounds = behind({act for row in rows for act in _acts(row, known).values()}, known)
    written = ((row.fact, row.asserted_by_id, _plain(row)) for row in rows)
    cited = citing(written, grounds, known) if citing else {}
    return [_version(row, grounds, cited, known) for row in rows]


@dataclass(frozen=True)
class Ground:
    """An act with what it stands on: the decision, who entered it, and the document that carries the decision."""

    act: str
    on: dt.date
    reason: str
    decision: str
    kind: str
    part: int
    symbol: str
    signed_on: dt.date
    known_since: dt.datetime
    by: str
    document: str = ""
    links: tuple[tuple[str, str], ...] = ()
    """The relation of the document to others, each with the code of the other one."""

    def counted(self, since: dt.date | None) -> dt.date | None:
        """From which day on something that it opened is counted, where it began before an opening balance."""
        earlier = since is None or since < self.signed_on
        return self.signed_on if self.kind == Decision.OPENING and earlier else None


Citing = Callable[[Iterable[Any], Mapping[int, Ground], dt.datetime], Mapping[tuple[int, int], list[dict[str, Any]]]]
"""Told of versions (fact, act that asserted it, content) and grounds, gives the articles by fact and act."""


def behind(acts: Iterable[int], known: dt.datetime, *, documents: bool = True) -> dict[int, Ground]:
    """What each of these acts stands on, with as many queries for one as for all; without `documents` only one."""
    rows = {key: values for key, *values in Act.objects.filter(pk__in=set(acts)).values_list("pk", *_GROUND)}
    codes = {values[_DECISION] for values in rows.values()} if documents else set()
    papers = {paper.decision: paper for paper in carrying(codes, known).values()}
    links: dict[int, list[tuple[str, str]]] = defaultdict(list)
    tied = Link.objects.known(known).filter(document__in=[paper.pk for paper in papers.values()]) if papers else ()
    for link in tied.select_related("target").order_by("fact") if papers else ():
        links[link.document_id].append((link.relation, link.target.code))
    return {key: _ground(values, papers.get(values[_DECISION]), links) for key, values in rows.items()}


_DECIDED = tuple(f"decision__{name}" for name in ("code", "kind", "part", "symbol", "signed_on", "applied_at"))
_GROUND = ("name", "on", "reason", *_DECIDED, "audit__actor")
_DECISION = _GROUND.index("decision__code")


def _ground(values: list[Any], paper: Any, links: dict[int, list[tuple[str, str]]]) -> Ground:
    return Ground(*values, paper.code, tuple(links.get(paper.pk, ()))) if paper else Ground(*values)


def counted_from(model: type[Fact], keys: Iterable[int]) -> dict[int, dt.date]:
    """Of these versions those that began before the opening balance they stand in, with its day: `Ground.counted`."""
    day = "opened_by__decision__signed_on"
    found = model.objects.filter(store.among("pk", keys), opened_by__decision__kind=Decision.OPENING)
    earlier = Q(valid__startswith__lt=F(day)) | Q(valid__startswith__isnull=True)
    return dict(found.filter(earlier).values_list("pk", day))


def _number(key: str) -> int:
    if not key.isdigit():
        raise Mistake(
            "bad_key", "“%(key)s” is not the key of a fact: a whole number, as lists of records print it", key=key
        )
    return int(key)


def _with_codes(kind: type[Fact]) -> QuerySet:
    """The facts of a kind with the things that they name."""
    return kind.objects.select_related(*(f.name for f in content(kind) if f.is_relation))


def _about(model: type[Identity], code: str, kinds: Iterable[type[Fact]]) -> list[Fact]:
    """The facts that name an identity, of every kind."""
    found: list[Fact] = []
    for kind in kinds:
        names = [f.name for f in kind._meta.concrete_fields if f.related_model is model and f.name != "parent"]
        named = Q()
        for name in names:
            named |= Q(**{f"{name}__code": code})
        if names and not (model.__name__ == "Unit" and "person" in {f.name for f in kind._meta.fields}):
            found += _with_codes(kind).filter(named)[:500]
    return sorted(found, key=lambda row: (row.recorded.lower, row.pk))


def _acts(row: Fact, known: dt.datetime) -> dict[str, int]:
    """The acts behind a version, by what they did to it."""
    parts = ["opened_by", "closed_by", "asserted_by"]
    if row.recorded.upper and row.recorded.upper <= known:
        parts.append("retracted_by")
    return {part: getattr(row, f"{part}_id") for part in parts if getattr(row, f"{part}_id")}


def _version(
    row: Fact, grounds: dict[int, Ground], cited: Mapping[tuple[int, int], list[dict[str, Any]]], known: dt.datetime
) -> dict[str, Any]:
    fields = [f for f in content(type(row)) if getattr(row, f.attname) not in (None, "")]
    acts = _acts(row, known)
    return {
        "kind": row._meta.model_name,
        "key": str(row.fact),
        "label": type(row).label_of(row),
        "content": {f.name: str(getattr(row, f.name)) for f in fields} | _precisions(row),
        "valid": [_text(row.valid.lower), _text(row.valid.upper)],
        "counted_from": _text(grounds[acts["opened_by"]].counted(row.valid.lower)),
        "recorded": [_text(row.recorded.lower), _text(row.recorded.upper if "retracted_by" in acts else None)],
        "acts": {part: _act(grounds[act]) | {"articles": cited.get((row.fact, act), [])} for part, act in acts.items()},
    }


def _plain(row: Fact) -> dict[str, Any]:
    """What a version says, by column."""
    return {field.attname: getattr(row, field.attname) for field in content(type(row))}


def _precisions(row: Fact) -> dict[str, str]:
    return {"start_precision": row.start_precision, "end_precision": row.end_precision}


def _text(value: Any) -> str | None:
    return value.isoformat() if value else None


def _act(ground: Ground) -> dict[str, Any]:
    document = {"code": ground.document, "links": [{"relation": r, "document": d} for r, d in ground.links]}
    return {
        "act": ground.act,
        "on": ground.on.isoformat(),
        "reason": ground.reason,
        "decision": ground.decision,
        "symbol": ground.symbol,
        "signed_on": ground.signed_on.isoformat(),
        "known_since": ground.known_since.isoformat(),
        "by": ground.by,
        "document": document if ground.document else None,
    }
