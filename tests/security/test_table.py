"""The table of docs/security.md: every requirement of level 2 once; every test that it names is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "security.md"
LEVEL_2 = """
    1.1.1-2 1.2.1-9 1.3.1-11 1.4.1-3 1.5.1-2 2.1.1-3 2.2.1-3 2.3.1-4 2.4.1-1 3.2.1-2 3.3.1-4 3.4.1-6 3.5.1-5 3.7.1-2
    4.1.1-3 4.2.1-1 4.3.1-2 4.4.1-4 5.1.1-1 5.2.1-3 5.3.1-2 5.4.1-3 6.1.1-3 6.2.1-12 6.3.1-4 6.4.1-4 6.5.1-5 6.6.1-3
    6.8.1-4 7.1.1-3 7.2.1-4 7.3.1-2 7.4.1-5 7.5.1-2 7.6.1-2 8.1.1-2 8.2.1-3 8.3.1-1 8.4.1-1 9.1.1-3 9.2.1-4 10.1.1-2
    10.2.1-2 10.3.1-4 10.4.1-11 10.5.1-5 10.6.1-2 10.7.1-3 11.1.1-2 11.2.1-3 11.3.1-3 11.4.1-4 11.5.1-1 11.6.1-1
    12.1.1-3 12.2.1-2 12.3.1-4 13.1.1-1 13.2.1-5 13.3.1-2 13.4.1-5 14.1.1-2 14.2.1-4 14.3.1-3 15.1.1-3 15.2.1-3
    15.3.1-7 16.1.1-1 16.2.1-5 16.3.1-4 16.4.1-3 16.5.1-3 17.1.1-1 17.2.1-4 17.3.1-2
"""
"""The requirements of levels 1 and 2 of ASVS 5.0.0, by section."""
WITHOUT = ("does not apply", "**not", "*front*", "above", "borders", "chance")
"""What a row without a test says instead: why there is none, or where it is written."""


def numbers(said: str) -> list[str]:
    """`1.2.1–3, 1.3.4` are four requirements."""
    found = []
    for section, first, last in re.findall(r"(\d+\.\d+)\.(\d+)(?:[–-](\d+))?", said):
        found += [f"{section}.{number}" for number in range(int(first), int(last or first) + 1)]
    return found


def rows(text: str) -> list[tuple[str, str, str]]:
    """The rows of the table of requirements."""
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("|")]
    return [(row[0], row[1], row[2]) for row in cells if re.match(r"\d", row[0])]


def named(text: str) -> list[tuple[str, str]]:
    """The tests that a text names: file and function; `::name` is of the file before it."""
    found, file = [], ""
    for path, name in re.findall(r"`((?:tests/[\w/]+\.py)?)(?:::(\w+))?`", text):
        file = path or file
        if path or name:
            found.append((file, name))
    return found


def absent(text: str) -> list[str]:
    """The tests that a text names and that there are not."""
    wrong = []
    for path, name in named(text):
        file = ROOT / path
        written = file.read_text(encoding="utf-8") if file.is_file() else ""
        if not written or (name and not re.search(rf"^def {name}\(", written, re.MULTILINE)):
            wrong.append(f"{path}::{name}")
    return wrong


def test_every_requirement_stands_in_one_row():
    said = [number for row in rows(PAGE.read_text(encoding="utf-8")) for number in numbers(row[0])]
    assert sorted(said) == sorted(numbers(LEVEL_2))
    assert len(said) == 253


def test_every_test_that_the_page_names_is_there():
    text = PAGE.read_text(encoding="utf-8")
    assert absent(text) == []
    assert len(named(text)) > 100


def test_a_row_without_a_test_says_why():
    for number, kept, test in rows(PAGE.read_text(encoding="utf-8")):
        assert named(test) or any(words in kept.lower() for words in WITHOUT), number


@pytest.mark.parametrize(
    "said", ["`tests/no/such.py`", "`tests/security/test_table.py::test_no_such`", "`tests/conftest.py`, `::x`"]
)
def test_a_test_that_is_not_there_is_found(said: str):
    assert len(absent(said)) == 1
