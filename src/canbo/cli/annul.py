"""`canbo annul`: declare a decision void."""

import json as json_
from typing import Annotated

import typer


def annul(
    decision: Annotated[str, typer.Argument(help="The decision, by its code or symbol.")],
    reason: Annotated[str, typer.Option(help="Why it is void.")],
    by_decision: Annotated[str, typer.Option(help="The symbol of the paper that says so.")] = "",
    on: Annotated[str, typer.Option(help="The day that paper was signed; today unless said.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Annul all acts of a decision; the register knows again what it knew before."""
    from canbo.config.start import start

    start()
    from canbo.access.authority import operator
    from canbo.kernel.instants import day, today
    from canbo.kernel.refusal import Mistake
    from canbo.registry.annul import annul as declare_void
    from canbo.registry.ledger import Paper
    from canbo.registry.papers import code_of

    code = code_of(decision)
    if code is None:
        raise Mistake("unknown_decision", f"there is no decision {decision!r}")
    symbol = by_decision or f"annulment of {code}"
    paper = Paper(symbol=symbol, signed_on=day(on) if on else today(), reason=reason)
    outcome = declare_void(by=operator(), decided_by=paper, decision=code)
    done = {"annulled": code, "decision": outcome.code, "known": outcome.known.isoformat()}
    typer.echo(json_.dumps(done, ensure_ascii=False) if json else f"{code} is void since {done['known']}")
