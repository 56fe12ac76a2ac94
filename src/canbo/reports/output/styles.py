"""How the Word report looks: the styles that a person may change in one place, the page, its foot and its language."""

from typing import Any

from docx.document import Document as File
from docx.enum.style import WD_STYLE_TYPE as TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

from canbo.reports.output.document import Document

FONT = "Times New Roman"
WIDTH = 16.0
"""Of the text, in centimetres."""
LOCALES = {"vi": "vi-VN", "en": "en-GB", "de": "de-DE"}
_TABLE = f"""<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="ReportTable">
<w:name w:val="Report Table"/><w:basedOn w:val="TableNormal"/><w:qFormat/>
<w:tblPr><w:tblBorders><w:top w:val="single" w:sz="8" w:space="0" w:color="262626"/>
<w:bottom w:val="single" w:sz="4" w:space="0" w:color="BFBFBF"/>
<w:insideH w:val="single" w:sz="4" w:space="0" w:color="BFBFBF"/></w:tblBorders>
<w:tblCellMar><w:top w:w="40" w:type="dxa"/><w:left w:w="70" w:type="dxa"/><w:bottom w:w="40" w:type="dxa"/>
<w:right w:w="70" w:type="dxa"/></w:tblCellMar></w:tblPr>
<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:tcBorders>
<w:bottom w:val="single" w:sz="6" w:space="0" w:color="262626"/></w:tcBorders>
<w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr>
</w:style>"""
_STYLES: dict[str, dict[str, Any]] = {
    "Normal": {"size": 12, "after": 6},
    "Title": {"size": 16, "bold": True, "caps": True, "align": ALIGN.CENTER, "before": 18, "after": 2},
    "Subtitle": {"size": 13, "bold": True, "align": ALIGN.CENTER, "after": 4},
    "Heading 1": {"size": 13, "bold": True, "before": 16, "after": 6},
    "Caption": {"size": 11, "bold": True, "align": ALIGN.CENTER, "before": 12, "after": 4, "next": True},
    "TOC Heading": {"size": 12, "bold": True, "before": 14, "after": 2},
    "TOC 1": {"size": 12, "after": 0},
    "Report Issuer": {"size": 12, "bold": True, "caps": True, "align": ALIGN.CENTER, "after": 0},
    "Report Date": {"size": 12, "align": ALIGN.CENTER, "after": 2},
    "Report Picture": {"size": 11, "align": ALIGN.CENTER, "after": 4, "next": True},
    "Table Text": {"size": 11, "after": 0},
    "Table Note": {"size": 10, "before": 3, "after": 0},
}
"""Size in points, space before and after, and whether the next paragraph stays on the same page."""


def dressed(file: File, document: Document) -> File:
    """The empty file with the page, styles and foot of a report."""
    for name, asked in _STYLES.items():
        _style(file, name, **asked)
    file.styles.element.append(parse_xml(_TABLE))
    fonts = file.styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:rPr')}")
    for language in fonts.findall(qn("w:lang")):
        fonts.remove(language)
    language = OxmlElement("w:lang")
    for kind in ("val", "eastAsia"):
        language.set(qn(f"w:{kind}"), LOCALES.get(document.language, document.language))
    fonts.append(language)
    section = file.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin = section.bottom_margin = section.right_margin = Cm(2)
    section.left_margin = Cm(21 - 2 - WIDTH)
    foot = section.footer.paragraphs[0]
    foot.alignment = ALIGN.CENTER
    _counter(foot, "PAGE")
    foot.add_run(" / ")
    _counter(foot, "NUMPAGES")
    return file


def _style(
    file: File, name: str, *, size: float, bold: bool = False, caps: bool = False, align: Any = None,
    before: float = 0, after: float = 0, next: bool = False,
) -> None:  # fmt: skip
    known = {style.name for style in file.styles}
    style = file.styles[name] if name in known else file.styles.add_style(name, TYPE.PARAGRAPH)
    style.font.name, style.font.size, style.font.bold, style.font.all_caps = FONT, Pt(size), bold or None, caps or None
    style.font.italic, style.font.color.rgb = None, RGBColor(0, 0, 0)
    look = style.element.get_or_add_rPr()
    for spread in (*look.findall(qn("w:spacing")), *look.findall(qn("w:kern"))):
        look.remove(spread)
    fonts = look.get_or_add_rFonts()
    for kind in list(fonts.attrib):
        del fonts.attrib[kind]
    for kind in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{kind}"), FONT)
    layout = style.paragraph_format
    layout.alignment, layout.space_before, layout.space_after = align, Pt(before), Pt(after)
    layout.line_spacing = 1.1
    layout.keep_with_next = next or name.startswith("Heading") or None
    for border in style.element.get_or_add_pPr().findall(qn("w:pBdr")):
        style.element.pPr.remove(border)


def _counter(line: Any, instruction: str) -> None:
    """A field that counts pages."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), instruction)
    field.append(line.add_run("1")._r)
    line._p.append(field)
