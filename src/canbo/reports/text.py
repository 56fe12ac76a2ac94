"""Figures and reports as text and as JSON: numbers and dates as the language writes them, shares to their digits."""

import datetime as dt
from fractions import Fraction
from typing import Any

from django.utils import timezone

from canbo.kernel.profile import profile
from canbo.reports.book import Figure, Report
from canbo.reports.breakdowns import UNKNOWN
from canbo.reports.claims import digits, half_up

SEPARATORS = {"vi": (".", ","), "de": (".", ","), "en": (",", ".")}
"""Between thousands, and before decimals."""
PERCENT = {"vi": "%", "de": " %", "en": "%"}
"""What stands behind hundredths: only German leaves a space."""


def number(value: int | Fraction | None, language: str, places: int = 2) -> str:
    """An integer with its thousands, another number to `places` decimals, or *no base*."""
    if value is None:
        return profile().word("text.no_base", language)
    thousands, point = SEPARATORS[language]
    rounded = half_up(Fraction(value), places)
    whole, _, rest = _decimal(rounded, places).partition(".")
    grouped = f"{int(whole):,}".replace(",", thousands)
    return grouped if isinstance(value, int) or Fraction(value).denominator == 1 else f"{grouped}{point}{rest}"


def _decimal(value: Fraction, places: int) -> str:
    scaled = value * 10**places
    text = f"{abs(int(scaled)):0{places + 1}d}"
    sign = "-" if value < 0 else ""
    return f"{sign}{text[: len(text) - places]}.{text[len(text) - places :]}"


def percent(value: Fraction | None, language: str, places: int = 2) -> str:
    """A share in hundredths."""
    if value is None:
        return number(None, language)
    _, point = SEPARATORS[language]
    text = _decimal(half_up(value * 100, places), places).rstrip(".").replace(".", point)
    return f"{text}{PERCENT[language]}"


def is_part(figure: Figure) -> bool:
    """Is the figure the share of some in others, so that it is printed in hundredths?"""
    return figure.indicator.kind == "share" and bool(getattr(figure.indicator, "whole", ()))


def places(figure: Figure) -> int:
    """The decimals of a figure that is no integer: of hundredths at least two, and as many as were published."""
    return max(2, digits(figure.claim.printed) - 2 if figure.claim else 2) if is_part(figure) else 2


def shown(figure: Figure, language: str) -> str:
    """A figure as a report prints it."""
    if is_part(figure):
        return percent(figure.value, language, places(figure))
    return number(figure.value, language)


def published(figure: Figure, language: str) -> str:
    """What was published of a figure, with the digits that were printed, in the language's format."""
    printed = Fraction(figure.claim.printed)
    if is_part(figure):
        return percent(printed, language, max(0, digits(figure.claim.printed) - 2))
    return number(printed, language, digits(figure.claim.printed))


def not_shown(count: int, language: str) -> str:
    """How many records are counted that the reader may not open; nothing where all are shown."""
    said = profile().word("text.not_shown", language)
    return said.format(count=number(count, language)) if count else ""


def day(value: dt.date, language: str) -> str:
    """A day in words, as in the heading of a document."""
    return _dated(value, language, "date.long")


def short_day(value: dt.date, language: str) -> str:
    """A day as short as the language writes it, as in a table."""
    return _dated(value, language, "date.short")


def _dated(value: dt.date, language: str, form: str) -> str:
    month = profile().word(f"month.{value.month}", language)
    form = profile().word(form, language)
    return form.format(day=value.day, month=month, number=value.month, year=value.year)


def moment(value: dt.datetime, language: str) -> str:
    """An instant to the minute, in the installation's time zone."""
    local = timezone.localtime(value)
    return profile().word("date.moment", language).format(time=f"{local:%H:%M}", day=day(local.date(), language))


def group(indicator: Any, by: str, key: str, language: str) -> str:
    """The word for a group of a breakdown: the profile's for its code, else the key itself, as with years."""
    word = profile().word
    if key == UNKNOWN:
        return word("group.unknown", language)
    if by == "age_group":
        lower, _, upper = key.partition("-")
        name = "between" if lower and upper else "from" if lower else "to"
        return word(f"age.{name}", language).format(lower=lower, upper=upper)
    path = f"{indicator.vocabulary(by) or 'group'}.{key}"
    named = word(path, language)
    return key if named == path else named


def label(figure: Figure, language: str) -> str:
    """What the figure is called: the profile's word for its id, else for its indicator."""
    words = profile()
    named = words.word(f"figure.{figure.line.id}", language)
    return named if named != f"figure.{figure.line.id}" else words.word(f"indicator.{figure.line.indicator}", language)


def exact(value: int | Fraction | None) -> int | float | None:
    """A value for JSON: counts as integers, shares as decimals to the precision of a double."""
    if value is None or isinstance(value, int):
        return value
    return int(value) if value.denominator == 1 and abs(value) > 1 else float(value)


def sentence(figure: Figure, language: str) -> str:
    """Label, number, and what was published where that differs."""
    text = f"{label(figure, language)}: {shown(figure, language)}"
    if figure.claim and figure.verdict == "fails":
        said = profile().word("text.published", language).format(printed=figure.claim.printed)
        text += f" ({said})"
    return text


def as_json(made: Report, language: str) -> dict[str, Any]:
    """The report in the shape that `canbo report --format json` promises."""
    return {
        "book": made.book,
        "unit": made.question.unit.code,
        "on": made.question.on.isoformat(),
        "known": made.question.known.isoformat(),
        "figures": [
            {
                "id": figure.line.id,
                "indicator": figure.line.indicator,
                "value": exact(figure.value),
                "base": figure.base,
                "text": sentence(figure, language),
                "verdict": figure.verdict,
            }
            for figure in made.figures()
        ],
        "equations": [
            {**equation, "left": exact(equation["left"]), "right": exact(equation["right"])}
            for equation in made.equations
        ],
    }


def as_text(made: Report, language: str) -> str:
    """The report for a terminal: chapter by chapter, a verdict beside every published figure, then the equations."""
    word = profile().word
    lines = [f"{word(f'book.{made.book}', language)} · {made.question.unit.code} · {made.question.on.isoformat()}"]
    for chapter, figures in made.chapters:
        lines.append(f"\n{word(f'chapter.{chapter}', language)}")
        for figure in figures:
            said = word(f"verdict.{figure.verdict}", language) if figure.verdict else ""
            lines.append(f"  {sentence(figure, language)}" + (f"  [{said}]" if said else ""))
    lines += ["", word("text.equations", language)] if made.equations else []
    for equation in made.equations:
        sign = "=" if equation["holds"] else "≠"
        said = word(f"verdict.{'holds' if equation['holds'] else 'fails'}", language)
        sides = f"{number(equation['left'], language)} {sign} {number(equation['right'], language)}"
        lines.append(f"  {word('equation.' + equation['id'], language)}: {sides}  [{said}]")
    return "\n".join(lines)


def act(name: str, language: str) -> str:
    """What an act is called: the profile's word for its name, or for what follows the point (`correct`)."""
    words = profile().words[language]
    return words.get(f"act.{name or 'unnamed'}") or words.get(f"act.{name.rpartition('.')[2]}", name)
