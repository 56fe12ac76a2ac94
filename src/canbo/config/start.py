"""The one way in for every command that needs the records: server, Django, and an account that the rules
bind.
"""

import contextlib
import os
from collections.abc import Iterator
from typing import Literal

import django
from django.db import OperationalError, connection

from canbo.config.environment import environment
from canbo.kernel.database import unreachable
from canbo.kernel.installation import install
from canbo.kernel.refusal import Refused
from canbo.kernel.roles import check_application


def start(role: Literal["app", "owner"] = "app") -> None:
    """Make the database answer and load Django.

    As "app" the role of the application is checked and the records must be ready; as "owner" (only to
    install) not. Commands that need no records do not call this, so they start no server.
    """
    database = environment().database()
    if role == "app" and database.cluster and not database.cluster.exists:
        raise Refused(
            "not_installed",
            f"Nothing is set up in {database.cluster.data}. Run `canbo demo` or `canbo init` first.",
        )
    database.ensure_server()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "canbo.config.settings")
    django.setup()
    if role == "app":
        try:
            connection.ensure_connection()
        except OperationalError as error:
            raise unreachable(database.dsn("app"), error) from error
        check_application(connection.connection)


@contextlib.contextmanager
def installing(
    *, profile: str, node: int = 1, name: str | None = None, time_zone: str | None = None
) -> Iterator[bool]:
    """Set up a database and make it the current one; see `kernel.installation.install`.

    Yields True where the records are new and the block may load them. `name` (embedded server only) and
    `time_zone` are what the profile proposes: CANBO_DATABASE_NAME and CANBO_TIME_ZONE of the environment go
    before.
    """
    for variable, proposed in (("CANBO_DATABASE_NAME", name), ("CANBO_TIME_ZONE", time_zone)):
        if proposed:
            os.environ.setdefault(variable, proposed)
    start("owner")
    database = environment().database()
    with install(database, profile=profile, node=node) as fresh:
        yield fresh
    environment().remember(database)
