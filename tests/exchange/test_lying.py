"""A file that has a unit under another one than the register does not pass over it in silence."""

import datetime as dt
import os
import random
from pathlib import Path
from typing import Any

import pytest

from canbo.kernel.database import Database
from canbo.registry.annul import undo_import
from canbo.registry.facts import Decision
from canbo.registry.tree import Placement
from tests.acceptance.commands import here

pytestmark = pytest.mark.database

ON = dt.date(2024, 5, 1)
FULL, SEED = bool(os.environ.get("CANBO_TEST_FULL")), os.environ.get("CANBO_TEST_SEED", "0")
KINDS = ["places", "organisations"]
LISTS = KINDS if FULL else [random.Random(f"{SEED} lying").choice(KINDS)]


@pytest.fixture
def register(small_sample: Database) -> Database:
    return small_sample


def placed(unit: str, on: dt.date) -> str:
    found = Placement.objects.filter(unit__code=unit, recorded__upper_inf=True, valid__contains=on)
    return found.values_list("parent__code", flat=True).get()


@pytest.fixture(params=LISTS)
def listed(request: pytest.FixtureRequest, register: Any, tmp_path: Path) -> tuple[Path, Path, list[str], list[str]]:
    """Two units of one parent, as a file with the parents, and the mapping for it; and two parents to choose from."""
    kind = Placement.objects.filter(recorded__upper_inf=True, valid__contains=ON, valid__startswith__lt=ON)
    top = "dien-bien" if request.param == "places" else "dien-bien.party"
    parents = list(kind.filter(parent__code=top).order_by("unit__code").values_list("unit__code", flat=True))
    beneath = {one: list(kind.filter(parent__code=one).values_list("unit__code", flat=True)) for one in parents}
    mine, other = [one for one in parents if len(beneath[one]) > 1][:2]
    units = sorted(beneath[mine])[:2]
    how = tmp_path / "how.yaml"
    how.write_text(f"concept: {request.param}\ncolumns: {{Unit: unit, Above: under}}\n", encoding="utf-8")
    return tmp_path / "f.csv", how, units, [mine, other]


def written(file: Path, units: list[str], parents: list[str]) -> Path:
    rows = "".join(f"{unit},{parent}\n" for unit, parent in zip(units, parents, strict=True))
    file.write_text(f"Unit,Above\n{rows}", encoding="utf-8")
    return file


def told(said: Any) -> list[str]:
    return [one for one in said["warnings"] if "does not move it" in one]


def test_an_import_tells_where_the_file_has_a_unit_elsewhere(listed: Any):
    file, how, units, (mine, other) = listed
    same = here("import", written(file, units, [mine, mine]), "--as", how, "--json").json
    assert (same["unchanged"], told(same), same["decision"]) == (2, [], "")
    before = Decision.objects.count()
    said = here("import", written(file, units, [mine, other]), "--as", how, "--json").json
    (warning,) = told(said)
    assert all(one in warning for one in (units[1], mine, other, "row 3")), warning
    assert (placed(units[1], ON), Decision.objects.count()) == (mine, before)


def test_a_file_that_is_all_there_is_moves_it_on_its_day(listed: Any, register: Any):
    file, how, units, (mine, other) = listed
    written(file, units, [mine, other])
    kind = Placement.objects.filter(recorded__upper_inf=True)
    leaf = kind.exclude(unit__in=kind.values("parent")).order_by("unit__code").values_list("unit__code", flat=True)[0]
    more = ("--whole", "--unit", leaf, "--on", ON, "--json")
    said = here("import", file, "--as", how, *more, "--end-up-to", "100%")
    assert (said.code, said.json["changed"], told(said.json)) == (0, 1, []), said
    assert (placed(units[1], ON), placed(units[1], ON - dt.timedelta(days=1))) == (other, mine)
    assert placed(units[0], ON) == mine
    undo_import(by="sample", decision=said.json["decision"], reason="again", on=ON)
    assert placed(units[1], ON) == mine
