"""The one way in for every command that needs the records: server, Django, and an account that the rules
bind.
"""

import contextlib
import os
from collections.abc import Callable, Iterator
from typing import Any, Literal

import django
import psycopg

from canbo.access.identity import may_ask, run_as
from canbo.config.catalogues import compile_catalogues
from canbo.config.environment import DEFAULT_NAME, environment
from canbo.config.secret import command_key
from canbo.config.signed_in import kept
from canbo.kernel.database import Database
from canbo.kernel.installation import install
from canbo.kernel.profile import load
from canbo.kernel.refusal import Refused
from canbo.kernel.roles import check_application, check_signin, make_roles
from canbo.rules.articles import articles

SIGN_IN = "get a code on the pages under My account, Commands at the server, and type `canbo sign-in CODE`"


def start(role: Literal["app", "owner"] = "app", *, anybody: bool = False) -> None:
    """Make the database answer and load Django, and ask on behalf of whoever is signed in to commands, else of the
    system role of this installation; refused where neither is known, unless `anybody` may do what is to come.

    As "app" the role of the application is checked and the records must be ready; as "owner" (only to
    install) not. A day is what the database was set up with, unless CANBO_TIME_ZONE says otherwise.
    Commands that need no records do not call this, so they start no server.
    """
    database = environment().database()
    if role == "app" and database.cluster and not database.cluster.exists:
        raise Refused(
            "not_installed",
            f"Nothing is set up in {database.cluster.data}. Run `canbo demo` or `canbo init` first.",
        )
    database.ensure_server()
    if role == "app":
        with database.connect("app") as link:
            check_application(link)
            with _signin(database) as other:
                check_signin(other, link)
            profile, zone = link.execute("SELECT profile, time_zone FROM canbo.kernel_installation").fetchone()
        if zone != database.time_zone:
            _propose("CANBO_TIME_ZONE", zone)
    compile_catalogues(environment().data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "canbo.config.settings")
    django.setup()
    if role == "app":
        articles(profile)
        _on_behalf(anybody)


def _on_behalf(anybody: bool) -> None:
    login, key = kept(environment())
    run_as((key or command_key(environment().data)).hex(), login)
    if anybody or may_ask():
        return
    if login:
        raise Refused("signed_out", f"{login} was signed out of commands meanwhile: sign in again ({SIGN_IN})")
    raise Refused("nobody_signed_in", f"Nobody is signed in to commands here: {SIGN_IN}")


@contextlib.contextmanager
def installing(
    *,
    profile: str,
    node: int = 1,
    sample: bool = False,
    time_zone: str | None = None,
    fill: Callable[[], None] | None = None,
) -> Iterator[bool]:
    """Set up a database and make it the current one; see `kernel.installation.install`.

    Yields True where the records are new and the block may load them. On the embedded server each profile's
    sample has a database of its own, and so have the records in earnest; CANBO_DATABASE_NAME says otherwise.
    The time zone is the one that the database has, else `time_zone` or the profile's; CANBO_TIME_ZONE goes before.
    """
    made = environment().remembered()
    ours = DEFAULT_NAME if made.get("sample") else made.get("database", DEFAULT_NAME)
    _propose("CANBO_DATABASE_NAME", f"demo_{profile.replace('-', '_')}" if sample else ours)
    same = made.get("database") == environment().database().name
    _propose("CANBO_TIME_ZONE", time_zone or (made["time_zone"] if same else load(profile).settings["time_zone"]))
    start("owner")
    articles(profile)
    database = environment().database()
    with install(database, profile=profile, node=node, sample=sample, fill=fill) as fresh:
        yield fresh
    environment().remember(database, sample=sample)


def _signin(database: Database) -> psycopg.Connection[Any]:
    """The role that knows accounts; an embedded server that an earlier version set up has it from now on."""
    try:
        return database.connect("signin")
    except Refused:
        if not database.cluster:
            raise
    make_roles(database)
    database.prepare()
    return database.connect("signin")


def _propose(variable: str, value: str) -> None:
    if not os.environ.get(variable):
        os.environ[variable] = value
