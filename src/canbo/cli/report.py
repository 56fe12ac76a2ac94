"""`canbo report`: a book of figures for a unit and a day, with the verdict on each published one."""

import json as json_
from pathlib import Path
from typing import Annotated

import typer


def report(
    book: Annotated[str, typer.Argument(help="The book: term, year …")],
    unit: Annotated[str, typer.Option(help="The code of the unit reported on.")],
    on: Annotated[str, typer.Option(help="The day the report is about (YYYY-MM-DD).")],
    known: Annotated[str, typer.Option(help="As known at this instant; now unless said.")] = "",
    lang: Annotated[str, typer.Option(help="A language of the profile; its first one unless said.")] = "",
    format_: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
    out: Annotated[Path | None, typer.Option(help="Write to this file instead of the terminal.")] = None,
    freeze: Annotated[bool, typer.Option("--freeze", help="Sign it off; every gap needs an --explain.")] = False,
    explain: Annotated[list[str] | None, typer.Option(help="FIGURE=WORDS for what does not hold.")] = None,
) -> None:
    """Report a book of figures; ends with 1 when a figure or an equation does not hold."""
    from canbo.config.start import start

    start()
    from django.conf import settings

    from canbo.access.authority import operator
    from canbo.kernel.instants import day, instant
    from canbo.kernel.profile import profile
    from canbo.kernel.refusal import Mistake
    from canbo.reports.book import report as make
    from canbo.reports.freeze import freeze as sign_off
    from canbo.reports.text import as_json, as_text

    language = lang or profile().languages[0]
    if language not in profile().languages:
        raise Mistake("unknown_language", f"the profile speaks {', '.join(profile().languages)}, not {language!r}")
    if format_ not in ("text", "json"):
        raise Mistake("unknown_format", f"{format_!r} is not a format: write text or json")
    made = make(book, unit, day(on), instant(known, settings.TIME_ZONE) if known else None)
    shown = _json(as_json(made, language)) if format_ == "json" else as_text(made, language)
    _write(shown, out)
    if freeze:
        words = dict(pair.split("=", 1) for pair in explain or [] if "=" in pair)
        typer.echo(f"frozen as {sign_off(made, by=operator(), explained=words).pk}", err=True)
    elif made.gaps():
        raise typer.Exit(1)


def _json(report: object) -> str:
    return json_.dumps(report, ensure_ascii=False, indent=1)


def _write(shown: str, out: Path | None) -> None:
    if out:
        out.write_text(shown + "\n", encoding="utf-8")
    else:
        typer.echo(shown)
