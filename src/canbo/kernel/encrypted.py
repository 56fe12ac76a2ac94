"""Files that a passphrase opens, in the format of age (https://age-encryption.org/v1): `age --decrypt` reads them too.

A key is derived from the passphrase by scrypt; the content is sealed in chunks of 64 KiB by ChaCha20-Poly1305, each
with its number and whether it is the last, so that whatever is changed, moved or cut off is noticed.
"""

import base64
import hmac
import io
import os
import re
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

INTRO = b"age-encryption.org/v1\n"
CHUNK = 64 * 1024
WORK, MOST_WORK = 17, 20
"""scrypt's N as a power of two: 128 MiB and half a second for each guess; a file that asks for more than 1 GiB is none
of ours.
"""
_TAG, _FILE_KEY, _NONCE = 16, 16, 16
_HEADER = re.compile(rb"-> scrypt ([A-Za-z0-9+/]{22}) ([1-9]\d?)\n([A-Za-z0-9+/]{43})\n---")


class Unreadable(ValueError):
    """The file is no such file, or is changed or cut off."""


class WrongPassphrase(ValueError):
    """The passphrase does not open the file."""


class Encrypting:
    """Writes what is given to it to `out`, sealed; whole only once it was finished."""

    def __init__(self, out: BinaryIO, passphrase: str, work: int = WORK) -> None:
        file_key, salt, nonce = os.urandom(_FILE_KEY), os.urandom(16), os.urandom(_NONCE)
        body = ChaCha20Poly1305(_wrapping(passphrase, salt, work)).encrypt(bytes(12), file_key, None)
        header = INTRO + b"-> scrypt %b %d\n%b\n---" % (_text(salt), work, _text(body))
        out.write(header + b" " + _text(_mac(file_key, header)) + b"\n" + nonce)
        self._out, self._number, self._waiting = out, 0, bytearray()
        self._sealing = ChaCha20Poly1305(_derived(file_key, nonce, b"payload"))

    def write(self, data: Any) -> int:
        """Take more; what fills a chunk is written."""
        self._waiting += data
        while len(self._waiting) > CHUNK:  # the last one, however full, waits to be told that it is the last
            self._put(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]
        return len(data)

    def flush(self) -> None:
        """A chunk is written when it is full, and not before."""

    def finish(self) -> None:
        """Write the last chunk."""
        self._put(bytes(self._waiting), last=True)

    def _put(self, data: bytes, *, last: bool) -> None:
        self._out.write(self._sealing.encrypt(_place(self._number, last), data, None))
        self._number += 1


def decrypting(file: BinaryIO, passphrase: str) -> BinaryIO:
    """What a file holds, to be read from any place; raises `WrongPassphrase` now, and now or later `Unreadable`."""
    start = file.read(300)
    found = _HEADER.match(start, len(INTRO)) if start.startswith(INTRO) else None
    if not found or int(found[2]) > MOST_WORK:
        raise Unreadable("the head is not that of a file that a passphrase opens")
    salt, work, body = _bytes(found[1]), int(found[2]), _bytes(found[3])
    try:
        file_key = ChaCha20Poly1305(_wrapping(passphrase, salt, work)).decrypt(bytes(12), body, None)
    except InvalidTag as error:
        raise WrongPassphrase("the passphrase does not open the file") from error
    rest = b" " + _text(_mac(file_key, start[: found.end()])) + b"\n"
    begin = found.end() + len(rest)
    if not hmac.compare_digest(start[found.end() : begin], rest) or len(start) < begin + _NONCE:
        raise Unreadable("the head was changed")
    key = _derived(file_key, start[begin : begin + _NONCE], b"payload")
    return io.BufferedReader(_Chunks(file, ChaCha20Poly1305(key), begin + _NONCE), CHUNK)


class _Chunks(io.RawIOBase):
    """The chunks of a file, each opened when it is needed."""

    def __init__(self, file: BinaryIO, opening: ChaCha20Poly1305, begin: int) -> None:
        super().__init__()
        self._file, self._opening, self._begin, self._at = file, opening, begin, 0
        sealed = file.seek(0, io.SEEK_END) - begin
        self._last = max(0, -(-sealed // (CHUNK + _TAG)) - 1)
        self._length = sealed - _TAG * (self._last + 1)
        self._open: tuple[int, bytes] = (-1, b"")
        if self._length < 0 or (self._last and self._length <= self._last * CHUNK):
            raise Unreadable("the end is cut off")
        self._chunk(self._last)  # an end that is cut off is found at once

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._length}[whence]
        return self._at

    def readinto(self, buffer: Any) -> int:
        if self._at >= self._length:
            return 0
        number, skip = divmod(self._at, CHUNK)
        part = self._chunk(number)[skip : skip + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def _chunk(self, number: int) -> bytes:
        if self._open[0] != number:
            self._file.seek(self._begin + number * (CHUNK + _TAG))
            sealed = self._file.read(CHUNK + _TAG)
            try:
                self._open = number, self._opening.decrypt(_place(number, number == self._last), sealed, None)
            except InvalidTag as error:
                raise Unreadable("it was changed, or its end is cut off") from error
        return self._open[1]


def _place(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _wrapping(passphrase: str, salt: bytes, work: int) -> bytes:
    salted = b"age-encryption.org/v1/scrypt" + salt
    return Scrypt(salt=salted, length=32, n=2**work, r=8, p=1).derive(passphrase.encode())


def _derived(key: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=info).derive(key)


def _mac(file_key: bytes, header: bytes) -> bytes:
    return hmac.digest(_derived(file_key, b"", b"header"), header, "sha256")


def _text(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")


def _bytes(text: bytes) -> bytes:
    return base64.b64decode(text + b"=" * (-len(text) % 4))
