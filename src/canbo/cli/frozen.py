"""`canbo frozen`: the reports that were signed off, as they were, with what is known otherwise since."""

import json as json_
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from canbo.reports.freeze import FrozenReport


def frozen(
    key: Annotated[int | None, typer.Argument(help="The key that `canbo report --freeze` printed.")] = None,
    lang: Annotated[str, typer.Option(help="A language of the profile; its first one unless said.")] = "",
    format_: Annotated[str, typer.Option("--format", help="text, json, html, docx or pdf.")] = "text",
    out: Annotated[Path | None, typer.Option(help="Write to this file instead of the terminal.")] = None,
    later: Annotated[bool, typer.Option(help="Add what is known otherwise since.")] = True,
) -> None:
    """List the frozen reports, or show one as it was signed off, with later corrections as a note."""
    from canbo.config.start import start

    start()
    from canbo.cli._audited import audited
    from canbo.cli.report import _language, _show
    from canbo.kernel.refusal import Mistake
    from canbo.reports.freeze import FrozenReport
    from canbo.reports.frozen import document, find, later_corrections, noted

    language = _language(lang)
    if key is None:
        typer.echo("\n".join(map(_line, FrozenReport.objects.select_related("unit", "audit").order_by("pk"))))
        return
    if format_ not in ("text", "json", "html", "docx", "pdf"):
        raise Mistake("unknown_format", f"{format_!r} is not a format: write text, json, html, docx or pdf")
    if format_ in ("docx", "pdf") and not out:
        raise Mistake("missing", f"a report as {format_} is a file: say --out FILE.{format_}")
    found = find(key)
    with audited("export" if out else "report", f"frozen {key}", unit=found.unit.code, format=format_):
        corrections = later_corrections(found) if later else []
        made = noted(document(found, language), corrections)
        if format_ == "json":
            shown = _json(found, corrections)
        else:
            shown = _text(made) if format_ == "text" else _file(format_, made)
    _show(shown.decode() if format_ == "html" and not out else shown, out)


def _line(one: "FrozenReport") -> str:
    return f"{one.pk}  {one.book}  {one.unit.code}  {one.on}  {one.audit.at:%Y-%m-%d %H:%M}  {one.audit.actor}"


def _json(found: "FrozenReport", corrections: list) -> str:
    from canbo.reports.frozen import corrections_as_json

    papers = [
        {"sha256": p.sha256, "language": p.language, "signer": p.signer, "signed_at": p.signed_at.isoformat()}
        for p in found.papers.order_by("pk")
    ]
    told = {
        "key": found.pk,
        "by": found.audit.actor,
        "at": found.audit.at.isoformat(),
        "report": found.content,
        "explanations": found.explanations,
        "papers": papers,
        "later_corrections": corrections_as_json(corrections),
    }
    return json_.dumps(told, ensure_ascii=False, indent=1)


def _text(made: object) -> str:
    """The document for a terminal: chapters, sums, explanations."""
    lines = [f"{made.title} · {made.subject} · {made.as_of}", made.known_text]
    for chapter in made.chapters:
        lines += ["", f"{chapter.number}. {chapter.title}"]
        lines += [f"  {row.label}: {row.text}" + (f"  [{row.note}]" if row.note else "") for row in chapter.rows]
        lines += [f"    {note}" for _, note in chapter.footnotes]
    lines += ["", *(f"  {at.label}: {at.left} {at.sign} {at.right}" for at in made.sums)] if made.sums else []
    if made.gaps:
        lines += ["", made.words["gaps"], *(f"  {gap.label}: {gap.explanation}" for gap in made.gaps)]
    return "\n".join(lines)


def _file(format_: str, made: object) -> bytes:
    if format_ == "html":
        from canbo.reports.output.html import html

        return html(made).encode()
    if format_ == "pdf":
        from canbo.reports.output.pdf import pdf

        return pdf(made)
    from canbo.reports.output.word import word

    return word(made)
