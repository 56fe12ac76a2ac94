"""`canbo import`: rows of a workbook or text become the acts of one decision."""

import json as json_
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from canbo.exchange.intake import Taken

REFUSED = 3


def import_(
    file: Annotated[Path, typer.Argument(help="The .xlsx, .ods or .csv file.")],
    as_: Annotated[str, typer.Option("--as", help="The list that the rows are of (members …), or a mapping (.yaml).")],
    preview: Annotated[bool, typer.Option("--preview", help="Try every row and write nothing.")] = False,
    good: Annotated[bool, typer.Option("--good", help="Take the rows that are right though others are not.")] = False,
    decision: Annotated[str, typer.Option(help="The symbol of the paper that the rows are from.")] = "",
    signed_on: Annotated[str, typer.Option(help="The day it was signed; today unless said.")] = "",
    opening: Annotated[bool, typer.Option("--opening", help="The opening balance of the register.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Import a file: all its rows, or none while one of them is wrong. `canbo annul` takes it back as one.

    All in one transaction: interrupted in whatever way, nothing was written, and the same file sent again does it all.
    """
    from canbo.config.start import start

    start()
    from django.utils.translation import override

    from canbo.access.authority import operator
    from canbo.cli._watched import watched
    from canbo.cli.export import language
    from canbo.exchange.intake import take
    from canbo.exchange.layout import source
    from canbo.kernel.instants import day, today
    from canbo.registry.ledger import Paper
    from canbo.registry.papers import code_of
    from canbo.web.generic.views import offered

    said = source(Path(as_)) if as_.endswith((".yaml", ".yml")) else None
    symbol = decision or f"import {file.name} {today().isoformat()}"
    paper = Paper(
        symbol=symbol,
        code=code_of(symbol) or "",
        signed_on=day(signed_on) if signed_on else today(),
        kind="opening" if opening else "ordinary",
    )
    screen = offered(said.concept if said else as_)
    with override(language("")), watched(silent=json) as far:
        taken = take(file, screen, said, by=operator(), paper=paper, trial=preview, good=good, told=far)
    told = _told(taken)
    typer.echo(json_.dumps(told, ensure_ascii=False, indent=1) if json else "\n".join(_lines(told, preview)))
    if taken.rejected:
        raise typer.Exit(REFUSED)


def _told(taken: "Taken") -> dict[str, Any]:
    """What was done as JSON."""
    rejected = [{"sheet": f.sheet, "cell": f.cell, "code": f.code, "message": f.message} for f in taken.rejected]
    return {**vars(taken), "rejected": rejected}


def _lines(told: dict[str, Any], preview: bool) -> list[str]:
    would = " would be" if preview else ""
    numbers = ", ".join(f"{told[name]}{would} {name}" for name in ("created", "changed", "ended", "unchanged"))
    lines = [f"{told['rows']} rows: {numbers}, {len(told['rejected'])} rejected"]
    lines += [one["message"] for one in told["rejected"]]
    lines += [f"note: {warning}" for warning in told["warnings"]]
    return lines + ([f"decision {told['decision']}"] if told["decision"] else [])
