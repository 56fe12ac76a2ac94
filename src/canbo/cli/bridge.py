"""`canbo bridge`: what changed a figure between two points, as parts that add up."""

import json as json_
from typing import Annotated

import typer


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
    from django.conf import settings

    from canbo.cli.figure import _conditions
    from canbo.kernel.instants import day, instant
    from canbo.kernel.profile import profile
    from canbo.kernel.refusal import Mistake
    from canbo.reports.bridge.told import as_json, as_text
    from canbo.reports.bridge.waterfall import bridge as between
    from canbo.reports.question import ask

    language = lang or profile().languages[0]
    if language not in profile().languages:
        raise Mistake("unknown_language", f"the profile speaks {', '.join(profile().languages)}, not {language!r}")
    if report:
        _reports(report, language, json)
        return
    for name, value in (("INDICATOR", indicator), ("--unit", unit), ("--from", from_), ("--to", to)):
        if not value:
            raise Mistake("missing", f"say {name}, or two frozen reports with --report")

    def point(on: str, first: str, known: str) -> object:
        since = day(first) if first else None
        at = instant(known, settings.TIME_ZONE) if known else None
        return ask(unit, day(on), start=since, known=at, where=_conditions(where or []))

    made = between(indicator, point(from_, start1, known1), point(to, start2, known2))
    typer.echo(_json(as_json(made, language)) if json else as_text(made, language))


def _reports(keys: list[int], language: str, json: bool) -> None:
    """Each figure in which two frozen reports differ, with its bridge."""
    from canbo.kernel.refusal import Mistake
    from canbo.reports.bridge.told import as_json, as_text
    from canbo.reports.frozen import differences, find

    if len(keys) != 2:
        raise Mistake("two_reports", "say --report twice: from which frozen report to which")
    found = differences(*(find(key) for key in keys))
    if json:
        typer.echo(_json([{"figure": figure, **as_json(made, language)} for figure, made in found]))
    else:
        typer.echo("\n\n".join(f"{figure}\n{as_text(made, language)}" for figure, made in found))


def _json(said: object) -> str:
    return json_.dumps(said, ensure_ascii=False, indent=1)
