"""Signing files and verifying them, without any network: PAdES inside a PDF, a detached CMS signature beside others.

Certificate and key come from files of the person who signs; nothing of them is kept but the name and the digest. The
time is that of the signer's machine, and says so: there is no time-stamping authority and no revocation list here.
"""

import asyncio
import datetime as dt
import hashlib
import io
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asn1crypto import cms, x509
from cryptography.hazmat.primitives.serialization import pkcs12
from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.validation import SignatureCoverageLevel, async_validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import async_validate_detached_cms
from pyhanko_certvalidator import ValidationContext

from canbo.kernel.periods import this_instant
from canbo.kernel.refusal import Mistake, Refused

logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # that nobody vouches for a certificate is an answer here
PDF = b"%PDF-"
DIGEST = "sha256"


@dataclass(frozen=True)
class Signature:
    """One signature of a file: by whom, when by their own clock, and what can be said of it.

    `intact`: not a byte of what was signed is another one, and nothing was added since but further signatures.
    `trusted`: the certificate goes back to one of those given; None where none was given.
    """

    signer: str
    at: dt.datetime | None
    intact: bool
    trusted: bool | None
    certificate: str

    @property
    def holds(self) -> bool:
        """Is the file as it was signed, by somebody whom those given vouch for?"""
        return self.intact and self.trusted is not False


def signer_of(certificate: Path, key: Path | None, passphrase: bytes | None) -> signers.SimpleSigner:
    """The signer of a PKCS#12 file, or of a certificate and a key in PEM; refused outside the certificate's time."""
    try:
        data = certificate.read_bytes()
        if key is None:
            pkcs12.load_key_and_certificates(data, passphrase)  # says what is wrong, which the next line only logs
            made = signers.SimpleSigner.load_pkcs12_data(data, (), passphrase)
        else:
            made = signers.SimpleSigner.load(str(key), str(certificate), key_passphrase=passphrase)
    except OSError as error:
        raise Mistake("unreadable", f"{error.filename} cannot be read: {error.strerror}") from error
    except (ValueError, TypeError) as error:
        raise Mistake("bad_certificate", f"{certificate} cannot be used: {error}") from error
    if made is None or made.signing_cert is None:
        raise Mistake("bad_certificate", f"{key or certificate} holds no key that the passphrase opens")
    valid = made.signing_cert["tbs_certificate"]["validity"]
    since, until = valid["not_before"].native, valid["not_after"].native
    if not since <= this_instant() <= until:
        raise Refused("certificate_expired", f"the certificate is valid from {since:%Y-%m-%d} to {until:%Y-%m-%d}")
    return made


def name_of(certificate: x509.Certificate) -> str:
    """Whom a certificate names."""
    return certificate.subject.native.get("common_name") or certificate.subject.human_friendly


def digest_of(certificate: x509.Certificate) -> str:
    """The digest by which a certificate is told from all others."""
    return hashlib.sha256(certificate.dump()).hexdigest()


def is_pdf(data: bytes) -> bool:
    """Does a file carry its signatures itself?"""
    return data.startswith(PDF)


def sign_pdf(data: bytes, signer: signers.SimpleSigner, reason: str = "") -> bytes:
    """A PDF with a further PAdES signature; what was there stays byte for byte."""
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(data))
        field = f"Signature{len(writer.prev.embedded_signatures) + 1}"
        told = signers.PdfSignatureMetadata(
            field_name=field,
            md_algorithm=DIGEST,
            subfilter=fields.SigSeedSubFilter.PADES,
            reason=reason or None,
            name=name_of(signer.signing_cert),
        )
        return _apart(lambda: signers.sign_pdf(writer, told, signer=signer)).getvalue()
    except (PdfError, SigningError) as error:
        raise Refused("cannot_sign", f"the PDF cannot be signed: {error}") from error


def sign_beside(data: bytes, signer: signers.SimpleSigner) -> bytes:
    """The detached signature of any file, as CMS (`.p7s`)."""
    told = PdfCMSSignedAttributes(signing_time=this_instant())
    return _apart(lambda: asyncio.run(signer.async_sign_general_data(data, DIGEST, signed_attr_settings=told))).dump()


def verify_pdf(data: bytes, trust: Path | None = None) -> list[Signature]:
    """What can be said of each signature in a PDF, the first one first; without any the list is empty."""
    try:
        found = PdfFileReader(io.BytesIO(data)).embedded_regular_signatures
    except (PdfError, ValueError) as error:
        raise Refused("damaged", f"the PDF cannot be read any more: {error}") from error
    return list(_each(found, trust))


def _each(found: list[Any], trust: Path | None) -> Iterator[Signature]:
    for number, one in enumerate(found, 1):
        try:
            status = _apart(lambda one=one: asyncio.run(async_validate_pdf_signature(one, _trusting(trust))))
        except (SignatureValidationError, PdfError, ValueError):
            yield Signature(name_of(one.signer_cert), None, False, None, digest_of(one.signer_cert))
            continue
        whole = status.coverage is SignatureCoverageLevel.ENTIRE_FILE
        added = status.modification_level in (ModificationLevel.NONE, ModificationLevel.FORM_FILLING)
        covered = whole or (number < len(found) and added)
        yield _said(status, trust, status.intact and status.valid and covered)


def verify_beside(data: bytes, signature: bytes, trust: Path | None = None) -> list[Signature]:
    """What can be said of a detached signature and the file it stands beside."""
    try:
        content = cms.ContentInfo.load(signature)["content"]
        held, told = io.BytesIO(data), _trusting(trust)
        status = _apart(lambda: asyncio.run(async_validate_detached_cms(held, content, signer_validation_context=told)))
    except (SignatureValidationError, ValueError, TypeError, KeyError) as error:
        raise Refused("damaged", f"the signature cannot be read: {error}") from error
    return [_said(status, trust, status.intact and status.valid)]


def _apart(work: Callable[[], Any]) -> Any:
    """What pyHanko answers on a thread of its own: it starts an event loop, and the caller's thread may have one."""
    with ThreadPoolExecutor(1) as alone:
        return alone.submit(work).result()


def _said(status: Any, trust: Path | None, intact: bool) -> Signature:
    certificate = status.signing_cert
    trusted = bool(status.trusted) if trust else None
    return Signature(name_of(certificate), status.signer_reported_dt, intact, trusted, digest_of(certificate))


def _trusting(trust: Path | None) -> ValidationContext:
    """Nothing is fetched, and nobody is trusted but the certificates of the file given."""
    try:
        roots = list(load_certs_from_pemder([str(trust)])) if trust else []
    except (OSError, ValueError) as error:
        raise Mistake("bad_certificate", f"{trust} holds no certificate: {error}") from error
    return ValidationContext(trust_roots=roots, allow_fetching=False, revocation_mode="soft-fail")
