"""Whose a package is: signed with a key that never leaves the installation, by anybody verified with the one beside it.

Ed25519 over the manifest, which names the digest of every part. The *mark* of an installation is what people compare:
whoever takes a package of another one says its mark, having been told it otherwise than with the file.
"""

import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from canbo.kernel.refusal import Mistake, Refused

FORM, LETTERS, GROUP = "canbo-package-1", 32, 4
"""The line that is signed before the manifest, and the letters of a mark, in groups."""


def signature(manifest: bytes, key: bytes) -> bytes:
    """The line of the part that signs: form, public key, signature."""
    private = Ed25519PrivateKey.from_private_bytes(key)
    public = private.public_key().public_bytes_raw()
    return f"{FORM} {public.hex()} {private.sign(_said(manifest)).hex()}\n".encode()


def proven(manifest: bytes, line: bytes, key: bytes, signer: str) -> str:
    """The mark of whoever signed exactly this manifest; refused where it is neither this installation nor `signer`."""
    form, public, signed = (*line.decode("ascii", "replace").split(), "", "", "")[:3]
    if form != FORM:
        raise Mistake(
            "no_signature",
            "the part “signature.txt” signs nothing in the form “%(form)s”; have the package made by one that signs",
            form=FORM,
        )
    try:
        whose = bytes.fromhex(public)
        Ed25519PublicKey.from_public_bytes(whose).verify(bytes.fromhex(signed), _said(manifest))
    except (InvalidSignature, ValueError) as error:
        raise Refused(
            "changed_package",
            "the signature does not fit the part “manifest.json”: it was changed since, or signed by somebody else;"
            " nothing of it is taken. Have it sent again",
        ) from error
    theirs, ours = _mark(whose), mark(key)
    if theirs not in (ours, _grouped(signer)):
        raise Refused(
            "signed_elsewhere",
            "this package was signed by %(theirs)s, not by this installation (%(ours)s); ask whoever sent it for their"
            " mark, otherwise than by answering it, and say it",
            theirs=theirs,
            ours=ours,
        )
    return theirs


def mark(key: bytes) -> str:
    """The mark of the installation with this key."""
    return _mark(Ed25519PrivateKey.from_private_bytes(key).public_key().public_bytes_raw())


def _mark(public: bytes) -> str:
    return _grouped(hashlib.sha256(public).hexdigest()[:LETTERS])


def _grouped(typed: str) -> str:
    letters = "".join(letter for letter in typed.lower() if letter.isalnum())
    return "-".join(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))


def _said(manifest: bytes) -> bytes:
    return f"{FORM}\n".encode() + manifest
