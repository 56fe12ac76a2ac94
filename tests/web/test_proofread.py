"""The page on which a report is proofread: what it marks, what it sets beside, and what it declines."""

import io

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from canbo.registry.facts import Decision
from tests.signing_in import signed_in

pytestmark = pytest.mark.database

WRONG = (
    "In all, 414 officials were moved (120 rotated and 249 transferred).\n\nOf 1,446 villages 949 (65.63%) took part."
)
TERM = {"on": "2024-05-01"}


def sent(visitor: Client, **said: object) -> str:
    answer = visitor.post("/proofread?on=2024-05-01", said)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.content.decode()


def test_an_empty_form_asks_for_a_text(visitor: Client):
    page = visitor.get("/proofread").content.decode()
    assert "<textarea" in page
    assert "does not hold" not in page


def test_the_text_is_marked_where_it_fails(visitor: Client):
    page = sent(visitor, text=WRONG)
    assert "1 claim does not hold." in page
    assert '<a class="claim bad" href="#claim-1"><mark>414 officials were moved (120 rotated and 249</mark>' in page
    assert page.count('class="claim good"') == 1


def test_a_file_is_read_like_what_is_pasted(visitor: Client):
    made, held = docx.Document(), io.BytesIO()
    for line in WRONG.split("\n\n"):
        made.add_paragraph(line)
    made.save(held)
    page = sent(visitor, file=SimpleUploadedFile("report.docx", held.getvalue()))
    assert "1 claim does not hold." in page
    assert "249" in page


def test_what_the_register_counts_stands_beside_the_claim(visitor: Client):
    said = "Members admitted in the period: 100 (60 women and 40 men)."
    page = sent(visitor, text=said, unit="dien-bien")
    assert "The register counts" in page
    assert "/report/term/dien-bien/" in page
    assert "The register counts" not in sent(visitor, text=said)


def test_what_somebody_wrote_is_never_markup(visitor: Client):
    page = sent(visitor, text="<b>414</b> people (120 <i>here</i> and 294 there)")
    assert "<b>414" not in page
    assert "&lt;b&gt;414" in page


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"text": "  "}, "There is no text to read"),
        ({"text": "12 " * 70_000}, "use the command"),
        ({"text": "12", "spoken": "fr"}, "vi, en, de"),
        ({"file": SimpleUploadedFile("report.xls", b"x")}, "save it as .txt"),
        ({"file": SimpleUploadedFile("report.docx", b"not a zip")}, "cannot be read"),
        ({"text": WRONG, "unit": "nowhere"}, "there is no unit"),
    ],
)
def test_what_cannot_be_read_is_declined_with_the_remedy(visitor: Client, said: dict, words: str):
    answer = visitor.post("/proofread", said)
    assert answer.status_code in (400, 404)
    assert words in answer.content.decode()


def test_nothing_is_kept_and_no_form_from_elsewhere_is_read(visitor: Client):
    before = Decision.objects.count()
    sent(visitor, text=WRONG)
    assert Decision.objects.count() == before
    strict = Client(enforce_csrf_checks=True)
    assert signed_in(strict).post("/proofread", {"text": WRONG}).status_code == 403
