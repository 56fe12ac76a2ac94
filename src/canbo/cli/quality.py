"""`canbo quality`: what is to be mended in the records of a unit, by rule and by unit."""

import json as json_
from typing import Annotated, Any

import typer


def quality(
    unit: Annotated[str, typer.Option(help="The code of the unit; all within reach unless said.")] = "",
    on: Annotated[str, typer.Option(help="The day (YYYY-MM-DD); today unless said.")] = "",
    known: Annotated[str, typer.Option(help="As known at this instant; now unless said.")] = "",
    rule: Annotated[str, typer.Option(help="List the records that this rule finds.")] = "",
    lang: Annotated[str, typer.Option(help="A language of the profile; its first one unless said.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Count what rules of data quality find in a unit, in each unit directly beneath it, and in the quarters before."""
    from canbo.config.start import start

    start()
    from django.conf import settings
    from django.utils import translation

    from canbo.cli._audited import audited
    from canbo.kernel.instants import day, instant, today
    from canbo.kernel.profile import profile
    from canbo.reports.quality.answer import answer
    from canbo.reports.question import latest_known

    when = day(on) if on else today()
    at = min(instant(known, settings.TIME_ZONE), latest_known()) if known else latest_known()
    said = {"unit": unit, "on": when, "known": known, "rule": rule}
    spoken = translation.override(lang or profile().languages[0])
    with spoken, audited("list" if rule else "report", "quality", **said) as named:
        found = answer(unit, when, at, rule)
        named.note(found.get("findings", ()))
    typer.echo(json_.dumps(found, ensure_ascii=False, indent=1) if json else _lines(found))


def _lines(found: dict[str, Any]) -> str:
    lines = [f"{found['unit']} {found['on']}: {_share(found)}".lstrip()]
    lines += [
        f"  {sum(rule['found'].values()):7}  {rule['label']} [{rule['rule']}, {rule['severity']}, {rule['owner']}]"
        for rule in found["rules"]
    ]
    lines += [f"  {then['on']}: {_share(then)}" for then in found["before"]]
    lines += [f"  {unit['unit']}  {unit['name']}: {_share(unit)}" for unit in found["units"]]
    lines += [f"  {one['kind']} {one['key']}  {one['unit']}" for one in found.get("findings", ())]
    return "\n".join(lines)


def _share(told: dict[str, Any]) -> str:
    share = "–" if told["score"] is None else f"{told['score']:.1%}"
    return f"{share} / {told['records']}"
