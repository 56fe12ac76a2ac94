"""Texts that try to be more than text, a sample full of them, and what sees when one of them has become more."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.apps import apps
from django.db import models

from canbo.kernel.coded import Coded
from canbo.kernel.database import Database
from canbo.registry.facts import Fact, Identity, Unit, content
from canbo.registry.store import fact_kinds

MARKUP = (
    "<x77 onclick=alert(77)>", '"><script>alert(77)</script>', "' onmouseover='alert(77)' x77='",
    '" onfocus=alert(77) autofocus x77="', "javascript:alert(77)", "</title></textarea></script></style><x77>",
    "<img src=x onerror=alert(77)>", "--><svg onload=alert(77)>", "{{ 7|add:70 }}{% debug %}%(x77)s {x77}",
    "&lt;x77&gt;&#60;x77&#62;", "'; DROP TABLE registry_act; --", "../../../etc/passwd", "a\x1b[31mb\u202ec\ufffed",
)  # fmt: skip
FORMULAS = (
    '=HYPERLINK("http://x77.example")', "+1+cmd|' /C calc'!A1", "-2+3", "@SUM(1;2)", "\t=1+1", " =1+1", "＝1+1", "＋1",
)  # fmt: skip
HOSTILE = (*MARKUP, *FORMULAS)
MARK = "¤{}¤"
"""Stands at the end of each: the number of the column."""
MARKED = 8
"""Letters for it."""


def free(column: models.Field) -> bool:
    """Does a column hold whatever somebody typed?"""
    typed = isinstance(column, models.CharField | models.TextField) and not isinstance(column, Coded)
    return typed and not column.choices and not column.generated


def columns() -> list[models.Field]:
    """The text columns of everything that acts write, in the order of their numbers."""
    facts = [column for kind in fact_kinds() for column in content(kind) if free(column)]
    identities = [kind._meta.get_field("code") for kind in Identity.__subclasses__()]
    decided = [("Decision", ("code", "symbol", "reason")), ("Act", ("reason",))]
    papers = [apps.get_model("registry", model)._meta.get_field(name) for model, names in decided for name in names]
    return [*facts, *identities, *papers]


def poison(database: Database, within: str) -> None:
    """Put the texts into every text column of what belongs to a unit or beneath it, and of some facts of every kind."""
    with database.connect("superuser", autocommit=True) as link:
        link.execute("SET search_path = canbo, public")
        link.execute("SET session_replication_role = replica")
        link.execute(
            f"CREATE TEMP TABLE touched AS SELECT id, code <> '{within}' AS beneath FROM registry_unit"
            f" WHERE code = '{within}' OR code LIKE '{within}.%'"
        )
        for number, column in enumerate(columns()):
            most, before = (column.max_length or 200) - MARKED, ""
            if column.name == "code":
                most, before = 50, "left(t.code, 40) || t.id || "
            text = f"left((%(texts)s::text[])[1 + t.id %% %(many)s], {most})"
            if column.name == "code" and column.model is Unit:  # as the register demands
                text = f"replace({text}, '/', '\\')"
            link.execute(
                f"UPDATE {column.model._meta.db_table} t SET {column.column} = {before}{text} || %(mark)s"
                f" WHERE {_there(column.model)}",
                {"texts": list(HOSTILE), "many": len(HOSTILE), "mark": MARK.format(number)},
            )


def _there(model: type[models.Model]) -> str:
    """The rows of a table that belong there; the unit itself keeps its code, by which tests ask for it."""
    name = model.__name__
    if issubclass(model, Fact):
        some = f"SELECT id FROM {model._meta.db_table} ORDER BY id LIMIT 3"
        return f"unit_id IN (SELECT id FROM touched) OR id IN ({some})"
    if name == "Unit":
        return "id IN (SELECT id FROM touched WHERE beneath)"
    found = {
        "Person": "SELECT person_id FROM registry_particulars WHERE unit_id IN (SELECT id FROM touched)",
        "Post": "SELECT post_id FROM registry_postrecord WHERE unit_id IN (SELECT id FROM touched)",
        "Document": "SELECT document_id FROM registry_registration ORDER BY id LIMIT 3",
        "Act": "SELECT asserted_by_id FROM registry_organisation WHERE unit_id IN (SELECT id FROM touched)",
        "Decision": "SELECT decision_id FROM registry_act a JOIN registry_organisation o ON o.asserted_by_id = a.id"
        " WHERE o.unit_id IN (SELECT id FROM touched)",
    }
    return f"id IN ({found[name]})"


@dataclass
class Planted(HTMLParser):
    """Reads a page as a browser does; `faults` are what text has become that is no text."""

    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Nothing handles events, every script and picture is ours, every link stays here."""
        said = dict(attributes)
        if tag in ("x77", "base", "iframe", "object", "embed") or (tag == "script" and not _ours(said.get("src"))):
            self.faults.append(f"<{tag}>")
        for name, value in attributes:
            if name.startswith("on") or name in ("x77", "autofocus", "srcdoc", "style"):
                self.faults.append(f"{tag} {name}={value}")
            if name in ("href", "src", "action", "formaction", "hx-get", "xlink:href") and not _ours(value):
                self.faults.append(f"{tag} {name}={value}")

    handle_startendtag = handle_starttag


def _ours(address: str | None) -> bool:
    return address is not None and (address == "" or address[0] in "/?#") and not address.startswith("//")


def faults(page: str) -> list[str]:
    """What a page does with hostile text beside showing it."""
    found = Planted()
    found.feed(page)
    found.close()
    return found.faults


def met(text: str) -> Iterator[int]:
    """The numbers of the columns whose texts stand in a text."""
    for number in range(len(columns())):
        if MARK.format(number) in text:
            yield number
