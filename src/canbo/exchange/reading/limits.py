"""How much of a machine a file from outside may take. No Django here."""

from dataclasses import dataclass

WIDEST = 200_000
"""Letters that the texts of one row may have together."""
NO_MEMORY = 7
"""How the reader ends when it has found itself without memory."""
MANIFEST, SIGNATURE, TABLES = "manifest.json", "signature.txt", "data/"
"""The parts of an interchange package that tell of the others, and where its tables lie."""


@dataclass(frozen=True)
class Limits:
    """Bytes of the file, packed and unpacked; memory and seconds of the reader; what a workbook and a sheet hold."""

    size: int = 256 << 20
    unpacked: int = 1 << 30
    memory: int = 512 << 20
    seconds: int = 120
    silence: int = 180
    """Seconds without any answer after which the reader is given up."""
    sheets: int = 200
    rows: int = 1_000_000
    columns: int = 1_000
    text: int = 32_767
    """Letters of one cell: what a spreadsheet takes."""
    flaws: int = 10_000
    """Cells in error that are told one by one; a file with more of them is refused."""
