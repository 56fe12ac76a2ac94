"""Refreshing a Word report: its fields take the numbers of a new report, everything else stays byte for byte.

Which report a field belongs to stands in its tag, so a person may move fields, delete them, copy them into a sentence
or into another report. What is no field of ours is not looked at.
"""

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree
from xml.parsers import expat

from canbo.kernel.refusal import Mistake
from canbo.reports.output.charts import svg
from canbo.reports.output.document import Document
from canbo.reports.output.fields import Asked, asked_by, asked_of, picture_key, tag, texts
from canbo.reports.output.package import opened, packed
from canbo.reports.output.pdf import png
from canbo.reports.output.splice import Drawing, Field, Found, replaced
from canbo.reports.output.word import KEPT, custom

_TEXT = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")
_PROPERTIES = "docProps/custom.xml"
GONE = "–"
"""What stands where a picture's table had a number that there is no more, such as that of a later year."""


@dataclass(frozen=True)
class Change:
    """A number that changed: the key of its field, what it said and what it says."""

    key: str
    old: str
    new: str


@dataclass
class Refreshed:
    """A refreshed file, what changed in it, and the tags of fields that no report of the profile knows."""

    data: bytes
    changes: list[Change] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def about(data: bytes) -> dict[str, str]:
    """What the file says it reports on: book, unit, on, known, lang; a file without any field of ours is refused."""
    parts = {info.filename: text for info, text in opened(data)}
    told = _told(parts.get(_PROPERTIES, b""))
    named = [asked for name in _tags(parts) if (asked := asked_by(name))]
    if not told and not named:
        raise Mistake("no_fields", "this Word file holds no field of Canbo: begin with `canbo report … --format docx`")
    if not {"book", "unit", "on"} <= set(told):
        told |= named[0]._asdict()
    return told


def refreshed(data: bytes, ask: Callable[[Asked], Document | None]) -> Refreshed:
    """The file with the numbers of new reports; `ask` gives the new document of the report that a tag names."""
    parts = opened(data)
    content = {info.filename: text for info, text in parts}
    main = Asked(*(about(data)[name] for name in ("book", "unit", "on")))
    found = {name: Found(name, text) for name, text in content.items() if _TEXT.fullmatch(name)}
    known = _Known({main, *(asked for name in _tags(content) if (asked := asked_by(name)))}, ask)
    made = Refreshed(b"")
    for name, part in found.items():
        fields, drawings = _new(part, known, made)
        content[name] = replaced(part, fields, drawings)
        for drawing, _, _ in drawings:
            content |= _redrawn(name, drawing, known, content)
    made.unknown = list(dict.fromkeys(made.unknown))
    if _PROPERTIES in content and (document := known.documents.get(main)):
        content[_PROPERTIES] = _stamped(content[_PROPERTIES], document)
    made.data = packed([(info, content[info.filename]) for info, _ in parts])
    return made


class _Known:
    """The fields of all reports that a file names, by the tags they have in it."""

    def __init__(self, asked: set[Asked], ask: Callable[[Asked], Document | None]) -> None:
        self.documents = {one: made for one in sorted(asked) if (made := ask(one))}
        self.fields: dict[str, tuple[str, str, str]] = {}
        self.pictures: dict[str, tuple[str, str, str]] = {}
        for one, document in self.documents.items():
            new = asked_of(document)
            for key, text in texts(document).items():
                self.fields[tag(one, key)] = (key, tag(new, key), text)
            for picture in document.pictures():
                key = picture_key(picture.id)
                self.pictures[tag(one, key)] = (tag(new, key), picture.description, svg(picture))

    def gone(self, name: str) -> str:
        """The new tag of a picture's number that the new report no longer has; empty for any other unknown field."""
        document = self.documents.get(asked_by(name))
        key = name.split(":", 4)[-1]
        return tag(asked_of(document), key) if document and key.startswith(picture_key("")) and "~" not in key else ""


def _new(
    part: Found, known: _Known, made: Refreshed
) -> tuple[list[tuple[Field, str, str]], list[tuple[Drawing, str, str]]]:
    """What is to be replaced in a part; what changes and what is unknown is noted in `made`."""
    fields, drawings = [], []
    for one in part.fields:
        if one.tag in known.fields:
            key, name, text = known.fields[one.tag]
        elif name := known.gone(one.tag):
            key, text = one.tag.split(":", 4)[-1], GONE
        else:
            made.unknown.append(one.tag)
            continue
        fields.append((one, name, text))
        if one.texts and one.text != text:
            made.changes.append(Change(key, one.text, text))
    for drawing in part.drawings:
        if drawing.tag in known.pictures:
            drawings.append((drawing, *known.pictures[drawing.tag][:2]))
        else:
            made.unknown.append(drawing.tag)
    return fields, drawings


def _tags(parts: Mapping[str, bytes]) -> list[str]:
    """The tags of all fields in a file's texts."""
    found = [Found(name, text) for name, text in parts.items() if _TEXT.fullmatch(name)]
    return [one.tag for part in found for one in (*part.fields, *part.drawings)]


def _redrawn(part: str, drawing: Drawing, known: _Known, content: Mapping[str, bytes]) -> dict[str, bytes]:
    """The picture's file drawn anew, where it is a PNG of the package."""
    folder, name = posixpath.split(part)
    relations = content.get(f"{folder}/_rels/{name}.rels", b"")
    for relation in _elements(relations):
        target = posixpath.normpath(posixpath.join(folder, relation.get("Target", "")))
        if relation.get("Id") == drawing.relation and target in content and target.endswith(".png"):
            return {target: png(known.pictures[drawing.tag][2])}
    return {}


def _told(properties: bytes) -> dict[str, str]:
    """Our document properties."""
    named = {one.get("name", ""): "".join(one.itertext()) for one in _elements(properties)}
    return {name: named[f"canbo.{name}"] for name in KEPT if f"canbo.{name}" in named}


def _stamped(properties: bytes, document: Document) -> bytes:
    """Our properties with the new day and instant; those of others leave the file to its own program to keep."""
    values = (*asked_of(document), document.known.isoformat(), document.language)
    if all(one.get("name", "").startswith("canbo.") for one in _elements(properties)):
        return custom(dict(zip(KEPT, values, strict=True)))
    return properties


def _elements(xml: bytes) -> list[ElementTree.Element]:
    """The elements right below the root; none of a part that is not there. Entities were never declared."""
    if not xml:
        return []
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise Mistake("bad_word_file", "this Word file declares entities; a report has none")
    try:
        return list(ElementTree.fromstring(xml))  # noqa: S314 - without a document type there is nothing to expand
    except (ElementTree.ParseError, expat.ExpatError) as error:
        raise Mistake("bad_word_file", f"this Word file is damaged: {error}") from error
