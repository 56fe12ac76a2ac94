"""`canbo sign`: sign a file, or the PDF of a frozen report, with a certificate of one's own."""

from pathlib import Path
from typing import Annotated

import typer


def sign(
    file: Annotated[Path | None, typer.Argument(help="The file to sign; a PDF carries the signature itself.")] = None,
    report: Annotated[int | None, typer.Option(help="Instead of a file: the frozen report of this key.")] = None,
    cert: Annotated[Path | None, typer.Option(help="PKCS#12, or a certificate in PEM with --key.")] = None,
    key: Annotated[Path | None, typer.Option(help="The private key in PEM.")] = None,
    passphrase: Annotated[Path | None, typer.Option(help="A file whose first line opens the key.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where the signed PDF or the detached signature goes.")] = None,
    reason: Annotated[str, typer.Option(help="Why it is signed; a PDF keeps it.")] = "",
    lang: Annotated[str, typer.Option(help="The language of the frozen report; the profile's first unless said.")] = "",
) -> None:
    """Sign a PDF (PAdES) or, beside it, any other file (detached CMS). Certificate paths may stand in the settings."""
    from canbo.config.environment import environment
    from canbo.kernel.refusal import Mistake

    settings = environment()
    cert, key = cert or settings.signing_certificate, key or settings.signing_key
    passphrase = passphrase or settings.signing_passphrase
    if cert is None:
        raise Mistake("missing", "say --cert FILE, or set CANBO_SIGNING_CERTIFICATE")
    if (file is None) == (report is None):
        raise Mistake("missing", "say which FILE to sign, or --report KEY")
    from canbo.cli.report import _save
    from canbo.reports.signing import is_pdf, sign_beside, sign_pdf, signer_of

    signer = signer_of(cert, key, _first_line(passphrase))
    if report is not None:
        if out is None:
            raise Mistake("missing", "say --out FILE.pdf: where the signed report goes")
        _report(report, lang, signer, reason, out)
        return
    data = _bytes(file)
    signed = sign_pdf(data, signer, reason) if is_pdf(data) else sign_beside(data, signer)
    end = ".signed.pdf" if is_pdf(data) else f"{file.suffix}.p7s"
    target = out or file.with_suffix(end)
    _save(signed, target)
    typer.echo(f"{target}")


def _report(key: int, lang: str, signer: object, reason: str, out: Path) -> None:
    """Print the frozen report as it was signed off, sign it, and keep the digest of the signed file."""
    from canbo.config.start import start

    start()
    from canbo.access.authority import operator
    from canbo.cli.report import _language, _save
    from canbo.reports.frozen import document, find, keep_paper
    from canbo.reports.output.pdf import pdf
    from canbo.reports.signing import sign_pdf, verify_pdf

    found, language = find(key), _language(lang)
    signed = sign_pdf(pdf(document(found, language)), signer, reason)
    paper = keep_paper(found, signed, verify_pdf(signed)[-1], by=operator(), language=language)
    _save(signed, out)
    typer.echo(f"{out}  {paper.sha256}")


def _first_line(file: Path | None) -> bytes | None:
    return _bytes(file).split(b"\n")[0].rstrip(b"\r") if file else None


def _bytes(file: Path) -> bytes:
    from canbo.kernel.refusal import Mistake

    try:
        return file.read_bytes()
    except OSError as error:
        raise Mistake("unreadable", f"{file} cannot be read: {error.strerror}") from error
