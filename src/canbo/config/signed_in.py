"""Who is signed in to commands here: a login and a key, kept beside the records, readable by nobody else."""

import json
from pathlib import Path

from canbo.config.environment import Environment
from canbo.config.secret import only_ours, write_secret
from canbo.kernel.refusal import Mistake


def kept(where: Environment) -> tuple[str, bytes]:
    """The login and the key for the current database; empty where nobody is signed in."""
    path = _path(where)
    if not path.exists():
        return "", b""
    try:
        said = json.loads(only_ours(path))
        return str(said["login"]), bytes.fromhex(said["key"])
    except (ValueError, KeyError, TypeError) as error:
        raise Mistake("signed_in", f"{path} cannot be read ({error}). Remove it and sign in again.") from error


def keep(where: Environment, login: str, key: bytes) -> None:
    """Let commands on the current database ask with this key from now on."""
    forget(where)
    write_secret(_path(where), json.dumps({"login": login, "key": key.hex()}))


def forget(where: Environment) -> None:
    """Let commands ask as nobody in particular."""
    _path(where).unlink(missing_ok=True)


def _path(where: Environment) -> Path:
    return where.data / f"signed-in-{where.database().name}"
