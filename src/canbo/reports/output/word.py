"""The report as a Word document: real styles, contents, repeated heads, and every number a field that can be refreshed.

People edit the prose, move and delete figures; `canbo report --refresh` later changes the numbers and nothing else.
"""

import datetime as dt
import io
from collections.abc import Sequence
from xml.sax.saxutils import escape

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm
from docx.table import Table
from docx.text.paragraph import Paragraph

from canbo.reports.output.charts import svg
from canbo.reports.output.document import Chapter, Document, Picture, Sum
from canbo.reports.output.fields import Asked, asked_of, picture_key, tag, texts
from canbo.reports.output.pdf import png
from canbo.reports.output.styles import WIDTH, dressed

PROPERTIES = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
KEPT = ("book", "unit", "on", "known", "lang")
"""The document properties `canbo.<name>` that say what the report is about."""
_SIDES = {"value": ALIGN.RIGHT, "base": ALIGN.RIGHT, "left": ALIGN.RIGHT, "right": ALIGN.RIGHT, "sign": ALIGN.CENTER}
_WIDTHS = {"number": 1.3, "value": 2.5, "base": 2.3, "verdict": 6.6, "left": 2.3, "right": 2.3, "sign": 0.8, "note": 3}
_BESIDE_BASE = 5.2
"""Of a verdict where the table has bases too: the labels keep what they need."""
_LETTER, _MARGINS = 0.24, 0.3
"""About the width of a letter in a head, and the margins of a cell."""


def word(document: Document) -> bytes:
    """The report as .docx."""
    return _Writer(document).written()


