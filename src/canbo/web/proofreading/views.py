"""Proofreading on a page: the text marked where it makes a claim, and the claims below. Nothing is kept."""

import tempfile
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from canbo.kernel.profile import profile
from canbo.kernel.refusal import Mistake
from canbo.reports.beside import Beside, beside
from canbo.reports.book import report
from canbo.reports.proofreading.claims import Claim
from canbo.reports.proofreading.language import CODES, detect, language
from canbo.reports.proofreading.proofread import proofread as read
from canbo.reports.proofreading.reading import LARGEST, text_of
from canbo.reports.proofreading.verdicts import ERRORS, GOOD
from canbo.web.asof import AsOf, link

LONGEST = 200_000
"""Characters that one page takes; a longer report is proofread by the command."""
MOST_SHOWN = 20_000
"""Characters of the text that the answer repeats, around what was claimed."""
BOOK = "term"


@dataclass(frozen=True)
class Piece:
    """A stretch of the text: plain, or the quote of a claim with its number in the list and how it ended."""

    text: str
    number: int = 0
    tone: str = ""


@dataclass(frozen=True)
class Line:
    """A claim as the page lists it."""

    number: int
    claim: Claim
    verdict: str
    tone: str
    beside: Beside | None
    link: str


def proofread(request: HttpRequest) -> HttpResponse:
    """The form; once it is sent, the text with its claims marked and each of them judged."""
    shown = {"languages_read": CODES, "limit": LONGEST, "unit": request.POST.get("unit", "").strip()}
    if request.method != "POST":
        return render(request, "web/proofreading/proofread.html", shown)
    text = _text(request)
    spoken = request.POST.get("spoken") or detect(text)
    if spoken not in CODES:
        known = ", ".join(CODES)
        raise Mistake("unknown_language", "texts are read in %(known)s, not “%(said)s”", known=known, said=spoken)
    claims = read(text, spoken)
    lines = _lines(text, claims, spoken, shown["unit"], request.asof)
    errors = sum(line.claim.verdict in ERRORS for line in lines)
    shown |= {"text": text, "spoken": spoken, "lines": lines, "errors": errors, "pieces": _pieces(text, lines)}
    shown["cut"] = len(text) > MOST_SHOWN
    return render(request, "web/proofreading/proofread.html", shown)


proofread.largest = LARGEST + settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def _text(request: HttpRequest) -> str:
    """What was pasted, or what the file holds; a file goes before."""
    sent = request.FILES.get("file")
    if sent is None:
        text = unicodedata.normalize("NFC", request.POST.get("text", "").replace("\r\n", "\n"))
    else:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "report").with_suffix(Path(sent.name).suffix.lower()[:8])
            path.write_bytes(sent.read())
            text = text_of(path)
    if not text.strip():
        raise Mistake("no_text", "There is no text to read: paste it, or choose a file.")
    if len(text) > LONGEST:
        raise Mistake(
            "too_long",
            "The text has %(length)s characters, a page takes %(limit)s: use the command “canbo proofread FILE”.",
            length=len(text),
            limit=LONGEST,
        )
    return text


def _lines(text: str, claims: list[Claim], spoken: str, unit: str, asof: AsOf) -> list[Line]:
    """The claims in the order of the text, with what the register counts for the unit on the day of the page."""
    words = language(spoken).words("verdicts")
    known: list[Beside | None] = [None] * len(claims)
    if unit:
        made = report(BOOK, unit, asof.on, asof.known)
        said = spoken if spoken in profile().languages else get_language()
        known = beside(text, claims, made.figures(), said)
    return [
        Line(number, claim, words[claim.verdict], _tone(claim.verdict), figure, _link(asof, unit, figure))
        for number, (claim, figure) in enumerate(zip(claims, known, strict=True), 1)
    ]


def _link(asof: AsOf, unit: str, figure: Beside | None) -> str:
    return link(asof, "figure", BOOK, unit, figure.id) if figure else ""


def _tone(verdict: str) -> str:
    return "bad" if verdict in ERRORS else "good" if verdict in GOOD else "unsure"


def _pieces(text: str, lines: list[Line]) -> list[Piece]:
    """The text cut at the quotes; of quotes that overlap the first is marked, and errors go before the rest."""
    taken: list[Line] = []
    for line in sorted(lines, key=lambda line: (line.tone != "bad", line.claim.span)):
        start, end = line.claim.span
        if all(end <= other.claim.span[0] or start >= other.claim.span[1] for other in taken):
            taken.append(line)
    pieces, at = [], 0
    for line in sorted(taken, key=lambda line: line.claim.span):
        start, end = line.claim.span
        if end > MOST_SHOWN:
            break
        pieces += [Piece(text[at:start]), Piece(text[start:end], line.number, line.tone)]
        at = end
    return [*pieces, Piece(text[at : max(at, MOST_SHOWN)])]
