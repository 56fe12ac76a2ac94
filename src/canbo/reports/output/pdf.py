"""The report as PDF/A: set by typst with the fonts it brings, so that it looks the same on every machine.

Data go in as JSON text, never as markup. A missing glyph or font is an error, not a box in an official paper.
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typst

from canbo.kernel.refusal import Refused
from canbo.reports.output.charts import svg
from canbo.reports.output.document import Document

PAPER = Path(__file__).with_name("report.typ")
_PICTURE = b"""#set page(width: 17cm, height: auto, margin: 0pt, fill: white)
#set text(font: "Libertinus Serif", fallback: false)
#image(bytes(sys.inputs.svg), format: "svg", width: 100%)"""


def pdf(document: Document) -> bytes:
    """The report as PDF/A-2b; the same document gives the same bytes."""
    told = asdict(document) | {
        "on": document.on.isoformat(),
        "date": document.known.date().isoformat(),
        "known": document.known.isoformat(),
    }
    for chapter, drawn in zip(document.chapters, told["chapters"], strict=True):
        drawn["columns"] = chapter.columns
        for picture, kept in zip(chapter.pictures, drawn["pictures"], strict=True):
            kept["svg"] = svg(picture)
    return typeset(
        PAPER.read_bytes(), {"document": json.dumps(told, ensure_ascii=False)}, format="pdf", pdf_standards="a-2b"
    )


def png(drawn: str, dots: float = 220) -> bytes:
    """A picture as PNG with the fonts of the paper, for programs that do not read SVG."""
    return typeset(_PICTURE, {"svg": drawn}, format="png", ppi=dots)


def typeset(source: bytes, inputs: dict[str, str], **options: Any) -> bytes:
    """What typst makes of a paper of ours and the data that it is given."""
    made, warnings = typst.compile_with_warnings(source, sys_inputs=inputs, ignore_system_fonts=True, **options)
    if warnings:
        why = "; ".join(str(w) for w in warnings)
        raise Refused("typesetting", "the paper was not set as it should: %(why)s", why=why)
    return made
