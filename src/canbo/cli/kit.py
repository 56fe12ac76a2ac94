"""`canbo kit`: a unit's lists as a locked and signed workbook, handed out and taken back."""

import json as json_
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from canbo.exchange.export import Meet
    from canbo.exchange.kits.making import Order
    from canbo.exchange.kits.statement import Statement
    from canbo.web.asof import AsOf

ACTS = ("make", "take")


def kit(
    what: Annotated[str, typer.Argument(help=f"One of: {', '.join(ACTS)}.")],
    file: Annotated[Path | None, typer.Argument(help="For `take`: the kit that came back (.xlsx).")] = None,
    unit: Annotated[str, typer.Option(help="For `make`: the unit whose lists it holds.")] = "",
    out: Annotated[Path | None, typer.Option(help="For `make`: the file (.xlsx).")] = None,
    lang: Annotated[str, typer.Option(help="For `make`: a language of the profile; its first one unless said.")] = "",
    code: Annotated[str, typer.Option(help="For `take`: the code it is locked with; asked for unless said.")] = "",
    preview: Annotated[bool, typer.Option("--preview", help="Compare every row and write nothing.")] = False,
    good: Annotated[bool, typer.Option("--good", help="Take the rows that are right though others are not.")] = False,
    theirs: Annotated[bool, typer.Option("--theirs", help="Where both changed the same, the kit counts.")] = False,
    ours: Annotated[bool, typer.Option("--ours", help="Where both changed the same, the register counts.")] = False,
    decision: Annotated[str, typer.Option(help="The symbol of the paper by which it is taken.")] = "",
    signed_on: Annotated[str, typer.Option(help="The day it was signed; today unless said.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Make an offline kit and print the code that opens it, once; or take one back and merge it, all of it or nothing.

    The code is kept nowhere: hand it over apart from the file. A kit is taken once, by one decision.
    """
    from canbo.config.start import start

    start()
    from canbo.kernel.refusal import Mistake

    if what not in ACTS:
        raise Mistake("unknown_act", f"{what!r} is not one of: {', '.join(ACTS)}")
    if what == "make":
        if not unit or out is None or out.suffix.lower() != ".xlsx":
            raise Mistake("missing", "say --unit CODE and --out FILE.xlsx")
        _make(unit, out, lang, json)
        return
    if file is None or (ours and theirs):
        raise Mistake("missing", "say which FILE is taken, and at most one of --ours and --theirs")
    counts = "theirs" if theirs else "ours" if ours else ""
    _take(file, code, decision, signed_on, {"trial": preview, "good": good, "counts": counts}, json)


def _make(unit: str, out: Path, lang: str, json: bool) -> None:
    """Write the kit whole or not at all, recorded before anybody has it."""
    from django.utils.translation import override

    from canbo.access.authority import operator
    from canbo.access.invitations import new_code
    from canbo.cli._audited import audited
    from canbo.cli.export import language
    from canbo.exchange.kits.making import Order
    from canbo.kernel.refusal import Mistake
    from canbo.web.asof import read as asof

    draft, code, now = out.with_name(f".{out.name}.{os.getpid()}"), new_code(), asof({})
    order = Order.of(unit, now.on, now.known, by=operator())
    said = {"form": "kit", "kit": order.kit, "known": now.known.isoformat(), "until": order.until}
    try:
        with override(language(lang)), audited("export", f"kit {unit}", unit=unit, **said) as named:
            statement = _written(draft, order, now, code, named.meet)
        draft.replace(out)
    except OSError as error:
        raise Mistake("unwritable", "%(file)s cannot be written: %(why)s", file=out, why=error.strerror) from error
    finally:
        draft.unlink(missing_ok=True)
    rows = {name: len(given) for name, given in statement.given.items()}
    told = {"file": str(out), "kit": statement.kit, "code": code, "until": statement.until, "rows": rows}
    typer.echo(json_.dumps(told, ensure_ascii=False, indent=1) if json else _handed_out(told))


def _handed_out(told: dict[str, Any]) -> str:
    rows = ", ".join(f"{many} {name}" for name, many in told["rows"].items())
    lines = [f"{told['file']}  kit {told['kit']}: {rows}; to be returned by {told['until']}"]
    return "\n".join([*lines, f"code {told['code']}  (shown once, kept nowhere: hand it over apart from the file)"])


def _written(draft: Path, order: "Order", now: "AsOf", code: str, meet: "Meet") -> "Statement":
    """The lists of the unit as of one instant, in a file that nobody else may read."""
    from dataclasses import replace

    from canbo.cli.export import listing
    from canbo.config.environment import environment
    from canbo.config.secret import kits_key
    from canbo.exchange.kits.making import made

    listings = [replace(listing(name, {"unit": order.unit}), asof=now) for name in order.lists]
    data, statement = made(order, listings, code, kits_key(environment().data), meet)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
    return statement


def _take(file: Path, code: str, decision: str, signed_on: str, how: dict[str, Any], json: bool) -> None:
    """Merge the kit, and record whom its conflicts show before they are shown."""
    from canbo.access.authority import operator
    from canbo.access.invitations import grouped
    from canbo.cli._watched import watched
    from canbo.cli.import_ import REFUSED, _lines, _told
    from canbo.config.environment import environment
    from canbo.config.secret import kits_key
    from canbo.exchange.kits.taking import conflicts, opened, taken
    from canbo.exchange.paper import paper
    from canbo.kernel.instants import day

    code = code or typer.prompt("Code", hide_input=True)
    found = opened(file, grouped(code), kits_key(environment().data))
    symbol = decision or f"{found.mark} {found.statement.unit}"
    by = paper(file, symbol=symbol, signed_on=day(signed_on) if signed_on else None)
    with watched(silent=json) as far:
        done = taken(found, by=operator(), paper=by, told=far, **how)
    both = conflicts(done)
    _recorded(found.mark, found.statement.unit, {one["person"] for one in both if one["person"]})
    told = _told(done) | {"kit": found.statement.kit, "conflicts": both}
    typer.echo(json_.dumps(told, ensure_ascii=False, indent=1) if json else "\n".join(_lines(told, how["trial"])))
    if done.rejected:
        raise typer.Exit(REFUSED)


def _recorded(mark: str, unit: str, people: set[str]) -> None:
    from canbo.cli._audited import audited
    from canbo.registry.facts import Person

    if people:
        with audited("list", f"conflicts of {mark}", unit=unit) as named:
            named.meet(Person.objects.filter(code__in=people).values_list("pk", flat=True))
