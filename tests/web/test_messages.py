"""Every string of the pages is translated into every language that has a catalogue, and nothing is left over."""

import re

import pytest
from django.utils.translation import gettext, override

from tests.web.messages import catalogue, languages, messages, missing

PLACES = re.compile(r"%\(\w+\)s")


def test_both_languages_have_a_catalogue():
    assert languages() == ["de", "vi"]


@pytest.mark.parametrize("language", languages())
def test_everything_that_pages_say_is_translated(language: str):
    assert missing(language) == []


@pytest.mark.parametrize("language", languages())
def test_nothing_is_translated_that_no_page_says(language: str):
    said = {one if isinstance(one, str) else one[0] for one in messages()}
    known = {entry.id if isinstance(entry.id, str) else entry.id[0] for entry in catalogue(language) if entry.id}
    assert sorted(known - said) == []


@pytest.mark.parametrize("language", languages())
def test_translations_keep_what_is_filled_in(language: str):
    wrong = [
        entry.id
        for entry in catalogue(language)
        for said in ([entry.string] if isinstance(entry.string, str) else entry.string)
        if entry.id
        and sorted(PLACES.findall(said))
        != sorted(PLACES.findall(entry.id if isinstance(entry.id, str) else entry.id[1]))
    ]
    assert wrong == []


def test_compiled_catalogues_are_used():
    with override("vi"):
        assert gettext("Search") == "Tìm kiếm"
    with override("de"):
        assert gettext("Search") == "Suche"
