"""The plain verbs of the register, declared in a line each: an act that opens, closes, changes or corrects one fact.

The terms of such an act follow from the kind of fact: identities by their code, vocabulary codes as text, dates that
may be partial. Acts that touch several facts are written by hand in their concept's `actions.py`.
"""

from typing import Annotated, Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from pydantic import create_model

from canbo.kernel.act import Refers, Terms, action
from canbo.kernel.periods import Partial
from canbo.kernel.refusal import Refused
from canbo.registry.book import ActLine, Book
from canbo.registry.facts import Fact, Identity, content

_PLAIN = (
    (ArrayField, tuple[str, ...]),
    (models.BooleanField, bool),
    (models.IntegerField, int),
    (models.DateField, Partial),
    (models.CharField, str),
    (models.TextField, str),
)


def _term(field: models.Field, optional: bool = False) -> tuple[Any, Any]:
    """The type of a field in the terms of an act, and its default (`...` where it must be said)."""
    kind: Any = str if field.is_relation else next(python for django, python in _PLAIN if isinstance(field, django))
    if optional or field.null:
        kind = kind | None
    if field.is_relation:  # outermost, where the mark is found
        kind = Annotated[kind, Refers(field.related_model)]
    if optional or field.null:
        return kind, None
    return kind, field.get_default() if field.has_default() or field.blank else ...


def terms_of(name: str, model: type[Fact], only: tuple[str, ...] = (), **more: Any) -> type[Terms]:
    """The terms of an act about a kind of fact: its content (or `only` some of it), and `more`."""
    fields = {f.name: _term(f) for f in content(model) if not only or f.name in only}
    title = "".join(part.capitalize() for part in name.replace("-", ".").split("."))
    return create_model(title, __base__=Terms, **fields, **more)


def said(book: Book, terms: Terms, model: type[Fact]) -> dict[str, Any]:
    """What the terms say of a fact's content, with codes turned into keys; fields left unsaid are left out."""
    values: dict[str, Any] = {}
    for field in content(model):
        if field.name not in type(terms).model_fields:
            continue
        value = getattr(terms, field.name)
        if value is not None and field.is_relation and issubclass(field.related_model, Identity):
            value = book.id(field.related_model, value)
        elif isinstance(value, Partial):
            value = value.first
        elif isinstance(value, tuple):
            value = list(value)
        values[field.name] = value
    return values


def opens(name: str, model: type[Fact], **fixed: Any) -> None:
    """Declare an act that opens one fact of a kind; `fixed` content is not asked for."""
    asked = tuple(f.name for f in content(model) if f.name not in fixed)

    def plan(book: Book, act: ActLine, terms: Terms) -> None:
        book.open(model, act, terms.on, terms.until, **said(book, terms, model), **fixed)

    _declare(name, plan, terms_of(name, model, asked, until=(Partial | None, None)), f"Open one {model.__name__}.")


def closes(name: str, model: type[Fact], by: tuple[str, ...], **asked: Any) -> None:
    """Declare an act that ends the one fact found `by` these fields; `asked` names content that says how it ended."""

    def plan(book: Book, act: ActLine, terms: Terms) -> None:
        values = said(book, terms, model)
        keys = {field: values[field] for field in by}
        found = book.the(model, terms.day, **keys)
        if found.end is not None and any(other.start == found.end for other in book.all(model, **keys)):
            raise Refused(
                "goes_on_later",
                "it goes on from %(since)s by a later decision, which has to be annulled first",
                since=found.end,
            )
        book.close(found, act, terms.on, **{field: values[field] for field in asked})

    _declare(name, plan, terms_of(name, model, (*by, *asked)), f"End one {model.__name__}.", {model: by[:1]})


def changes(name: str, model: type[Fact], by: tuple[str, ...], to: tuple[str, ...], **fixed: Any) -> None:
    """Declare an act by which the fact found `by` these fields has other content (`to`) from a day on.

    What may be left unsaid and is stays as it was; `fixed` content is not asked for.
    """

    def plan(book: Book, act: ActLine, terms: Terms) -> None:
        values = said(book, terms, model)
        found = book.the(model, terms.day, **{field: values[field] for field in by})
        book.change(found, act, terms.on, **{f: values[f] for f in to if f in terms.model_fields_set}, **fixed)

    _declare(name, plan, terms_of(name, model, (*by, *to)), f"Change one {model.__name__}.", {model: by[:1]})


def corrects(model: type[Fact]) -> None:
    """Declare `<kind>.correct`: we had a fact of this kind wrong. Named by its key; says only what was wrong."""
    name = f"{model._meta.model_name}.correct"
    fields = {f.name: _term(f, optional=True) for f in content(model)}
    terms = create_model(
        f"{model.__name__}Correct",
        __base__=Terms,
        fact=(int, ...),
        since=(Partial | None, None),
        until=(Partial | None, None),
        **fields,
    )

    def plan(book: Book, act: ActLine, terms: Terms) -> None:
        found = book.all(model, fact=terms.fact)
        if not found:
            asked = {"kind": model._meta.verbose_name, "key": terms.fact}
            raise Refused("no_such_fact", "there is no %(kind)s with the key %(key)s", **asked)
        values = {k: v for k, v in said(book, terms, model).items() if k in terms.model_fields_set}
        book.correct(found[0], act, terms.since, terms.until, **values)

    _declare(name, plan, terms, f"Correct one {model.__name__}.", {model: "fact"})


def _declare(name: str, plan: Any, terms: type[Terms], doc: str, reads: dict | None = None) -> None:
    plan.__doc__, plan.__annotations__["terms"] = doc, terms
    action(name, reads=reads)(plan)
