"""Reads one file as a program of its own, within limits on memory and time; answers line by line.

`python -m canbo.exchange.reading.child`, the order as JSON on standard input. Lines in JSON: a sheet, its rows by the
dozen, the next sheet; at last `{"end": …}` or `{"refused": …}`. Rows with nothing odd in them are told by the hundred
(`blocks`). Without a last line the reader did not live to say why. It writes no file: it may not.
"""

import gc
import json
import resource
import sys
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from itertools import islice
from operator import itemgetter
from typing import Any

from canbo.exchange.reading import blocks, delimited, sheets
from canbo.exchange.reading.heading import heading
from canbo.exchange.reading.limits import NO_MEMORY, Limits
from canbo.exchange.reading.source import Cells, Source, Told
from canbo.kernel.legacy import guess
from canbo.kernel.refusal import Mistake, Refused

FIRST = 200
"""Rows that are read before the heading and the letters of a sheet are told."""
TOGETHER = 32
"""Rows told cell by cell in one line: the longest there may be, together, are shorter than `process.LONGEST`."""
FILES = 64


def of_file(
    order: dict[str, Any],
    limits: Limits,
    enter: Callable[[str], None],
    opened: Callable[[dict[str, Any]], str | BytesIO] = itemgetter("path"),
) -> Iterator[Source]:
    """The sheets of a text, or of the workbook that `opened` gives."""
    if order["packed"]:
        return sheets.sheets(opened(order), limits, enter)
    return delimited.sheets(order["path"], limits, order["encoding"], order["delimiter"], enter)


def main(found: Callable[[dict[str, Any], Limits, Callable[[str], None]], Iterator[Source]] = of_file) -> int:
    """Read the sheets that `found` finds for the order; 0 also where it is refused: that is an answer."""
    sys.stdout.reconfigure(encoding="utf-8", newline="\n", write_through=False)  # type: ignore[union-attr]
    order = json.loads(sys.stdin.buffer.readline())
    limits = Limits(**order["limits"])
    _limit(limits)
    gc.disable()  # it ends soon, and what it may take is limited
    entered: list[str] = []

    def enter(sheet: str) -> None:
        entered[:] = [sheet]
        _say({"loading": sheet})
        sys.stdout.flush()

    try:
        for source in found(order, limits, enter):
            _tell(source, order, limits)
        _say({"end": True})
    except Refused as refusal:
        _refuse(refusal)
    except MemoryError:
        return NO_MEMORY
    except sheets.calamine.CalamineError as error:
        _refuse(
            Mistake(
                "damaged_sheet",
                "%(file)s is damaged in sheet “%(sheet)s” (%(why)s); open it, save it again and send that file",
                why=str(error)[:200],
                sheet="".join(entered),
            )
        )
    sys.stdout.flush()
    return 0


def _refuse(refusal: Refused) -> None:
    facts = {name: value if isinstance(value, int) else str(value) for name, value in refusal.facts.items()}
    _say({"refused": [isinstance(refusal, Mistake), refusal.code, refusal.template, facts]})


def _limit(limits: Limits) -> None:
    """Memory, time, no file that grows, few that are open, nothing left behind."""
    for what, most in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, limits.seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def _tell(source: Source, order: dict[str, Any], limits: Limits) -> None:
    """One sheet: what its first rows tell about it, then all its rows below the heading."""
    cells = Cells(source, limits, order["legacy"])
    first = list(islice(cells.rows(source.rows), FIRST))
    seen = [(number, values, moments) for number, values, moments, _ in first]
    found = heading(seen, source.merged, order["headings"].get(source.name, order["headings"].get("")))
    columns: dict[int, list[str]] = {}
    for _, values, moments in seen:
        for column, value in enumerate(values):
            if isinstance(value, str) and column not in moments:
                columns.setdefault(column, []).append(value)
    guesses = {column: looked for column, texts in columns.items() if (looked := guess(texts))}
    _say(
        {
            "sheet": source.name,
            "hidden": source.hidden,
            "since_1904": source.since_1904,
            "heading": [found.row, found.names, found.last],
            "legacy": {column: [one.encoding, one.sure, one.before, one.after] for column, one in guesses.items()},
            "notes": source.notes,
        }
    )
    _say_rows(first, found.last)
    while some := list(islice(source.rows, cells.together)):
        (begin, _), (end, _) = some[0], some[-1]
        alike = begin > found.last and cells.alike(begin, end)
        if line := alike and blocks.told(begin, [row for _, row in some], cells):
            cells.count += len(some)
            sys.stdout.write(line + "\n")
        else:
            _say_rows(cells.rows(some), found.last)


def _say_rows(rows: Iterable[Told], last: int) -> None:
    """Rows below the heading, cell by cell."""
    below = (row if row[2] or row[3] else row[:2] for row in rows if row[0] > last)
    while some := list(islice(below, TOGETHER)):
        _say(some)


def _say(said: Any) -> None:
    sys.stdout.write(_ENCODE(said) + "\n")


_ENCODE = json.JSONEncoder(ensure_ascii=False, check_circular=False, allow_nan=False, separators=(",", ":")).encode

if __name__ == "__main__":
    sys.exit(main())
