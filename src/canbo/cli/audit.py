"""`canbo audit`: verify the log of all that was done and read, take it along, and print what papers say of it."""

import json as json_
from pathlib import Path
from typing import Annotated

import typer

ACTS = ("verify", "export", "anchor", "verifier")
SHOWN = 100


def audit(
    what: Annotated[str, typer.Argument(help=f"One of: {', '.join(ACTS)}.")],
    file: Annotated[Path | None, typer.Argument(help="For `export`: where the log goes, as lines of JSON.")] = None,
    anchor: Annotated[list[str] | None, typer.Option(help='"COUNT HASH" as printed on a report; repeatable.')] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Verify the audit log; ends with 1 when something was changed, deleted, swapped, forged or cut off.

    `export` writes the sealed log, `verifier` prints a program that verifies such a file and needs only Python,
    `anchor` prints how many rows are sealed and the hash of the last seal: it proves later that no end was cut off.
    """
    from canbo.kernel import verifier
    from canbo.kernel.refusal import Mistake

    if what not in ACTS:
        raise Mistake("unknown_act", f"{what!r} is not one of: {', '.join(ACTS)}")
    if what == "verifier":
        typer.echo(Path(verifier.__file__).read_text(encoding="utf-8"), nl=False)
        return
    from canbo.config.start import start

    start(anybody=True)
    _refuse_whoever_does_not_audit()
    if what == "verify":
        _verify(anchor or [], json)
    elif what == "anchor":
        _anchor()
    elif file is None:
        raise Mistake("missing", "say where the log goes: canbo audit export FILE")
    else:
        _export(file)


def _refuse_whoever_does_not_audit() -> None:
    """To somebody else the log looks empty, and an empty log has no faults."""
    from canbo.access.identity import audits
    from canbo.kernel.refusal import Refused

    if not audits():
        said = "the log is read by those whose role inspects it; it can be verified once you `canbo sign-out`"
        raise Refused("does_not_audit", said)


def _verify(anchors: list[str], json: bool) -> None:
    from dataclasses import asdict

    from canbo.kernel.audit import verify
    from canbo.reports.evidence import faults, not_compared

    found = verify(anchors)
    found.faults.extend(faults())
    if json:
        told = asdict(found) | {"not_compared": not_compared()}
        typer.echo(json_.dumps(told, ensure_ascii=False, indent=1))
    else:
        for fault in found.faults[:SHOWN]:
            typer.echo(f"✗ {fault}")
        typer.echo(f"{found.rows} rows verified, {found.waiting} not sealed yet, {len(found.faults)} faults")
        if many := not_compared():
            typer.echo(f"{many} rows of frozen reports and signatures were not compared with these: beyond your reach")
    if found.faults:
        raise typer.Exit(1)


def _anchor() -> None:
    from canbo.kernel.audit import anchor, seal

    seal()
    typer.echo(anchor())


def _export(file: Path) -> None:
    """The export is recorded first, so that the file holds that it was made."""
    import os

    from canbo.access.authority import operator
    from canbo.kernel.audit import lines, record, seal
    from canbo.kernel.refusal import Mistake

    record("log", "export of the log", actor=operator())
    seal()
    draft, last = file.with_name(f".{file.name}.{os.getpid()}"), {}
    try:
        with draft.open("w", encoding="utf-8") as out:
            for line in lines():
                out.write(json_.dumps(line, ensure_ascii=False) + "\n")
                last = line.get("seal", last)
        draft.replace(file)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise Mistake("unwritable", "%(file)s cannot be written: %(why)s", file=file, why=error.strerror) from error
    typer.echo(f"{file}  {last['last']} {last['hash']}")
