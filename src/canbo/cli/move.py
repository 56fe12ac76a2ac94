"""`canbo move`: from the embedded server to one of the administrator's."""

from pathlib import Path
from typing import Annotated

import typer


def move(
    url: Annotated[
        str,
        typer.Argument(help="postgresql://HOST:PORT/DATABASE?passfile=FILE, made ready by `canbo init --print-roles`."),
    ],
) -> None:
    """Move all records to a server that is given, and work there from now on; the old ones stay, and say so.

    End `canbo serve` before. The address holds no password: they stand in the file that it names, a line
    `*:*:*:ROLE:PASSWORD` for each of the roles canbo_app, canbo_owner, canbo_signin and canbo_backup.
    """
    import tempfile

    from canbo.config.environment import environment
    from canbo.config.move import refuse_at_work, settle, there
    from canbo.config.start import start

    where = environment()
    target = there(where, url)
    refuse_at_work(where.database())
    start(anybody=True)
    from django.db import connections

    from canbo.access.authority import operator
    from canbo.config.backup import write
    from canbo.kernel.audit import record, seal

    record("export", "backup", actor=operator(), details={"move": target.address("app")})
    seal()
    connections.close_all()
    with tempfile.TemporaryDirectory(prefix="move-", dir=where.data) as folder:  # mode 700
        file = Path(folder) / "records"
        made = write(where.database(), where.data, file)
        _restore(file, target, Path(folder))
    settle(where, target, made)
    typer.echo(f"Moved to {target.address('app')}; everybody signs in again.")
    typer.echo(f"The records in {where.data} stay as they were, and nothing works on them any more.", err=True)


def _restore(file: Path, target: object, folder: Path) -> None:
    """What `canbo restore` does, for an installation of its own that knows the given server."""
    import os
    import subprocess
    import sys

    from canbo.kernel.refusal import Refused

    urls = {"": target.url, "OWNER_": target.owner_url, "SIGNIN_": target.signin_url}
    told = {f"CANBO_{role}DATABASE_URL": url for role, url in urls.items()} | {"CANBO_DATA": str(folder)}
    kept = {name: value for name, value in os.environ.items() if name != "CANBO_DATABASE_NAME"}
    words = [sys.executable, "-m", "canbo", "restore", str(file)]
    done = subprocess.run(words, env=kept | told, capture_output=True, text=True, check=False)
    if done.returncode:
        said = "the records were not moved, everything is here as it was: %(why)s"
        raise Refused("not_moved", said, why=done.stderr.strip())
