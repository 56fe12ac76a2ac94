"""What is listed, filtered, sorted and exported of a concept: declared once in its `screen.py`, read by everybody.

Pages, exchange and tests find the declarations on the shelf `SCREENS`. A screen belongs to the profiles that have a
word for it (`screen.<name>`); labels of columns are source strings of the interface.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from canbo.kernel.declare import Shelf

TEXT, WORD, UNIT, DAY, SINCE, UNTIL, INSTANT, NUMBER, YEAR, FLAG = (
    "text", "word", "unit", "day", "since", "until", "instant", "number", "year", "flag",
)  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column: its name in addresses, its heading, where its value lies, and what kind of value that is.

    A `word` is a code of `vocabulary`, by which the list can be filtered. With `page` the value leads to that page of
    the thing whose code lies at `code`. `sort` are the paths to order by; a column without them cannot be sorted.
    """

    name: str
    label: Any
    path: str
    kind: str = TEXT
    vocabulary: str = ""
    page: str = ""
    code: str = ""
    sort: tuple[str, ...] = ()


@dataclass(frozen=True)
class Screen:
    """A list of facts of one kind, as of a day and an instant.

    `joins` are other kinds, as of the same dates, by the name under which paths use them; `unit` is the path by which
    the list narrows to what lies beneath a unit; `search` are folded paths and `codes` plain ones that a text is looked
    for in; where what is searched are names of `people`, a text with a digit can only be a code. `rows` says which
    rows there are where that is not simply the facts valid on the day. `opened_by` names the act by which such a fact
    begins; what has none is listed only. `balanced_by` names the one by which it stands in an opening balance, where
    that is another one on the same terms. `closed_by` names the one by which it ends, where it is not a correction.
    """

    name: str
    model: Any
    columns: tuple[Column, ...]
    order: tuple[str, ...]
    joins: Mapping[str, str] = field(default_factory=dict)
    unit: str = "unit"
    search: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    people: bool = False
    event: bool = False
    rows: Callable[[Any, Any], Any] | None = None
    opened_by: str = ""
    balanced_by: str = ""
    closed_by: str = ""

    def column(self, name: str) -> Column | None:
        """The column of that name, if there is one."""
        return next((column for column in self.columns if column.name == name), None)

    def begins_by(self, *, opening: bool) -> str:
        """The act by which such a fact begins, in an opening balance or else."""
        return (opening and self.balanced_by) or self.opened_by

    @property
    def choices(self) -> tuple[Column, ...]:
        """The columns by whose codes the list can be filtered."""
        return tuple(column for column in self.columns if column.vocabulary)

    @property
    def words(self) -> tuple[Column, ...]:
        """The columns whose words name a row, where the profile and no other kind of fact gives the name."""
        return tuple(column for column in self.columns if column.kind == WORD and column.page and not self.joins)


SCREENS: Shelf[Screen] = Shelf("list")


def screen(name: str, model: Any, columns: tuple[Column, ...], order: tuple[str, ...], **more: Any) -> Screen:
    """Declare a screen."""
    return SCREENS.add(name, Screen(name, model, columns, order, **more))
