"""`canbo why`: the acts, decisions and documents behind a record."""

import json as json_
from typing import Annotated, Any

import typer


def why(
    kind: Annotated[str, typer.Argument(help="A kind of record as lists print it, or person, unit, post, document.")],
    key: Annotated[str, typer.Argument(help="Its key or code.")],
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say why something is so: every version of a record with its acts, decisions and documents."""
    from canbo.config.start import start

    start()
    from canbo.registry.papers import why as reasons

    found = reasons(kind, key)
    typer.echo(json_.dumps(found, ensure_ascii=False, indent=1) if json else "\n".join(map(_lines, found)))


def _lines(version: dict[str, Any]) -> str:
    since, until = version["valid"]
    lines = [f"{version['kind']} {version['key']}  {version['label']}", f"  valid {since} – {until or ''}"]
    known, retired = version["recorded"]
    lines.append(f"  known {known} – {retired or ''}")
    for part, act in version["acts"].items():
        said = f" because {act['reason']}" if act["reason"] else ""
        source = act["document"]["code"] if act["document"] else "source missing"
        paper = f"{act['symbol']} of {act['signed_on']} ({source})"
        lines.append(f"  {part.replace('_', ' ')} {act['act']} on {act['on']}: {paper}{said}")
    return "\n".join(lines)
