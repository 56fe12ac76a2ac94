"""Signing and verifying with certificates made here: a changed byte is found, a stranger is not vouched for."""

import asyncio
import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import typst
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from canbo.kernel.refusal import Mistake, Refused
from canbo.reports.signing import sign_beside, sign_pdf, signer_of, verify_beside, verify_pdf
from tests.acceptance.commands import here

PASSPHRASE = b"only for the test"
ENCRYPTED = serialization.BestAvailableEncryption(PASSPHRASE)


@dataclass(frozen=True)
class Person:
    """Somebody who can sign: the files that hold certificate, key and passphrase."""

    folder: Path

    @property
    def certificate(self) -> Path:
        return self.folder / "certificate.pem"

    @property
    def both(self) -> Path:
        return self.folder / "both.p12"

    @property
    def options(self) -> tuple[str, ...]:
        return ("--cert", str(self.both), "--passphrase", str(self.folder / "passphrase"))


def person(folder: Path, name: str, days: int = 30) -> Person:
    """A certificate of one's own, valid from yesterday for some days."""
    folder.mkdir()
    key, subject = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    since = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign", "encipher_only",
         "decipher_only"), False,
    )  # fmt: skip
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(since - dt.timedelta(days=100))
        .not_valid_after(since + dt.timedelta(days=days))
        .add_extension(x509.KeyUsage(digital_signature=True, content_commitment=True, **usage), critical=True)
        .sign(key, hashes.SHA256())
    )
    made = Person(folder)
    made.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    made.both.write_bytes(pkcs12.serialize_key_and_certificates(b"key", key, certificate, None, ENCRYPTED))
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, ENCRYPTED)
    (folder / "key.pem").write_bytes(private)
    (folder / "passphrase").write_bytes(PASSPHRASE + b"\n")
    return made


@pytest.fixture
def secretary(tmp_path: Path) -> Person:
    return person(tmp_path / "secretary", "Lò Thị Ký")


@pytest.fixture
def stranger(tmp_path: Path) -> Person:
    return person(tmp_path / "stranger", "Người Lạ")


def a_pdf() -> bytes:
    return typst.compile(b"A report of no importance.")


def first_page(data: bytes) -> str:
    """The text of a page, as another program reads it."""
    return pypdfium2.PdfDocument(data)[0].get_textpage().get_text_bounded()


def test_a_signed_pdf_names_its_signer_and_stays_readable(secretary: Person):
    signed = sign_pdf(a_pdf(), signer_of(secretary.both, None, PASSPHRASE), "checked")
    (found,) = verify_pdf(signed, secretary.certificate)
    assert (found.signer, found.intact, found.trusted, found.holds) == ("Lò Thị Ký", True, True, True)
    assert "of no importance" in first_page(signed)
    assert b"/ETSI.CAdES.detached" in signed
    assert verify_pdf(a_pdf()) == []


def test_any_changed_byte_is_found(secretary: Person):
    signed = sign_pdf(a_pdf(), signer_of(secretary.both, None, PASSPHRASE))
    for place in (signed.index(b"/MediaBox") + 12, signed.index(b"/Pages") + 2, 1):
        broken = bytearray(signed)
        broken[place] ^= 1
        assert not holds(bytes(broken))
    assert holds(signed)
    assert not holds(signed + b"\n% something more")


def holds(data: bytes) -> bool:
    """Whether a signed PDF is read and holds; one too damaged to be read does not."""
    try:
        return all(one.holds for one in verify_pdf(data))
    except Refused:
        return False


def test_two_people_sign_one_after_the_other(secretary: Person, stranger: Person):
    once = sign_pdf(a_pdf(), signer_of(secretary.both, None, PASSPHRASE))
    twice = sign_pdf(once, signer_of(stranger.certificate, stranger.folder / "key.pem", PASSPHRASE))
    assert twice.startswith(once)
    assert [(one.signer, one.intact) for one in verify_pdf(twice)] == [("Lò Thị Ký", True), ("Người Lạ", True)]
    assert [one.holds for one in verify_pdf(twice, secretary.certificate)] == [True, False]


def test_another_file_is_signed_beside_it(secretary: Person, stranger: Person):
    signature = sign_beside(b"1,2,3\n", signer_of(secretary.both, None, PASSPHRASE))
    (found,) = verify_beside(b"1,2,3\n", signature, secretary.certificate)
    assert (found.signer, found.holds) == ("Lò Thị Ký", True)
    assert not verify_beside(b"1,2,4\n", signature)[0].holds
    assert not verify_beside(b"1,2,3\n", signature, stranger.certificate)[0].holds
    with pytest.raises(Refused, match="cannot be read"):
        verify_beside(b"1,2,3\n", b"no signature")


def test_who_signs_or_verifies_may_be_inside_an_event_loop(secretary: Person):
    async def both() -> list[bool]:
        signer = signer_of(secretary.both, None, PASSPHRASE)
        inside, beside = verify_pdf(sign_pdf(a_pdf(), signer)), verify_beside(b"1\n", sign_beside(b"1\n", signer))
        return [one.holds for one in (*inside, *beside)]

    with ThreadPoolExecutor(1) as thread:  # this one has a loop already where a test in a browser ran before
        assert thread.submit(lambda: asyncio.run(both())).result() == [True, True]


def test_a_key_that_cannot_sign_says_why(secretary: Person, tmp_path: Path):
    with pytest.raises(Mistake, match="cannot be used"):
        signer_of(secretary.both, None, b"another passphrase")
    with pytest.raises(Mistake, match="holds no key"):
        signer_of(secretary.certificate, secretary.folder / "key.pem", b"another passphrase")
    with pytest.raises(Mistake, match="cannot be read"):
        signer_of(tmp_path / "nothing.p12", None, None)
    with pytest.raises(Refused, match="the certificate is valid from"):
        signer_of(person(tmp_path / "former", "Hết Hạn", days=-10).both, None, PASSPHRASE)


def test_the_commands_sign_and_verify_a_file(secretary: Person, stranger: Person, tmp_path: Path):
    file = tmp_path / "figures.csv"
    file.write_text("members,48338\n")
    assert here("sign", file, *secretary.options).code == 0
    assert here("verify", file, "--trust", secretary.certificate).code == 0
    said = here("verify", file, "--trust", stranger.certificate, "--json")
    assert (said.code, said.json["signatures"][0]["trusted"]) == (1, False)
    file.write_text("members,48339\n")
    assert here("verify", file).code == 1
    assert here("sign", file).code == 2


@pytest.mark.database
@pytest.mark.django_db
def test_the_paper_of_a_frozen_report_is_known_by_its_digest(small_sample: Any, secretary: Person, tmp_path: Path):
    key = here("report", "year", "--unit", "dien-bien", "--on", "2023-12-31", "--freeze").err.split()[-1]
    out = tmp_path / "signed.pdf"
    done = here("sign", "--report", key, *secretary.options, "--out", out, "--lang", "vi")
    assert done.code == 0, done.err
    assert "Điện Biên" in first_page(out.read_bytes())
    assert here("verify", out, "--trust", secretary.certificate, "--report", key).code == 0
    assert [paper["signer"] for paper in here("frozen", key, "--format", "json").json["papers"]] == ["Lò Thị Ký"]
    again = tmp_path / "again.pdf"
    again.write_bytes(sign_pdf(out.read_bytes(), signer_of(secretary.both, None, PASSPHRASE)))
    said = here("verify", again, "--report", key)
    assert (said.code, "NOT a paper of this report" in said.out) == (1, True)
