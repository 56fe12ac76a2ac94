"""`canbo why`: the acts, decisions, documents and articles behind a record."""

import json as json_
from typing import Annotated, Any

import typer


def why(
    kind: Annotated[str, typer.Argument(help="A kind of record as lists print it, or person, unit, post, document.")],
    key: Annotated[str, typer.Argument(help="Its key or code.")],
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say why something is so: every version of a record with its acts, decisions, documents and articles."""
    from canbo.config.start import start

    start()
    from canbo.cli._audited import audited
    from canbo.registry.papers import why as reasons
    from canbo.rules.governing import citing

    of_person = kind not in ("unit", "post", "document")
    with audited("file" if of_person else "list", f"why {kind}") as named:
        found = reasons(kind, key, citing=citing)
        named.note(found)
    typer.echo(json_.dumps(found, ensure_ascii=False, indent=1) if json else "\n".join(map(_lines, found)))


def _lines(version: dict[str, Any]) -> str:
    since, until = version["valid"]
    lines = [f"{version['kind']} {version['key']}  {version['label']}"]
    lines.append(f"  valid {since} – {until or ''}{_counted(version)}")
    known, retired = version["recorded"]
    lines.append(f"  known {known} – {retired or ''}")
    for part, act in version["acts"].items():
        said = f" because {act['reason']}" if act["reason"] else ""
        source = act["document"]["code"] if act["document"] else "source missing"
        paper = f"{act['symbol']} of {act['signed_on']} ({source})"
        lines.append(f"  {part.replace('_', ' ')} {act['act']} on {act['on']}: {paper}{said}")
        lines += [f"    by {one['document']}, {one['article']}{_unsure(one)}" for one in act["articles"]]
    return "\n".join(lines)


def _counted(version: dict[str, Any]) -> str:
    """That what came before rests on the opening balance and on no decision."""
    return f" (counted from {day})" if (day := version["counted_from"]) else ""


def _unsure(article: dict[str, Any]) -> str:
    """How sure we are of an article that was not read in print."""
    return "" if article["confidence"] == "read" else f" ({article['confidence']})"
