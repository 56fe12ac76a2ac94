"""What the fields of a package are, told to programs and to people: made from the same declarations as the tables."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import override

from canbo.exchange.columns import CODE, Field, asked
from canbo.exchange.package.declared import TIES, Declared, Item
from canbo.exchange.package.tables import Table, tables
from canbo.kernel.coded import Coded
from canbo.kernel.profile import Profile
from canbo.kernel.screen import SINCE, UNTIL

NEVER, COUNTED, NOT_YET = "never", "counted", "not yet"
"""Why an item of the form is in no table: it is not recorded, only counted, or has no register so far."""


def described(declared: Declared, of: Profile) -> dict[str, Any]:
    """All of it as plain data; `of` is the profile that the current database serves."""
    found = tables(declared)
    items = {name: [one.item for one in declared.items if name in one.fields] for name in _fields(declared)}
    return {
        "form": {"code": declared.form.code, "name": dict(declared.form.name)},
        "tables": [_table(table, items, of) for table in found],
        "codes": {name: words for table in found for name, words in _codes(table, of)},
        "left_out": [
            {"item": one.item, "name": dict(one.name), "why": why, **({"reason": reason} if reason else {})}
            for one in declared.items
            if (why := _why(one))
            for reason in [one.forbidden.reason if one.forbidden else ""]
        ],
    }


def _fields(declared: Declared) -> list[str]:
    return [name for one in declared.items for name in one.fields]


def _why(one: Item) -> str:
    if one.never:
        return NEVER
    return COUNTED if one.counted else "" if one.fields else NOT_YET


def _table(table: Table, items: dict[str, list[str]], of: Profile) -> dict[str, Any]:
    model = table.screen.model
    title = {said: of.word(f"screen.{table.name}", said) for said in of.languages if table.name not in TIES}
    return {
        "table": table.name,
        **({"name": title} if title else {}),
        "holds": (model.__doc__ or "").strip().splitlines()[0],
        "fields": [
            {
                "field": one.of,
                "name": _labels(table, one.of, of),
                "type": one.kind,
                **({"codes": vocabulary} if (vocabulary := _vocabulary(table, one)) else {}),
                **({"names": named} if (named := _named(table, one)) else {}),
                "required": _required(table, one),
                "items": items.get(f"{table.name}.{one.of}", []),
                "from": f"{model._meta.model_name}.{'valid' if one.of in (SINCE, UNTIL) else one.of}",
            }
            for one in table.fields
        ],
    }


def _labels(table: Table, name: str, of: Profile) -> dict[str, str]:
    """What a field is called in each language; the columns of a table are made in the one that is active."""
    found = {}
    for language in of.languages:
        with override(language):
            found[language] = next(str(one.label) for one in Table(table.screen).fields if one.of == name)
    return found


def _required(table: Table, one: Field) -> bool:
    term = table.action.terms.model_fields.get(asked(table.screen).get(one.of, ""))
    return term is not None and term.is_required()


def _named(table: Table, one: Field) -> str:
    """What the code of a field names."""
    column = None if one.of in (SINCE, UNTIL) else table.screen.model._meta.get_field(one.of)
    return column.related_model._meta.model_name if column is not None and column.is_relation else ""


def _vocabulary(table: Table, one: Field) -> str:
    """The list of codes from which a field takes its own."""
    if one.kind != CODE or not one.words:
        return ""
    column = table.screen.model._meta.get_field(one.of)
    return column.vocabulary if isinstance(column, Coded) else f"{table.name}.{one.of}"


def _codes(table: Table, of: Profile) -> Iterator[tuple[str, dict[str, dict[str, str]]]]:
    for place, one in enumerate(table.fields):
        if name := _vocabulary(table, one):
            words: dict[str, dict[str, str]] = {code: {} for code in one.words}
            for language in of.languages:
                with override(language):
                    said = Table(table.screen).fields[place].words
                    for code in words:
                        words[code][language] = said[code]
            yield name, words
