"""`canbo bridge`: what changed a figure between two points, as parts that add up."""

import json as json_
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from canbo.reports.bridge.waterfall import Bridge
    from canbo.reports.concerned import Concerned


def bridge(
    indicator: Annotated[str, typer.Argument(help="The indicator; `canbo figure --list` shows them.")] = "",
    unit: Annotated[str, typer.Option(help="The code of the unit asked about.")] = "",
    from_: Annotated[str, typer.Option("--from", help="The first point: a day, of flows the last of a period.")] = "",
    to: Annotated[str, typer.Option(help="The second point, in the same way.")] = "",
    start1: Annotated[str, typer.Option(help="First day of the first period; 1 January unless said.")] = "",
    start2: Annotated[str, typer.Option(help="First day of the second period; 1 January unless said.")] = "",
    known1: Annotated[str, typer.Option(help="The first point as known at this instant; now unless said.")] = "",
    known2: Annotated[str, typer.Option(help="The second point as known at this instant; now unless said.")] = "",
    where: Annotated[list[str] | None, typer.Option(help="A condition NAME=VALUE; may be given again.")] = None,
    report: Annotated[list[int] | None, typer.Option(help="Instead: two frozen reports, by key; given twice.")] = None,
    lang: Annotated[str, typer.Option(help="A language of the profile; its first one unless said.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print JSON, with the records and acts of each part.")] = False,
) -> None:
    """Show what changed a figure from one day to another, and what changed what was known of it."""
    from canbo.config.start import start

    start()
    from canbo.cli._audited import audited
    from canbo.cli.figure import _conditions
    from canbo.cli.report import _language
    from canbo.kernel.refusal import Mistake
    from canbo.reports.bridge.told import as_text
    from canbo.reports.bridge.waterfall import bridge as between
    from canbo.reports.question import ask

    language = _language(lang)
    if report:
        _reports(report, language, json)
        return
    for name, value in (("INDICATOR", indicator), ("--unit", unit), ("--from", from_), ("--to", to)):
        if not value:
            raise Mistake("missing", "say %(name)s, or two frozen reports with --report", name=name)

    one, two = _point(from_, start1, known1), _point(to, start2, known2)
    asked = _conditions(where or [])
    said = {"from": from_, "to": to, "known1": known1, "known2": known2, "where": ", ".join(where or [])}
    with audited("list" if json else "report", f"bridge {indicator}", unit=unit, **said) as named:
        made = between(indicator, ask(unit, where=asked, **one), ask(unit, where=asked, **two))
        shown = _json(_told(made, language, named)) if json else as_text(made, language)
    typer.echo(shown)


def _point(on: str, first: str, known: str) -> dict[str, Any]:
    """A point as people write it."""
    from django.conf import settings

    from canbo.kernel.instants import day, instant

    at = instant(known, settings.TIME_ZONE) if known else None
    return {"on": day(on), "start": day(first) if first else None, "known": at}


def _reports(keys: list[int], language: str, json: bool) -> None:
    """Each figure in which two frozen reports differ, with its bridge."""
    from canbo.cli._audited import audited
    from canbo.kernel.refusal import Mistake
    from canbo.reports.bridge.told import as_text
    from canbo.reports.frozen import differences, find

    if len(keys) != 2:
        raise Mistake("two_reports", "say --report twice: from which frozen report to which")
    with audited("list" if json else "report", "bridge of frozen reports", first=keys[0], second=keys[1]) as named:
        found = list(differences(*(find(key) for key in keys)))
        if json:
            shown = _json([{"figure": figure, **_told(made, language, named)} for figure, made in found])
        else:
            shown = "\n\n".join(f"{figure}\n{as_text(made, language)}" for figure, made in found)
    typer.echo(shown)


def _told(made: "Bridge", language: str, named: "Concerned") -> dict[str, Any]:
    """The bridge with the records of each part."""
    from canbo.reports.bridge.told import as_json

    found = as_json(made, language)
    for part in found["parts"]:
        named.note(part["records"])
    return found


def _json(said: object) -> str:
    return json_.dumps(said, ensure_ascii=False, indent=1)
