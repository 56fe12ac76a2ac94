"""`canbo init`: set up an empty database, or bring the one that is there up to date."""

from pathlib import Path
from typing import Annotated

import typer

_STAYS = (
    "The sample stays in the database {name}; CANBO_DATABASE_NAME={name} asks it. From now on commands work on the new "
    "one, and `canbo demo` needs a CANBO_DATA of its own."
)


def init(
    profile: Annotated[
        str, typer.Option(help="The kinds, rules, words and reports to work with.")
    ] = "vietnam-province",
    node: Annotated[
        int, typer.Option(help="The number of this server among those that exchange records, 1–900.")
    ] = 1,
    time_zone: Annotated[str | None, typer.Option(help="What a day is; fixed with the first init.")] = None,
    opening: Annotated[
        Path | None,
        typer.Option(help="A JSON list of acts, each named by `act`: the first units, people and roles."),
    ] = None,
    decision: Annotated[str, typer.Option(help="With --opening: the symbol of the paper that says so.")] = "opening",
    admin: Annotated[
        str, typer.Option(help="Code of a person on file: invite them as the one who looks after accounts.")
    ] = "",
    login: Annotated[str, typer.Option(help="With --admin: their login.")] = "admin",
    slip: Annotated[Path | None, typer.Option(help="With --admin: a PDF to print, instead of the code here.")] = None,
    print_roles: Annotated[
        bool,
        typer.Option("--print-roles", help="Print the SQL for the administrator of a given server, and end."),
    ] = False,
) -> None:
    """Set up this installation, or bring it up to date; records are kept.

    Where CANBO_DATA holds samples of `canbo demo`, they stay in their databases and a new one is made beside them, on
    which commands work from then on. The first units, the first person and their role are entered with --opening,
    refused as soon as somebody on file may give roles; --admin then invites a person on file (docs/howto/sign-in.md).
    """
    from canbo.config.environment import environment
    from canbo.config.start import installing
    from canbo.kernel.roles import script

    if print_roles:
        database = environment().database()
        typer.echo(script(database.name, time_zone or database.time_zone), nl=False)
        return
    before = environment().remembered()
    with installing(profile=profile, node=node, time_zone=time_zone) as fresh:
        _begin(opening, decision)
    database = environment().database()
    typer.echo(f"{'Set up' if fresh else 'Up to date'}: profile {profile}, node {node}, {database.address('app')}")
    if before.get("sample") and database.cluster:
        typer.echo(_STAYS.format(name=before["database"]), err=True)
    _first(admin, login, slip)


def _begin(file: Path | None, symbol: str) -> None:
    """Without anybody signed in, commands verify the log and read no file; the first authority comes from one."""
    from canbo.access.authority import operator
    from canbo.access.first import begin
    from canbo.access.keys import admit
    from canbo.access.protect import VERIFIER
    from canbo.cli.act import _terms
    from canbo.config.environment import environment
    from canbo.config.secret import command_key
    from canbo.kernel.refusal import Mistake

    admit(command_key(environment().data, make=True), VERIFIER)
    if file is None:
        return
    acts = _terms(file)
    if any(not isinstance(said.get("act"), str) for said in acts):
        raise Mistake("opening", f"{file}: each act says its name as `act`; `canbo act --list` shows the acts")
    begin([(said.pop("act"), said) for said in acts], by=operator(), symbol=symbol)


def _first(person: str, login: str, slip: Path | None) -> None:
    from canbo.access.authority import operator
    from canbo.access.invitations import invite
    from canbo.cli.account import hand_over

    if person:
        hand_over(*invite(person, login, by=operator(), administers=True), slip)
