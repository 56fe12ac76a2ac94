"""`canbo sign-in`: let commands ask on behalf of a person, by a code from their page *My account*."""

from typing import Annotated

import typer


def sign_in(
    code: Annotated[str, typer.Argument(help="The code that the page My account shows; asked for unless said.")] = "",
) -> None:
    """Sign in to commands: from now on they see and may do what you may, until `canbo sign-out`.

    Get the code on the pages under My account, Commands at the server. It is good once and for five minutes. Whoever
    works under the same account of this machine works in your name meanwhile.
    """
    from canbo.config.start import start

    start(anybody=True)
    from canbo.access.commands import take
    from canbo.config.environment import environment
    from canbo.config.signed_in import keep

    account, key, until = take(code or typer.prompt("Code"))
    keep(environment(), account.login, key)
    typer.echo(f"Commands ask on behalf of {account.login} until {until.isoformat(timespec='minutes')}.")
