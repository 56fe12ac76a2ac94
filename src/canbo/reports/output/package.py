"""Opening a Word file that somebody sends: what is no plain .docx is refused before anything in it is read.

Limits hold against archives that unpack to a disk full of nothing; parts are never written to disk.
"""

import io
import zipfile

from canbo.kernel.refusal import Mistake

LARGEST_FILE, LARGEST_PART, LARGEST_WHOLE, MOST_PARTS = 50 << 20, 60 << 20, 200 << 20, 2_000
"""Bytes of the file, of one part and of all parts unpacked; number of parts."""
TYPES = "[Content_Types].xml"
BODY = "word/document.xml"
_CHUNK = 1 << 20


def opened(data: bytes) -> list[tuple[zipfile.ZipInfo, bytes]]:
    """The parts of a Word file in their order; a `Mistake` says what is wrong with it and what to do."""
    if len(data) > LARGEST_FILE:
        raise _mistake(f"it is larger than {LARGEST_FILE >> 20} MB")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = _read(archive)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, ValueError, OSError) as error:
        raise _mistake(f"it is damaged or no .docx ({error}): open it in a word processor and save it again") from error
    names = [info.filename for info, _ in parts]
    content = dict(zip(names, (text for _, text in parts), strict=True))
    if BODY not in content or TYPES not in content:
        raise _mistake("it holds no text of a Word document: save it as .docx")
    if b"macroEnabled" in content[TYPES] or any(name.lower().endswith("vbaproject.bin") for name in names):
        raise _mistake("it carries macros: save it as .docx without them")
    if any(name.startswith("_xmlsignatures/") for name in names):
        raise _mistake("it is signed, and a change would break the signature: refresh the unsigned file")
    return parts


def packed(parts: list[tuple[zipfile.ZipInfo, bytes]]) -> bytes:
    """The parts as a file again, each under its own name, date and compression."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for info, text in parts:
            archive.writestr(info, text)
    return made.getvalue()


def _read(archive: zipfile.ZipFile) -> list[tuple[zipfile.ZipInfo, bytes]]:
    infos = archive.infolist()
    names = [info.filename for info in infos]
    if len(infos) > MOST_PARTS or sum(info.file_size for info in infos) > LARGEST_WHOLE:
        raise _mistake("it unpacks to more than a report can hold")
    if len(set(names)) != len(names):
        raise _mistake("it holds one part twice: open it in a word processor and save it again")
    if any(info.flag_bits & 1 for info in infos):
        raise _mistake("it is protected by a password: save it without")
    return [(info, _part(archive, info)) for info in infos]


def _part(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """One part, read no further than it may reach, whatever its head promises."""
    pieces, size = [], 0
    with archive.open(info) as source:
        while piece := source.read(_CHUNK):
            size += len(piece)
            if size > LARGEST_PART:
                raise _mistake(f"its part {info.filename} unpacks to more than a report can hold")
            pieces.append(piece)
    return b"".join(pieces)


def _mistake(why: str) -> Mistake:
    return Mistake("bad_word_file", f"this Word file cannot be refreshed: {why}")
