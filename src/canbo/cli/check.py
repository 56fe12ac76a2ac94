"""`canbo check`: what is registered, and what is inconsistent."""

import json as json_
from dataclasses import asdict
from typing import Annotated

import typer


def check(json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Check the installation: profile, books and records; ends with 1 when something is inconsistent."""
    from canbo.config.start import start

    start()
    from django.utils import translation

    from canbo.kernel.act import ACTIONS
    from canbo.kernel.profile import profile
    from canbo.reports.book import books
    from canbo.reports.consistency import findings, registered

    about = {"profile": profile().name, "books": books(profile()), "acts": len(ACTIONS), **registered()}
    with translation.override("en"):
        found = list(findings())
    if json:
        typer.echo(json_.dumps({"registered": about, "findings": [asdict(f) for f in found]}, ensure_ascii=False))
    else:
        for name, value in about.items():
            typer.echo(f"{name}: {', '.join(value) if isinstance(value, list) else value}")
        for finding in found:
            typer.echo(f"{'✗' if finding.error else '·'} {finding.about}: {finding.said}")
    if any(finding.error for finding in found):
        raise typer.Exit(1)
