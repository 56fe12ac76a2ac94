"""The columns of a file that can be imported again: what it shows, what it names things by, and which cells count.

Over the rows stand two lines: what a column is called in the language of whoever reads, and the name of its *field*,
the same in every language. Reading goes by the second line alone, so columns may be moved, hidden and left out.

- `record` is the key of the fact. A row with it is that fact, a row without it is new.
- A thing is given by its code (`person`, `unit`, `post`); `unit.name` beside it tells what it is called.
- A code of the profile (`stage`) has the word beside it (`stage.word`). In files for people the word counts, chosen
  from a list, and the code tells; in files for programs there are codes only.
  What the profile at hand has no words for is left out.
- A day is a day. Where only month or year is known it is the text `2021-03` or `2021`; `until` is the last day.

A field counts, or it only tells and is never read: those are grey and locked.
"""

import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language, gettext, gettext_lazy

from canbo.kernel.act import ACTIONS, Action
from canbo.kernel.coded import Coded
from canbo.kernel.profile import profile
from canbo.kernel.screen import DAY, FLAG, NUMBER, SINCE, TEXT, UNIT, UNTIL, WORD, YEAR, Column, Screen
from canbo.registry.facts import Fact, Person, Unit, content
from canbo.reports.said import CHOICES, FIELDS, NEVER_SHOWN, upper

KEY, CODE, LIST, COUNTED = "key", "code", "list", "counted"
"""Kinds beside those of screens: the key of a record, a code, several codes, and the day from which on something is
counted that began before an opening balance."""
RECORD, NAME_OF, WORD_OF, COUNTED_OF = "record", ".name", ".word", ".counted"
EDGES = {SINCE: "start_precision", UNTIL: "end_precision"}


@dataclass(frozen=True)
class Field:
    """One column: its name for good, its heading, its kind, the path of its value, and whether it counts.

    `words` says what each code that may stand here is called, `called` says it in the language that is active then;
    `precision` is the path that tells how exact a day is,
    `whom` the path to the key of the person whom a code names.
    """

    name: str
    label: str
    kind: str = TEXT
    path: str = ""
    counts: bool = True
    words: Mapping[str, str] = field(default_factory=dict, hash=False)
    called: Callable[[], Mapping[str, str]] = field(default=dict, compare=False)
    precision: str = ""
    whom: str = ""

    @functools.cached_property
    def of(self) -> str:
        """What of a fact, or of the terms of an act, the column gives."""
        return self.name.removesuffix(WORD_OF)


def fields(screen: Screen, *, words: bool = True) -> tuple[Field, ...]:
    """The columns of a list, the key first; without `words` codes count, as programs want them."""
    if not issubclass(screen.model, Fact):
        told = (Field(column.name, str(column.label), column.kind, column.path, False) for column in screen.columns)
        return _key("pk"), *told
    found = (_key("fact"), *(one for name in _names(screen) for one in _given(screen, name)))
    if words:
        return found
    return tuple(
        replace(one, counts=one.counts or (one.kind == CODE and bool(one.words)))
        for one in found
        if not one.name.endswith(WORD_OF)
    )


def asked(screen: Screen) -> dict[str, str]:
    """For each field that the act by which such facts begin asks for, the name of the term.

    They are called alike, or are the day; `code` names what the act introduces; what is left is the one thing of its
    kind. Terms that no field gives are `beside` it.
    """
    action = ACTIONS.ask(screen.opened_by)
    terms = set(action.terms.model_fields)
    found = {name: name for name in _names(screen) if name in terms}
    found |= {SINCE: "on"}
    things = {one.name: one.related_model for one in content(screen.model) if one.is_relation and one.name not in found}
    for name, model in things.items():
        if term := _naming(action, model, set(found.values())):
            found[name] = term
    return found


BESIDE = {
    "under": gettext_lazy("Lies under"),
    "serves": gettext_lazy("Serves the place"),
    "decides": gettext_lazy("Decision that it carries"),
}
"""What acts ask for that is no content of the fact itself."""
APART = {"on", "until", "reason", *NEVER_SHOWN}


def beside(screen: Screen) -> tuple[Field, ...]:
    """What the act by which such facts begin asks for beside their content: said of what is new, and never listed."""
    if not screen.opened_by:
        return ()
    known = APART | set(asked(screen).values())
    names = (name for name in ACTIONS.ask(screen.opened_by).terms.model_fields if name not in known)
    return tuple(Field(name, str(BESIDE.get(name, name)), CODE) for name in names)


def _naming(action: Action, model: type[models.Model], taken: set[str]) -> str:
    """The term that names a thing of this kind, if there is just one that may."""
    some = [term for term, of in action.references.items() if of is model and term not in taken]
    if CODE in some and model in action.introduces:
        return CODE
    return some[0] if len(some) == 1 else ""


