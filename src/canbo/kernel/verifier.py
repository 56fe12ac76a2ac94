"""Verifies an exported audit log. Needs Python 3.10 or newer and nothing else: `python canbo-verify.py LOG.jsonl`.

The log is a file of JSON lines: a heading, then the rows of each block followed by its seal. A row's leaf is the
sha256 of the text of its fields, in the order of FIELDS: each as its length in bytes, a colon, its UTF-8 bytes and a
comma; an empty field (null) is "-,". `about` are its keys joined by commas, `at` is UTC to the microsecond, `details`
is the text of the JSON as the database writes it, `digest` is hexadecimal. A seal's hash is the sha256 of the same kind
of text of: block, first, last, at, previous hash, and all leaves of the block joined. The first seal has no previous.

An anchor is the number of rows and the hash of a seal, as printed on reports and exports: "6872 0f3a…". With
`--anchor` (again and again) the log must contain that seal; so a log whose end was cut off is found.
Exit codes: 0 the log is whole · 1 something was changed · 2 this is no log.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any

FIELDS = (
    "id", "at", "kind", "actor", "person", "what", "decision", "unit", "about", "details", "count", "digest",
)  # fmt: skip
VERSION = 1
SHOWN = 100
"""So many faults are told one by one."""


def text(fields: Iterable[Any]) -> bytes:
    """The bytes that are hashed for these fields."""
    parts = []
    for field in fields:
        if field is None:
            parts.append(b"-,")
        else:
            said = (",".join(map(str, field)) if isinstance(field, list) else str(field)).encode()
            parts.append(b"%d:%s," % (len(said), said))
    return b"".join(parts)


def leaf(row: dict[str, Any], **other: Any) -> str:
    """The hash of a row, or of one that differs from it in some fields."""
    return hashlib.sha256(text({**row, **other}[name] for name in FIELDS)).hexdigest()


def seal(of: dict[str, Any], leaves: list[str]) -> str:
    """The hash of a block with these leaves."""
    head = (of["block"], of["first"], of["last"], of["at"], of["previous"], "".join(leaves))
    return hashlib.sha256(text(head)).hexdigest()


class Verifier:
    """Reads a log line by line and keeps what it finds: `faults` as sentences, `rows` and `head` as far as sealed."""

    def __init__(self, anchors: Iterable[str] = ()) -> None:
        self.faults: list[str] = []
        self.rows, self.blocks, self.head = 0, 0, ""
        self._anchors = [_anchor(said) for said in anchors]
        self._passed: dict[int, str] = {}
        self._block: list[dict[str, Any]] = []
        self._number = 0

    def read(self, line: dict[str, Any]) -> None:
        """Take the next line."""
        if "seal" in line:
            self._seal(line["seal"])
        elif "number" in line:
            self._row(line)
        elif line.get("log") != "canbo audit" or line.get("version") != VERSION:
            raise ValueError(f"this is no audit log of version {VERSION}")

    def end(self) -> list[str]:
        """All was read: what is left over, and what the anchors say. Answers all faults."""
        if self._block:
            first, last = self._block[0]["number"], self._block[-1]["number"]
            self.faults.append(f"rows {first} to {last} stand behind the last seal: forged")
        for count, digest in self._anchors:
            if count > self.rows:
                said = f"the end was cut off: the anchor counts {count} rows, the log ends at {self.rows}"
                self.faults.append(said)
            elif self._passed.get(count) != digest:
                self.faults.append(f"up to row {count} this is not the log of which the anchor was taken")
        return self.faults

    def _row(self, row: dict[str, Any]) -> None:
        expected = self._number + 1
        if row["number"] > expected:
            self.faults.append(f"row {_span(expected, row['number'] - 1)} is missing")
        elif row["number"] < expected:
            self.faults.append(f"row {row['number']} stands there twice")
        self._number = row["number"]
        self._block.append(row)

    def _seal(self, of: dict[str, Any]) -> None:
        name = f"block {of['block']} (rows {of['first']} to {of['last']})"
        rows, self._block = self._block, []
        changed = [row for row in rows if row["at"] is not None and leaf(row) != row["leaf"]]
        self.faults += [f"{_named(r)} was deleted" for r in rows if r["at"] is None]
        self.faults += _told(changed)
        if self._number < of["last"]:
            self.faults.append(f"row {_span(self._number + 1, of['last'])} is missing")
        order = [row["id"] for row in rows]
        self.faults += [
            f"{_named(row)} stands in the place of another: swapped"
            for row, key in zip(rows, sorted(order), strict=True)
            if row["id"] != key
        ]
        if of["block"] != self.blocks + 1 or of["first"] != self.rows + 1 or of["previous"] != self.head:
            self.faults.append(f"{name} does not follow on the seal before it")
        if seal(of, [row["leaf"] for row in rows]) != of["hash"]:
            self.faults.append(f"{name}: its seal is not that of its rows")
        self.rows, self.blocks, self.head = of["last"], of["block"], of["hash"]
        self._number = of["last"]
        if any(count == self.rows for count, _ in self._anchors):
            self._passed[self.rows] = self.head


def _told(changed: list[dict[str, Any]]) -> Iterator[str]:
    """Changed rows; two that have each other's content are told as swapped."""
    left = {row["number"]: row for row in changed[:SHOWN]}
    for row in changed[:SHOWN]:
        other = next(
            (
                o
                for o in left.values()
                if o is not row and {leaf(row), leaf(row, id=o["id"])} & {o["leaf"]}
                and {leaf(o), leaf(o, id=row["id"])} & {row["leaf"]}
            ),
            None,
        )  # fmt: skip
        if row["number"] in left and other:
            yield f"{_named(row)} and {_named(other)} were swapped"
            del left[other["number"]], left[row["number"]]
    for row in [*left.values(), *changed[SHOWN:]]:
        yield f"{_named(row)} was changed"


def _named(row: dict[str, Any]) -> str:
    return f"row {row['number']} (key {row['id']})"


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first} to {last}"


def _anchor(said: str) -> tuple[int, str]:
    count, _, digest = said.strip().partition(" ")
    if not count.isdigit() or len(digest.strip()) != hashlib.sha256().digest_size * 2:
        raise ValueError(f"an anchor is a number of rows and a hash, as printed; not {said!r}")
    return int(count), digest.strip().lower()


def main(words: list[str]) -> int:
    """Verify a file and print what is found."""
    anchors, files = [], []
    rest = iter(words)
    for word in rest:
        (anchors.append(next(rest, "")) if word == "--anchor" else files.append(word))
    if len(files) != 1 or "-h" in files or "--help" in files:
        print(__doc__)
        return 2
    try:
        found = Verifier(anchors)
        with open(files[0], encoding="utf-8") as log:
            for line in log:
                found.read(json.loads(line))
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"cannot be read as an audit log: {error}")
        return 2
    for fault in found.end()[:SHOWN]:
        print(f"✗ {fault}")
    print(f"{found.rows} rows in {found.blocks} blocks; {len(found.faults)} faults; head {found.head}")
    return 1 if found.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
