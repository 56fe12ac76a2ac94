"""A workbook whose sheets are of related things comes in as one decision; what a sheet brings is there for the next."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from canbo.kernel.database import Database
from canbo.registry.facts import Decision, Person
from canbo.registry.membership.models import Membership
from tests.acceptance.commands import here

pytestmark = pytest.mark.database

CELL = "dien-bien.dien-bien-phu.muong-thanh.party"
MAPPINGS = f"""
- {{concept: persons, sheet: People, columns: {{Code: person, Name: name, Since: since}}, fixed: {{unit: {CELL}}}}}
- concept: members
  sheet: Members
  columns: {{Code: person, Since: since}}
  fixed: {{unit: {CELL}, stage: official}}
"""


@pytest.fixture
def register(small_sample: Database) -> Database:
    return small_sample


def book(folder: Path, prefix: str, last: str) -> tuple[Path, Path]:
    file, how = folder / "two.xlsx", folder / "two.yaml"
    how.write_text(MAPPINGS, encoding="utf-8")
    workbook = openpyxl.Workbook()
    people, members = workbook.active, workbook.create_sheet("Members")
    people.title = "People"
    people.append(["Code", "Name", "Since"])
    members.append(["Code", "Since"])
    for number in (1, 2):
        people.append([f"{prefix}{number}", f"Lò Văn {number}", "2024"])
        members.append([f"{prefix}{number}" if number == 1 else last, "2024-02"])
    workbook.save(file)
    return file, how


def test_members_of_one_sheet_are_the_people_of_the_one_before(register: Any, tmp_path: Path):
    file, how = book(tmp_path, "pair", "pair2")
    tried = here("import", file, "--as", how, "--preview", "--json").json
    assert (tried["rows"], tried["created"], Person.objects.filter(code="pair1").exists()) == (4, 4, False)
    before = Decision.objects.count()
    said = here("import", file, "--as", how, "--json")
    assert (said.code, said.json["created"], Decision.objects.count()) == (0, 4, before + 1), said
    held = Membership.objects.filter(person__code__startswith="pair", recorded__upper_inf=True)
    assert {one.asserted_by.decision.code for one in held} == {said.json["decision"]}
    assert held.count() == 2
    again = here("import", file, "--as", how, "--json").json
    assert (again["unchanged"], again["decision"]) == (4, "")
    assert here("import", "undo", said.json["decision"]).code == 0
    assert held.all().count() == 0


def test_what_is_wrong_in_one_sheet_keeps_both_out_and_is_told_by_its_sheet(register: Any, tmp_path: Path):
    file, how = book(tmp_path, "lone", "nobody")
    out = tmp_path / "wrong.xlsx"
    said = here("import", file, "--as", how, "--rejected", out, "--json")
    assert (said.code, said.json["decision"]) == (3, "")
    assert [(one["sheet"], one["cell"]) for one in said.json["rejected"]] == [("Members", "A3")]
    assert not Person.objects.filter(code="lone1").exists()
    (sheet,) = openpyxl.load_workbook(out).worksheets
    assert (sheet.title, sheet["B2"].value) == ("Members", "nobody")


def test_each_of_several_mappings_says_its_sheet_and_none_is_all_there_is(register: Any, tmp_path: Path):
    file, how = book(tmp_path, "bad", "bad2")
    whole = here("import", file, "--as", how, "--whole", "--unit", CELL, "--on", "2024-05-01")
    assert (whole.code, "whole_of_one" in whole.err) == (2, True)
    how.write_text(MAPPINGS.replace("sheet: People, ", ""), encoding="utf-8")
    said = here("import", file, "--as", how)
    assert (said.code, "which_sheet" in said.err) == (2, True)
