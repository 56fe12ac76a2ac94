"""`canbo verify`: who signed a file, when, and whether it is still what they signed."""

import json as json_
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer


def verify(
    file: Annotated[Path, typer.Argument(help="A signed PDF, or any file with --signature.")],
    signature: Annotated[Path | None, typer.Option(help="The detached signature; FILE.p7s unless said.")] = None,
    trust: Annotated[Path | None, typer.Option(help="Certificates (PEM) that vouch for signers.")] = None,
    report: Annotated[int | None, typer.Option(help="Also: is it the paper of this frozen report?")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Verify the signatures of a file; ends with 1 when there is none, one is broken, or nobody given vouches for it.

    Without --trust a certificate is named but not vouched for. The time is the signer's own.
    """
    from canbo.cli.sign import _bytes
    from canbo.reports.signing import is_pdf, verify_beside, verify_pdf

    data = _bytes(file)
    if is_pdf(data) and signature is None:
        found = verify_pdf(data, trust)
    else:
        found = verify_beside(data, _bytes(signature or file.with_name(f"{file.name}.p7s")), trust)
    kept = _kept(report, data) if report is not None else None
    told = {"file": str(file), "signatures": [asdict(one) | {"holds": one.holds} for one in found], "of_report": kept}
    typer.echo(json_.dumps(told, ensure_ascii=False, indent=1, default=str) if json else _lines(told))
    if not found or not all(one.holds for one in found) or kept is False:
        raise typer.Exit(1)


def _lines(told: dict) -> str:
    lines = ["not signed"] if not told["signatures"] else []
    for one in told["signatures"]:
        state = "intact" if one["intact"] else "CHANGED since it was signed"
        vouched = {True: "vouched for", False: "NOT vouched for", None: "not checked whether vouched for"}[
            one["trusted"]
        ]
        when = f"{one['at']:%Y-%m-%d %H:%M %Z}, by the signer's clock" if one["at"] else "unknown when"
        lines.append(f"{one['signer']}  {when}: {state}; {vouched}")
    if told["of_report"] is not None:
        lines.append("the paper of this report" if told["of_report"] else "NOT a paper of this report")
    return "\n".join(lines)


def _kept(report: int, data: bytes) -> bool:
    """Is the file one that was signed for this frozen report?"""
    from canbo.config.start import start

    start()
    from canbo.reports.frozen import find, is_paper

    return is_paper(find(report), data)
