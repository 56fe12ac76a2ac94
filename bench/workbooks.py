"""Reading and writing workbooks beside the fastest library alone: `python bench/workbooks.py --data FOLDER [--write]`.

After `bench/importing.py --people 100000` in the same FOLDER. Written is the list of persons as `canbo export` does it,
and the same values, at hand already, by xlsxwriter alone. Read is that workbook: by `exchange/reading` with its limited
child process, and by calamine alone. Rounds of both by turns: the least of each is compared, since other programs only
ever add to it, by the clock and in seconds of processors; the median ratio of the rounds stands beside it.
"""

import argparse
import importlib
import io
import os
import resource
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import python_calamine
import xlsxwriter
from django.db import transaction
from django.utils.translation import override

from canbo.config.start import start


def seconds(work: Callable[[], Any]) -> tuple[float, float]:
    """How long it takes, and how long processors work for it here and in what it starts, without the database."""
    clock, busy = time.perf_counter(), processor()
    work()
    return time.perf_counter() - clock, processor() - busy


def processor() -> float:
    """Seconds of processors that were used so far."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def export(listing: Any, file: Path) -> None:
    """As `canbo export` writes."""
    with file.open("wb") as out, transaction.atomic():
        importlib.import_module("canbo.exchange.export").export(listing, "xlsx", lambda people: None, out)


def values(file: Path) -> list[list[Any]]:
    """What the workbook holds."""
    return list(python_calamine.load_workbook(file).get_sheet_by_index(0).iter_rows())


def alone(rows: list[list[Any]]) -> None:
    """The same cells by xlsxwriter, streaming, each by the method for its kind."""
    book = xlsxwriter.Workbook(io.BytesIO(), {"constant_memory": True, "default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet()
    for line, row in enumerate(rows):
        for place, value in enumerate(row):
            if value == "":
                continue
            if isinstance(value, str):
                sheet.write_string(line, place, value)
            elif isinstance(value, int | float):
                sheet.write_number(line, place, value)
            else:
                sheet.write_datetime(line, place, value)
    book.close()


def read(file: Path) -> int:
    """As an import reads: every sheet, every row."""
    return sum(1 for sheet in importlib.import_module("canbo.exchange.reading.file").read(file) for _ in sheet.rows)


def calamine(file: Path) -> int:
    """Every sheet, every row, by the reader alone."""
    book = python_calamine.load_workbook(file)
    return sum(1 for name in book.sheet_names for _ in book.get_sheet_by_name(name).iter_rows())


def measure(file: Path, rounds: int) -> str:
    """The least of each."""
    listing = importlib.import_module("canbo.cli.export").listing("persons", {"q": ""})
    pairs: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
        "writing, beside xlsxwriter": (lambda: export(listing, file), lambda: alone(rows)),
        "reading, beside calamine": (lambda: read(file), lambda: calamine(file)),
    }
    export(listing, file)
    rows = values(file)
    print(f"{len(rows):,} rows", flush=True)
    lines = [
        "| a workbook | s | the library alone, s | ÷ | median ÷ | s of processors | alone | ÷ |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for name, both in pairs.items():
        found = [[seconds(work) for work in both] for _ in range(rounds)]
        (ours, busy), (theirs, less) = (map(min, zip(*times, strict=True)) for times in zip(*found, strict=True))
        usual = statistics.median(one / other for (one, _), (other, _) in found)
        lines.append(
            f"| {name} | {ours:.2f} | {theirs:.2f} | {ours / theirs:.2f} | {usual:.2f} | {busy:.2f} | {less:.2f} |"
            f" {busy / less:.2f} |"
        )
        print(lines[-1], flush=True)
    size = f"{len(rows):,} rows of {max(map(len, rows))} columns, {file.stat().st_size / 2**20:.1f} MB"
    return "\n".join([f"{size}; {rounds} rounds, load {os.getloadavg()[0]:.1f}.\n", *lines])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the data folder (CANBO_DATA) of bench/importing.py")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--write", action="store_true", help="keep the numbers")
    said = parser.parse_args()
    os.environ["CANBO_DATA"] = str(said.data)
    start()
    with override("en"):
        lines = measure(said.data / "files" / "persons.xlsx", said.rounds)
    print(lines)
    if said.write:
        importlib.import_module("rollup").write("workbooks", lines)


if __name__ == "__main__":
    main()
