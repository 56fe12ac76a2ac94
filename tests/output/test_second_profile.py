"""The second profile prints its reports in its own languages, without a word of the first one."""

import re

import pytest

from tests.output.readers import text_of_pdf, told, written

pytestmark = pytest.mark.database


def test_the_second_profile_prints_in_its_languages_without_a_motto(association, tmp_path):
    on = "2025-12-31"
    for language in ("en", "de"):
        figures = told("wayside", on, language)
        text = text_of_pdf(written(tmp_path, "wayside", on, language, "pdf"))
        assert text.lstrip().startswith("WAYSIDE")
        assert all(f["printed"] in text for f in figures)
    page = written(tmp_path, "wayside", on, "de", "html").read_text(encoding="utf-8")
    assert page.count("<svg") == page.count("<title id=") == 2 * 3, "each picture for a wide screen and for a phone"
    assert "report-motto" not in re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
