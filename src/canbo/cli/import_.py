"""`canbo import`: rows of a workbook or text become the acts of one decision; `canbo import undo` takes them back."""

import json as json_
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from canbo.exchange.intake import Taken
    from canbo.exchange.layout import Source, Whole
    from canbo.exchange.lines import Missing
    from canbo.registry.ledger import Paper

REFUSED = 3
UNDO = "undo"


def import_(
    file: Annotated[Path, typer.Argument(help=f"The .xlsx, .ods or .csv file; or “{UNDO}”.")],
    undone: Annotated[str, typer.Argument(metavar="[DECISION]", help=f"After “{UNDO}”: what to take back.")] = "",
    as_: Annotated[str, typer.Option("--as", help="The list that rows are of (members …), or a mapping (.yaml).")] = "",
    preview: Annotated[bool, typer.Option("--preview", help="Try every row and write nothing.")] = False,
    good: Annotated[bool, typer.Option("--good", help="Take the rows that are right though others are not.")] = False,
    rejected: Annotated[Path | None, typer.Option(help="A workbook for the rows that are wrong, to correct.")] = None,
    decision: Annotated[str, typer.Option(help="The symbol of the paper that the rows are from.")] = "",
    signed_on: Annotated[str, typer.Option(help="The day it was signed; today unless said.")] = "",
    opening: Annotated[bool, typer.Option("--opening", help="The opening balance of the register.")] = False,
    whole: Annotated[bool, typer.Option("--whole", help="The file is all there is in --unit on --on.")] = False,
    unit: Annotated[str, typer.Option(help="With --whole: the code of the unit.")] = "",
    on: Annotated[str, typer.Option(help="With --whole: what the file has not ends on this day.")] = "",
    saying: Annotated[list[str] | None, typer.Option(help="With --whole: FIELD=CODE, how it ended.")] = None,
    end_up_to: Annotated[str, typer.Option(help="With --whole: so many records may end: 120, or 45%.")] = "",
    reason: Annotated[str, typer.Option(help=f"After “{UNDO}”: why.")] = "",
    all_: Annotated[bool, typer.Option("--all", help=f"After “{UNDO}”: all files of this decision.")] = False,
    lang: Annotated[str, typer.Option(help="The language of --rejected; the profile's first one unless said.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Import a file: all its rows, or none while one of them is wrong. `canbo import undo DECISION` takes it back.

    All in one transaction: interrupted in whatever way, nothing was written, and the same file sent again does it all.
    The workbook of --rejected holds the wrong rows as they came, with what is wrong; corrected, it is imported as the
    file was. With --whole what is on file and not in the file ends; more than the profile lets end so is refused with
    the numbers, until --end-up-to says how many may.
    """
    from canbo.config.start import start
    from canbo.kernel.refusal import Mistake

    start()
    if str(file) == UNDO:
        _undo(undone, reason, all_, json)
        return
    if not as_ or undone:
        raise Mistake("missing", "say canbo import FILE --as LIST|MAPPING.yaml, or canbo import undo DECISION")
    from canbo.exchange.paper import paper
    from canbo.kernel.instants import day

    by = paper(file, symbol=decision, signed_on=day(signed_on) if signed_on else None, opening=opening)
    of = (whole, unit, on, saying or [])
    taken = _taken(file, as_, by, rejected, lang, of, trial=preview, good=good, silent=json, end_up_to=end_up_to)
    told = _told(taken)
    typer.echo(json_.dumps(told, ensure_ascii=False, indent=1) if json else "\n".join(_lines(told, preview)))
    if taken.rejected:
        raise typer.Exit(REFUSED)


def _taken(
    file: Path,
    named: str,
    by: "Paper",
    rejected: Path | None,
    lang: str,
    of: tuple[bool, str, str, list[str]],
    *,
    silent: bool,
    **how: Any,
) -> "Taken":
    """Import the file, and write the workbook of what was rejected."""
    from django.utils.translation import override

    from canbo.access.authority import operator
    from canbo.cli._watched import watched
    from canbo.cli.export import language
    from canbo.exchange.intake import together
    from canbo.exchange.layout import sources
    from canbo.exchange.whole import take
    from canbo.kernel.refusal import Mistake
    from canbo.web.generic.views import offered

    said = sources(Path(named)) if named.endswith((".yaml", ".yml")) else []
    limit = how.pop("end_up_to")
    with override(language(lang)), watched(silent=silent) as far:
        how |= {"by": operator(), "paper": by, "told": far}
        if len(said) > 1:
            if any(of) or any(one.whole for one in said):
                raise Mistake("whole_of_one", "a file that is all there is is read by one mapping")
            taken = together(file, [(offered(one.concept), one) for one in said], **how)
        else:
            one = said[0] if said else None
            screen = offered(one.concept if one else named)
            taken = take(file, screen, one, whole=_whole(one, *of), end_up_to=limit, **how)
        if rejected and taken.rejected:
            _reject(rejected, file, said or [None], taken)
    return taken


def _whole(said: "Source | None", whole: bool, unit: str, on: str, saying: list[str]) -> "Whole | None":
    """Of what the file is all there is: as the mapping says, and the options after it."""
    from canbo.exchange.layout import Whole
    from canbo.kernel.instants import day
    from canbo.kernel.refusal import Mistake

    mapped = said.whole if said else None
    if not whole and mapped is None:
        if unit or on or saying:
            raise Mistake("missing", "--unit, --on and --saying go with --whole: the file is all there is")
        return None
    mapped = mapped or Whole()
    said_of_ends = dict(pair.split("=", 1) for pair in saying if "=" in pair)
    return Whole(
        unit=unit or mapped.unit, on=day(on) if on else mapped.on, saying={**mapped.saying, **said_of_ends}
    )


def _undo(undone: str, reason: str, several: bool, json: bool) -> None:
    from canbo.access.authority import operator
    from canbo.kernel.instants import today
    from canbo.kernel.refusal import Mistake
    from canbo.registry.annul import undo_import
    from canbo.registry.facts import Act
    from canbo.registry.papers import code_of

    code = code_of(undone)
    if code is None:
        raise Mistake("unknown_decision", f"there is no decision {undone!r}")
    why = reason or "import taken back"
    outcome = undo_import(by=operator(), decision=code, reason=why, on=today(), several=several)
    known, acts = outcome.known.isoformat(), Act.objects.filter(decision__annulment__by_decision=outcome.decision)
    done = {"undone": code, "decision": outcome.code, "known": known, "acts": acts.count()}
    said = f"{code} is taken back with its {done['acts']} acts since {known}"
    typer.echo(json_.dumps(done, ensure_ascii=False) if json else said)


def _reject(out: Path, file: Path, said: "list[Source | None]", taken: "Taken") -> None:
    from canbo.exchange.rejected import write
    from canbo.kernel.refusal import Mistake

    if out.suffix.lower() != ".xlsx":
        raise Mistake("unknown_format", "rejected rows are a workbook: write --rejected FILE.xlsx")
    draft = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        with draft.open("wb") as book:
            write(file, said, taken.rejected, book)
        draft.replace(out)
    except OSError as error:
        raise Mistake("unwritable", "%(file)s cannot be written: %(why)s", file=out, why=error.strerror) from error
    finally:
        draft.unlink(missing_ok=True)


def _told(taken: "Taken") -> dict[str, Any]:
    """What was done as JSON."""
    rejected = [{"sheet": f.sheet, "cell": f.cell, "code": f.code, "message": f.message} for f in taken.rejected]
    told = {name: said for name, said in vars(taken).items() if name != "acts"}
    missing = _missing(taken.missing) if taken.missing else None
    return {**told, "rejected": rejected, "warnings": [str(one) for one in taken.warnings], "missing": missing}


def _missing(missing: "Missing") -> dict[str, Any]:
    """What the file does not have; whoever is told of people leaves a row in the log."""
    from canbo.cli._audited import audited
    from canbo.registry.facts import Person

    with audited("list", "import", unit=missing.unit, ends=missing.ends) as named:
        codes = [said["person"] for said in missing.first.values() if "person" in said]
        named.meet(Person.objects.filter(code__in=codes).values_list("pk", flat=True))
    numbers = {"on_file": missing.on_file, "ends": missing.ends, "asks": str(missing.asks or "")}
    records = [{"record": key, **said} for key, said in missing.first.items()]
    return {"unit": missing.unit, "on": missing.on.isoformat(), **numbers, "records": records}


def _lines(told: dict[str, Any], preview: bool) -> list[str]:
    would = " would be" if preview else ""
    numbers = ", ".join(f"{told[name]}{would} {name}" for name in ("created", "changed", "ended", "unchanged"))
    lines = [f"{told['rows']} rows: {numbers}, {len(told['rejected'])} rejected"]
    lines += [one["message"] for one in told["rejected"]]
    lines += [f"note: {warning}" for warning in told["warnings"]]
    if missing := told["missing"]:
        lines.append(f"of {missing['on_file']} records on file {missing['ends']} are not in the file")
        lines += ["  " + "  ".join(map(str, one.values())) for one in missing["records"]]
        lines += [missing["asks"]] if missing["asks"] else []
    return lines + ([f"decision {told['decision']}"] if told["decision"] else [])
