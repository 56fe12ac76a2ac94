"""`canbo merge`: two records of one person become one."""

import json as json_
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from canbo.registry.ledger import Outcome


def merge(
    kept: Annotated[str, typer.Argument(help="The number that is kept.")],
    former: Annotated[str, typer.Argument(help="The number that leads to it from now on.")],
    reason: Annotated[str, typer.Option(help="By what it is known that both are one person.")],
    decision: Annotated[str, typer.Option(help="The decision, by its code or symbol.")] = "",
    on: Annotated[str, typer.Option(help="The day it was signed; today unless said.")] = "",
    aside: Annotated[list[str] | None, typer.Option(help="A record to set aside, such as 'membership 12'.")] = None,
    ends: Annotated[list[str] | None, typer.Option(help="A record of two in a row: the earlier ends in time.")] = None,
    take: Annotated[list[str] | None, typer.Option(help="A field (born …) that the former record has right.")] = None,
    preview: Annotated[bool, typer.Option("--preview", help="Check everything and write nothing.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Put all that is on file under two numbers under one. `canbo annul` takes it back."""
    from canbo.config.start import start

    start()
    from canbo.access.authority import operator
    from canbo.cli._audited import audited
    from canbo.kernel.instants import day, today
    from canbo.kernel.periods import this_instant
    from canbo.registry.facts import Decision
    from canbo.registry.ledger import Paper, apply
    from canbo.registry.ledger import preview as try_out
    from canbo.registry.merging.queries import acts, both, ways
    from canbo.registry.papers import code_of

    when, known = day(on) if on else today(), this_instant()
    with audited("list", "merge", kept=kept, former=former) as named:
        people = both(kept, former, known)
        named.meet(one.pk for one in people)
        done = acts(people, known, when, reason, ways(people, known, aside or (), ends or ()), take or ())
        symbol = decision or f"merge {when} {kept} {former}"[:120]
        paper = Paper(symbol=symbol, code=code_of(symbol) or "", signed_on=when, reason=Decision.MERGE)
        outcome = (try_out if preview else apply)(by=operator(), decided_by=paper, acts=done)
    told = _told(outcome, [name for name, _ in done], preview)
    typer.echo(json_.dumps(told, ensure_ascii=False) if json else _line(told, kept, former))


def _told(outcome: "Outcome", acts: list[str], preview: bool) -> dict[str, Any]:
    """What was done, or in a preview would be."""
    aside = [f"{one.model._meta.model_name} {one.fact}" for one in outcome.effects if one.aside]
    said = {"decision": outcome.code, "preview": preview, "acts": acts, "aside": aside}
    return said | {"written": len(outcome.effects) - len(aside)}


def _line(told: dict[str, Any], kept: str, former: str) -> str:
    leads = "would lead" if told["preview"] else "leads"
    return f"{former} {leads} to {kept}: {told['written']} records written, {len(told['aside'])} set aside"
