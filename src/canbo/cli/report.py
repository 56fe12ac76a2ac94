"""`canbo report`: a book of figures for a unit and a day, on the terminal or as a file to print, edit and refresh."""

import json as json_
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from canbo.reports.book import Report
    from canbo.reports.concerned import Concerned
    from canbo.reports.output.document import Document

SHOWN, WRITTEN = ("text", "json"), ("html", "xlsx", "docx", "pdf")
"""Formats for the terminal, and those that need a file."""


def report(
    book: Annotated[str, typer.Argument(help="The book: term, year, half-year, month …")] = "",
    unit: Annotated[str, typer.Option(help="The code of the unit reported on.")] = "",
    on: Annotated[str, typer.Option(help="The day the report is about (YYYY-MM-DD).")] = "",
    known: Annotated[str, typer.Option(help="As known at this instant; now unless said.")] = "",
    lang: Annotated[str, typer.Option(help="A language of the profile; its first one unless said.")] = "",
    format_: Annotated[str, typer.Option("--format", help=f"{', '.join((*SHOWN, *WRITTEN))}.")] = "text",
    out: Annotated[Path | None, typer.Option(help="Write to this file instead of the terminal.")] = None,
    freeze: Annotated[bool, typer.Option("--freeze", help="Sign it off; every gap needs an --explain.")] = False,
    explain: Annotated[list[str] | None, typer.Option(help="FIGURE=WORDS for what does not hold.")] = None,
    refresh: Annotated[Path | None, typer.Option(help="A Word report whose numbers to bring up to date.")] = None,
) -> None:
    """Report a book of figures; ends with 1 when a figure or an equation does not hold.

    With --refresh FILE.docx the numbers of a Word report are counted again, as of its own day or --on; no other word of
    the file changes. It is written back, or to --out.
    """
    from canbo.config.start import start

    start()
    from canbo.access.authority import operator
    from canbo.cli._audited import audited
    from canbo.reports.freeze import freeze as sign_off

    if refresh:
        _refresh(refresh, on, known, out or refresh)
        return
    _check(book, unit, on, format_, out)
    language = _language(lang)
    explained = dict(pair.split("=", 1) for pair in explain or [] if "=" in pair)
    said = {"unit": unit, "on": on, "known": known, "format": format_}
    with audited("export" if out else "report", f"report {book}", **said) as named:
        made = _made(book, unit, on, known)
        shown = _written(made, language, format_, explained, named)
    _show(shown, out)
    if freeze:
        typer.echo(f"frozen as {sign_off(made, by=operator(), explained=explained).pk}", err=True)
    elif made.gaps():
        raise typer.Exit(1)


def _check(book: str, unit: str, on: str, format_: str, out: Path | None) -> None:
    """Refuse what was not said, or not said so that it can be done."""
    from canbo.kernel.refusal import Mistake

    for name, value in (("BOOK", book), ("--unit", unit), ("--on", on)):
        if not value:
            raise Mistake("missing", "say %(name)s, or --refresh FILE.docx", name=name)
    if format_ not in (*SHOWN, *WRITTEN):
        known = ", ".join((*SHOWN, *WRITTEN))
        raise Mistake(
            "unknown_format", "“%(said)s” is not a format: write one of %(known)s", said=format_, known=known
        )
    if format_ in WRITTEN and not out:
        raise Mistake("missing", "a report as %(form)s is a file: say --out FILE.%(form)s", form=format_)


def _language(said: str) -> str:
    from canbo.kernel.profile import profile
    from canbo.kernel.refusal import Mistake

    language = said or profile().languages[0]
    if language not in profile().languages:
        known = ", ".join(profile().languages)
        raise Mistake("unknown_language", "the profile speaks %(known)s, not “%(said)s”", known=known, said=language)
    return language


def _made(book: str, unit: str, on: str, known: str) -> "Report":
    from django.conf import settings

    from canbo.kernel.instants import day, instant
    from canbo.reports.book import report as make

    return make(book, unit, day(on), instant(known, settings.TIME_ZONE) if known else None)


def _written(
    made: "Report", language: str, format_: str, explained: dict[str, str], named: "Concerned"
) -> str | bytes:
    """The report in a format: text, or the bytes of a file. Only what is asked for is loaded."""
    from canbo.reports.text import as_json, as_text

    if format_ == "json":
        return json_.dumps(as_json(made, language), ensure_ascii=False, indent=1)
    if format_ == "text":
        return as_text(made, language)
    from canbo.kernel.audit import anchor
    from canbo.reports.output.compose import compose

    return _file(format_, compose(made, language, explained, anchor()), made, named)


def _file(format_: str, document: "Document", made: "Report", named: "Concerned") -> bytes:
    """The document as the bytes of a file."""
    if format_ == "html":
        from canbo.reports.output.html import html

        return html(document).encode()
    if format_ == "pdf":
        from canbo.reports.output.pdf import pdf

        return pdf(document)
    if format_ == "docx":
        from canbo.reports.output.word import word

        return word(document)
    from canbo.reports.output.excel import excel
    from canbo.reports.output.listed import listed

    return excel(document, listed(made, document.language, named.meet))


def _refresh(file: Path, on: str, known: str, out: Path) -> None:
    """Bring the numbers of a Word report up to date and say which changed."""
    from canbo.cli._audited import audited
    from canbo.kernel.refusal import Mistake, Refused
    from canbo.reports.output.compose import compose
    from canbo.reports.output.fields import Asked
    from canbo.reports.output.refresh import about, refreshed

    try:
        data = file.read_bytes()
    except OSError as error:
        raise Mistake("unreadable", "%(file)s cannot be read: %(why)s", file=file, why=error.strerror) from error
    told = about(data)
    main, language = Asked(told["book"], told["unit"], told["on"]), _language(told.get("lang", ""))

    def ask(asked: Asked) -> "Document | None":
        """The new document of a report in the file; those of other days keep their day."""
        try:
            return compose(
                _made(asked.book, asked.unit, on if on and asked.on == main.on else asked.on, known), language
            )
        except Refused:
            if asked == main:
                raise
            return None

    with audited("export", f"refresh {told['book']}", unit=told["unit"], on=on, known=known, format="docx"):
        made = refreshed(data, ask)
    _save(made.data, out)
    for change in made.changes:
        typer.echo(f"{change.key}: {change.old.strip() or '–'} → {change.new.strip() or '–'}")
    for name in made.unknown:
        typer.echo(f"left alone, no report of this profile has it: {name}", err=True)
    typer.echo(f"{len(made.changes)} changed in {out}", err=True)


def _show(shown: str | bytes, out: Path | None) -> None:
    """Text on the terminal or in a file, anything else in a file."""
    if isinstance(shown, str):
        _say(shown, out)
    else:
        _save(shown, out)


def _say(shown: str, out: Path | None) -> None:
    if out:
        _save(f"{shown}\n".encode(), out)
    else:
        typer.echo(shown)


def _save(data: bytes, out: Path) -> None:
    """Write a file whole or not at all."""
    from canbo.kernel.refusal import Mistake

    draft = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        draft.write_bytes(data)
        draft.replace(out)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise Mistake("unwritable", "%(file)s cannot be written: %(why)s", file=out, why=error.strerror) from error
