"""Runs the reader as a process of its own: passes on what it answers, says why when it does not. No Django here."""

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from canbo.exchange.reading import blocks
from canbo.exchange.reading.limits import NO_MEMORY, Limits
from canbo.kernel.refusal import Mistake, Refused

PIECE = 1 << 20
LONGEST = 32 << 20
"""Bytes of one line of the answer."""
PACKAGES = Path(__file__).parents[3]


def answer(name: str, order: dict[str, Any], limits: Limits, reader: str = "child") -> Iterator[Any]:
    """The lines of a reader's answer; it is ended with whoever asked, and what it did not live to say is refused."""
    known = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "VIRTUAL_ENV")}
    process = subprocess.Popen(
        [sys.executable, "-m", f"canbo.exchange.reading.{reader}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**known, "PYTHONPATH": str(PACKAGES), "MALLOC_ARENA_MAX": "1", "RUST_BACKTRACE": "0"},
    )
    try:
        with process.stdin, process.stdout:  # type: ignore[union-attr]
            process.stdin.write(json.dumps(order).encode() + b"\n")  # type: ignore[union-attr]
            process.stdin.close()  # type: ignore[union-attr]
            last, sheet = None, ""
            for line in _lines(name, process.stdout.fileno(), limits):  # type: ignore[union-attr]
                last = _taken(line)
                if isinstance(last, dict) and "loading" in last:
                    sheet = last["loading"]
                else:
                    yield last
        if not isinstance(last, dict) or not last.keys() & {"end", "refused"}:
            raise _unsaid(name, sheet, process.wait(limits.silence), limits)
    except BrokenPipeError as error:
        raise _unsaid(name, "", process.wait(limits.silence), limits) from error
    finally:
        process.kill()
        process.wait()


def _taken(line: bytes) -> Any:
    said = line.decode()
    return blocks.taken(said) if said.startswith(blocks.BLOCK) else json.loads(said)


def _lines(name: str, pipe: int, limits: Limits) -> Iterator[bytes]:
    rest = b""
    while True:
        if not select.select([pipe], [], [], limits.silence)[0]:
            raise _too_slow(name)
        piece = os.read(pipe, PIECE)
        if not piece:
            return
        *lines, rest = (rest + piece).split(b"\n")
        if len(rest) > LONGEST:
            raise crashed(name)
        yield from lines


def _unsaid(name: str, sheet: str, code: int, limits: Limits) -> Refused:
    """Why a reader ended without saying so: out of memory (which aborts it), out of time, or a fault of its own."""
    if code in (NO_MEMORY, -signal.SIGABRT, -signal.SIGSEGV):
        return Refused(
            "too_much_memory",
            "%(file)s takes more than %(limit)s MB of memory to read (sheet “%(sheet)s”); delete what stands far beyond"
            " the table, split it, or save it as .csv",
            file=name,
            sheet=sheet,
            limit=limits.memory >> 20,
        )
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return _too_slow(name)
    return crashed(name)


def _too_slow(name: str) -> Refused:
    return Refused("too_slow", "%(file)s takes too long to read; split it, or save it as .csv", file=name)


def crashed(name: str) -> Refused:
    """The reader ended, or said what no reader says."""
    return Mistake(
        "unreadable", "%(file)s cannot be read and may be damaged; copy its rows into a new workbook", file=name
    )
