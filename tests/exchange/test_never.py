"""What is never recorded is not taken from a file either: its columns are counted, and nothing of them is kept."""

import csv
import datetime as dt
import json
from pathlib import Path

import openpyxl
import pytest

from canbo.kernel.database import Database
from tests.acceptance.commands import here

pytestmark = pytest.mark.database

UNIT, ON = "dien-bien.dien-bien-phu", dt.date(2024, 5, 1)
SECRET = "kept-nowhere-4711"
NEVER = ("Tôn giáo", "Họ và tên cha", "Thành phần gia đình", "Religion")


@pytest.fixture(scope="module")
def file(small_sample: Database, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A list as it was exported, with more columns, one wrong row and one new day."""
    file = tmp_path_factory.mktemp("never") / "members.csv"
    assert here("export", "members", "--unit", UNIT, "--on", ON, "--out", file).code == 0
    head, names, *rows = csv.reader(file.read_text(encoding="utf-8-sig").splitlines())
    since = names.index("since")
    rows[0][since], rows[1][since] = "May", "2020-02"
    with file.open("w", encoding="utf-8", newline="") as out:
        lines = csv.writer(out)
        lines.writerows([[*head, *NEVER], [*names, *(f"more{at}" for at in range(len(NEVER)))]])
        lines.writerows([*row, *(SECRET for _ in NEVER)] for row in rows)
    return file


def test_columns_of_what_is_never_recorded_are_counted_and_nothing_of_them_is_kept(
    file: Path, tmp_path: Path, small_sample: Database
):
    rejected = tmp_path / "rejected.xlsx"
    said = here("import", file, "--as", "members", "--good", "--rejected", rejected, "--lang", "en", "--json")
    assert (said.code, said.json["changed"], len(said.json["rejected"])) == (3, 1, 1)
    assert any(warning.endswith(f"not read: {len(NEVER)}") for warning in said.json["warnings"])
    told = json.dumps(said.json, ensure_ascii=False)
    assert not any(heading in told for heading in (*NEVER, SECRET))
    cells = {str(cell) for row in openpyxl.load_workbook(rejected).active.iter_rows(values_only=True) for cell in row}
    assert len(cells) > 5
    assert SECRET not in cells
    with small_sample.connect("backup") as reading:
        tables = reading.execute(
            "SELECT quote_ident(relname) FROM pg_class WHERE relnamespace = 'canbo'::regnamespace AND relkind = 'r'"
        ).fetchall()
        assert len(tables) > 40
        for (table,) in tables:
            found = reading.execute(f"SELECT count(*) FROM canbo.{table} t WHERE t::text LIKE %s", [f"%{SECRET}%"])
            assert found.fetchone() == (0,), table


def test_a_mapping_cannot_ask_for_them_either(file: Path, tmp_path: Path, small_sample: Database):
    mapping = tmp_path / "members.yaml"
    heading = file.read_text(encoding="utf-8").partition(",")[0]
    mapping.write_text(f"concept: members\ncolumns: {{Tôn giáo: category, {heading}: record}}\n", encoding="utf-8")
    said = here("import", file, "--as", mapping, "--preview", "--lang", "en", "--json")
    assert {one["cell"] for one in said.json["rejected"]} == {"A2"}, "the second line is no record; the others are"
    assert said.json["unchanged"] > 5
    assert said.json["changed"] == 0
    assert SECRET not in said.out + said.err
