"""An empty workbook for what is new: what the act by which such facts begin asks for, with a note at each column."""

import datetime as dt
from typing import IO

from django.utils.translation import get_language, gettext, gettext_lazy

from canbo.exchange import columns as known
from canbo.exchange.columns import CODE, DAY, FLAG, KEY, LIST, NUMBER, SINCE, UNTIL, WORD, YEAR, Field
from canbo.exchange.workbook import Book
from canbo.kernel.act import ACTIONS, Action
from canbo.kernel.profile import profile
from canbo.kernel.refusal import Refused
from canbo.kernel.screen import Screen

DAY_EXAMPLE = dt.date(2021, 3, 8)
EXPLAINED = {
    KEY: gettext_lazy("Leave it empty: it is the key of what is in the register already."),
    CODE: gettext_lazy("The code, as lists show it."),
    LIST: gettext_lazy("Codes, with semicolons between them."),
    WORD: gettext_lazy("Choose from the list. For example: %(word)s"),
    FLAG: gettext_lazy("TRUE or FALSE."),
    NUMBER: gettext_lazy("A whole number. For example: 12"),
    YEAR: gettext_lazy("A year. For example: 2021"),
    DAY: gettext_lazy("A day, or a month or year if no more is known. For example: 2021-03-08, 2021-03 or 2021"),
    UNTIL: gettext_lazy("The last day on which it holds. For example: 2021-03-08, 2021-03 or 2021"),
}


def columns(screen: Screen) -> dict[str, Field]:
    """The columns of a template by the term of the act that each gives; the key, of which there is none, first."""
    if not screen.opened_by:
        raise Refused("only_listed", "“%(name)s” is a list only: nothing new is written there.", name=screen.name)
    every = [one for one in known.fields(screen) if one.counts]
    terms = known.asked(screen)
    found = {terms[one.of]: one for one in every if one.of in terms}
    return {"": every[0], **found, **{one.name: one for one in known.beside(screen)}}


def template(screen: Screen, out: IO[bytes]) -> None:
    """Write the workbook in the active language."""
    of, action = columns(screen), ACTIONS.ask(screen.opened_by)
    notes = {one.name: _note(action, term, one) for term, one in of.items()}
    title = profile().word(f"screen.{screen.name}", get_language())
    with Book(out, title, list(of.values()), notes=notes):
        pass


def _note(action: Action, term: str, one: Field) -> str:
    """What is asked, an example, and whether it must be said."""
    said = str(EXPLAINED.get(DAY if one.kind == SINCE else one.kind, gettext("Text.")))
    if one.kind == WORD:
        said = said % {"word": next(iter(one.words.values()), "")}
    if not term:
        return said
    needed = gettext("Required.") if action.terms.model_fields[term].is_required() else gettext("May be left empty.")
    return f"{one.label}. {said}\n{needed}"
