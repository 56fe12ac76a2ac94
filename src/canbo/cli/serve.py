"""`canbo serve`: the pages, on this machine; beyond it under a name, behind a web server that speaks HTTPS."""

import os
import socket
from contextlib import closing
from typing import Annotated

import typer

LOOPBACK = ("127.0.0.1", "localhost", "::1")
PORT = 8000
WORKERS = 2


def serve(
    port: Annotated[int, typer.Option(help="The port to listen on.", min=1, max=65535)] = PORT,
    host: Annotated[str, typer.Option(help="An address of this machine itself; others are refused.")] = LOOPBACK[0],
    name: Annotated[str, typer.Option(help="The name under which browsers elsewhere ask; needs CANBO_HTTPS=1.")] = "",
) -> None:
    """Serve the pages to browsers on this machine, until Ctrl-C.

    With --name they answer under that name too, to a web server on this machine that speaks HTTPS in front of them.
    """
    if name:
        os.environ["CANBO_NAME"] = name
    check(host, port)
    from canbo.config.start import start

    start(anybody=True)
    run(host, port)


def check(host: str, port: int) -> None:
    """Refuse what must not or cannot be listened on, before anything is started."""
    from canbo.config.environment import environment
    from canbo.kernel.refusal import Refused

    said = environment()
    if said.name and not said.https:
        raise Refused(
            "no_https",
            f"{said.name} would carry passwords and files in the open. Let a web server on this machine speak HTTPS in "
            "front of Canbo (docs/howto/sign-in.md) and say so: CANBO_HTTPS=1.",
        )
    if host not in LOOPBACK:
        raise Refused(
            "loopback_only",
            f"{host} would carry passwords in the open: pages are served on {LOOPBACK[0]} only. For browsers elsewhere "
            "put a web server with HTTPS in front (docs/howto/sign-in.md), or use a tunnel, such as "
            f"`ssh -L {port}:{LOOPBACK[0]}:{port} server`.",
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Refused(
                "port_taken", f"Nothing can listen on {host}:{port} ({error.strerror}). Choose another --port."
            ) from error


def run(host: str, port: int) -> None:
    """Run the web server in this process until it is ended; the records must be ready (`start`)."""
    from django.urls import get_resolver
    from granian import Granian
    from granian.constants import Interfaces

    from canbo.access.identity import run_as
    from canbo.config.environment import environment

    run_as("")  # pages ask as whoever signed in to them, never as whoever started the server
    shown = f"[{host}]" if ":" in host else host
    said = environment()
    whom = f"https://{said.name}/, by the web server in front" if said.elsewhere else "this machine only"
    typer.echo(f"Canbo serves http://{shown}:{port}/ to {whom}. Ctrl-C ends it.", err=True)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "canbo.config.settings")
    get_resolver().url_patterns  # noqa: B018 read once, before the processes part: a slow start misses an early end
    Granian(
        "canbo.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=WORKERS,
        blocking_threads=2,
        log_level="warning",
        workers_kill_timeout=5,  # one that is still starting does not hear that it is to end
    ).serve()
