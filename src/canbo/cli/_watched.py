"""An import while it runs: how far it is, on standard error, and Ctrl-C."""

import contextlib
import signal
import time
from collections.abc import Callable, Iterator

import typer

from canbo.exchange.intake import READING, WRITTEN

CANCELLED = 130
EVERY = 2
"""Seconds between two words about how far it is."""


@contextlib.contextmanager
def watched(silent: bool) -> Iterator[Callable[[str, int], None]]:
    """Say on standard error how far it is; Ctrl-C cancels, until all is written."""
    before, last = signal.getsignal(signal.SIGINT), time.monotonic()

    def far(stage: str, many: int) -> None:
        nonlocal last
        if stage == WRITTEN:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        elif not silent and time.monotonic() - last > EVERY:
            typer.echo(f"{many:,} rows read and checked" if stage == READING else f"writing {many:,} acts", err=True)
            last = time.monotonic()

    try:
        yield far
    except KeyboardInterrupt:
        typer.echo("canbo: cancelled, nothing was written [cancelled]", err=True)
        raise typer.Exit(CANCELLED) from None
    finally:
        signal.signal(signal.SIGINT, before)
