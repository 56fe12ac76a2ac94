"""`canbo request`: requests for correction, shown and answered by decision."""

import json as json_
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

ACTS = ("receive", "grant", "refuse")


def request(
    what: Annotated[str, typer.Argument(help=f"One of: show, {', '.join(ACTS)}.")],
    which: Annotated[str, typer.Argument(help="The number of the request.")] = "",
    decision: Annotated[str, typer.Option(help="The decision that answers, by its code or symbol.")] = "",
    signed_on: Annotated[str, typer.Option(help="The day it was signed (YYYY-MM-DD); today unless said.")] = "",
    words: Annotated[str, typer.Option(help="What is replied; of a refusal the grounds.")] = "",
    article: Annotated[str, typer.Option(help="The article by which it is refused.")] = "",
    acts: Annotated[Path | None, typer.Option(help="JSON: the acts that put it right, a list of [act, terms].")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show what people ask to have put right in their records, or answer it by decision."""
    from canbo.config.start import start

    start()
    from canbo.cli._audited import audited
    from canbo.kernel.refusal import Mistake
    from canbo.registry.requests.queries import asked

    if what not in ("show", *ACTS):
        raise Mistake("unknown_act", f"{what!r} is not one of: show, {', '.join(ACTS)}")
    if what != "show":
        _answer(what, which, decision, signed_on, words, article, acts)
    with audited("list", "request show") as named:
        found = [one for one in asked() if which in ("", str(one.request.pk))]
        named.meet(one.request.person_id for one in found)
    told = [_told(one) for one in found]
    typer.echo(json_.dumps(told, ensure_ascii=False, indent=1) if json else "\n".join(map(_line, told)))


def _answer(
    what: str, which: str, decision: str, signed_on: str, words: str, article: str, acts: Path | None
) -> None:
    """Apply the answer after the acts that put the record right, in one decision."""
    from canbo.access.authority import operator
    from canbo.kernel.instants import day, today
    from canbo.kernel.refusal import Mistake
    from canbo.registry.ledger import Paper, apply
    from canbo.registry.papers import code_of
    from canbo.registry.requests.models import Request
    from canbo.registry.requests.queries import keeper

    found = Request.objects.filter(pk=which).select_related("person").first() if which.isdecimal() else None
    if found is None or not decision:
        raise Mistake("missing", "say the number of a request (`canbo request show`) and --decision")
    on = day(signed_on) if signed_on else today()
    said = {"on": on, "person": found.person.code, "unit": keeper(found.person_id), "request": found.pk}
    answer = (f"request.{what}", {**said, "words": words, "article": article})
    paper = Paper(symbol=decision, code=code_of(decision) or "", signed_on=on)
    apply(by=operator(), decided_by=paper, acts=[*_read(acts), answer])


def _read(file: Path | None) -> list[tuple[str, Mapping[str, Any]]]:
    from canbo.kernel.refusal import Mistake

    if file is None:
        return []
    try:
        said = json_.loads(file.read_text(encoding="utf-8"))
        return [(name, dict(terms)) for name, terms in said]
    except OSError as error:
        raise Mistake("json_file", f"{file} cannot be read: {error.strerror}") from error
    except (ValueError, TypeError) as error:
        raise Mistake("json_file", f"{file}: expected a list of [act, terms] as JSON ({error})") from error


def _told(one: Any) -> dict[str, Any]:
    """A request and what became of it, as JSON."""
    asked = one.request
    said = {"request": asked.pk, "person": asked.person.code, "asked_at": asked.asked_at.isoformat()}
    said |= {"kind": asked.kind, "fact": asked.fact, "words": asked.words, "state": one.state}
    return said | {"replies": [[reply.outcome, reply.recorded.lower.isoformat()] for reply in one.replies]}


def _line(told: Mapping[str, Any]) -> str:
    about = f"{told['kind']} {told['fact']}: " if told["kind"] else ""
    return f"{told['request']} {told['state']} {told['asked_at'][:16]} {told['person']}  {about}{told['words']}"
