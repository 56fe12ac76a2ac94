"""Workbooks made by hand, part by part, so that they may be wrong in ways that no writer makes them."""

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from canbo.exchange.reading.limits import Limits
from tests.architecture.contracts import ROOT

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OPEN = "urn:oasis:names:tc:opendocument:xmlns"
NAMES = ("office", "table", "text")


def sheet(body: str, after: str = "") -> str:
    return f'<?xml version="1.0"?><worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData>{after}</worksheet>'


def excel(*sheets: str, about: str = "", more: Mapping[str, str | bytes] | None = None) -> dict[str, str | bytes]:
    """The parts of an .xlsx file; `more` adds to them or takes the place of one."""
    said = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="r{n}"/>' for n in range(1, len(sheets) + 1))
    links = (
        "".join(
            f'<Relationship Id="r{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n in range(1, len(sheets) + 1)
        )
        + f'<Relationship Id="s" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    )
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="b" Target="xl/workbook.xml"'
        f' Type="{OFFICE}/officeDocument"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{about}<sheets>{said}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>',
    }
    return parts | {f"xl/worksheets/sheet{n}.xml": one for n, one in enumerate(sheets, 1)} | dict(more or {})


def ods(body: str, more: Mapping[str, str | bytes] | None = None) -> dict[str, str | bytes]:
    """The parts of an .ods file with one table."""
    spaces = " ".join(f'xmlns:{name}="{OPEN}:{name}:1.0"' for name in NAMES)
    content = (
        f'<?xml version="1.0"?><office:document-content {spaces} xmlns:calcext="urn:org:documentfoundation:names:'
        'experimental:calc:xmlns:calcext:1.0"><office:body><office:spreadsheet><table:table table:name="T">'
        f"{body}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    listed = f'<manifest:manifest xmlns:manifest="{OPEN}:manifest:1.0"/>'
    parts: dict[str, str | bytes] = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}
    return parts | {"META-INF/manifest.xml": listed, "content.xml": content} | dict(more or {})


def cells(*said: str) -> str:
    return "<table:table-row>" + "".join(
        f'<table:table-cell office:value-type="string"><text:p>{one}</text:p></table:table-cell>' for one in said
    ) + "</table:table-row>"  # fmt: skip


def row(*said: str | float) -> str:
    """A row of .xlsx without names of cells: they follow each other."""
    return "<row>" + "".join(
        f'<c t="inlineStr"><is><t>{one}</t></is></c>' if isinstance(one, str) else f"<c><v>{one}</v></c>"
        for one in said
    ) + "</row>"  # fmt: skip


def packed(parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as file:
        for name, said in parts.items():
            file.writestr(name, said)
    return made.getvalue()


SMALL = """
import os, sys
silent = [(os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)]
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=silent)
_, status, used = os.wait4(child, 0)
print(used.ru_maxrss * 1024, os.waitstatus_to_exitcode(status), file=sys.stderr)
"""
"""Starts a program and tells the most memory it had: of one that this process started, its own would count too."""


def measured(path: Path, limits: Limits | None = None) -> tuple[int, int, bytes]:
    """Let the reader read a file: how it ended, the most memory it had (bytes), the end of what it answered."""
    about = {
        "path": str(path),
        "packed": path.suffix in (".xlsx", ".ods"),
        "encoding": None,
        "legacy": None,
        "headings": {},
    }
    order = json.dumps(about | {"limits": asdict(limits or Limits())}).encode() + b"\n"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "MALLOC_ARENA_MAX": "1", "RUST_BACKTRACE": "0"}
    child = subprocess.Popen(
        [sys.executable, "-c", SMALL, sys.executable, "-m", "canbo.exchange.reading.child"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment,
    )  # fmt: skip
    child.stdin.write(order)
    child.stdin.close()
    end = b""
    while piece := child.stdout.read(1 << 20):
        end = (end + piece)[-2000:]
    with child:
        most, code = map(int, child.stderr.read().split())
    return code, most, end
