"""`canbo proofread`: the claims of a written report about its own numbers."""

import json as json_
from pathlib import Path
from typing import Annotated

import typer


def proofread(
    file: Annotated[Path, typer.Argument(help="The report: .txt, .docx, .pdf or .html.")],
    lang: Annotated[str, typer.Option(help="vi, en or de; detected unless said.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Proofread the sums and shares of a report; ends with 1 when one fails or is impossible."""
    from canbo.reports.proofreading.language import detect
    from canbo.reports.proofreading.proofread import proofread as read
    from canbo.reports.proofreading.reading import text_of
    from canbo.reports.proofreading.verdicts import ERRORS

    text = text_of(file)
    language = lang or detect(text)
    found = read(text, language)
    if json:
        typer.echo(json_.dumps([claim.as_json() for claim in found], ensure_ascii=False, indent=1))
    else:
        typer.echo(_lines(found, language))
    if any(claim.verdict in ERRORS for claim in found):
        raise typer.Exit(1)


def _lines(found: list, language: str) -> str:
    """One claim a line: where, the words, and the verdict in the language of the report."""
    from canbo.reports.proofreading.language import language as words
    from canbo.reports.proofreading.verdicts import ERRORS, GOOD

    said, verdicts = words(language).words("said"), words(language).words("verdicts")
    lines = []
    for claim in found:
        sign = "✗" if claim.verdict in ERRORS else "·" if claim.verdict in GOOD else "?"
        quote = " ".join(claim.quote.split())
        computed = f" ({said['computed']} {claim.computed})" if claim.computed and claim.verdict not in GOOD[:2] else ""
        lines.append(f"{sign} {said['line']} {claim.line}: {quote}  [{verdicts[claim.verdict]}{computed}]")
    return "\n".join(lines) or said["none"]
