"""`canbo act`: any registered act, for scripts."""

import json as json_
from pathlib import Path
from typing import Annotated, Any

import typer


def act(
    name: Annotated[str, typer.Argument(help="The act, such as membership.admit; --list shows them.")] = "",
    json_file: Annotated[Path | None, typer.Option(help="Its terms: one JSON object, or a list of them.")] = None,
    decision: Annotated[str, typer.Option(help="The decision, by its code or symbol.")] = "",
    signed_on: Annotated[str, typer.Option(help="The day it was signed; the first act's day unless said.")] = "",
    preview: Annotated[bool, typer.Option("--preview", help="Check everything and write nothing.")] = False,
    list_: Annotated[bool, typer.Option("--list", help="List the acts and their terms.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Apply acts under a decision, all of them or none."""
    from canbo.config.start import start

    start(anybody=list_)
    from canbo.access.authority import operator
    from canbo.kernel.act import ACTIONS
    from canbo.kernel.instants import day
    from canbo.kernel.refusal import Mistake
    from canbo.registry.ledger import Paper, apply, read
    from canbo.registry.ledger import preview as try_out
    from canbo.registry.papers import code_of

    if list_:
        terms = {key: list(ACTIONS[key].terms.model_fields) for key in sorted(ACTIONS)}
        typer.echo(json_.dumps(terms) if json else "\n".join(f"{key}: {', '.join(v)}" for key, v in terms.items()))
        return
    if not (name and json_file and decision):
        raise Mistake("missing", "say the act, --json-file and --decision; `canbo act --list` shows the acts")
    acts = [(name, terms) for terms in _terms(json_file)]
    entries = read(acts)
    code = code_of(decision)
    paper = Paper(
        symbol=decision,
        code=code or "",
        signed_on=day(signed_on) if signed_on else min((entry.terms.day for entry in entries), default=None),
    )
    outcome = (try_out if preview else apply)(by=operator(), decided_by=paper, acts=acts)
    if code is None:
        typer.echo(f"{decision} is not in the register of documents: its source counts as missing", err=True)
    done = _done(outcome, preview)
    typer.echo(json_.dumps(done, ensure_ascii=False) if json else _line(done))


def _done(outcome: Any, preview: bool) -> dict[str, Any]:
    """What was done, or in a preview would be, as JSON."""
    return {
        "decision": outcome.code,
        "part": outcome.part,
        "known": outcome.known.isoformat(),
        "acts": outcome.acts,
        "preview": preview,
        "facts": [{"kind": v.model._meta.model_name, "key": str(v.fact)} for v in outcome.effects],
    }


def _terms(path: Path) -> list[dict[str, Any]]:
    from canbo.kernel.refusal import Mistake

    try:
        said = json_.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Mistake("json_file", f"{path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise Mistake("json_file", f"{path} is not JSON: {error}") from error
    listed = said if isinstance(said, list) else [said]
    if not listed or not all(isinstance(terms, dict) for terms in listed):
        raise Mistake("json_file", f"{path}: expected an object with the terms of the act, or a list of such objects")
    return listed


def _line(done: dict[str, Any]) -> str:
    would = "would be" if done["preview"] else "was"
    return f"{done['decision']} {would} applied: {done['acts']} acts, {len(done['facts'])} facts"
