"""The paper behind the rows of a file: the one that is named, else the file itself, whose source then is missing."""

import datetime as dt
import hashlib
from pathlib import Path

from canbo.kernel.instants import today
from canbo.kernel.refusal import Mistake
from canbo.registry.facts import Decision
from canbo.registry.ledger import Paper
from canbo.registry.papers import code_of

NAMED, TOLD = 80, 8
"""Letters of the name of a file, and of its digest, in the symbol of an import without a paper."""


def paper(file: Path, *, symbol: str = "", signed_on: dt.date | None = None, opening: bool = False) -> Paper:
    """What decides. A paper that is known keeps its code and its day; two files of one name are two imports."""
    symbol = symbol.strip() or _of_itself(file)
    code = code_of(symbol) or ""
    known = Decision.objects.filter(code=code).values_list("signed_on", flat=True).first() if code else None
    said = {"kind": Decision.OPENING if opening else Decision.ORDINARY, "reason": Decision.IMPORT}
    return Paper(symbol=symbol, code=code, signed_on=signed_on or known or today(), **said)


def _of_itself(file: Path) -> str:
    if not file.is_file():
        raise Mistake("no_file", "%(file)s is no file; check the name", file=file.name)
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()[:TOLD]
    return f"import {file.name[:NAMED]} {today().isoformat()} {digest}"
