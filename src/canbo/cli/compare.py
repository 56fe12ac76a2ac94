"""`canbo compare`: a file from elsewhere beside the register, without writing anything."""

import json as json_
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from canbo.exchange.compare import Compared


def compare(
    file: Annotated[Path, typer.Argument(help="The .xlsx, .ods or .csv file.")],
    as_: Annotated[str, typer.Option("--as", help="The list to compare it with (members …), or a mapping (.yaml).")],
    unit: Annotated[str, typer.Option(help="Only what lies beneath the unit with this code.")] = "",
    on: Annotated[str, typer.Option(help="The day (YYYY-MM-DD); today unless said.")] = "",
    known: Annotated[str, typer.Option(help="As known at this instant; now unless said.")] = "",
    out: Annotated[Path | None, typer.Option(help="A workbook of the differences.")] = None,
    lang: Annotated[str, typer.Option(help="A language of the profile; its first one unless said.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say who is there and not here, here and not there, and which values differ, cell by cell."""
    from canbo.config.start import start

    start()
    from django.conf import settings
    from django.utils.translation import override

    from canbo.cli._audited import audited
    from canbo.cli.export import language
    from canbo.exchange.compare import as_json
    from canbo.exchange.compare import compare as hold_against
    from canbo.exchange.layout import source
    from canbo.kernel.instants import day, instant, today
    from canbo.kernel.refusal import Mistake
    from canbo.reports.quality.workbench import asked_of
    from canbo.reports.question import latest_known
    from canbo.web.generic.views import offered

    if out and out.suffix.lower() != ".xlsx":
        raise Mistake("unknown_format", "differences are a workbook: write --out FILE.xlsx")
    said = source(Path(as_)) if as_.endswith((".yaml", ".yml")) else None
    screen = offered(said.concept if said else as_)
    when = day(on) if on else today()
    at = min(instant(known, settings.TIME_ZONE), latest_known()) if known else latest_known()
    how = {"unit": unit, "on": when, "known": known}
    with override(language(lang)), audited("export" if out else "list", f"compare {screen.name}", **how) as named:
        found = hold_against(file, screen, said, asked_of(unit, when, at))
        named.meet(found.people)
        if out:
            _write(found, out)
    typer.echo(json_.dumps(as_json(found), ensure_ascii=False, indent=1) if json else "\n".join(_lines(found)))


def _write(found: "Compared", out: Path) -> None:
    from canbo.exchange.differences import write
    from canbo.kernel.refusal import Mistake

    draft = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        with draft.open("wb") as book:
            write(found, book)
        draft.replace(out)
    except OSError as error:
        raise Mistake("unwritable", "%(file)s cannot be written: %(why)s", file=out, why=error.strerror) from error
    finally:
        draft.unlink(missing_ok=True)


def _lines(found: "Compared") -> list[str]:
    only = f"{len(found.only_there)} only in the file, {len(found.only_here)} only here, {len(found.unread)} not read"
    lines = [f"{found.rows} rows: {found.same} the same, {len(found.different)} values differ, {only}"]
    lines += [f"{d.sheet} {d.cell}  {d.code}  {d.field}: {d.there or '–'} ≠ {d.here or '–'}" for d in found.different]
    lines += [
        f"{one.sheet} {one.cell}  {one.code}  only in the file{'' if one.known else ', not on file'}"
        for one in found.only_there
    ]
    lines += [f"{one.code}  {one.name}  {one.unit}  only here" for one in found.only_here]
    return [*lines, *(fault.message for fault in found.unread)]
