"""What a cell says of a field: text, code, number, day or nothing; refused in words where it cannot be."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import override

from canbo.exchange.columns import CODE, FLAG, KEY, LIST, Field
from canbo.exchange.layout import Layout
from canbo.kernel.periods import Partial
from canbo.kernel.profile import profile
from canbo.kernel.refusal import Mistake
from canbo.kernel.screen import DAY, NUMBER, SINCE, UNTIL, WORD, YEAR
from canbo.kernel.text import asked

TRUE, FALSE = {"true", "1", "x", "co", "yes", "ja", "dung"}, {"false", "0", "", "khong", "no", "nein", "sai"}
ISO_DAY, _WHOLE_DAY = "%Y-%m-%d", re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
PRECISION = {"%d": 3, "%m": 2}
ONE_DAY = dt.timedelta(days=1)


def value(one: Field, cell: Any, layout: Layout) -> Any:
    """What the cell gives; None where it is empty."""
    said = layout.said
    if isinstance(cell, str):
        cell = unicodedata.normalize("NFC", cell).strip() or None
    if isinstance(cell, str) and one.of in said.values:
        cell = said.values[one.of].get(cell, cell)
    if cell is None or (one.kind == UNTIL and str(cell) in said.open_end):
        return None
    if one.kind in (SINCE, UNTIL, DAY):
        return _day(one, cell, layout)
    if one.kind == WORD:
        return _code(one, str(cell))
    if one.kind in (NUMBER, YEAR, KEY):
        return _whole(one, cell)
    if one.kind == FLAG:
        return _flag(one, cell)
    text = _text(cell)
    if one.kind == LIST:
        return [part.strip() for part in text.split(";") if part.strip()]
    return said.prefix.get(one.of, "") + text if one.kind == CODE else text


def _text(cell: Any) -> str:
    """A number that a spreadsheet made of a code is the code again."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _code(one: Field, text: str) -> str:
    if text in one.words:
        return text
    wanted = asked(text)
    for words in (one.words, *_elsewhere(one)):
        found = [code for code, word in words.items() if asked(word) == wanted]
        if len(found) == 1:
            return found[0]
    known = ", ".join(one.words.values())
    raise Mistake("unknown_word", "“%(said)s” is none of: %(known)s", said=text, known=known)


def _elsewhere(one: Field) -> Iterator[Mapping[str, str]]:
    """The words in the other languages of the profile: a file may have been written by somebody who reads them."""
    for language in profile().languages:
        with override(language):
            yield one.called()


def _whole(one: Field, cell: Any) -> int:
    try:
        number = float(cell)
        if isinstance(cell, bool) or not number.is_integer():
            raise ValueError
        return int(cell) if isinstance(cell, str | int) else int(number)
    except (ValueError, TypeError, OverflowError):
        raise Mistake("no_whole_number", "“%(said)s” is no whole number", said=cell) from None


def _flag(one: Field, cell: Any) -> bool:
    if isinstance(cell, bool):
        return cell
    text = asked(_text(cell))
    if text in TRUE | FALSE:
        return text in TRUE
    raise Mistake("no_flag", "“%(said)s” is neither TRUE nor FALSE", said=cell)


def _day(one: Field, cell: Any, layout: Layout) -> str:
    """A day as text, as exactly as it is known; what ends on the day after is said by its last day."""
    if isinstance(cell, dt.datetime):
        cell = cell.date()
    found = cell if isinstance(cell, dt.date) else _parsed(_text(cell), layout)
    partial = Partial.of(found)
    if one.kind == UNTIL and layout.said.end == "exclusive":
        partial = Partial.of(partial.first - ONE_DAY)
    return str(partial)


def _parsed(text: str, layout: Layout) -> str:
    for form in layout.said.dates:
        try:
            if form == ISO_DAY and _WHOLE_DAY.fullmatch(text):  # the usual one, nine times as quick
                return dt.date.fromisoformat(text).isoformat()
            day = dt.datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        return day.isoformat()[: 10 if "%d" in form else 7 if "%m" in form else 4]
    raise Mistake("no_day", "“%(said)s” is no day; write %(form)s", said=text, form="2021-03-08, 2021-03, 2021")


def texts(found: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of a row: fields with something in them."""
    return {name: said for name, said in found.items() if said not in (None, "", [])}
