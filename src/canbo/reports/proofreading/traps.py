"""Numbers that count nothing: dates, years, symbols of documents, sections, times, telephone numbers, measures.

They are blanked before anything is read. Patterns with words of a language stand in that language's file; these here
are the same in all three.
"""

import re

from canbo.reports.proofreading.language import MASK, Language

EVERYWHERE = tuple(
    re.compile(trap)
    for trap in (
        r"(?:https?://|www\.)\S+|\S+@\S+",
        r"\b\d{4}-\d{2}-\d{2}\b",
        r"\b\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?(?:19|20)\d\d\b",
        r"\b(?:19|20)\d\d\s*[-–—/]\s*(?:19|20)\d\d\b(?![.,]?\d)|\b(?:19|20)\d\d[-–—/]\d\d\b(?![.,]?\d)",
        r"(?<![\d.,])\d{1,2}[/-](?:19|20)\d\d\b(?![.,]\d)",
        r"\b\d+(?:/\d{4})?[-/][^\W\d_]*(?-i:[A-Z\u0110])[^\W\d_]*\d*(?:[-/]\S*[^\s.,;:)])?",
        r"\b[A-Z]{1,4}[-–]\d+\b|\b[^\W\d_]+\d+(?!\d)[^\W\d_]*",
        r"\b\d{1,4}/(?:19|20)\d\d\b(?![.,]\d)",
        r"\b\d+(?:[.,]\d+)?[-–—]\d+(?:[.,]\d+)?\s?%",
        r"\b[IVXLC]+\.\d+(?:\.\d+)*\b",
        r"(?<![\d.,])\d{1,2}(?:\.\d{1,2}){2,}(?![\d,])\.?",
        r"\b24/7\b|\b50/50\b",
        r"\b\d{1,2}:\d{2}\b",
        r"(?<![\d.,])\+?0\d{1,3}(?:[ ./-]?\d{2,4}){2,4}(?:-\d+)?\b|\+\d{2}[\d ./-]{7,}",
        r"\b\d+\s?[x×]\s?\d+\b",
        r"\b\d+(?:[.,]\d+)?\s?(?:km|ha|kg|cm|mm|GB|MB|m²|km²)\b|\d+(?:[.,]\d+)?\s?‰|§+\s*\d+\w*",
        r"\[\d+\]|(?:^|(?<=[,;:.]\s))\(\d{1,2}\)(?=\s+[^\W\d_])|[*†]\d\b",
    )
)
NUMBERING = re.compile(
    r"^\s*(?:[-–—•*+·]\s*)?(?:(?:\d{1,2}\.)+\d{1,2}\.?(?=\s+[^\W\d_])|\d{1,2}[.)](?=\s)|[IVX]+(?:\.\d+)*[.)](?=\s)"
    r"|\(?[^\W_]\)(?=\s))"
)
YEAR = re.compile(r"(?<![\d.,/])(?:19|20)\d\d(?![\d/]|[.,]\d|\s?%)")


def blank(shadow: str, start: int, end: int, sign: str = MASK) -> str:
    """The shadow with a stretch replaced by a sign, its length kept."""
    return shadow[:start] + sign * (end - start) + shadow[end:]


def without_traps(text: str, words: Language) -> str:
    """The text with every number blanked that counts nothing; four ungrouped digits of our time are a year."""
    shadow = re.sub(r"\s", " ", text)
    if numbering := NUMBERING.match(shadow):
        shadow = blank(shadow, 0, numbering.end())
    for trap in (*EVERYWHERE, *words.traps, YEAR):
        for match in trap.finditer(shadow):
            if any(sign.isdigit() for sign in match.group()):
                shadow = blank(shadow, *match.span())
    return shadow
