"""Opens a workbook that is locked with a code (OOXML encryption), in memory: no disk holds any of it in the clear.

Run as a program it is `child` for locked workbooks, with the same limits, so that a file which lies about its size or
about its rounds of hashing ends that process alone. No Django here.
"""

import io
import struct
import sys
from binascii import Error as NoBase64
from functools import partial
from typing import BinaryIO
from xml.parsers import expat

from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError
from msoffcrypto.format.ooxml import OOXMLFile

from canbo.exchange.reading import child
from canbo.kernel.refusal import Mistake, Refused

BROKEN = (
    OSError, struct.error, EOFError, ValueError, KeyError, IndexError, TypeError, NoBase64, expat.ExpatError,
    FileFormatError, DecryptionError,
)  # fmt: skip
"""What damage may look like to whoever unlocks it."""


def unlocked(path: str, code: str) -> io.BytesIO:
    """The workbook that the code opens; one that is not locked is refused, for then it has travelled in the clear."""
    with open(path, "rb") as file:
        begin = file.read(2)
        if begin == b"PK":
            raise Refused("not_locked", "%(file)s is not locked; save it with its code as password and send it again")
        try:
            book = OOXMLFile(file)
            book.load_key(password=code)
            found = io.BytesIO()
            book.decrypt(found)
        except InvalidKeyError as error:
            raise Refused("wrong_code", "%(file)s is not opened by this code; compare it letter by letter") from error
        except BROKEN as error:
            raise Mistake(
                "damaged", "%(file)s is damaged or was not sent whole; open it, save it again and send that file"
            ) from error
    found.seek(0)
    return found


def locked(book: BinaryIO, code: str) -> bytes:
    """The same workbook, which the code opens in any program that knows locked workbooks (AES-256, SHA-512)."""
    found = io.BytesIO()
    OOXMLFile(book).encrypt(code, found)
    return found.getvalue()


if __name__ == "__main__":
    sys.exit(child.main(partial(child.of_file, opened=lambda order: unlocked(order["path"], order["code"]))))
