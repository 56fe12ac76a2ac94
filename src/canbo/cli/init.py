"""`canbo init`: set up an empty database, or bring the one that is there up to date."""

from typing import Annotated

import typer


def init(
    profile: Annotated[
        str, typer.Option(help="The kinds, rules, words and reports to work with.")
    ] = "vietnam-province",
    node: Annotated[
        int, typer.Option(help="The number of this server among those that exchange records, 1–900.")
    ] = 1,
    time_zone: Annotated[str | None, typer.Option(help="What a day is; fixed with the first init.")] = None,
    print_roles: Annotated[
        bool,
        typer.Option("--print-roles", help="Print the SQL for the administrator of a given server, and end."),
    ] = False,
) -> None:
    """Set up this installation, or bring it up to date; records are kept."""
    from canbo.config.environment import environment
    from canbo.config.start import installing
    from canbo.kernel.profile import load
    from canbo.kernel.roles import script

    if print_roles:
        database = environment().database()
        typer.echo(script(database.name, time_zone or database.time_zone), nl=False)
        return
    zone = time_zone or load(profile).settings["time_zone"]
    with installing(profile=profile, node=node, time_zone=zone) as fresh:
        pass
    address = environment().database().address("app")
    typer.echo(f"{'Set up' if fresh else 'Up to date'}: profile {profile}, node {node}, {address}")
