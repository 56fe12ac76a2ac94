"""The fields of a Word report: each number and date that depends on unit and day, under a tag that says which it is.

A tag is `canbo:<book>:<unit>:<on>:<key>`; the key is a figure's id, or says what else stands there. Word keeps at most
64 letters of a tag, so a longer one ends with a digest of the whole.
"""

import hashlib
from typing import NamedTuple

from canbo.reports.output.document import Document

PREFIX = "canbo:"
LONGEST = 64
EMPTY = "\u00a0"
"""What a field shows that has nothing to say: an empty one would ask the reader to click here and type."""
_DIGEST = 10


class Asked(NamedTuple):
    """The report that a field belongs to."""

    book: str
    unit: str
    on: str


def asked_of(document: Document) -> Asked:
    """The report that a document prints."""
    return Asked(document.book, document.unit, document.on.isoformat())


def tag(asked: Asked, key: str) -> str:
    """The tag of a field."""
    whole = f"{PREFIX}{':'.join(asked)}:{key}"
    if len(whole) <= LONGEST:
        return whole
    digest = hashlib.sha256(whole.encode()).hexdigest()[:_DIGEST]
    return f"{whole[: LONGEST - _DIGEST - 1]}~{digest}"


def asked_by(name: str) -> Asked | None:
    """The report that a tag names; None where it was too long to keep it whole."""
    parts = name.removeprefix(PREFIX).split(":", 3)
    return Asked(*parts[:3]) if len(parts) == 4 and "~" not in "".join(parts[:3]) else None


def picture_key(picture: str) -> str:
    """The key of a picture itself."""
    return f"picture/{picture}"


def texts(document: Document) -> dict[str, str]:
    """What every field of a document says, by its key."""
    found = {"@on": document.as_of, "@period": document.period, "@known": document.known_text}
    for row in document.rows():
        found |= {row.id: row.text, f"{row.id}#base": row.base_text, f"{row.id}#note": row.note}
    for line in document.sums:
        found |= {f"equation/{line.id}#{side}": getattr(line, side) for side in ("left", "sign", "right", "note")}
    for picture in document.pictures():
        at = picture_key(picture.id)
        for keys, cells in zip(picture.keys, picture.texts, strict=True):
            found |= {f"{at}/{key}": cell for key, cell in zip(keys, cells, strict=True)}
        for keys, share in zip(picture.keys, picture.shares, strict=False):
            found[f"{at}/{keys[0]}#share"] = share
    return {key: text or EMPTY for key, text in found.items()}
