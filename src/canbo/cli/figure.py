"""`canbo figure`: one figure, its groups and its records."""

import json as json_
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from canbo.reports.question import Question


def figure(
    indicator: Annotated[str, typer.Argument(help="The indicator; --list shows them.")] = "",
    unit: Annotated[str, typer.Option(help="The code of the unit asked about.")] = "",
    on: Annotated[str, typer.Option(help="The day (YYYY-MM-DD); the last day of the period for flows.")] = "",
    from_: Annotated[str, typer.Option("--from", help="The first day of the period; 1 January unless said.")] = "",
    known: Annotated[str, typer.Option(help="As known at this instant; now unless said.")] = "",
    by: Annotated[str, typer.Option(help="A breakdown of the indicator.")] = "",
    where: Annotated[list[str] | None, typer.Option(help="A condition NAME=VALUE; may be given again.")] = None,
    records: Annotated[bool, typer.Option("--records", help="List the records in the figure.")] = False,
    list_: Annotated[bool, typer.Option("--list", help="List the indicators.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Ask one figure of the register."""
    from canbo.config.start import start

    start()
    from canbo.cli._audited import audited
    from canbo.kernel.refusal import Mistake
    from canbo.reports.answer import answer, catalogue

    if list_:
        listed = catalogue()
        lines = [f"{i['indicator']:36} {i['kind']:6} {i['label']}" for i in listed]
        typer.echo(json_.dumps(listed, ensure_ascii=False, indent=1) if json else "\n".join(lines))
        return
    for name, value in (("INDICATOR", indicator), ("--unit", unit), ("--on", on)):
        if not value:
            raise Mistake("missing", "say %(name)s; `canbo figure --list` shows the indicators", name=name)
    said = {"unit": unit, "on": on, "from": from_, "known": known, "by": by, "where": ", ".join(where or [])}
    with audited("list" if records else "report", f"figure {indicator}", **said) as named:
        found = answer(indicator, _question(unit, on, from_, known, where or []), by=by, records=records)
        named.note([*found["records"], *found["base_records"]])
    typer.echo(json_.dumps(found, ensure_ascii=False, indent=1) if json else _lines(found))


def _question(unit: str, on: str, first: str, known: str, where: list[str]) -> "Question":
    """The question as people write it."""
    from django.conf import settings

    from canbo.kernel.instants import day, instant
    from canbo.reports.question import ask

    at = instant(known, settings.TIME_ZONE) if known else None
    return ask(unit, day(on), start=day(first) if first else None, known=at, where=_conditions(where))


def _conditions(said: list[str]) -> dict[str, object]:
    """NAME=VALUE pairs; a name given twice means either value."""
    conditions: dict[str, object] = {}
    for pair in said:
        name, equals, value = pair.partition("=")
        if not equals:
            raise typer.BadParameter(f"{pair!r} is not NAME=VALUE")
        if name in conditions:
            before = conditions[name]
            conditions[name] = [*(before if isinstance(before, list) else [before]), value]
        else:
            conditions[name] = value
    return conditions


def _lines(found: dict) -> str:
    base = f" / {found['base']}" if found["base"] is not None else ""
    lines = [f"{found['indicator']} {found['unit']} {found['on']}: {found['value']}{base}"]
    lines += [f"  {g['key']}: {'withheld' if g['value'] is None else g['value']}" for g in found["groups"]]
    lines += [f"  {record['kind']} {record['key']}  {record['label']}" for record in found["records"]]
    lines += [f"  {found['not_shown']} not shown"] if "not_shown" in found else []
    return "\n".join(lines)
