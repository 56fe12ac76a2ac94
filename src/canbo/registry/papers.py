"""Finding the decision that somebody means by a symbol, and saying why something is so."""

from typing import Any

from django.db.models import Q

from canbo.kernel.refusal import Mistake
from canbo.registry import store
from canbo.registry.documents.models import Document, Link, Registration
from canbo.registry.facts import Act, Decision, Fact, Identity


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
        raise Mistake("which_decision", f"several decisions have the symbol {named!r}; say which: {', '.join(codes)}")
    return codes[0] if codes else None


def why(kind: str, key: str) -> list[dict[str, Any]]:
    """Everything written about a record: each version with its acts, decisions and their documents, oldest first.

    `kind` is a kind of fact with the fact's key, or person, unit, post or document with its code.
    """
    kinds = {model._meta.model_name: model for model in store.fact_kinds()}
    identities = {m.__name__.lower(): m for m in Identity.__subclasses__()}
    if kind in kinds:
        rows = list(kinds[kind].objects.filter(fact=_number(key)).order_by("recorded"))
    elif kind in identities:
        rows = _about(identities[kind], key, kinds.values())
    else:
        known = ", ".join(sorted([*kinds, *identities]))
        raise Mistake("unknown_kind", f"{kind!r} is no kind of record; known are: {known}")
    if not rows:
        raise Mistake("no_such_record", f"there is no {kind} {key}")
    return [_version(row) for row in rows]


def _number(key: str) -> int:
    if not key.isdigit():
        raise Mistake("bad_key", f"{key!r} is not the key of a fact: a whole number, as lists of records print it")
    return int(key)


def _about(model: type[Identity], code: str, kinds: Any) -> list[Fact]:
    """The facts that name an identity, of every kind."""
    found: list[Fact] = []
    for kind in kinds:
        names = [f.name for f in kind._meta.concrete_fields if f.related_model is model and f.name != "parent"]
        named = Q()
        for name in names:
            named |= Q(**{f"{name}__code": code})
        if names and not (model.__name__ == "Unit" and "person" in {f.name for f in kind._meta.fields}):
            found += kind.objects.filter(named)[:500]
    return sorted(found, key=lambda row: (row.recorded.lower, row.pk))


def _version(row: Fact) -> dict[str, Any]:
    content = {f.name: str(getattr(row, f.name)) for f in row._meta.concrete_fields if _tells(f, row)}
    return {
        "kind": row._meta.model_name,
        "key": str(row.fact),
        "label": type(row).label_of(row),
        "content": content,
        "valid": [_text(row.valid.lower), _text(row.valid.upper)],
        "recorded": [_text(row.recorded.lower), _text(row.recorded.upper)],
        "acts": {
            part: _act(getattr(row, f"{part}_id"))
            for part in ("opened_by", "closed_by", "asserted_by", "retracted_by")
            if getattr(row, f"{part}_id")
        },
    }


def _tells(field: Any, row: Fact) -> bool:
    shared = ("id", "fact", "valid", "recorded", "opened_by", "closed_by", "asserted_by", "retracted_by")
    return not (field.name in shared or field.generated) and getattr(row, field.attname) not in (None, "")


def _text(value: Any) -> str | None:
    return value.isoformat() if value else None


def _act(key: int) -> dict[str, Any]:
    act = Act.objects.select_related("decision", "audit").get(pk=key)
    document = Document.objects.filter(decision_code=act.decision.code).first()
    return {
        "act": act.name,
        "on": act.on.isoformat(),
        "reason": act.reason,
        "decision": act.decision.code,
        "symbol": act.decision.symbol,
        "signed_on": act.decision.signed_on.isoformat(),
        "known_since": act.decision.applied_at.isoformat(),
        "by": act.audit.actor,
        "document": _document(document) if document else None,
    }


def _document(document: Document) -> dict[str, Any]:
    links = Link.objects.filter(document=document, recorded__upper_inf=True).select_related("target")
    return {"code": document.code, "links": [{"relation": at.relation, "document": at.target.code} for at in links]}
