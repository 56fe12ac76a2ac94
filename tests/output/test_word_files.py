"""What somebody sends as a Word file: a plain one is read, everything else is refused with its remedy."""

import io
import zipfile

import docx
import pytest

from canbo.kernel.refusal import Mistake
from canbo.reports.output import package
from canbo.reports.output.package import BODY, TYPES, opened, packed
from canbo.reports.output.splice import Found, replaced

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
FIELD = (
    '<w:sdt><w:sdtPr><w:tag w:val="{tag}"/></w:sdtPr><w:sdtContent><w:r><w:t>{text}</w:t></w:r></w:sdtContent></w:sdt>'
)


def archive(parts, compress=zipfile.ZIP_DEFLATED):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compress) as new:
        for name, text in parts:
            new.writestr(name, text)
    return made.getvalue()


def plain():
    made = io.BytesIO()
    docx.Document().save(made)
    return made.getvalue()


def body(inner):
    return f'<?xml version="1.0"?><w:document xmlns:w="{W}"><w:body><w:p>{inner}</w:p></w:body></w:document>'.encode()


def test_a_plain_file_is_read_and_packed_again_part_by_part():
    parts = opened(plain())
    assert {BODY, TYPES} <= {info.filename for info, _ in parts}
    again = opened(packed(parts))
    assert [(info.filename, text) for info, text in again] == [(info.filename, text) for info, text in parts]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "damaged"),
        (b"PK\x03\x04 and nothing more", "damaged"),
        (plain()[:-200], "damaged"),
        (archive([("a.txt", "a")]), "no text of a Word document"),
        (archive([(TYPES, "macroEnabled"), (BODY, "")]), "macros"),
        (archive([(TYPES, ""), (BODY, ""), ("word/vbaProject.bin", "")]), "macros"),
        (archive([(TYPES, ""), (BODY, ""), ("_xmlsignatures/sig1.xml", "")]), "signed"),
        (archive([(str(n), "") for n in range(package.MOST_PARTS + 1)]), "more than a report can hold"),
        (archive([(TYPES, ""), (BODY, b"0" * (package.LARGEST_PART + 1))]), "more than a report can hold"),
    ],
)
def test_what_is_no_plain_word_file_is_refused(data, why):
    with pytest.raises(Mistake, match=why):
        opened(data)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_part_that_is_there_twice_is_refused():
    with pytest.raises(Mistake, match="twice"):
        opened(archive([(TYPES, ""), (BODY, ""), (BODY, "")]))


def test_a_head_that_promises_less_than_it_unpacks_to_is_refused():
    data = bytearray(archive([(TYPES, ""), (BODY, b"0" * 4096)]))
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = (16).to_bytes(4, "little")
    with pytest.raises(Mistake, match="damaged"):
        opened(bytes(data))


def test_entities_are_refused_and_broken_xml_too():
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    with pytest.raises(Mistake, match="entities"):
        Found(BODY, bomb)
    with pytest.raises(Mistake, match="damaged"):
        Found(BODY, b"<a>")


def test_only_the_text_of_a_field_is_touched_whatever_prefixes_and_quotes_the_file_has():
    xml = (
        f"<?xml version='1.0' encoding='UTF-8'?><x:document xmlns:x='{W}'><x:p x:rsid='1'>"
        "<x:r><x:t>47 &amp; 48</x:t></x:r><x:sdt ><x:sdtPr><x:tag\n x:val='canbo:a:b:c:d'/><x:showingPlcHdr/></x:sdtPr>"
        "<x:sdtContent><x:r ><x:rPr><x:i/></x:rPr><x:t  xml:space='preserve'>4</x:t><!-- <x:t>no</x:t> --><x:t/></x:r>"
        "</x:sdtContent></x:sdt></x:p></x:document>"
    ).encode()
    found = Found(BODY, xml)
    (field,) = found.fields
    assert (field.tag, field.text) == ("canbo:a:b:c:d", "4")
    new = replaced(found, [(field, "canbo:a:b:e:d", "5 < 6")], [])
    assert new == xml.replace(b"canbo:a:b:c:d", b"canbo:a:b:e:d").replace(b"<x:showingPlcHdr/>", b"").replace(
        b">4<", b">5 &lt; 6<"
    ).replace(b"<x:t/>", b"<x:t></x:t>")


def test_a_field_within_a_field_of_somebody_else_is_found_and_the_others_text_is_not():
    inner = FIELD.format(tag="canbo:a:b:c:d", text="1")
    outer = FIELD.format(tag="mine", text="x").replace("</w:sdtContent>", f"{inner}</w:sdtContent>")
    found = Found(BODY, body(outer))
    assert [(field.tag, field.text) for field in found.fields] == [("canbo:a:b:c:d", "1")]
