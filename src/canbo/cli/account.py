"""`canbo account`: who can sign in, by invitation of a person on file."""

import enum
from pathlib import Path
from typing import Annotated

import typer


class Do(enum.StrEnum):
    """What may be done to accounts."""

    list = "list"
    invite = "invite"
    deactivate = "deactivate"
    forget_factors = "forget-factors"


def account(
    do: Annotated[Do, typer.Argument(help="What to do.")] = Do.list,
    whom: Annotated[str, typer.Argument(help="Code of a person on file, or a login.")] = "",
    login: Annotated[str, typer.Option(help="What a person invited for the first time types to sign in.")] = "",
    slip: Annotated[Path | None, typer.Option(help="A PDF to print and hand over, with the code.")] = None,
    address: Annotated[str, typer.Option(help="Where the pages are, for the slip.")] = "",
    lang: Annotated[str, typer.Option(help="The language of the slip.")] = "",
    administers: Annotated[bool, typer.Option(help="Let them look after accounts.")] = False,
) -> None:
    """List accounts, invite somebody (again, when they forgot the password), or end an account and its sessions.

    An invitation is a code, good once and for fourteen days. Whoever lost the second factor is helped by
    forget-factors: the password alone opens the account until they set up another one.
    """
    from canbo.config.start import start

    start(anybody=True)
    from canbo.access import accounts, invitations
    from canbo.access.authority import operator
    from canbo.kernel.refusal import Mistake

    if do is Do.list:
        _list()
        return
    if not whom:
        raise Mistake("whom", "Say whose account: the code of a person on file, or a login.")
    if do is Do.invite:
        hand_over(*invitations.invite(whom, login, by=operator(), administers=administers), slip, address, lang)
        return
    ends = accounts.deactivate if do is Do.deactivate else accounts.forget_factors
    typer.echo(f"{ends(whom, by=operator()).login}: done, and signed out everywhere.")


def hand_over(known: object, code: str, slip: Path | None, address: str = "", lang: str = "") -> None:
    """Say the code of an invitation, or print it on a slip."""
    from canbo.config.environment import environment
    from canbo.kernel.profile import profile
    from canbo.reports.output.slip import slip as printed

    where = environment()
    address = (address or (f"https://{where.name}" if where.elsewhere else "http://127.0.0.1:8000")).rstrip("/")
    if slip:
        slip.write_bytes(printed(known.person_id, known.login, code, address, lang or profile().languages[0]))
        slip.chmod(0o600)
        typer.echo(f"{slip} is for {known.login}; print it, hand it over and delete it.")
    else:
        typer.echo(f"{known.login} chooses a password at {address}/enter with the code {code}")


def _list() -> None:
    from rich.console import Console
    from rich.table import Column, Table

    from canbo.access.accounts import codes
    from canbo.access.models import Account

    found = list(Account.objects.order_by("login"))
    known = codes([one.person_id for one in found])
    table = Table("login", Column("person", overflow="fold"), "state", "last signed in", "administers")
    for one in found:
        seen = one.last_login.isoformat(timespec="minutes") if one.last_login else ""
        table.add_row(one.login, known[one.person_id], one.state, seen, "yes" if one.administers else "")
    Console().print(table)
