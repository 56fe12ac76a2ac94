"""Takes the text out of a Word, PDF or HTML file: run as a child process of its own, with limits on memory and time.

A file from outside may be made to exhaust a machine, so nothing here runs inside the server. Word files are read with
the standard library: paragraphs, list items behind `- `, cells of a row between `|`. A document type declaration, the
way to entity bombs, is refused.
"""

import io
import re
import resource
import sys
import zipfile
from html.parser import HTMLParser
from xml.etree import ElementTree

try:
    import pypdf
except ModuleNotFoundError:
    pypdf = None  # type: ignore[assignment]

MEMORY, SECONDS = 1 << 30, 30
LARGEST = 64 << 20
"""How many bytes the text part of a Word file may have once unpacked."""
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BLOCKS = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "header",
        "footer",
        "main",
        "aside",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "table",
        "tr",
        "br",
        "hr",
        "blockquote",
        "pre",
        "dl",
        "dt",
        "dd",
        "figure",
        "figcaption",
        "form",
        "fieldset",
        "body",
    ]
)
SILENT = frozenset({"script", "style", "head", "template", "noscript", "svg"})


class Unreadable(Exception):
    """The file is not what its name says; the sentence says what is wrong."""


class Missing(Exception):
    """A library is not installed; its name."""


def word(data: bytes) -> str:
    """The paragraphs of a .docx file, one a line."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if packed.getinfo("word/document.xml").file_size > LARGEST:
                raise Unreadable("its text is too large once unpacked")
            with packed.open("word/document.xml") as part:
                content = part.read(LARGEST + 1)
    except (zipfile.BadZipFile, KeyError) as error:
        raise Unreadable("it is no Word document of the kind .docx") from error
    if b"<!DOCTYPE" in content or len(content) > LARGEST:
        raise Unreadable("it declares a document type or is too large, which no Word document does")
    try:
        body = ElementTree.fromstring(content).find(f"{WORD}body")  # noqa: S314 - no document type, a child with limits
    except ElementTree.ParseError as error:
        raise Unreadable("its text part is damaged") from error
    return "\n".join(_blocks(body)) if body is not None else ""


def _blocks(parent: ElementTree.Element) -> list[str]:
    lines = []
    for child in parent:
        if child.tag == f"{WORD}p":
            style = child.find(f"{WORD}pPr/{WORD}pStyle")
            named = style is not None and "list" in str(style.get(f"{WORD}val")).lower()
            listed = named or child.find(f"{WORD}pPr/{WORD}numPr") is not None
            lines.append(("- " if listed else "") + _run(child))
        elif child.tag == f"{WORD}tbl":
            rows = child.iter(f"{WORD}tr")
            lines += [" | ".join(" ".join(_blocks(cell)) for cell in row.iter(f"{WORD}tc")) for row in rows]
        elif child.tag in (f"{WORD}sdt", f"{WORD}sdtContent"):
            lines += _blocks(child)
    return lines


def _run(paragraph: ElementTree.Element) -> str:
    said = []
    for part in paragraph.iter():
        if part.tag == f"{WORD}t":
            said.append(part.text or "")
        elif part.tag in (f"{WORD}tab", f"{WORD}br", f"{WORD}cr"):
            said.append(" " if part.tag == f"{WORD}tab" else "\n")
        elif part.tag == f"{WORD}noBreakHyphen":
            said.append("-")
    return "".join(said).strip()


def pdf(data: bytes) -> str:
    """The text layer of a PDF file, page after page."""
    if pypdf is None:
        raise Missing("pypdf")
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("it is locked with a password")
        text = "\n\n".join(page.extract_text() for page in reader.pages)
    except (pypdf.errors.PyPdfError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unreadable("it is no PDF file, or a damaged one") from error
    if not text.strip():
        raise Unreadable("it has no text layer, as a scan has none")
    return text


class _Page(HTMLParser):
    """Collects what a browser would show, a block to a line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines, self.silent = [""], 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in SILENT
        if tag in BLOCKS or tag == "li":
            self.lines.append("- " if tag == "li" else "")
        elif tag in ("td", "th"):
            self.lines[-1] += " | "

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in SILENT and self.silent > 0
        if tag in BLOCKS or tag == "li":
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.lines[-1] += re.sub(r"[ \t\r\n]+", " ", data)


def html(data: bytes) -> str:
    """What an HTML page shows, list items behind `- `."""
    said = re.search(rb"charset=[\"']?([\w-]+)", data[:2048])
    try:
        text = data.decode(said.group(1).decode() if said else "utf-8-sig")
    except (UnicodeDecodeError, LookupError) as error:
        raise Unreadable("its letters are not UTF-8") from error
    page = _Page()
    page.feed(text)
    page.close()
    return "\n".join(line.strip() for line in page.lines if line.strip(" -|"))


READERS = {".docx": word, ".pdf": pdf, ".html": html, ".htm": html}


def main() -> int:
    """Read a file from standard input, as the kind named first; write its text, or why not (4: file, 5: library)."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        text = READERS[sys.argv[1]](sys.stdin.buffer.read())
    except (Unreadable, RecursionError, MemoryError) as error:
        sys.stderr.write(str(error) or "it is nested too deeply or too large")
        return 4
    except Missing as error:
        sys.stderr.write(str(error))
        return 5
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
