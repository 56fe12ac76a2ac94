"""The command `canbo`: one module per command in this folder, its function named as the command.

Exit codes: 0 ok · 1 a figure, equation or check does not hold · 2 the command was typed wrong · 3 refused.
A command prints its result on standard output and why it said no on standard error.
"""

import importlib
import pkgutil
import sys
from collections.abc import Callable

import typer

from canbo import __version__
from canbo.kernel.refusal import Refused

app = typer.Typer(
    name="canbo",
    help="The working system of an organising department: procedure → decision → fact → figure.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def commands() -> dict[str, Callable[..., object]]:
    """Every command by name: the function `a_name` of each module `canbo.cli.a_name`, as `a-name`; a
    word that Python keeps for itself has a line behind it there.
    """
    names = sorted(
        module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_")
    )
    found = {name: getattr(importlib.import_module(f"{__name__}.{name}"), name) for name in names}
    return {name.rstrip("_").replace("_", "-"): function for name, function in found.items()}


def show_version(wanted: bool) -> None:
    """Print the version and end."""
    if wanted:
        typer.echo(f"canbo {__version__}")
        raise typer.Exit


@app.callback()
def everywhere(
    version: bool = typer.Option(
        False, "--version", callback=show_version, is_eager=True, help="Print the version."
    ),
) -> None:
    """The working system of an organising department: procedure → decision → fact → figure."""


for _name, _function in commands().items():
    app.command(_name)(_function)


def main() -> None:
    """Run the command line; a refusal is said in one sentence and becomes the exit code."""
    try:
        app()
    except Refused as refusal:
        typer.echo(f"canbo: {refusal} [{refusal.code}]", err=True)
        sys.exit(refusal.exit_code)
