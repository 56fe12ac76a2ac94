"""`canbo serve`: the pages, for this machine only until people can sign in."""

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
) -> None:
    """Serve the pages to browsers on this machine, until Ctrl-C."""
    check(host, port)
    from canbo.config.start import start

    start()
    run(host, port)


def check(host: str, port: int) -> None:
    """Refuse what must not or cannot be listened on, before anything is started."""
    from canbo.kernel.refusal import Refused

    if host not in LOOPBACK:
        raise Refused(
            "loopback_only",
            f"{host} would let other machines read the register, and nobody signs in yet: pages are served on "
            f"{LOOPBACK[0]} only. From elsewhere use a tunnel, such as `ssh -L {port}:{LOOPBACK[0]}:{port} server`.",
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
    from granian import Granian
    from granian.constants import Interfaces

    shown = f"[{host}]" if ":" in host else host
    typer.echo(
        f"Canbo serves http://{shown}:{port}/ to this machine only: nobody signs in yet. Ctrl-C ends it.", err=True
    )
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "canbo.config.settings")
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
