"""`canbo backup`: all records in one file, while everybody goes on working."""

from pathlib import Path
from typing import Annotated

import typer

SHORTEST = 12
_CLEAR = (
    "It is not encrypted: whoever reads it, reads every file. It does not hold the secret-key: keep a copy of "
    "{key} apart from it, or second factors have to be set up again after a restore. --encrypt does both."
)


def backup(
    file: Annotated[Path, typer.Argument(help="Where the backup goes; a file that is there is never replaced.")],
    encrypt: Annotated[bool, typer.Option("--encrypt", help="Ask for a passphrase, and encrypt with it.")] = False,
    passphrase: Annotated[
        Path | None, typer.Option(help="Encrypt with the first line of this file, which nobody else may read.")
    ] = None,
) -> None:
    """Write all records of this instant, and what of the installation is not in the database, into one file.

    Nobody has to stop working. Encrypted, it holds the secret-key too, and `age --decrypt` opens it as well. It is
    recorded in the audit log before it begins (docs/howto/backup.md says how to keep it).
    """
    from canbo.config.backup import refuse_existing

    refuse_existing(file)
    said = _chosen() if encrypt and not passphrase else of_file(passphrase)
    from canbo.config.start import start

    start(anybody=True)
    from canbo.access.authority import operator
    from canbo.config.backup import write
    from canbo.config.environment import environment
    from canbo.config.secret import FILE
    from canbo.kernel.audit import record, seal

    where = environment()
    record("export", "backup", actor=operator(), details={"file": file.name, "encrypted": bool(said)})
    seal()
    made = write(where.database(), where.data, file, said)
    typer.echo(f"{file}  {sum(made.tables.values()):,} rows in {len(made.tables)} tables, log {made.anchor}")
    if not said:
        typer.echo(_CLEAR.format(key=where.data / FILE), err=True)


def of_file(file: Path | None) -> str:
    """The passphrase that a file holds; empty where none is named."""
    from canbo.config.secret import only_ours
    from canbo.kernel.refusal import Mistake

    if file is None:
        return ""
    try:
        return _long_enough(only_ours(file, encoding="utf-8").splitlines()[0])
    except (OSError, UnicodeDecodeError, IndexError) as error:
        raise Mistake("unreadable", "%(file)s holds no passphrase in its first line", file=file) from error


def _chosen() -> str:
    """A passphrase typed twice."""
    return _long_enough(typer.prompt("Passphrase", hide_input=True, confirmation_prompt=True, err=True))


def _long_enough(said: str) -> str:
    import unicodedata

    from canbo.kernel.refusal import Mistake

    if len(said) < SHORTEST:
        raise Mistake("short_passphrase", f"a passphrase has {SHORTEST} characters or more")
    return unicodedata.normalize("NFC", said)  # the same letters, whatever keyboard they come from
