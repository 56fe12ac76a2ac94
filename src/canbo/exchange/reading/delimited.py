"""Comma-separated text: its letters, its delimiter, its rows, without holding the file in memory. No Django here.

UTF-8 and UTF-16 are recognised for certain and read. Older letters (Windows-1258 and -1252, TCVN3, VNI) all decode to
something: what they look like is offered in the refusal, and read only once somebody has said so.
"""

import codecs
import csv
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from canbo.exchange.reading.limits import Limits
from canbo.exchange.reading.source import Raw, Source
from canbo.kernel import legacy
from canbo.kernel.refusal import Mistake, Refused

WINDOWS = ("windows-1258", "windows-1252")
ENCODINGS = ("utf-8", "utf-16", *WINDOWS, *legacy.TABLES)
"""What may be said of a file; the last two are read as Windows-1252 and converted cell by cell."""
DELIMITERS = ";,\t|"
SAMPLE = 1 << 20
LINES = 100
KEPT = "canbo-kept"
WHOLE = 0.3
"""Share of a sample's bytes that are zero in UTF-16 without a mark."""


def sheets(
    path: str, limits: Limits, encoding: str | None, delimiter: str | None, enter: Callable[[str], None]
) -> Iterator[Source]:
    """The one sheet of a file, named like it."""
    name = Path(path).stem
    enter(name)
    codec = _codec(path, encoding)
    with open(path, encoding=codec, errors=KEPT if codec == WINDOWS[1] else None, newline="") as file:
        yield Source(name, rows(file, limits, delimiter))


def _codec(path: str, encoding: str | None) -> str:
    """The codec to read with; refused, with what the letters look like, where it has to be said."""
    with open(path, "rb") as file:
        begin = file.read(4096)
        if begin.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        zeros = begin.count(0)
        if zeros > len(begin) * WHOLE and encoding in (None, "utf-16"):
            return "utf-16-le" if begin[1::2].count(0) * 2 > zeros else "utf-16-be"
        file.seek(0)
        if encoding in legacy.TABLES:
            return WINDOWS[1]
        if encoding:
            return "utf-8-sig" if encoding == "utf-8" else encoding
        if _is_utf8(file):
            return "utf-8-sig"
        file.seek(0)
        raise _which(file.read(SAMPLE))


def _is_utf8(file: IO[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while piece := file.read(SAMPLE):
            decoder.decode(piece)
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        return False
    return True


def _kept(error: UnicodeError) -> tuple[str, int]:
    """The five bytes that Windows-1252 leaves out stay what they are: legacy fonts may draw something there."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error(KEPT, _kept)


def _which(sample: bytes) -> Refused:
    """What to answer where the letters are not Unicode: the likeliest encoding, and a word read with it."""
    readings: dict[str, Callable[[str], str]] = {"": str}
    readings |= {name: (lambda word, name=name: legacy.to_unicode(word, name)) for name in legacy.TABLES}
    readings[WINDOWS[0]] = _as_1258
    found = legacy.likeliest(sample.decode(WINDOWS[1], KEPT).splitlines(), readings)
    if found is None:
        return Mistake(
            "which_letters",
            "%(file)s is not Unicode, and what its letters are cannot be told; save it as UTF-8, or say one of"
            " %(encodings)s",
            encodings=", ".join(ENCODINGS),
        )
    name = found.encoding or WINDOWS[1]
    return Mistake(
        "which_letters_offered",
        "%(file)s is not Unicode; it looks like %(offered)s (%(sure)s of 100 sure), which reads “%(example)s”."
        " Say so and send it again, or save it as UTF-8",
        offered=name,
        sure=round(found.sure * 100),
        example=found.after,
        encodings=", ".join(ENCODINGS),
    )


def _as_1258(word: str) -> str:
    said = word.encode(WINDOWS[1], "replace").decode(WINDOWS[0], "replace")
    return unicodedata.normalize("NFC", said)


def _delimiter(file: IO[str]) -> tuple[str, int]:
    """The delimiter under which most of the first rows are equally long; and how many first lines only say it."""
    lines = [line for _, line in zip(range(LINES), iter(lambda: file.readline(SAMPLE), ""), strict=False)]
    if lines and (said := lines[0].strip().lower()).startswith("sep=") and len(said) == 5:
        return lines[0].strip()[4], 1
    csv.field_size_limit(SAMPLE)
    best, delimiter = (0.0, 0), ","
    for candidate in DELIMITERS:
        lengths = Counter(len(row) for row in csv.reader(lines, delimiter=candidate) if row)
        if lengths:
            length, count = max(lengths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]))
            if length > 1 and (count / sum(lengths.values()), length) > best:
                best, delimiter = (count / sum(lengths.values()), length), candidate
    return delimiter, 0


def rows(file: IO[str], limits: Limits, said: str | None) -> Iterator[tuple[int, Raw]]:
    """The rows, numbered as a spreadsheet would; one that is wider than allowed or never closed is refused."""
    number = 0
    try:
        delimiter, begin = (said, 0) if said else _delimiter(file)
        file.seek(0)
        csv.field_size_limit(limits.text)
        for number, row in enumerate(csv.reader(file, delimiter=delimiter), 1):
            if len(row) > limits.columns:
                raise Refused(
                    "too_many_columns",
                    "row %(row)s of %(file)s has more than %(limit)s columns; is “%(delimiter)s” what parts its cells?",
                    row=number,
                    limit=limits.columns,
                    delimiter=delimiter,
                )
            if number > begin:
                yield number, row
    except csv.Error as error:
        raise Refused(
            "row_not_closed",
            "%(file)s cannot be read after row %(row)s: a text there has more than %(limit)s letters, or its quotation"
            " mark is never closed; close it",
            row=number,
            limit=limits.text,
        ) from error
    except UnicodeError as error:
        raise Mistake(
            "other_letters",
            "%(file)s cannot be read after row %(row)s: its letters are not those of the encoding that was said; say"
            " another one, or save it as UTF-8",
            row=number,
        ) from error
