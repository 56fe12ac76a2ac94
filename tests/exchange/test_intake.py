"""Importing: what is exported changes nothing, an edited row exactly that, and what is wrong is told by cell."""

import csv
import datetime as dt
import io
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.db import transaction

from canbo.access.authority import operator
from canbo.exchange.columns import fields
from canbo.exchange.export import FORMS
from canbo.exchange.layout import source
from canbo.kernel.database import Database
from canbo.registry.facts import Decision, Unit
from canbo.registry.ledger import Paper, apply
from canbo.registry.membership.models import Membership
from canbo.web.generic.views import offered
from tests.acceptance.commands import here
from tests.architecture.contracts import ROOT

pytestmark = pytest.mark.database

ON = dt.date(2024, 5, 1)
UNIT = "dien-bien.dien-bien-phu"


@pytest.fixture
def exported(fresh_sample: Any, tmp_path: Path) -> Callable[..., Path]:
    """`exported("members")`: a list as a file."""

    def write(concept: str, form: str = "csv") -> Path:
        file = tmp_path / f"{concept}.{form}"
        said = here("export", concept, "--unit", UNIT, "--on", ON, "--out", file)
        assert said.code == 0, said.err
        return file

    return write


@pytest.fixture
def fresh_sample(small_sample: Database) -> Database:
    return small_sample


def edited(file: Path, change: Callable[[list[dict[str, str]]], list[dict[str, str]]]) -> Path:
    """The file with other rows, by the names of fields."""
    head, names, *rows = csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig")))
    found = change([dict(zip(names, row, strict=True)) for row in rows])
    with file.open("w", encoding="utf-8", newline="") as out:
        lines = csv.writer(out)
        lines.writerows([head, names, *([row.get(name, "") for name in names] for row in found)])
    return file


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("concept", ["members", "persons", "incumbencies", "organisations", "posts"])
def test_what_is_exported_changes_nothing(exported: Any, concept: str, form: str):
    before = Decision.objects.count()
    said = here("import", exported(concept, form), "--as", concept, "--json")
    assert (said.code, said.err) == (0, ""), said.out
    assert said.json["rows"] == said.json["unchanged"] > 0
    assert said.json["decision"] == ""
    assert Decision.objects.count() == before


NAMES = ["=1+1", "+84 A", "-B", "@C", "＝D", "'=E", "''-F", "'G", "H", "Lò '=K"]
"""Texts that a spreadsheet might run, that look as if they were kept from it, and that have nothing to do with it."""


@pytest.fixture
def oddly_named(fresh_sample: Database) -> Iterator[None]:
    """People of such names, for as long as a test takes."""
    terms = [{"on": "2024-01-02", "code": f"odd-{n}", "unit": UNIT, "name": name} for n, name in enumerate(NAMES)]
    with transaction.atomic():
        paper = Paper(symbol="odd", signed_on=ON)
        apply(by=operator(), decided_by=paper, acts=[("person.register", one) for one in terms])
        yield
        transaction.set_rollback(True)


@pytest.mark.usefixtures("oddly_named")
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_a_spreadsheet_might_run_is_exported_and_changes_nothing(exported: Any, form: str):
    said = here("import", exported("persons", form), "--as", "persons", "--json").json
    assert (said["rejected"], said["rows"] - said["unchanged"], said["decision"]) == ([], 0, "")


@pytest.mark.usefixtures("oddly_named")
def test_what_a_spreadsheet_might_run_is_rejected_as_it_was(exported: Any, tmp_path: Path):
    def wrong(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        return [{**row, "since": "May"} for row in rows if row["person"].startswith("odd-")]

    file, out = edited(exported("persons"), wrong), tmp_path / "rejected.xlsx"
    said = here("import", file, "--as", "persons", "--rejected", out, "--json").json
    assert len(said["rejected"]) == len(NAMES)
    rows = openpyxl.load_workbook(out).worksheets[0].iter_rows(values_only=True)
    assert set(NAMES) <= {cell for row in rows for cell in row}


def test_an_edited_row_changes_exactly_that(exported: Any):
    def other(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        rows[3]["since"] = "2021-02"
        return rows

    file = edited(exported("members"), other)
    tried = here("import", file, "--as", "members", "--preview", "--json").json
    before = Decision.objects.count()
    assert (tried["changed"], tried["unchanged"], tried["decision"]) == (1, tried["rows"] - 1, "")
    done = here("import", file, "--as", "members", "--decision", "9-TB/X", "--json").json
    assert (done["changed"], done["decision"]) == (1, "9-TB/X")
    assert Decision.objects.count() == before + 1
    changed = Membership.objects.filter(valid__startswith=dt.date(2021, 2, 1), recorded__upper_inf=True)
    assert changed.values_list("start_precision", flat=True)[0] == "m"
    again = here("import", file, "--as", "members", "--json").json
    assert (again["changed"], again["unchanged"]) == (0, again["rows"])


def test_all_that_is_wrong_is_told_at_once_by_cell_and_nothing_is_written(exported: Any):
    def wrong(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        new = {"person": "nobody", "unit": rows[0]["unit"], "stage.word": rows[0]["stage.word"], "since": "2024-01-01"}
        rows[0]["since"], rows[1]["stage.word"], rows[2]["record"] = "May", "great", "12"
        return [*rows[:4], new]

    before = Decision.objects.count()
    said = here("import", edited(exported("members"), wrong), "--as", "members", "--json")
    assert said.code == 3
    found = {(one["code"], one["cell"][1:]) for one in said.json["rejected"]}
    assert found == {("no_day", "3"), ("unknown_word", "4"), ("no_such_record", "5"), ("unknown_code", "7")}
    assert said.json["unchanged"] == 1
    assert Decision.objects.count() == before
    assert Unit.objects.exists()
    assert set(FORMS) >= {"csv", "xlsx"}


@pytest.mark.django_db
def test_the_mapping_of_the_guide_is_one(tmp_path: Path):
    guide = (ROOT / "docs/howto/import.md").read_text(encoding="utf-8")
    said = [line for line in guide.partition("## A mapping")[2].splitlines() if line.startswith("    ")]
    file = tmp_path / "guide.yaml"
    file.write_text(textwrap.dedent("\n".join(said)), encoding="utf-8")
    found = source(file)
    known = {one.name for one in fields(offered(found.concept))} | {one.of for one in fields(offered(found.concept))}
    assert {*found.places, *found.named, *found.values, *found.prefix, *found.fixed} <= known
    assert len(found.model_fields_set) > 9
