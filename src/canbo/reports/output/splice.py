"""Fields of a Word file's XML by the place of their bytes: a change touches the text of a field and nothing else.

The parser only says where things stand. Whatever is not replaced is copied byte for byte, so the formatting of a run,
the prose around it and everything a word processor keeps in the file stay as they were.
"""

from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape

from canbo.kernel.refusal import Mistake
from canbo.reports.output.fields import PREFIX

_SPACES = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_DRAWINGS = (
    "http://schemas.openxmlformats.org/drawingml/2006/",
    "http://purl.oclc.org/ooxml/drawingml/",
)
Span = tuple[int, int]


@dataclass
class Field:
    """A content control of ours: its tag, the spans of its texts, and of the mark that it shows a placeholder."""

    tag: str = ""
    name: Span = (0, 0)
    texts: list[Span] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    placeholder: Span | None = None

    @property
    def text(self) -> str:
        """What it says now."""
        return "".join(self.said)


@dataclass
class Drawing:
    """A picture of ours: its tag, where tag and description stand, and the relation that names its file."""

    tag: str
    name: Span
    description: Span | None
    relation: str = ""


class Found:
    """The fields and drawings of one part."""

    def __init__(self, part: str, xml: bytes) -> None:
        self.xml = xml
        self.fields: list[Field] = []
        self.drawings: list[Drawing] = []
        self._open: list[Field] = []
        self._text: tuple[int, list[str]] | None = None
        self._mark = 0
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._say
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.XmlDeclHandler = self._declared
        self.part = part
        try:
            self._parser.Parse(xml, True)
        except expat.ExpatError as error:
            raise Mistake("bad_word_file", f"this Word file is damaged: {part}: {error}") from error

    def _refuse(self, *_: object) -> None:
        raise Mistake("bad_word_file", f"this Word file declares entities in {self.part}; a report has none")

    def _declared(self, version: str, encoding: str | None, standalone: int) -> None:
        if encoding and encoding.upper() != "UTF-8":
            raise Mistake("bad_word_file", f"{self.part} is in {encoding}: save the file again in a word processor")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        at = self._parser.CurrentByteIndex
        if space in _SPACES:
            self._word(local, at, {key.rpartition(" ")[2]: value for key, value in attributes.items()})
        elif space.startswith(_DRAWINGS):
            if local == "docPr" and attributes.get("name", "").startswith(PREFIX):
                told = self._attribute(at, "descr") if "descr" in attributes else None
                self.drawings.append(Drawing(attributes["name"], self._attribute(at, "name"), told))
            elif local == "blip" and self.drawings and not self.drawings[-1].relation:
                self.drawings[-1].relation = next((v for k, v in attributes.items() if k.endswith(" embed")), "")

    def _word(self, local: str, at: int, attributes: dict[str, str]) -> None:
        if local == "sdt":
            self._open.append(Field())
        elif local == "tag" and self._open:
            self._open[-1].tag, self._open[-1].name = attributes.get("val", ""), self._attribute(at, "val")
        elif local == "showingPlcHdr" and self._open:
            self._mark = at
        elif local == "t" and self._ours():
            self._text = (at, [])

    def _say(self, text: str) -> None:
        if self._text:
            self._text[1].append(text)

    def _end(self, name: str) -> None:
        space, _, local = name.rpartition(" ")
        if space not in _SPACES:
            return
        at = self._parser.CurrentByteIndex
        if local == "t" and self._text and (owner := self._ours()):
            owner.texts.append(self._span(self._text[0], at))
            owner.said.append("".join(self._text[1]))
            self._text = None
        elif local == "showingPlcHdr" and self._open:
            self._open[-1].placeholder = self._span(self._mark, at)
        elif local == "sdt":
            closed = self._open.pop()
            if closed.tag.startswith(PREFIX):
                self.fields.append(closed)

    def _ours(self) -> Field | None:
        """The innermost open field of ours."""
        return next((one for one in reversed(self._open) if one.tag.startswith(PREFIX)), None)

    def _span(self, start: int, end: int) -> Span:
        """The whole element between its two events; both of an empty one come from the same tag."""
        head = self._after(start)
        return start, head if self.xml[head - 2 : head] == b"/>" else self._after(end)

    def _after(self, at: int) -> int:
        """The end of the tag that begins at a byte."""
        return self.xml.index(b">", at) + 1

    def _attribute(self, at: int, name: str) -> Span:
        """Where the value of an attribute stands in the tag that begins at a byte."""
        end = self.xml.index(b"<", at + 1)
        for quote in (b'"', b"'"):
            for lead in (b":", b" ", b"\n", b"\t", b"\r"):
                found = self.xml.find(lead + name.encode() + b"=" + quote, at, end)
                if found >= 0:
                    start = found + len(name) + 3
                    return start, self.xml.index(quote, start)
        raise Mistake("bad_word_file", f"a tag in {self.part} is written in a way that cannot be refreshed")


def replaced(found: Found, fields: list[tuple[Field, str, str]], drawings: list[tuple[Drawing, str, str]]) -> bytes:
    """The part with the new tag and text of some fields, and the new tag and description of some drawings."""
    edits: list[tuple[Span, bytes]] = []
    for one, tag, text in fields:
        edits.append((one.name, _attribute(tag)))
        if text != one.text and one.texts:
            for place, span in enumerate(one.texts):
                edits.append((span, _element(found.xml, span, "" if place else text)))
            edits += [(one.placeholder, b"")] if one.placeholder else []
    for drawing, tag, told in drawings:
        edits.append((drawing.name, _attribute(tag)))
        edits += [(drawing.description, _attribute(told))] if drawing.description else []
    pieces, done = [], 0
    for (start, end), new in sorted(edits):
        pieces += [found.xml[done:start], new]
        done = end
    return b"".join((*pieces, found.xml[done:]))


def _attribute(value: str) -> bytes:
    return escape(value, {'"': "&quot;", "'": "&apos;"}).encode()


def _element(xml: bytes, span: Span, text: str) -> bytes:
    """The same element with another text; its prefix and attributes stay."""
    head = xml[span[0] : xml.index(b">", span[0])].rstrip(b"/").rstrip()
    name = head[1:].split()[0]
    return head + b">" + escape(text).encode() + b"</" + name + b">"
