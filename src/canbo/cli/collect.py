"""`canbo collect`: reports asked of subordinate units, handed in, returned, accepted and merged."""

import json as json_
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

ACTS = ("ask", "submit", "return", "accept", "merge", "show")


def collect(
    what: Annotated[str, typer.Argument(help=f"One of: {', '.join(ACTS)}.")],
    which: Annotated[str, typer.Argument(help="For `ask` the book, for all else the key that `ask` printed.")] = "",
    unit: Annotated[str, typer.Option(help="Who asks; for submit, return and accept whose answer it is.")] = "",
    of: Annotated[list[str] | None, typer.Option(help="Whom to ask; those right beneath unless said.")] = None,
    on: Annotated[str, typer.Option(help="The day the report is about (YYYY-MM-DD).")] = "",
    due: Annotated[str, typer.Option(help="The day by which it is to be handed in.")] = "",
    file: Annotated[Path | None, typer.Option(help="The unit's own report as JSON; else its records count.")] = None,
    words: Annotated[str, typer.Option(help="What is to be corrected, or what the unit adds.")] = "",
    explain: Annotated[list[str] | None, typer.Option(help="FIGURE=WORDS for what does not hold.")] = None,
    lang: Annotated[str, typer.Option(help="A language of the profile; its first one unless said.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Collect a report from subordinate units: ask, submit, return, accept, merge, show."""
    from canbo.config.start import start

    start()
    from canbo.access.authority import operator
    from canbo.cli.report import _language
    from canbo.kernel.instants import day
    from canbo.kernel.refusal import Mistake
    from canbo.reports import collecting, merging
    from canbo.reports.collection import Collection, find

    if what not in ACTS:
        raise Mistake("unknown_act", f"{what!r} is not one of: {', '.join(ACTS)}")
    language, by = _language(lang), operator()
    if what == "show" and not which:
        for key in Collection.objects.order_by("pk").values_list("pk", flat=True):
            typer.echo(merging.as_text(find(key), language))
        return
    if what == "ask":
        _said(BOOK=which, **{"--unit": unit, "--on": on, "--due": due})
        made = collecting.ask_units(by=by, unit=unit, book=which, on=day(on), due=day(due), units=of or ())
    else:
        made = find(_key(which))
        if what in ("submit", "return", "accept"):
            _said(**{"--unit": unit})
        _acts(by, made, unit, file, words, explain or [])[what]()
    told = json_.dumps(merging.as_json(made, language), ensure_ascii=False, indent=1)
    typer.echo(told if json else merging.as_text(made, language))


def _acts(
    by: str, to: Any, unit: str, file: Path | None, words: str, explain: list[str]
) -> dict[str, Callable[[], Any]]:
    """What each act does."""
    from canbo.reports import collecting, merging

    explained = dict(pair.split("=", 1) for pair in explain if "=" in pair)

    def submit() -> None:
        if file:
            collecting.submit_entered(by=by, to=to, unit=unit, told=_read(file), words=words)
        else:
            collecting.submit_counted(by=by, to=to, unit=unit, explained=explained)

    return {
        "submit": submit,
        "return": lambda: collecting.send_back(by=by, to=to, unit=unit, words=words),
        "accept": lambda: collecting.accept(by=by, to=to, unit=unit),
        "merge": lambda: merging.merge(by=by, of=to),
        "show": lambda: None,
    }


def _said(**wanted: str) -> None:
    from canbo.kernel.refusal import Mistake

    for name, value in wanted.items():
        if not value:
            raise Mistake("missing", f"say {name}")


def _key(text: str) -> int:
    from canbo.kernel.refusal import Mistake

    if not text.isdigit():
        raise Mistake("bad_key", f"{text!r} is not the key of a collection; `canbo collect show` lists them")
    return int(text)


def _read(file: Path) -> dict[str, Any]:
    """A report as JSON."""
    from canbo.kernel.refusal import Mistake

    try:
        told = json_.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise Mistake("unreadable", f"{file} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise Mistake("no_json", f"{file} is not JSON: {error}") from error
    if not isinstance(told, dict):
        raise Mistake("no_report", f"{file} is no report; write it with `canbo report … --format json`")
    return told
