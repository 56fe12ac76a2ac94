"""`canbo restore`: a backup into an empty installation."""

from pathlib import Path
from typing import Annotated

import typer


def restore(
    file: Annotated[Path, typer.Argument(help="A backup. Restore only what you trust: it decides what the rules are.")],
    passphrase: Annotated[
        Path | None, typer.Option(help="The first line of this file opens it; otherwise it is asked for.")
    ] = None,
) -> None:
    """Bring a backup into an installation that has no records: an empty CANBO_DATA, or an empty database given.

    The file is looked through before, the records are counted and the audit log is verified afterwards; ends with 1
    when the log has faults. What fails leaves nothing. Everybody signs in again.
    """
    from functools import partial

    from canbo.config.backup import opened
    from canbo.config.environment import environment
    from canbo.config.restore import fill, profile_laid_out, refuse_other_key, refuse_records
    from canbo.config.secret import FILE, write_secret
    from canbo.config.start import installing
    from canbo.kernel.dump import programs

    where = environment()
    with opened(file, partial(_asked, passphrase)) as found:
        made = found.manifest
        refuse_other_key(where, found)
        refuse_records(where.database())
        programs(where.database(), made.postgresql)  # refused before a server is set up with older ones
        known = {"profile": made.profile, "node": made.node, "sample": made.sample, "time_zone": made.time_zone}
        with profile_laid_out(found, where) as profiles, installing(**known, fill=partial(fill, found)):
            if key := found.secret_key():
                write_secret(where.data / FILE, key)
            faults = _put_in_order(made)
    _seal()
    rows = f"{sum(made.tables.values()):,} rows in {len(made.tables)} tables"
    typer.echo(f"Restored the backup of {made.made}: {rows}, {environment().database().address('app')}")
    if profiles:
        typer.echo(f"Its profile lies in {profiles}: set CANBO_PROFILES={profiles}", err=True)
    if not (where.data / FILE).exists():
        said = f"The backup brings no secret-key: put your copy to {where.data / FILE} (mode 600) before anybody"
        typer.echo(f"{said} signs in, or second factors have to be set up again.", err=True)
    for fault in faults:
        typer.echo(f"✗ {fault}", err=True)
    if faults:
        raise typer.Exit(1)


def _asked(file: Path | None) -> str:
    """The passphrase: of a file, or typed by somebody who sits there."""
    import sys
    import unicodedata

    from canbo.cli.backup import of_file
    from canbo.kernel.refusal import Mistake

    if file:
        return of_file(file)
    if not sys.stdin.isatty():
        raise Mistake("missing", "the backup is encrypted: name a file with its passphrase (--passphrase FILE)")
    return unicodedata.normalize("NFC", typer.prompt("Passphrase", hide_input=True, err=True))


def _put_in_order(made: object) -> list[str]:
    """Commands here may ask, sessions that were ended since are, the log says that it was restored; its faults.

    A log with faults is restored with them: it may be all there is.
    """
    from canbo.access.accounts import end_all_sessions
    from canbo.access.authority import operator
    from canbo.access.identity import run_as
    from canbo.access.keys import admit
    from canbo.access.protect import SAMPLE, VERIFIER
    from canbo.config.environment import environment
    from canbo.config.secret import command_key
    from canbo.kernel.audit import record, verify
    from canbo.reports.evidence import faults

    key = command_key(environment().data, make=True)
    admit(key, SAMPLE if made.sample else VERIFIER)
    run_as(key.hex())
    end_all_sessions()
    wrong = [*verify([made.anchor] if made.anchor else []).faults, *faults()]
    details = {"made": made.made, "version": made.version, "anchor": made.anchor}
    record("log", f"restored from the backup of {made.made}", actor=operator(), details=details)
    return wrong


def _seal() -> None:
    """Seal what was recorded meanwhile."""
    from canbo.kernel.audit import seal

    seal()
