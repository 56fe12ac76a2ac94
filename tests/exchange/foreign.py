"""Files that nobody made for Canbo: the real ones where they lie beside the checkout, and invented ones of their form.

The invented ones have the faults of the real ones: periods that end on the day they begin, heads appointed before they
were hired or never in their department, islands without communes, new units with the code or name of an old one.
"""

import csv
import datetime as dt
import gzip
import os
import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.commands import ROOT, Said, here

REAL = Path(os.environ.get("REAL_DATA", ROOT.parent / "shared" / "real-data"))
SOURCES = ["invented", *([pytest.param("real", marks=pytest.mark.full)] if REAL.is_dir() else [])]
MAPPINGS = Path(__file__).parent / "mappings"
NEVER = "9999-01-01"


def opened(folder: str, out: Path) -> dict[str, Path]:
    """The real files of a folder, unpacked, by name."""
    found = {}
    for packed in sorted((REAL / folder / "data").iterdir()):
        file = out / packed.name.removesuffix(".gz")
        file.write_bytes(gzip.decompress(packed.read_bytes()) if packed.suffix == ".gz" else packed.read_bytes())
        found[file.stem] = file
    return found


def written(out: Path, **files: tuple[Sequence[str], Iterable[Sequence[Any]]]) -> dict[str, Path]:
    """Invented files: for each its headings and its rows."""
    found = {}
    for name, (headings, rows) in files.items():
        found[name] = out / f"{name}.csv"
        with found[name].open("w", encoding="utf-8", newline="") as file:
            lines = csv.writer(file, lineterminator="\n")
            lines.writerows([headings, *rows])
    return found


def rows(file: Path) -> list[dict[str, str]]:
    """A file, read by Python's own reader."""
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def employees(source: str, out: Path) -> dict[str, Path]:
    """A company: departments, people, where they worked, who led."""
    if source == "real":
        return opened("c01_employees_10k", out)
    chance = random.Random("a company")
    departments = [f"d{number:03}" for number in range(1, 5)]
    people, service = [], []
    for number in range(10_001, 10_301):
        hired = dt.date(1985, 1, 1) + dt.timedelta(days=chance.randrange(5_000))
        born = hired - dt.timedelta(days=chance.randrange(8_000, 15_000))
        people.append((number, born, f"Anna{number % 7}", f"Beispiel{number}", chance.choice("MF"), hired))
        first, *others = chance.sample(departments, chance.choice((1, 1, 2)))
        left = [hired + dt.timedelta(days=chance.randrange(1, 3_000)) for _ in others]
        service += [(number, first, hired, *(left or [NEVER]))]
        service += [(number, other, left[0], NEVER) for other in others]
    service.append((10_001, "d001", dt.date(1980, 2, 3), dt.date(1980, 2, 3)))
    heads = [
        (chance.choice(people)[0], department, begin, end)
        for department in departments
        for begin, end in (("1985-01-01", "1991-10-01"), ("1991-10-01", NEVER))
    ]
    periods = ("emp_no", "dept_no", "from_date", "to_date")
    return written(
        out,
        department=(("dept_no", "dept_name"), [(one, f"Department {one}") for one in departments]),
        employee=(("emp_no", "birth_date", "first_name", "last_name", "gender", "hire_date"), people),
        dept_emp=(periods, service),
        dept_manager=(periods, heads),
    )


def units(source: str, out: Path) -> dict[str, Path]:
    """A country before and after a reorganisation: what there was, what there is, and what became of what."""
    if source == "real":
        return opened("c04_vn_units_2025", out)
    old = [
        (f"{p:02}", f"Tỉnh {p}", f"{p}{d}0", f"Huyện {p}.{d}", "Huyện", f"{p:02}{d}{c:02}", f"Xã {p}.{d}.{c}", "Xã")
        for p in (11, 12, 13)
        for d in (1, 2, 3)
        for c in range(6)
    ]
    islands = [("13", "Tỉnh 13", "318", "Huyện Đảo", "Huyện", "D318", "", "")]
    new = [(f"{p:02}", f"Tỉnh mới {p}", f"{p:02}{d}00", f"Xã {p}.{d}.1", "Xã") for p in (11, 12) for d in (1, 2, 3)]
    became: list[tuple[str, str, str]] = []
    for at, (*_, code, _, _) in enumerate(old):
        some = [new[at % len(new)][2]] if at % 5 else [new[at % len(new)][2], new[(at + 1) % len(new)][2]]
        became += [(code, one, "whole" if len(some) == 1 else "part") for one in some]
    became.append(("D318", new[0][2], "whole"))
    province, unit = ("province_code", "province"), ("unit_code", "unit", "unit_type")
    district = ("district_code", "district", "district_type")
    return written(
        out,
        old_units=((*province, *district, *unit), [*old, *islands]),
        new_units=((*province, *unit), new),
        conversion=(("old_unit_code", "new_unit_code", "how"), became),
    )


def clauses(source: str, out: Path) -> Path:
    """The clauses of a resolution: its number, the old units by name, the new one by name."""
    if source == "real":
        return opened("c13_dienbien_resolution", out)["clauses"]
    file = out / "clauses.txt"
    said = (
        f"{number}|{', '.join(f'xã 11.{d}.{c}' for c in some)}|xã 11.{d}.1"
        for number, (d, some) in enumerate([(d, some) for d in (1, 2, 3) for some in ((0, 1, 2), (3, 4, 5))], 1)
    )
    file.write_text("\n".join(said), encoding="utf-8")
    return file


def taken(file: Path, mapping: str, decision: str, *more: object) -> tuple[Said, Any]:
    """Import a file, as people do."""
    said = here("import", file, "--as", MAPPINGS / f"{mapping}.yaml", "--decision", decision, "--json", *more)
    assert said.out, said.err
    return said, said.json
