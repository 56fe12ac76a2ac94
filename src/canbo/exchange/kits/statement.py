"""What a kit says of itself and of what was handed out, signed with a key that never leaves the installation.

It stands on a sheet of its own as text: a line that names form, key and signature, then the statement, packed. The
signature (HMAC-SHA-256) is over every letter of that, so nothing is unpacked that was not made here.
"""

import base64
import hashlib
import hmac
import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from canbo.kernel.refusal import Mistake, Refused

SHEET, FORM = "canbo.kit", "canbo-kit-1"
PIECE = 30_000
"""Letters in a cell, fewer than any spreadsheet cuts off."""
Given = dict[str, Any]
"""What was handed out of a record, by field, as a file says it."""


@dataclass(frozen=True)
class Statement:
    """Which kit, of which unit, as of when, by whom; `sheets` names the list of each sheet, `beside` all other sheets.

    `given` is what was handed out: by list, by key of the record, by field.
    """

    kit: str
    unit: str
    on: str
    known: str
    by: str
    until: str
    language: str
    sheets: dict[str, str]
    beside: list[str]
    given: dict[str, dict[str, Given]]

    def cells(self, key: bytes) -> list[str]:
        """The statement, signed, as cells of its sheet."""
        said = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        text = base64.b64encode(zlib.compress(said.encode(), 9)).decode()
        pieces = [text[at : at + PIECE] for at in range(0, len(text), PIECE)]
        return [f"{FORM} {name_of(key)} {_signature(key, text)}", *pieces]

    @property
    def digest(self) -> str:
        """By which people tell one handing-out from another."""
        said = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()[:16]


def proven(cells: Sequence[str], key: bytes) -> Statement:
    """The statement in the cells of its sheet; refused where this installation did not sign exactly that."""
    form, name, signature = (*(cells[0].split() if cells else ()), "", "", "")[:3]
    if form != FORM:
        raise Mistake(
            "no_kit", "this is no kit, or the sheet “%(sheet)s” was taken out of it; send the kit itself", sheet=SHEET
        )
    if name != name_of(key):
        raise Refused(
            "made_elsewhere",
            "this kit was made by another installation (%(theirs)s, this one is %(ours)s); take it there",
            theirs=name,
            ours=name_of(key),
        )
    text = "".join(cells[1:])
    if not hmac.compare_digest(signature.encode(), _signature(key, text).encode()):
        raise Refused(
            "changed_statement",
            "what this kit says was handed out has been changed since; nothing of it is taken. Make a new one",
        )
    return Statement(**json.loads(zlib.decompress(base64.b64decode(text))))


def name_of(key: bytes) -> str:
    """By which installations are told apart; nothing of the key can be learnt from it."""
    return hmac.digest(key, b"canbo kit: name", "sha256")[:4].hex()


def _signature(key: bytes, text: str) -> str:
    return hmac.digest(key, f"{FORM}\n{text}".encode(), "sha256").hex()
