"""The command line as its users meet it: exit code, what it printed, and the JSON it answered."""

import contextlib
import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from canbo.cli import main

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed on standard output, read as JSON."""
        return json.loads(self.out)


def canbo(*words: object) -> Said:
    """Run a command as a process of its own, on the database that the fixture aims at."""
    done = subprocess.run(
        [sys.executable, "-m", "canbo", *map(str, words)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")}, cwd="/", capture_output=True, text=True, check=False,
    )  # fmt: skip
    return Said(done.returncode, done.stdout, done.stderr)


def here(*words: object) -> Said:
    """Run a command in this process: the same entry point without the seconds that a new process takes."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    with (
        patch.object(sys, "argv", ["canbo", *map(str, words)]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
    return Said(code, out.getvalue(), err.getvalue())


def written(folder: Path, book: str, unit: str, on: str, *more: object) -> tuple[Said, Any]:
    """`canbo report … --format json --out FILE` as a process: what it said, and the file it wrote."""
    file = folder / f"{book}-{unit}.json"
    said = canbo("report", book, "--unit", unit, "--on", on, "--format", "json", "--out", file, *more)
    return said, json.loads(file.read_text(encoding="utf-8"))


def reported(book: str, unit: str, on: str, *more: object) -> Any:
    """The JSON of a report, made in this process."""
    return here("report", book, "--unit", unit, "--on", on, "--format", "json", *more).json


def figures(report: Any) -> dict[str, Any]:
    """The figures of a report by their id."""
    return {figure["id"]: figure for figure in report["figures"]}
