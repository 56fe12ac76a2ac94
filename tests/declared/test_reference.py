"""The generated pages are those of the code as it is."""

from pathlib import Path

import pytest

from canbo.cli.reference import pages

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "reference"


@pytest.mark.parametrize("name", ["acts.md", "articles.md", "indicators.md", "package.md", "quality.md", "tables.md"])
def test_a_reference_page_is_up_to_date(name):
    assert (FOLDER / name).read_text(encoding="utf-8") == pages()[name], "run `just reference`"
