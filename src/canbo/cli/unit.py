"""`canbo unit`: a place or an organisation on a day, its tree and its lineage."""

import json as json_
from typing import Annotated, Any

import typer


def unit(
    code: Annotated[str, typer.Argument(help="The code of the unit.")],
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
    from canbo.registry.facts import Unit
    from canbo.registry.organisations.queries import described
    from canbo.reports.question import latest_known

    named = Unit.objects.filter(code=code).first()
    if named is None:
        raise Mistake("unknown_unit", f"there is no unit with the code {code!r}")
    found = described(
        named, day(on) if on else today(), instant(known, settings.TIME_ZONE) if known else latest_known()
    )
    typer.echo(json_.dumps(found, ensure_ascii=False, indent=1) if json else _lines(found, lang))


def _lines(found: dict[str, Any], language: str) -> str:
    from canbo.kernel.profile import profile

    def kind(code: str | None) -> str:
        for vocabulary in ("place_kind", "organisation_kind"):
            if code in profile().vocabulary(vocabulary):
                return profile().word(f"{vocabulary}.{code}", language or None)
        return ""

    since, until = found["valid"]
    lines = [f"{found['unit']}  {found['name'] or ''}  {kind(found['kind'])}  {since} – {until or ''}".rstrip()]
    lines += [f"  ↑ {found[above]}" for above in ("parent", "serves") if found[above]]
    lines += [f"  {count:6} {kind(code)}" for code, count in found["counts"].items()]
    lines += [f"  ← {line['unit']} {line['on']}{'' if line['whole'] else ' ½'}" for line in found["predecessors"]]
    lines += [f"  → {line['unit']} {line['on']}{'' if line['whole'] else ' ½'}" for line in found["successors"]]
    lines += [f"  · {below['unit']}  {below['name']}" for below in found["beneath"]]
    return "\n".join(lines)
