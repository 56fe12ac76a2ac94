"""`canbo server`: the embedded PostgreSQL server, by hand. Every other command starts it when it needs it."""

import enum
from typing import Annotated

import typer


class Do(enum.StrEnum):
    """What may be done to the server."""

    start = "start"
    stop = "stop"
    status = "status"
    dsn = "dsn"


def server(
    do: Annotated[
        Do, typer.Argument(help="dsn prints the address for psql; no password stands in it.")
    ] = Do.status,
    role: Annotated[str, typer.Option(help="dsn: app, signin, owner, backup or superuser.")] = "app",
) -> None:
    """Start, stop or show the database server that comes with Canbo."""
    from canbo.config.environment import environment
    from canbo.kernel.refusal import Mistake, Refused

    database = environment().database()
    if do is Do.dsn:
        if role not in ("app", "signin", "owner", "backup", "superuser"):
            raise Mistake("role", f"There is no role {role}: write app, signin, owner, backup or superuser.")
        typer.echo(database.address(role))
        return
    cluster = database.cluster
    if cluster is None:
        raise Refused(
            "given_server", "The records are on a server that its administrator starts and stops."
        )
    if do is Do.start:
        cluster.start()
    elif do is Do.stop:
        typer.echo("Stopped." if cluster.stop() else "It did not run.")
        return
    running = cluster.running
    said = "running" if running else "not running"
    typer.echo(f"{said}: database {database.name}, server in {cluster.home}")
    if not running:
        raise typer.Exit(1)
