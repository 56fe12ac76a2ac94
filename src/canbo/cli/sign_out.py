"""`canbo sign-out`: end what `canbo sign-in` began."""

import typer


def sign_out() -> None:
    """Sign out of commands: nobody can use them in your name any more."""
    from canbo.config.start import start

    start(anybody=True)
    from canbo.access.commands import leave
    from canbo.config.environment import environment
    from canbo.config.signed_in import forget, kept

    login, key = kept(environment())
    if not login:
        typer.echo("Nobody is signed in to commands.", err=True)
        return
    leave(key, login)
    forget(environment())
    typer.echo(f"{login} is signed out of commands.")