def vocabulary(name: str) -> dict[str, str]:
    """The codes of a vocabulary with their words; where two share a word, their codes tell them apart."""
    language = get_language()
    return _apart({code: profile().word(f"{name}.{code}", language) for code in profile().vocabulary(name)})


def _apart(words: Mapping[str, str]) -> dict[str, str]:
    shared = list(words.values())
    return {code: word if shared.count(word) == 1 else f"{word} [{code}]" for code, word in words.items()}


def _key(path: str) -> Field:
    return Field(RECORD, gettext("Record"), KEY, path)


def _names(screen: Screen) -> list[str]:
    """What is given of a fact: as the list shows it, then the rest of its content, and from when to when."""
    led = []
    for column in screen.columns:
        led += [_root(screen, path) for path in (column.code, column.path) if path and column.kind not in EDGES]
        led += [column.kind] if column.kind in EDGES else []
    rest = [one.name for one in content(screen.model) if one.name not in NEVER_SHOWN]
    return [name for name in dict.fromkeys((*led, *rest, SINCE, UNTIL)) if name in {*rest, SINCE, UNTIL}]


def _root(screen: Screen, path: str) -> str:
    """The field of the fact at which a path begins; a joined kind of fact hangs on what it is about."""
    first = path.partition("__")[0]
    return screen.joins.get(first, first).partition("__")[0]


def _given(screen: Screen, name: str) -> Iterator[Field]:
    """The columns for one field of a fact."""
    shown = _shown(screen, name)
    label = str(shown.label) if shown else upper(str(FIELDS.get(name, _EDGE_LABELS.get(name, lambda: name)())))
    if name in EDGES:
        yield Field(name, label, name, "valid", precision=EDGES[name])
        if name == SINCE and not screen.event:
            yield Field(f"{name}{COUNTED_OF}", gettext("Counted from"), COUNTED, "pk", False)
        return
    column = screen.model._meta.get_field(name)
    if column.is_relation:
        yield from _thing(screen, column, label, shown)
    elif isinstance(column, Coded) or column.choices:
        if not (words := _words(column)):
            return
        yield Field(name, _coded(label), CODE, name, False, words)
        yield Field(f"{name}{WORD_OF}", label, WORD, name, True, words, lambda: _words(column))
    else:
        yield _plain(screen.model, column, label, shown)


def _shown(screen: Screen, name: str) -> Column | None:
    """The column of the list that shows a field, not merely its code."""
    some = (column for column in screen.columns if column.path != f"{name}__code")
    return next((one for one in some if (one.kind if one.kind in EDGES else _root(screen, one.path)) == name), None)


_EDGE_LABELS = {SINCE: lambda: gettext("Since"), UNTIL: lambda: gettext("Last day")}


def _coded(label: str) -> str:
    return gettext("%(label)s (code)") % {"label": label}


def _thing(screen: Screen, column: models.Field, label: str, shown: Column | None) -> Iterator[Field]:
    """A thing by its code, and what it is called: units always, others where the list names them."""
    name, path = column.name, f"{column.name}__code"
    own = next((one for one in screen.columns if one.path == path), None)
    whom = f"{name}_id" if column.related_model is Person else ""
    yield Field(name, str(own.label) if own else _coded(label), CODE, path, whom=whom)
    described = any(one.code == path and _root(screen, one.path) != name for one in screen.columns)
    if column.related_model is Unit and not described:
        yield Field(f"{name}{NAME_OF}", label, UNIT, f"{name}_id", False)
    elif shown:
        words = vocabulary(shown.vocabulary) if shown.vocabulary else {}
        yield Field(f"{name}{NAME_OF}", label, shown.kind, shown.path, False, words)


def _words(column: models.Field) -> dict[str, str]:
    if isinstance(column, Coded):
        return vocabulary(column.vocabulary)
    return _apart({code: str(CHOICES.get(code, code)) for code, _ in column.choices or ()})


def _plain(model: type[Fact], column: models.Field, label: str, shown: Column | None) -> Field:
    name = column.name
    if isinstance(column, ArrayField):
        return Field(name, label, LIST, name)
    if isinstance(column, models.BooleanField):
        return Field(name, label, FLAG, name)
    if isinstance(column, models.IntegerField):
        return Field(name, label, YEAR if shown and shown.kind == YEAR else NUMBER, name)
    if isinstance(column, models.DateField):
        precision = f"{name}_precision"
        told = precision in {one.name for one in model._meta.fields}
        return Field(name, label, DAY, name, precision=precision if told else "")
    return Field(name, label, TEXT, name)