class _Writer:
    """Writes one document."""

    def __init__(self, document: Document) -> None:
        self.document, self.words = document, document.words
        self.asked: Asked = asked_of(document)
        self.texts = texts(document)
        self.file = dressed(docx.Document(), document)
        self.fields = 0

    def written(self) -> bytes:
        self._head()
        self._contents()
        for order, chapter in enumerate(self.document.chapters):
            self._heading(f"{chapter.number}. {chapter.title}", order)
            self._chapter(chapter)
        after = len(self.document.chapters)
        if self.document.sums:
            self._heading(self.words["equations"], after)
            self._sums(self.document.sums)
        if self.document.gaps:
            self._heading(self.words["gaps"], after + bool(self.document.sums))
            for gap in self.document.gaps:
                line = self.file.add_paragraph()
                line.add_run(f"{gap.label}. ").bold = True
                line.add_run(gap.explanation or self.words["unexplained"])
        self._note(self.words["refreshable"])
        if self.document.anchor:
            self._note(self.document.anchor)
        self._properties()
        made = io.BytesIO()
        self.file.save(made)
        return made.getvalue()

    def _head(self) -> None:
        """Who issues it and what it is."""
        document = self.document
        names = [name for name in (document.issuer, document.motto) if name]
        head = self.file.add_table(1, len(names))
        for cell, name in zip(head.rows[0].cells, names, strict=True):
            cell.paragraphs[0].style = "Report Issuer"
            cell.paragraphs[0].add_run(name)
        self.file.add_paragraph(document.title, "Title")
        self.file.add_paragraph(document.subject, "Subtitle")
        for key in ("@on", "@period", "@known"):
            self._field(self.file.add_paragraph(style="Report Date"), key)

    def _contents(self) -> None:
        """A table of contents: a field that Word updates, filled already with links to the chapters."""
        self.file.add_paragraph(self.words["contents"], "TOC Heading")
        titles = [f"{chapter.number}. {chapter.title}" for chapter in self.document.chapters]
        titles += [self.words["equations"]] if self.document.sums else []
        titles += [self.words["gaps"]] if self.document.gaps else []
        line = None
        for order, title in enumerate(titles):
            line = self.file.add_paragraph(style="TOC 1")
            if order == 0:
                _field_mark(line, "begin")
                line.add_run()._r.append(parse_xml(_instruction(r' TOC \o "1-1" \n \h \z \u ')))
                _field_mark(line, "separate")
            link = OxmlElement("w:hyperlink")
            link.set(qn("w:anchor"), f"_Toc{order:08d}")
            link.append(line.add_run(title)._r)
            line._p.append(link)
        if line is not None:
            _field_mark(line, "end")

    def _heading(self, title: str, order: int) -> None:
        line = self.file.add_heading(title, 1)
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        for mark in (start, end):
            mark.set(qn("w:id"), str(order))
        start.set(qn("w:name"), f"_Toc{order:08d}")
        line._p.insert(1, start)
        line._p.append(end)

    def _chapter(self, chapter: Chapter) -> None:
        table = self._table(chapter.columns, [self.words[column] for column in chapter.columns])
        for row in chapter.rows:
            cells = dict(zip(chapter.columns, self._row(table, chapter.columns), strict=True))
            cells["number"].add_run(row.number)
            cells["figure"].add_run(row.label)
            if row.footnotes:
                cells["figure"].add_run(", ".join(map(str, row.footnotes))).font.superscript = True
            self._field(cells["value"], row.id, row.label, bold=True)
            for column, kind in (("base", "base"), ("verdict", "note")):
                if column in cells:
                    self._field(cells[column], f"{row.id}#{kind}", bold=row.verdict == "fails" and kind == "note")
        for mark, note in chapter.footnotes:
            self._note(note, str(mark))
        for picture in chapter.pictures:
            self._picture(picture)

    def _sums(self, sums: Sequence[Sum]) -> None:
        columns = ("figure", "left", "sign", "right", "note")
        words = (self.words["equation"], self.words["left"], "", self.words["right"], self.words["result"])
        table = self._table(columns, words)
        for line in sums:
            cells = self._row(table, columns)
            cells[0].add_run(line.label)
            for cell, column in zip(cells[1:], columns[1:], strict=True):
                self._field(cell, f"equation/{line.id}#{column}", bold=line.verdict == "fails" and column == "note")

    def _picture(self, picture: Picture) -> None:
        """The picture, its name above and its table below, held together on one page."""
        name = f"{self.words['picture']} {picture.number}. {picture.title}"
        self.file.add_paragraph(name, "Caption")
        line = self.file.add_paragraph(style="Report Picture")
        shown = line.add_run().add_picture(io.BytesIO(png(svg(picture))), width=Cm(WIDTH))
        for side in "TBLR":  # unsaid, some programs keep a distance, and the picture leaves the text
            shown._inline.set(f"dist{side}", "0")
        shown._inline.docPr.set("name", tag(self.asked, picture_key(picture.id)))
        shown._inline.docPr.set("descr", picture.description)
        heads = [picture.head, *picture.segments, *([self.words["share"]] if picture.shares else [])]
        columns = ("figure", *("value",) * (len(heads) - 1))
        table = self._table(columns, heads)
        for cell in table.rows[0].cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True
        for place, (bar, _, share) in enumerate(picture.table):
            cells = self._row(table, columns)
            cells[0].add_run(bar)
            for cell in cells:
                cell.paragraph_format.keep_with_next = place + 1 < len(picture.bars)
            at = picture_key(picture.id)
            keys = [f"{at}/{key}" for key in picture.keys[place]]
            keys += [f"{keys[0]}#share"] if share else []
            for cell, key in zip(cells[1:], keys, strict=True):
                self._field(cell, key)

    def _table(self, columns: Sequence[str], heads: Sequence[str]) -> Table:
        table = self.file.add_table(1, len(columns), "Report Table")
        table.autofit = False
        widths = [_width(name, head, columns) for name, head in zip(columns, heads, strict=True)]
        rest = WIDTH - sum(widths)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Cm(width or rest)
        for cell, name, head, width in zip(table.rows[0].cells, columns, heads, widths, strict=True):
            cell.width = Cm(width or rest)
            cell.paragraphs[0].style = "Table Text"
            cell.paragraphs[0].alignment = _SIDES.get(name)
            cell.paragraphs[0].add_run(head)
        repeated = table.rows[0]._tr.get_or_add_trPr()
        repeated.append(OxmlElement("w:cantSplit"))
        repeated.append(OxmlElement("w:tblHeader"))
        return table

    def _row(self, table: Table, columns: Sequence[str]) -> list[Paragraph]:
        row = table.add_row()
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        lines = []
        for cell, name, column in zip(row.cells, columns, table.columns, strict=True):
            cell.width = column.width
            line = cell.paragraphs[0]
            line.style, line.alignment = "Table Text", _SIDES.get(name)
            lines.append(line)
        return lines

    def _note(self, text: str, mark: str = "") -> None:
        line = self.file.add_paragraph(style="Table Note")
        if mark:
            line.add_run(f"{mark} ").font.superscript = True
        line.add_run(text)

    def _field(self, line: Paragraph, key: str, label: str = "", *, bold: bool = False) -> None:
        """A content control around a run: nothing is locked, its tag says which number it is."""
        self.fields += 1
        run = line.add_run(self.texts[key])
        run.bold = bold or None
        control = parse_xml(
            f"<w:sdt {nsdecls('w')}><w:sdtPr>{'<w:rPr><w:b/></w:rPr>' if bold else ''}"
            + (f"<w:alias w:val={_quoted(label[:LABEL])}/>" if label else "")
            + f"<w:tag w:val={_quoted(tag(self.asked, key))}/><w:id w:val='{self.fields}'/><w:text/>"
            "</w:sdtPr><w:sdtContent/></w:sdt>"
        )
        control[1].append(run._r)
        line._p.append(control)

    def _properties(self) -> None:
        """What the report is about, for whoever refreshes it, and for the file's own properties."""
        document, core = self.document, self.file.core_properties
        core.title, core.author = f"{document.title} – {document.subject}", document.issuer
        core.language, core.comments, core.keywords = document.language, document.as_of, ""
        core.created = core.modified = document.known.astimezone(dt.UTC).replace(tzinfo=None)
        core.last_modified_by = document.issuer
        values = (*self.asked, document.known.isoformat(), document.language)
        package = self.file.part.package
        uri = PackURI("/docProps/custom.xml")
        part = Part(uri, PROPERTIES, custom(dict(zip(KEPT, values, strict=True))), package)
        package.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_PROPERTIES)


LABEL = 64


def _width(column: str, head: str, columns: Sequence[str]) -> float:
    """The width of a column: no word of its head is broken. That of the labels is 0: they have the rest."""
    if column not in _WIDTHS:
        return 0
    longest = max(map(len, head.split()), default=0) * _LETTER + _MARGINS
    return _BESIDE_BASE if column == "verdict" and "base" in columns else max(_WIDTHS[column], longest)


def custom(values: dict[str, str]) -> bytes:
    """The part with the document properties."""
    space = "http://schemas.openxmlformats.org/officeDocument/2006"
    lines = "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{number}" name="canbo.{name}">'
        f"<vt:lpwstr>{escape(value)}</vt:lpwstr></property>"
        for number, (name, value) in enumerate(values.items(), 2)
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return (
        f'{head}<Properties xmlns="{space}/custom-properties" xmlns:vt="{space}/docPropsVTypes">{lines}</Properties>'
    ).encode()


def _quoted(value: str) -> str:
    return '"' + escape(value, {'"': "&quot;"}) + '"'


def _instruction(text: str) -> str:
    return f'<w:instrText {nsdecls("w")} xml:space="preserve">{escape(text)}</w:instrText>'


def _field_mark(line: Paragraph, kind: str) -> None:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    line.add_run()._r.append(mark)
