"""`canbo package`: the member data of a unit as one signed file that other systems read, written and brought in."""

import json as json_
import os
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from canbo.exchange.package.manifest import Manifest

ACTS = ("export", "import")
SUFFIX = ".zip"


def package(
    what: Annotated[str, typer.Argument(help=f"One of: {', '.join(ACTS)}.")],
    file: Annotated[Path | None, typer.Argument(help="For `import`: the package (.zip).")] = None,
    unit: Annotated[str, typer.Option(help="For `export`: whose members it is about.")] = "",
    on: Annotated[str, typer.Option(help="For `export`: the day (YYYY-MM-DD); today unless said.")] = "",
    out: Annotated[Path | None, typer.Option(help="For `export`: the file (.zip).")] = None,
    signer: Annotated[str, typer.Option(help="For `import`: the mark of the installation that it is from.")] = "",
    preview: Annotated[bool, typer.Option("--preview", help="Try every row and write nothing.")] = False,
    good: Annotated[bool, typer.Option("--good", help="Take the rows that are right though others are not.")] = False,
    theirs: Annotated[bool, typer.Option("--theirs", help="Where both say otherwise, the package counts.")] = False,
    ours: Annotated[bool, typer.Option("--ours", help="Where both say otherwise, the register counts.")] = False,
    decision: Annotated[str, typer.Option(help="The symbol of the paper by which it is brought in.")] = "",
    signed_on: Annotated[str, typer.Option(help="The day it was signed; today unless said.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Write the interchange package of a unit, and print the mark that signs it; or bring one in, all of it or nothing.

    What it holds: docs/reference/package.md. A package of another installation is taken if you say its --signer, which
    you were told otherwise than with the file. `canbo import undo DECISION` takes it back.
    """
    from canbo.config.start import start

    start()
    from django.utils.translation import override

    from canbo.cli.export import language
    from canbo.kernel.refusal import Mistake

    if what not in ACTS:
        raise Mistake("unknown_act", f"{what!r} is not one of: {', '.join(ACTS)}")
    if what == "export":
        if not unit or out is None or out.suffix.lower() != SUFFIX:
            raise Mistake("missing", f"say --unit CODE and --out FILE{SUFFIX}")
        with override(language("")):
            _export(unit, on, out, json)
        return
    if file is None or (ours and theirs):
        raise Mistake("missing", "say which FILE is brought in, and at most one of --ours and --theirs")
    counts = "theirs" if theirs else "ours" if ours else ""
    with override(language("")):
        _import(file, signer, decision, signed_on, {"trial": preview, "good": good, "counts": counts}, json)


def _export(unit: str, on: str, out: Path, json: bool) -> None:
    """Write the package whole or not at all, recorded before anybody has it."""
    from canbo.cli._audited import audited
    from canbo.config.environment import environment
    from canbo.config.secret import packages_key
    from canbo.exchange.package.making import write
    from canbo.exchange.package.signed import mark
    from canbo.kernel.refusal import Mistake
    from canbo.web.asof import read as asof

    draft, key, dates = out.with_name(f".{out.name}.{os.getpid()}"), packages_key(environment().data), asof({"on": on})
    said = {"form": "package", "on": dates.on.isoformat(), "known": dates.known.isoformat()}
    try:
        with audited("export", f"package {unit}", unit=unit, **said) as named, _private(draft) as file:
            manifest = write(unit, dates, key, named.meet, file)
        draft.replace(out)
    except OSError as error:
        raise Mistake("unwritable", "%(file)s cannot be written: %(why)s", file=out, why=error.strerror) from error
    finally:
        draft.unlink(missing_ok=True)
    told = {"file": str(out), "signer": mark(key), "people": manifest.people, "rows": _rows(manifest)}
    typer.echo(json_.dumps(told, ensure_ascii=False, indent=1) if json else _written(told))


def _private(draft: Path) -> IO[bytes]:
    return os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")


def _rows(manifest: "Manifest") -> dict[str, int]:
    return {Path(name).stem: part.rows for name, part in manifest.parts.items() if part.rows is not None}


def _written(told: dict[str, Any]) -> str:
    rows = ", ".join(f"{many} {name}" for name, many in told["rows"].items())
    lines = [f"{told['file']}  {told['people']} people: {rows}"]
    return "\n".join([*lines, f"signed by {told['signer']}  (tell whoever takes it, otherwise than with the file)"])


def _import(file: Path, signer: str, decision: str, signed_on: str, how: dict[str, Any], json: bool) -> None:
    """Bring the package in, and record whom its conflicts show before they are shown."""
    from canbo.access.authority import operator
    from canbo.cli._audited import audited
    from canbo.cli._watched import watched
    from canbo.cli.import_ import REFUSED, _lines, _told
    from canbo.config.environment import environment
    from canbo.config.secret import packages_key
    from canbo.exchange.package.taking import opened, taken, whom
    from canbo.exchange.paper import paper
    from canbo.kernel.instants import day

    found = opened(file, packages_key(environment().data), signer)
    by = paper(file, symbol=decision, signed_on=day(signed_on) if signed_on else None)
    with watched(silent=json) as far:
        done = taken(found, by=operator(), paper=by, told=far, **how)
    if people := whom(done):
        with audited("list", f"conflicts of package {found.manifest.unit}") as named:
            named.meet(people)
    said = {"unit": found.manifest.unit, "on": found.manifest.on.isoformat(), "signer": found.signer}
    told = _told(done) | {"package": said}
    typer.echo(json_.dumps(told, ensure_ascii=False, indent=1) if json else "\n".join(_lines(told, how["trial"])))
    if done.rejected:
        raise typer.Exit(REFUSED)
