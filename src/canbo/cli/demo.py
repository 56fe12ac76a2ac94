"""`canbo demo`: an installation of its own with invented people in real places, and the reports on them."""

from pathlib import Path
from typing import Annotated

import typer


def demo(
    profile: Annotated[str, typer.Option(help="Whose sample to load.")] = "vietnam-province",
    seed: Annotated[int, typer.Option(help="Other chance: other people, the same counts.")] = 1930,
    size: Annotated[float, typer.Option(help="Scales every count of the sample.")] = 1.0,
    targets: Annotated[Path | None, typer.Option(help="A YAML file with other counts to fit.")] = None,
    only: Annotated[list[str] | None, typer.Option(help="Load this part of the sample; may be repeated.")] = None,
    lang: Annotated[str, typer.Option(help="A language of the profile; its first one unless said.")] = "",
    serve: Annotated[bool, typer.Option(help="Serve the pages afterwards, as `canbo serve` does.")] = True,
    port: Annotated[int, typer.Option(help="The port to serve on.", min=1, max=65535)] = 8000,
) -> None:
    """Load the sample of a profile once, and print its reports. People are invented to fit the published figures.

    Each profile's sample has a database of its own in CANBO_DATA; later commands work on the one asked for last.
    Loading that was broken off begins again. Refused where `canbo init` set up an installation in earnest: give the
    sample a CANBO_DATA of its own. A few people of the sample have accounts; each start prints an address, good once,
    where one of them chooses a password.
    """
    from canbo.cli import serve as pages
    from canbo.config.start import installing, start
    from canbo.kernel.refusal import Mistake

    if size <= 0:
        raise Mistake("size", f"the size is a factor greater than 0, not {size:g}")
    if serve:
        pages.check(pages.LOOPBACK[0], port)
    with installing(profile=profile, sample=True) as fresh:
        asked = _asked(seed, size, targets)
        _let_commands_read()
        if fresh:
            typer.echo(f"loaded {_load(profile, only or [], asked):,} decisions", err=True)
        else:
            _same(asked)
    start()
    _print(lang)
    _let_in(f"http://{pages.LOOPBACK[0]}:{port}")
    _seal()
    if serve:
        pages.run(pages.LOOPBACK[0], port)


def _asked(seed: int, size: float, targets: Path | None) -> dict[str, object]:
    """What the sample is to be made from, as the installation keeps it."""
    from canbo.sample.load import read_targets

    return {"seed": seed, "size": size, "targets": dict(read_targets(targets)) if targets else {}}


def _let_commands_read() -> None:
    """The people of a sample are invented: commands here may read and write all of it."""
    from canbo.access.keys import admit
    from canbo.access.protect import SAMPLE
    from canbo.config.environment import environment
    from canbo.config.secret import command_key

    admit(command_key(environment().data, make=True), SAMPLE)


def _load(profile: str, only: list[str], asked: dict) -> int:
    """Invent and enter the sample under the operator's name, with a bar that says how far it is."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    from canbo.access.authority import operator
    from canbo.kernel.profile import choose
    from canbo.sample.load import load_sample

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        bar = progress.add_task("inventing the sample", total=None)

        def tick(done: int, total: int) -> None:
            progress.update(bar, description="entering decisions", completed=done, total=total)

        return load_sample(choose(profile), by=operator(), only=tuple(only), progress=tick, **asked)


def _same(asked: dict) -> None:
    """Refuse to pass records made otherwise off as what was asked for."""
    from canbo.kernel.models import Installation
    from canbo.kernel.refusal import Refused

    loaded = Installation.objects.using("owner").get(pk=1).sample
    if loaded != asked:
        raise Refused(
            "another_sample",
            f"this database holds a sample made from {loaded}, not from {asked}; "
            "take another one (CANBO_DATABASE_NAME) or another CANBO_DATA",
        )


def _seal() -> None:
    """Seal what was recorded meanwhile."""
    from canbo.kernel.audit import seal

    seal()


def _let_in(address: str) -> None:
    """Accounts for some people of the sample, and for the first of them a way in."""
    from canbo.access.authority import operator
    from canbo.access.invitations import invite
    from canbo.access.models import Account
    from canbo.kernel.profile import profile
    from canbo.sample.accounts import accounts

    named = accounts(profile())
    for number, (login, person) in enumerate(named):
        if number == 0 or not Account.objects.filter(login=login).exists():
            _, code = invite(person, login, by=operator())
            if number == 0:
                typer.echo(f"Sign in as {login}, once: {address}/enter/{code}", err=True)
    if len(named) > 1:
        others = ", ".join(login for login, _ in named[1:])
        typer.echo(f"There are also {others}: `canbo account invite LOGIN` gives a code for each.", err=True)


def _print(lang: str) -> None:
    """The report of each part of the sample that announces one: `report: {book, unit, day}` in its file."""
    from canbo.cli._audited import audited
    from canbo.kernel.profile import profile
    from canbo.registry.facts import Unit
    from canbo.reports.book import report
    from canbo.reports.text import as_text

    for path in profile().files("sample"):
        told = profile().read("sample", path.name).get("report")
        if told and Unit.objects.filter(code=told["unit"]).exists():
            with audited("report", f"report {told['book']}", unit=told["unit"], on=told["day"]):
                made = report(told["book"], told["unit"], told["day"])
            typer.echo(f"{as_text(made, lang or profile().languages[0])}\n")
