"""`canbo unit`: a place or an organisation on a day, its tree and its lineage."""

import json as json_
from typing import Annotated, Any

import typer


def unit(
    code: Annotated[str, typer.Argument(help="The code of the unit; --named finds it.")] = "",
    named: Annotated[str, typer.Option(help="Instead: list the units that are called so on the day.")] = "",
    on: Annotated[str, typer.Option(help="The day (YYYY-MM-DD); today unless said.")] = "",
    known: Annotated[str, typer.Option(help="As known at this instant; now unless said.")] = "",
    lang: Annotated[str, typer.Option(help="A language of the profile; its first one unless said.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show a unit on a day: what it is, what lies beneath it, its predecessors and successors."""
    from canbo.config.start import start

    start()
    from django.conf import settings

    from canbo.kernel.instants import day, instant, today
    from canbo.kernel.refusal import Mistake
    from canbo.registry.organisations.queries import called, described, unit_of
    from canbo.reports.question import latest_known

    if bool(code) == bool(named):
        raise Mistake("missing", "say the code of a unit, or --named NAME to find it")
    asof = day(on) if on else today(), instant(known, settings.TIME_ZONE) if known else latest_known()
    found: Any
    if named:
        found = [{"unit": one.code, "name": one.name, "kind": one.kind} for one in called(named, *asof)]
    else:
        found = described(unit_of(code), *asof)
    if json:
        typer.echo(json_.dumps(found, ensure_ascii=False, indent=1))
    else:
        typer.echo("\n".join(_named(one, lang) for one in found) if named else _lines(found, lang))


def _kind(code: str | None, language: str) -> str:
    from canbo.kernel.profile import profile

    for vocabulary in ("place_kind", "organisation_kind"):
        if code in profile().vocabulary(vocabulary):
            return profile().word(f"{vocabulary}.{code}", language or None)
    return ""


def _named(one: dict[str, Any], language: str) -> str:
    return f"{one['unit']}  {one['name'] or ''}  {_kind(one['kind'], language)}".rstrip()


def _lines(found: dict[str, Any], language: str) -> str:
    since, until = found["valid"]
    lines = [f"{_named(found, language)}  {since} – {until or ''}".rstrip()]
    lines += [f"  ↑ {found[above]}" for above in ("parent", "serves") if found[above]]
    lines += [f"  {count:6} {_kind(code, language)}" for code, count in found["counts"].items()]
    lines += [f"  ← {line['unit']} {line['on']}{'' if line['whole'] else ' ½'}" for line in found["predecessors"]]
    lines += [f"  → {line['unit']} {line['on']}{'' if line['whole'] else ' ½'}" for line in found["successors"]]
    lines += [f"  · {below['unit']}  {below['name']}" for below in found["beneath"]]
    return "\n".join(lines)
